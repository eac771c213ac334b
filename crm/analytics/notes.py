"""Words that travel with a result and are put into the reader's language when shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from numbers import Integral
from string import Formatter
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from crm.i18n import _, current

DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Note:
    """A sentence marked with `N_` and the values of its placeholders.

    A result is computed once, perhaps for readers of several languages; so it
    keeps the source text, and `str(note)` speaks the language of whoever asks.
    Values that are text (names of measures) are translated too; whole numbers and
    days (“2026-05-30”) come as the reader writes them.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        values = {
            name: _(value) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return _Writing().vformat(_(self.text), (), values)


class _Writing(Formatter):
    """Values without a format of their own, written for the reader."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec or isinstance(value, bool):
            return str(super().format_field(value, format_spec))
        if isinstance(value, Integral):
            return str(format_decimal(int(value), locale=current()))
        if isinstance(value, str) and DAY.fullmatch(value):
            return str(format_date(date.fromisoformat(value), locale=current()))
        return str(super().format_field(value, format_spec))
