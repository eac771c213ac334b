"""Imports as the wizard and other programs use them: file → map → check → run → undo.

    upload = runs.upload(actor, stream, "Kunden 2026.csv")    # outside a transaction
    import_id = runs.start(session, upload, "customers").id
    choices = runs.proposed(session, import_id)               # by the header
    runs.choose(session, import_id, choices)
    runs.ask_check(session, import_id)                        # a job; nothing written
    runs.checked(session, import_id)                          # counts, issues, doubts
    runs.fix(session, import_id, {(12, "Price"): "3.50"})
    runs.ask_run(session, import_id)                          # a job
    runs.report(session, import_id)
    runs.ask_undo(session, import_id)                         # a job

Imports of others are not found, but for administrators. Everything asks for the right
to import records of the target. `crm.jobs.imports` does the work.
"""

from crm.services.imports.asking import ask_check, ask_run, ask_undo
from crm.services.imports.choices import (
    Choices,
    MissingFields,
    Mode,
    Policy,
    UnknownCustomers,
    UnknownProducts,
    WithoutCustomer,
)
from crm.services.imports.fixing import fix, fixes
from crm.services.imports.formats import Chosen, FileFormat
from crm.services.imports.headers import Suggestion
from crm.services.imports.reports import (
    checked,
    count,
    count_issues,
    get,
    issues,
    issues_csv,
    listed,
    report,
)
from crm.services.imports.results import (
    Alike,
    Checked,
    Counts,
    Doubt,
    Import,
    Issue,
    Outcome,
    Report,
    UndoReport,
    Upload,
)
from crm.services.imports.setup import (
    choose,
    choose_format,
    choose_target,
    discard,
    proposed,
    read_as,
    start,
    suggested,
    target,
    targets,
)
from crm.services.imports.targets import Field, Target
from crm.services.imports.terms import Term, terms
from crm.services.imports.uploads import upload
from crm.services.imports.votes import DateOrder, NumberFormat

__all__ = [
    "Alike",
    "Checked",
    "Choices",
    "Chosen",
    "Counts",
    "DateOrder",
    "Doubt",
    "Field",
    "FileFormat",
    "Import",
    "Issue",
    "MissingFields",
    "Mode",
    "NumberFormat",
    "Outcome",
    "Policy",
    "Report",
    "Suggestion",
    "Target",
    "Term",
    "UndoReport",
    "UnknownCustomers",
    "UnknownProducts",
    "Upload",
    "WithoutCustomer",
    "ask_check",
    "ask_run",
    "ask_undo",
    "checked",
    "choose",
    "choose_format",
    "choose_target",
    "count",
    "count_issues",
    "discard",
    "fix",
    "fixes",
    "get",
    "issues",
    "issues_csv",
    "listed",
    "proposed",
    "read_as",
    "report",
    "start",
    "suggested",
    "target",
    "targets",
    "terms",
    "upload",
]
