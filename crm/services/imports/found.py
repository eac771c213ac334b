"""What a check has come across: counts, and the reasons for which rows are told."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crm.i18n import _
from crm.services.imports.results import Alike, Counts, Issue, Outcome
from crm.services.imports.verdict import Term

OF_A_REASON = 20  # rows that are kept of each reason, the first ones …
IN_ALL = 200  # … and of all; at least one of each
REASONS = 100  # that are told apart
TERMS = 100  # that can be answered

Kind = tuple[Outcome, str]


@dataclass
class Found:
    """What a check has come across so far; every row is counted, few are kept."""

    counts: Counts = field(default_factory=Counts)
    more: dict[str, int] = field(default_factory=dict)
    terms: Counter[Term] = field(default_factory=Counter)
    _rows: dict[Kind, int] = field(default_factory=dict)
    _kept: dict[Kind, list[Issue]] = field(default_factory=dict)
    _n_kept: int = 0

    def add(self, counts: Counts, told: Iterable[tuple[Issue, str]]) -> None:
        """Count, and keep the first rows of each kind of issue."""
        self.counts += counts
        for issue, name in told:
            kind = issue.outcome, name
            if kind not in self._rows and len(self._rows) >= REASONS:
                kind = issue.outcome, ""
            self._rows[kind] = self._rows.get(kind, 0) + 1
            kept = self._kept.setdefault(kind, [])
            if not kept or (len(kept) < OF_A_REASON and self._n_kept < IN_ALL):
                kept.append(issue)
                self._n_kept += 1

    def wonder(self, terms: Counter[Term]) -> None:
        """Count what the file says that is the name of nothing here, the first ones."""
        for term, rows in terms.items():
            if term in self.terms or len(self.terms) < TERMS:
                self.terms[term] += rows

    def tally(self, numbers: Mapping[str, int]) -> None:
        """Add up what is said about the whole."""
        for name, n in numbers.items():
            self.more[name] = self.more.get(name, 0) + n

    def reasons(self) -> list[Alike]:
        """The reasons, in the order in which they were met, with their rows."""
        return [
            _alike(kind, rows, sorted(self._kept[kind], key=lambda one: one.row))
            for kind, rows in self._rows.items()
        ]


def _alike(kind: Kind, rows: int, kept: list[Issue]) -> Alike:
    outcome, name = kind
    if not name:
        return Alike(outcome, None, _("Other reasons"), rows, tuple(kept))
    return Alike(outcome, kept[0].column, kept[0].reason, rows, tuple(kept))
