"""An import's row: its settings and counts as plain data, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from crm import db
from crm.errors import NotFound, RuleBroken
from crm.i18n import _
from crm.models import Action, ImportRun, ImportState, Job
from crm.models.words import kept, told
from crm.services.imports.choices import Choices
from crm.services.imports.fillable import whole_target
from crm.services.imports.formats import FileFormat
from crm.services.imports.results import Import
from crm.services.imports.tables import storable

IMPORT = Action.IMPORT
OPEN = (ImportState.UPLOADED, ImportState.CHECKED)
_SAMPLE_CELLS = 4_000
_SAMPLE_TEXT = 200  # characters of a cell in the preview

Fixes = dict[tuple[int, str], str]


def run(session: Session, import_id: int) -> ImportRun:
    """The row of one import that the actor may work with.

    Raises:
        NotFound: there is none, it is somebody else's, or no import of a file.
        Forbidden: the actor may not import such records any more.
    """
    found = db.get(session, ImportRun, import_id, populate_existing=True)
    if "form" not in found.settings:
        raise NotFound(ImportRun, import_id)
    whole_target(session, found.target)
    return found


def open_run(session: Session, import_id: int) -> ImportRun:
    """The same, to be changed.

    Raises:
        RuleBroken: it runs, or has been run.
    """
    found = run(session, import_id)
    if found.state not in OPEN or found.settings.get("asked_to_run"):
        raise RuleBroken(_("This import has been started: it stays as it is."))
    return found


def check_not_undone(row: ImportRun) -> None:
    """Make sure that nobody has asked to undo the import.

    Raises:
        RuleBroken: somebody has.
    """
    if row.settings.get("asked_to_undo"):
        raise RuleBroken(_("This import was undone."))


def check_free(session: Session, file_key: str) -> None:
    """Make sure that no import has taken the file.

    Raises:
        NotFound: one has.
    """
    table = ImportRun.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    taken = select(table.c.id).where(table.c.file_key == file_key)
    if session.connection().scalar(taken) is not None:
        raise NotFound(ImportRun, file_key)


def fresh(form: FileFormat) -> dict[str, Any]:
    """The settings of an import that begins."""
    return {"form": plain_form(form), "choices": None, "fixes": [], "revision": 0}


def settle(session: Session, row: ImportRun, changes: Mapping[str, Any]) -> Import:
    """Change settings; what was checked before is no longer current."""
    revision = row.settings["revision"] + 1
    row.settings = {**row.settings, **changes, "revision": revision}
    row.state = ImportState.UPLOADED
    session.flush()
    return shown(session, row)


def shown(session: Session, row: ImportRun) -> Import:
    """The import as others see it."""
    job_id = row.settings.get("job")
    return Import(
        id=row.id,
        target=row.target,
        file_name=row.file_name,
        state=row.state,
        form=form_of(row),
        choices=choices_of(row) or Choices(),
        revision=row.settings["revision"],
        owner_id=row.owner_id,
        created_at=row.created_at,
        job=session.get(Job, job_id, populate_existing=True) if job_id else None,
    )


def form_of(row: ImportRun) -> FileFormat:
    """How the file is read."""
    data = dict(row.settings["form"])
    data |= {name: tuple(data[name]) for name in ("header", "sheets")}
    data["notes"] = tuple(map(told, data["notes"]))
    data["sample_rows"] = tuple(map(tuple, data["sample_rows"]))
    return FileFormat(**data)


def plain_form(form: FileFormat) -> dict[str, Any]:
    """The same as JSON holds it; of a wide table, fewer sample rows."""
    n_rows = max(3, _SAMPLE_CELLS // max(1, len(form.header)))
    rows = [list(map(_short, row)) for row in form.sample_rows[:n_rows]]
    notes = list(map(kept, form.notes))
    return {**asdict(form), "sample_rows": rows, "notes": notes}


def check_rows(row: ImportRun) -> None:
    """Make sure that there is something to import.

    Raises:
        RuleBroken: the file is a header without a row.
    """
    if form_of(row).is_empty:
        raise RuleBroken(_("There is a header, but no row of data."))


def choices_of(row: ImportRun) -> Choices | None:
    """What was chosen; None before anything was."""
    data = row.settings.get("choices")
    return None if data is None else Choices.of(data)


def fixes_of(row: ImportRun) -> Fixes:
    """Row and column → the text in place of the cell."""
    return {(number, column): text for number, column, text in row.settings["fixes"]}


def plain_fixes(fixes: Fixes) -> list[list[Any]]:
    """The same as JSON holds it."""
    return [
        [row, column, storable(text)] for (row, column), text in sorted(fixes.items())
    ]


def _short(cell: str) -> str:
    cell = storable(cell)
    return cell if len(cell) <= _SAMPLE_TEXT else f"{cell[:_SAMPLE_TEXT]}…"
