"""The language of whoever is asking: `_` translates into it.

A page, a request or a job says `with language("zh_CN"):` (or `use`) once; every
text made below it comes out in that language. What runs before or beside that, such as
a page's callbacks, is asked for by `otherwise`. Source texts are English; the others
are the catalogs `crm/locale/<code>.po`, read as they are, so that none can be stale.
What is made is `Words`, so that what is stored can be said anew to another reader:
see `crm.models.words`.
"""

import gettext
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

_current: ContextVar[str | None] = ContextVar("language", default=None)
_otherwise: list[Callable[[], str]] = []


class Words(str):
    """A text in the language of whoever asked, which knows what it was made of.

    `source` has the English text, or that of one and that of many, of `n`; `values`
    what its placeholders were filled with. Joined, cut or added to, it is mere text.
    """

    source: tuple[str, ...] = ()
    n: int | None = None
    values: Mapping[str, object] = MappingProxyType({})

    @classmethod
    def of(
        cls,
        said: str,
        source: tuple[str, ...],
        n: int | None = None,
        values: Mapping[str, object] | None = None,
    ) -> "Words":
        """`said`, made of the others."""
        made = cls(said)
        made.source, made.n, made.values = source, n, values or {}
        return made

    def format(self, *args: object, **values: object) -> str:
        """The same with its placeholders filled."""
        said = super().format(*args, **values)
        return said if args else Words.of(said, self.source, self.n, values)

    def format_map(self, values: Mapping[str, object]) -> str:  # type: ignore[override]  # whatever can be asked for a name
        """The same with its placeholders filled."""
        return Words.of(super().format_map(values), self.source, self.n, values)


def use(code: str) -> None:
    """Speak `code` from here on in this thread or task; unknown codes mean English."""
    _current.set(code if code in LANGUAGES else "en")


@contextmanager
def language(code: str) -> Iterator[None]:
    """Speak `code` inside the block."""
    token = _current.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _current.reset(token)


def otherwise(find: Callable[[], str]) -> None:
    """Where nothing was said, speak what `find` returns; unknown codes mean English."""
    _otherwise[:] = [find]


def current() -> str:
    """The code in force, a key of `LANGUAGES`."""
    if (said := _current.get()) is not None:
        return said
    found = _otherwise[0]() if _otherwise else ""
    return found if found in LANGUAGES else "en"


def best(locale: str | None) -> str:
    """The language to speak to a browser that asks for `locale`, such as “zh-CN”."""
    return "zh_CN" if (locale or "").lower().startswith("zh") else "en"


def _(text: str) -> str:
    """`text` in the current language."""
    if not text:
        return ""
    return Words.of(_catalog(current()).gettext(text), (text,))


def N_(text: str) -> str:  # noqa: N802  (the name that gettext tools look for)
    """Mark `text` for translation where it is written; `_` translates it when shown."""
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many`, by `count`, in the current language."""
    said = _catalog(current()).ngettext(one, many, count)
    return Words.of(said, (one, many), count)


@cache
def _catalog(code: str) -> gettext.NullTranslations:
    source = Path(__file__).parent / "locale" / f"{code}.po"
    if not source.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
