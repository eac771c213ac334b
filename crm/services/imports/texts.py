"""Text, choices, addresses on the net: cells that stay text."""

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crm.models import folded
from crm.services.imports.parsed import (
    Parsed,
    Reason,
    Reasons,
    by_distinct,
    one_array,
    trimmed,
)

_INVISIBLE = r"[\x{200b}\x{2060}\x{feff}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{9f}]"
_PILED_MARKS = r"\pM{31}"  # the limit of Unicode's stream-safe text, UAX #15
_YES = frozenset(
    (
        *("true", "t", "yes", "y", "1", "on", "x", "✓", "✔", "√", "active"),
        *("ja", "j", "wahr", "aktiv", "是", "真", "有", "对", "启用"),
    )
)
_NO = frozenset(
    (
        *("false", "f", "no", "n", "0", "off", "✗", "×", "inactive"),
        *("nein", "falsch", "inaktiv", "否", "假", "无", "没有", "停用"),
    )
)
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+\w{2,63}"
)
_NAMED_EMAIL = re.compile(r"[^<>]*<([^<>]+)>")
_LINK = re.compile(
    r"(?:(\w[\w+.-]*)://)?([^\s/?#@:]+\.[^\s/?#@:.]{2,})(:\d+)?([/?#]\S*)?"
)


def text(
    cells: pa.Array, max_length: int | None = None, *, lines: bool = False
) -> Parsed:
    """Text in NFC, trimmed; `lines` keeps line breaks and tabs, else they are spaces.

    What cannot be seen (zero-width, direction overrides) is taken out; NUL and other
    control characters make a cell bad.
    """
    cells = one_array(cells)
    facts = {"max_length": f"{max_length or 0:,}"}
    if pc.all(pc.string_is_ascii(cells)).as_py():
        piled = np.zeros(len(cells), dtype=bool)
    else:
        cells = pc.replace_substring_regex(cells, _INVISIBLE, "")
        piled = _where(pc.match_substring_regex(cells, _PILED_MARKS))
        cells = pc.if_else(pa.array(piled), "", cells)  # normalising them takes hours
        cells = pc.utf8_normalize(cells, "NFC")
    cells = _laid_out(cells, lines=lines)
    reasons = piled * np.int8(Reason.TOO_MANY_MARKS)
    control = _where(pc.match_substring_regex(cells, _CONTROL))
    reasons[control] = Reason.CONTROL_CHARACTER
    if max_length is not None:
        reasons[_where(pc.greater(pc.utf8_length(cells), max_length))] = Reason.TOO_LONG
    return Parsed(_without(cells, reasons), reasons, facts)


def yes_no(cells: pa.Array) -> Parsed:
    """Booleans, from words and signs in English, German and Chinese."""

    def read(cell: str) -> bool | Reason:
        word = cell.casefold()
        if word in _YES or word in _NO:
            return word in _YES
        return Reason.NOT_YES_OR_NO

    return by_distinct(trimmed(one_array(cells)), read, pa.bool_())


def choice(cells: pa.Array, choices: Mapping[str, tuple[str, ...]]) -> Parsed:
    """The key of `choices` that the cell names, by itself or by one of its words."""
    known = {
        word.casefold(): key for key, words in choices.items() for word in (key, *words)
    }

    def read(cell: str) -> str | Reason:
        return known.get(cell.casefold(), Reason.NOT_A_CHOICE)

    facts = {"choices": ", ".join(choices)}
    return by_distinct(trimmed(one_array(cells)), read, pa.string(), facts)


def choices(cells: pa.Array, known: Mapping[str, tuple[str, ...]]) -> Parsed:
    """Lists of different keys of `known`, cut at ; — or null."""
    words = {w.casefold(): key for key, all_ in known.items() for w in (key, *all_)}

    def read(cell: str) -> list[str] | Reason:
        named = [part.strip().casefold() for part in re.split("[;；]", cell)]
        found = [words.get(name) for name in named if name]
        if None in found:
            return Reason.NOT_A_CHOICE
        return [key for key in dict.fromkeys(found) if key is not None]

    facts = {"choices": ", ".join(known)}
    return by_distinct(trimmed(one_array(cells)), read, pa.list_(pa.string()), facts)


def email(cells: pa.Array) -> Parsed:
    """E-mail addresses in small letters; also out of “Name <address>” and mailto:."""

    def read(cell: str) -> str | Reason:
        if named := _NAMED_EMAIL.fullmatch(cell):
            cell = named[1]
        address = cell.removeprefix("mailto:").strip().lower()
        good = len(address) <= 254 and _EMAIL.fullmatch(address) and ".." not in address
        good = good and len(folded(address)) <= 254  # by which it is found
        return address if good else Reason.NOT_AN_EMAIL

    return by_distinct(trimmed(one_array(cells)), read, pa.string())


def link(cells: pa.Array, max_length: int = 200) -> Parsed:
    """Web addresses, http or https; without a scheme they get https://."""

    def read(cell: str) -> str | Reason:
        found = _LINK.fullmatch(cell)
        if not found or (found[1] or "https").lower() not in ("http", "https"):
            return Reason.NOT_A_LINK
        address = cell if found[1] else f"https://{cell}"
        return address if len(address) <= max_length else Reason.TOO_LONG

    facts = {"max_length": str(max_length)}
    return by_distinct(trimmed(one_array(cells)), read, pa.string(), facts)


def tags(cells: pa.Array, max_length: int = 60) -> Parsed:
    """Lists of different words, cut at ; and , — a list (maybe empty) or null."""
    clean = text(cells)

    def read(cell: str) -> list[str] | Reason:
        words = [word.strip() for word in re.split("[;,；，、]", cell)]
        words = list(dict.fromkeys(word for word in words if word))
        too_long = any(len(word) > max_length for word in words)
        return Reason.TOO_LONG if too_long else words

    facts = {"max_length": str(max_length)}
    split = by_distinct(one_array(clean.values), read, pa.list_(pa.string()), facts)
    return Parsed(split.values, np.maximum(split.reasons, clean.reasons), facts)


def required(parsed: Parsed) -> Parsed:
    """The same, with blank cells as bad ones."""
    empty = parsed.values.is_null().to_numpy(zero_copy_only=False)
    reasons = np.where(empty & ~parsed.bad, np.int8(Reason.MISSING), parsed.reasons)
    return Parsed(parsed.values, reasons, parsed.facts)


def _laid_out(cells: pa.Array, *, lines: bool) -> pa.Array:
    if pc.any(pc.match_substring_regex(cells, r"[\t\r\n]")).as_py():
        if lines:
            cells = pc.replace_substring_regex(cells, r"\r\n?", "\n")
        else:
            cells = pc.replace_substring_regex(cells, r"\s*[\t\r\n]\s*", " ")
    return pc.utf8_trim_whitespace(cells)


def _where(mask: pa.Array) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = mask.to_numpy(zero_copy_only=False).copy()
    return found


def _without(cells: pa.Array, reasons: Reasons) -> pa.Array:
    """`cells`, null where they are blank or bad."""
    blank = pc.equal(cells, "")
    return pc.if_else(pc.or_(blank, pa.array(reasons != 0)), None, cells)
