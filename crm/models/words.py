"""Words that one user has stored and another reads, perhaps in another language.

What `_` has made is kept as its English source with the values of its placeholders;
whoever reads it has it in their own language. Other texts, and those that older
versions have stored, stay as they are written. `types.Told` is a column of such words.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from typing import Any

from crm.i18n import Words, _, ngettext

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_MARK = '{"said":'
_NOT_OURS = (ValueError, LookupError, TypeError, AttributeError)
_LEAST = 20  # characters of a value that are left of it, where the whole is too long


def kept(text: str, limit: int | None = None) -> str:
    """`text` as it is stored, cut to `limit` characters: `told` says it anew.

    A text of no known source is stored as it is.
    """
    if (plain := _plain(text)) is None:
        return text if limit is None else text[:limit]
    stored = _JSON.encode(plain)
    while limit is not None and len(stored) > limit:
        if not _shortened(plain["of"], len(stored) - limit):
            return text[:limit]
        stored = _JSON.encode(plain)
    return stored


def told(stored: str) -> str:
    """What `kept` has stored, in the language of whoever asks."""
    if not stored.startswith(_MARK):
        return stored
    try:
        return _said(json.loads(stored))
    except _NOT_OURS:
        return stored


def _plain(text: str) -> dict[str, Any] | None:
    """Source, count and values as plain data; None where a text is to stay as it is."""
    if not isinstance(text, Words) or not text.source:
        if not text.startswith(_MARK):
            return None
        return {"said": "{text}", "of": {"text": str(text)}}  # it only looks like ours
    plain: dict[str, Any] = {"said": text.source[0], "of": {}}
    if len(text.source) > 1:
        plain |= {"said": list(text.source), "n": text.n}
    if text.values:
        try:
            plain["of"] = dict(_filled(text))
        except (ValueError, LookupError):
            return None
    return plain


def _filled(text: Words) -> Iterator[tuple[str, Any]]:
    """The values that the placeholders of a text stand for.

    Raises:
        LookupError, ValueError: one stands for a part of a value, or is written in a
            way that plain data would not come out in.
    """
    placeholders = (one for each in text.source for one in _placeholders(each))
    for name, spec in dict.fromkeys(placeholders):
        value = text.values[name]
        if spec and not isinstance(value, int | float):
            raise ValueError(name)
        yield name, _value(value)


def _value(value: object) -> Any:
    if isinstance(value, Words):
        return _plain(value) or str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _said(plain: Mapping[str, Any]) -> str:
    said = plain["said"]
    words = _(said) if isinstance(said, str) else ngettext(said[0], said[1], plain["n"])
    values = {
        name: _said(value) if isinstance(value, dict) else value
        for name, value in plain["of"].items()
    }
    return words.format_map(values) if values else words


def _shortened(values: dict[str, Any], surplus: int) -> bool:
    """Cut the longest text among `values`; False where that does not help."""
    texts = {name: text for name, text in values.items() if isinstance(text, str)}
    name, text = max(texts.items(), key=lambda one: len(one[1]), default=("", ""))
    if len(text) <= _LEAST + 1:
        return False
    values[name] = f"{text[: max(_LEAST, len(text) - surplus - 1)]}…"
    return True


@lru_cache(maxsize=2_000)
def _placeholders(source: str) -> tuple[tuple[str, str], ...]:
    """The names of a text's placeholders, each with how it is to be written."""
    parts = Formatter().parse(source)
    return tuple((name, how or "") for _text, name, how, _as in parts if name)
