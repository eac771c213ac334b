"""What is said about an import: as it stands, what was checked, what was done."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime
from enum import StrEnum

from crm.models import ImportState, Job
from crm.services.imports.choices import Choices
from crm.services.imports.formats import FileFormat
from crm.services.imports.votes import DateOrder, NumberFormat


class Outcome(StrEnum):
    """What became of a row that is told about.

    PARTLY: it went in, but not with all that it says.
    """

    SKIPPED = "skipped"
    FAILED = "failed"
    PARTLY = "partly"


@dataclass(frozen=True)
class Upload:
    """A file that has been stored: whose it is, is settled when an import starts.

    `likely` is the name of the target that its header fits best, None when none does.
    """

    file_key: str
    file_name: str
    form: FileFormat
    likely: str | None


@dataclass(frozen=True)
class Import:
    """One import as it stands. `revision` grows with every change of its choices.

    `job` is what was asked for last: the check, the run or the undo.
    """

    id: int
    target: str
    file_name: str
    state: ImportState
    form: FileFormat
    choices: Choices
    revision: int
    owner_id: int | None
    created_at: datetime
    job: Job | None


@dataclass(frozen=True)
class Counts:
    """What becomes of the rows of a file: rows = created + updated + skipped + failed.

    Part of `skipped` are `unchanged` and `duplicate`: of an earlier row, or of a record
    that is there when only new ones are wanted. `partly`, part of `created` and
    `updated`, counts rows that went in but for some cell.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    failed: int = 0
    unchanged: int = 0
    duplicate: int = 0
    partly: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Issue:
    """A row to be told about; `column` is the one at fault, None for the whole row.

    `cells` are those of the row in the order of the header; of a row that could not
    be read, as far as it could.
    """

    row: int
    outcome: Outcome
    column: str | None
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """Rows that are told about for one reason: how many, and the first of them.

    `column` and `reason` are those of the first one; the others may name other cells.
    """

    outcome: Outcome
    column: str | None
    reason: str
    rows: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Doubt:
    """A column that can be read in two ways: `chosen` is how it is, `words` say why.

    The other way is the other member of the same enum; it goes into
    `Choices.numbers` or `Choices.dates`.
    """

    column: str
    chosen: NumberFormat | DateOrder
    words: str


@dataclass(frozen=True)
class Checked:
    """What a run would do, found without writing anything.

    Args:
        reasons: why rows are told about, each with all its rows counted.
        notes: sentences about the file as a whole.
        current: False once the choices have been changed after the check.
    """

    counts: Counts
    reasons: tuple[Alike, ...]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]
    at: datetime
    current: bool

    @property
    def issues(self) -> list[Issue]:
        """The rows that are kept, of whatever reason, in the order of the file."""
        kept = (issue for reason in self.reasons for issue in reason.issues)
        return sorted(kept, key=lambda issue: issue.row)


@dataclass(frozen=True)
class UndoReport:
    """What an undo did: records into the recycle bin, updates set back, by table.

    `kept` says in words what stays as it is, and why (at most 200 sentences);
    `n_kept` is how many there are.
    """

    removed: Mapping[str, int] = field(default_factory=dict)
    set_back: int = 0
    n_kept: int = 0
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a run has done so far, or in all.

    Args:
        counts: of the rows that it has come to.
        total: rows in the file; None before it was read through.
        made: table → records made by this import.
        changed: table → records that were there and have been changed.
        notes: sentences about the whole, such as orders that were split.
        finished: False while it runs, and after it was stopped half-way.
    """

    counts: Counts
    total: int | None
    made: Mapping[str, int]
    changed: Mapping[str, int]
    notes: tuple[str, ...]
    finished: bool
    undo: UndoReport | None = None
