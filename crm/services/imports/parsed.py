"""A column of cells read as values, and what is wrong with those that are none."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crm.i18n import N_, _

Reasons = npt.NDArray[np.int8]


class Reason(IntEnum):
    """Why a cell is not a value; `WORDS` says it to the user."""

    FINE = 0
    MISSING = 1
    CONTROL_CHARACTER = 2
    TOO_LONG = 3
    TOO_MANY_MARKS = 4
    NOT_A_NUMBER = 5
    NOT_WHOLE = 6
    TOO_MANY_PLACES = 7
    TOO_LARGE = 8
    NOT_A_DATE = 9
    NO_SUCH_DAY = 10
    NO_SUCH_TIME = 11
    YEAR_OUT_OF_RANGE = 12
    NOT_YES_OR_NO = 13
    NOT_A_CHOICE = 14
    NOT_AN_EMAIL = 15
    NOT_A_PHONE = 16
    NOT_A_LINK = 17
    NOT_A_COUNTRY = 18
    NOT_A_CURRENCY = 19
    AMBIGUOUS_CURRENCY = 20
    NOT_A_LANGUAGE = 21


WORDS = {
    Reason.MISSING: N_("Nothing here, but it is required."),
    Reason.CONTROL_CHARACTER: N_("“{cell}” holds a NUL or another control character."),
    Reason.TOO_LONG: N_("{length} characters; at most {max_length} fit."),
    Reason.TOO_MANY_MARKS: N_("“{cell}” piles more than 30 accents on one letter."),
    Reason.NOT_A_NUMBER: N_("“{cell}” is not a number like {example}."),
    Reason.NOT_WHOLE: N_("“{cell}” is not a whole number."),
    Reason.TOO_MANY_PLACES: N_("“{cell}” has more than four decimal places."),
    Reason.TOO_LARGE: N_("“{cell}” is too large a number."),
    Reason.NOT_A_DATE: N_("“{cell}” is not a date like {example}."),
    Reason.NO_SUCH_DAY: N_("“{cell}” is not in the calendar; read as {example}."),
    Reason.NO_SUCH_TIME: N_("“{cell}” was skipped by the clocks of {zone}."),
    Reason.YEAR_OUT_OF_RANGE: N_("The year of “{cell}” is not between 1900 and 2199."),
    Reason.NOT_YES_OR_NO: N_("“{cell}” is neither yes nor no."),
    Reason.NOT_A_CHOICE: N_("“{cell}” is none of: {choices}."),
    Reason.NOT_AN_EMAIL: N_("“{cell}” is not an e-mail address."),
    Reason.NOT_A_PHONE: N_("“{cell}” is not a phone number in {country}."),
    Reason.NOT_A_LINK: N_("“{cell}” is not a web address."),
    Reason.NOT_A_COUNTRY: N_("“{cell}” is not a country."),
    Reason.NOT_A_CURRENCY: N_("“{cell}” is not a currency."),
    Reason.AMBIGUOUS_CURRENCY: N_("“{cell}” may be several currencies; use a code."),
    Reason.NOT_A_LANGUAGE: N_("“{cell}” is not a language."),
}
_LONGEST = 1000  # no number, date or address is longer; NFKC of piled accents is slow
_SHOWN = 60  # characters of a bad cell in its message


@dataclass(frozen=True)
class CellProblem:
    """A cell that is not a value. `row` is its row in the file, 1 the first of data."""

    row: int
    column: str
    cell: str
    reason: Reason
    message: str


@dataclass(frozen=True)
class Parsed:
    """The values of a column, in order.

    Args:
        values: null where the cell is blank or bad. Types by kind are in
            `values.parse`.
        reasons: `Reason` per cell; `Reason.FINE` is 0.
        facts: what the words of the reasons mention: an example, a limit …
    """

    values: pa.Array
    reasons: Reasons
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def bad(self) -> npt.NDArray[np.bool_]:
        """True where the cell is not a value."""
        wrong: npt.NDArray[np.bool_] = self.reasons != Reason.FINE
        return wrong

    def problems(
        self, cells: pa.Array, rows: npt.NDArray[np.int64], column: str
    ) -> Iterator[CellProblem]:
        """What to tell about the bad cells; `cells` and `rows` as in the chunk."""
        for place in np.flatnonzero(self.bad):
            cell = cells[int(place)].as_py()
            reason = Reason(int(self.reasons[place]))
            message = explain(reason, cell, self.facts)
            yield CellProblem(int(rows[place]), column, cell, reason, message)


def explain(reason: Reason, cell: str, facts: Mapping[str, str]) -> str:
    """`reason` in words, about `cell`."""
    shown = cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}…"
    visible = "".join(c if c.isprintable() else "�" for c in shown)
    words = _(WORDS[reason])
    return words.format_map({"cell": visible, "length": f"{len(cell):,}", **facts})


def fine(values: pa.Array, facts: Mapping[str, str] | None = None) -> Parsed:
    """All cells are values, or blank where null."""
    return Parsed(values, np.zeros(len(values), dtype=np.int8), facts or {})


def by_distinct(
    cells: pa.Array,
    read: Callable[[str], Any],
    kind: Any,
    facts: Mapping[str, str] | None = None,
) -> Parsed:
    """`read` every different cell once: a value of the Arrow type `kind`, or a Reason.

    Blank cells are null and never read.
    """
    encoded = cells.dictionary_encode()
    answers = [read(cell) if cell else None for cell in encoded.dictionary.to_pylist()]
    wrong = [isinstance(answer, Reason) for answer in answers]
    values = [
        None if bad else answer for bad, answer in zip(wrong, answers, strict=True)
    ]
    reasons = np.array(
        [answer if bad else 0 for bad, answer in zip(wrong, answers, strict=True)],
        dtype=np.int8,
    )
    places = encoded.indices.to_numpy()
    taken = reasons[places] if len(reasons) else np.zeros(0, dtype=np.int8)
    return Parsed(pa.array(values, kind).take(encoded.indices), taken, facts or {})


def one_array(cells: Any) -> pa.Array:
    """A string array without nulls, of a chunked or plain one."""
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    return pc.fill_null(cells.cast(pa.string()), "") if cells.null_count else cells


def trimmed(cells: pa.Array) -> pa.Array:
    """Without white space around, and in ASCII digits and signs where that is meant.

    Full-width １２３ and the many kinds of space become plain ones (NFKC).
    """
    if not pc.all(pc.string_is_ascii(cells)).as_py():
        cells = pc.utf8_slice_codeunits(cells, 0, _LONGEST)
        cells = pc.utf8_normalize(cells, "NFKC")
    return pc.utf8_trim_whitespace(cells)
