"""What becomes of each row of a batch, and what is to be told about it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from crm.services.imports.batches import Batch
from crm.services.imports.layout import Layout
from crm.services.imports.parsed import Parsed, Reason, explain
from crm.services.imports.results import Counts, Issue, Outcome
from crm.services.imports.tables import storable


class Fate(IntEnum):
    """What happens to one row."""

    OPEN = 0
    CREATED = 1
    UPDATED = 2
    UNCHANGED = 3
    DUPLICATE = 4
    SKIPPED = 5
    FAILED = 6


Term = tuple[str, str]  # a field, and what the file says there

TOLD = {
    Fate.DUPLICATE: Outcome.SKIPPED,
    Fate.SKIPPED: Outcome.SKIPPED,
    Fate.FAILED: Outcome.FAILED,
}


@dataclass(frozen=True)
class Remark:
    """Something to tell about the row at `place`; `kind` groups what is alike."""

    place: int
    outcome: Outcome
    column: str | None
    reason: str
    kind: str


class Verdict:
    """The fates of the rows of a batch; a row that is decided stays as it is.

    `terms` counts what the file says that is the name of nothing here: somebody has to
    say what is meant.
    """

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.fates = np.full(len(batch.rows), Fate.OPEN, dtype=np.int8)
        self.remarks: list[Remark] = []
        self.terms: Counter[Term] = Counter()
        self._partly: set[int] = set()

    @property
    def is_open(self) -> npt.NDArray[np.bool_]:
        """True where nothing is decided yet."""
        undecided: npt.NDArray[np.bool_] = self.fates == Fate.OPEN
        return undecided

    def settle(self, places: npt.NDArray[np.bool_], fate: Fate) -> None:
        """Decide open rows, without a word."""
        self.fates[places & self.is_open] = fate

    def tell(
        self,
        places: npt.NDArray[np.bool_],
        fate: Fate,
        words: str,
        column: str | None = None,
    ) -> None:
        """Decide open rows, and say why: the same words for all."""
        for place in np.flatnonzero(places & self.is_open).tolist():
            self.decide(place, fate, words, column)

    def decide(
        self,
        place: int,
        fate: Fate,
        words: str,
        column: str | None = None,
        *,
        kind: str = "",
    ) -> None:
        """Decide one row, and say why; `kind` is equal for what is alike."""
        self.fates[place] = fate
        alike = f"{fate} {column} {kind or words}"
        self.remarks.append(Remark(place, TOLD[fate], column, words, alike))

    def lacking(self, place: int, column: str | None, words: str, kind: str) -> None:
        """Say that the row goes in without what one of its cells says."""
        self._partly.add(place)
        self.remarks.append(Remark(place, Outcome.PARTLY, column, words, kind))

    def judge_cells(self, layout: Layout, parsed: Mapping[str, Parsed]) -> None:
        """Fail the rows with bad cells; where the field is forgiving, only say so."""
        for name, each in parsed.items():
            column, forgiving = (
                layout.columns[name],
                layout.target.field(name).forgiving,
            )
            cells = self.batch.columns[column]
            for place in np.flatnonzero(each.bad).tolist():
                reason = Reason(int(each.reasons[place]))
                words = explain(reason, cells[place].as_py(), each.facts)
                kind = f"{column} {reason}"
                if forgiving:
                    self.lacking(place, column, words, kind)
                else:
                    self.fates[place] = Fate.FAILED
                    self.remarks.append(
                        Remark(place, Outcome.FAILED, column, words, kind)
                    )

    def issues(self) -> Iterator[tuple[Issue, str]]:
        """What is to be told, each with its kind; of rows that fail, not what they
        would have lacked.
        """
        columns = self.batch.columns.columns
        for remark in self.remarks:
            went_in = self.fates[remark.place] in (Fate.CREATED, Fate.UPDATED)
            if remark.outcome is Outcome.PARTLY and not went_in:
                continue
            cells = tuple(storable(column[remark.place].as_py()) for column in columns)
            row = int(self.batch.rows[remark.place])
            issue = Issue(row, remark.outcome, remark.column, remark.reason, cells)
            yield issue, remark.kind

    def counts(self) -> Counts:
        """How many rows have which fate."""
        n = np.bincount(self.fates, minlength=len(Fate)).tolist()
        duplicate, unchanged = n[Fate.DUPLICATE], n[Fate.UNCHANGED]
        went_in = (Fate.CREATED, Fate.UPDATED)
        return Counts(
            rows=len(self.fates),
            created=n[Fate.CREATED],
            updated=n[Fate.UPDATED],
            skipped=n[Fate.SKIPPED] + duplicate + unchanged,
            failed=n[Fate.FAILED],
            unchanged=unchanged,
            duplicate=duplicate,
            partly=sum(1 for place in self._partly if self.fates[place] in went_in),
        )
