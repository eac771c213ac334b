"""Which of two ways of writing numbers, or dates, a column follows."""

import re
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from crm.i18n import _
from crm.services.imports.parsed import one_array, trimmed


class NumberFormat(StrEnum):
    """Which sign starts the decimals. Spaces and apostrophes may group in either."""

    POINT = "1,234.56"
    COMMA = "1.234,56"

    @property
    def point(self) -> str:
        """The sign that starts the decimals."""
        return self.value[5]

    @property
    def group(self) -> str:
        """The sign between groups of digits."""
        return self.value[1]


@dataclass(frozen=True)
class NumberVotes:
    """What the different cells of a column say about its number format; they add up.

    `point` and `comma` count cells that allow one format only; `either` those like
    1,234 or 1.234 that are a number in both, and not the same.
    """

    point: int = 0
    comma: int = 0
    either: int = 0
    example: str = ""

    def __add__(self, other: "NumberVotes") -> "NumberVotes":
        return NumberVotes(
            self.point + other.point,
            self.comma + other.comma,
            self.either + other.either,
            self.example or other.example,
        )

    @property
    def format(self) -> NumberFormat:
        """The format that most cells allow; POINT when they do not say."""
        return NumberFormat.COMMA if self.comma > self.point else NumberFormat.POINT

    @property
    def doubt(self) -> str:
        """What the user should decide, in words; "" when the cells are clear."""
        if self.point and self.comma:
            return _("Numbers are written in two ways; some will not be read.")
        if self.either and not self.point and not self.comma:
            words = _("“{cell}” can be read in two ways; it is taken as in {example}.")
            return words.format(cell=self.example, example=self.format.value)
        return ""


def number_votes(cells: pa.Array) -> NumberVotes:
    """The votes of one chunk of a column; add them up over all chunks."""
    different = trimmed(pc.unique(one_array(cells)))
    numbers = pc.replace_substring_regex(different, r"[^\d.,]", "")
    unsure = different.filter(
        pc.match_substring_regex(numbers, r"^[1-9]\d{0,2}[.,]\d{3}$")
    )
    return NumberVotes(
        _votes(numbers, NumberFormat.POINT),
        _votes(numbers, NumberFormat.COMMA),
        len(unsure),
        unsure[0].as_py() if len(unsure) else "",
    )


def _votes(numbers: pa.Array, form: NumberFormat) -> int:
    """How many allow `form` only: by decimals that are no group, or by groups."""
    point, group = re.escape(form.point), re.escape(form.group)
    only = (
        rf"^\d*{point}(?:\d{{1,2}}|\d{{4,}})$|^(?:\d{{4,}}|0?){point}\d+$|"
        rf"{group}\d{{3}}{point}\d*$|{group}\d{{3}}{group}\d{{3}}"
    )
    return int(pc.sum(pc.match_substring_regex(numbers, only)).as_py() or 0)


class DateOrder(StrEnum):
    """What 05/06/2026 means. Dates with dots always start with the day."""

    DAY_FIRST = "31/12/2026"
    MONTH_FIRST = "12/31/2026"


@dataclass(frozen=True)
class DateVotes:
    """What the different cells of a column say about the order; they add up."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    example: str = ""

    def __add__(self, other: "DateVotes") -> "DateVotes":
        return DateVotes(
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.either + other.either,
            self.example or other.example,
        )

    @property
    def order(self) -> DateOrder:
        """The order that most cells allow; the day first when they do not say."""
        month = self.month_first > self.day_first
        return DateOrder.MONTH_FIRST if month else DateOrder.DAY_FIRST

    @property
    def doubt(self) -> str:
        """What the user should decide, in words; "" when the cells are clear."""
        if self.day_first and self.month_first:
            return _("Dates are written in two orders; some will not be read.")
        if self.either and not self.day_first and not self.month_first:
            words = _("“{cell}” can be read in two ways; it is taken as in {example}.")
            return words.format(cell=self.example, example=self.order.value)
        return ""


def date_votes(cells: pa.Array) -> DateVotes:
    """The votes of one chunk of a column; add them up over all chunks."""
    different = trimmed(pc.unique(one_array(cells)))
    parts = pc.extract_regex(
        different, r"^(?P<a>\d{1,2})[-/](?P<b>\d{1,2})[-/](?:\d{4}|\d{2})(?:\D|$)"
    )
    different, parts = different.filter(parts.is_valid()), parts.drop_null()
    first, second = (
        parts.field(name).cast(pa.int64()).to_numpy() for name in ("a", "b")
    )
    either = (first <= 12) & (second <= 12) & (first != second)
    unsure = different.filter(pa.array(either, pa.bool_()))
    return DateVotes(
        int(((first > 12) & (second <= 12)).sum()),
        int(((second > 12) & (first <= 12)).sum()),
        len(unsure),
        unsure[0].as_py() if len(unsure) else "",
    )
