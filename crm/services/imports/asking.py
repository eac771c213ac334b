"""Ask for the check, the run and the undo of an import: jobs, each once."""

from typing import Any

from sqlmodel import Session

from crm.errors import RuleBroken
from crm.i18n import N_, _
from crm.models import ImportRun, ImportState, Job, JobState
from crm.services import jobs
from crm.services.imports import stored

RAN = (ImportState.RUNNING, ImportState.DONE, ImportState.FAILED)


def ask_check(session: Session, import_id: int) -> Job:
    """Have the file gone through without writing anything; then see `checked`.

    Asking again while that job is under way gives the same job; one that has failed
    or was stopped begins anew.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
        RuleBroken: nothing is chosen yet, the file holds no row, it runs, or has been
            run.
    """
    row = stored.open_run(session, import_id)
    _check_chosen(row)
    revision, checks = row.settings["revision"], row.settings.get("checks", 0)
    arguments = {"import_id": import_id, "revision": revision}
    key = f"import {import_id} check {revision} {checks}"
    return _once(session, row, "import_check", N_("Check {file}"), arguments, key)


def ask_run(session: Session, import_id: int) -> Job:
    """Have the rows written, in the background; then see `report`.

    Once only: asking again gives the same job, or goes on with one that has failed
    or was stopped, from where it stood.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
        RuleBroken: nothing is chosen yet, the file holds no row, or it was undone.
    """
    row = stored.run(session, import_id)
    _check_chosen(row)
    stored.check_not_undone(row)
    row.settings = {**row.settings, "asked_to_run": True}
    arguments, key = {"import_id": import_id}, f"import {import_id}"
    return _once(session, row, "import", N_("Import {file}"), arguments, key)


def ask_undo(session: Session, import_id: int) -> Job:
    """Have a run taken back, in the background; then see `report(...).undo`.

    Asking again gives the same job, or goes on with one that has failed.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
        RuleBroken: it has not been run, or still runs.
    """
    row = stored.run(session, import_id)
    if not row.settings.get("asked_to_undo"):
        if row.state not in RAN or _is_running(session, row):
            raise RuleBroken(_("Only an import that has been run can be undone."))
        row.settings = {**row.settings, "asked_to_undo": True}
    arguments, key = {"import_id": import_id}, f"import_undo {import_id}"
    title = N_("Undo the import of {file}")
    return _once(session, row, "import_undo", title, arguments, key)


def _once(
    session: Session,
    row: ImportRun,
    kind: str,
    title: str,
    arguments: dict[str, Any],
    key: str,
) -> Job:
    """The one job of `key`; taken up again if it broke off."""
    named = _(title).format(file=row.file_name)
    asked = jobs.ask(session, kind, named, arguments, key=key)
    row.settings = {**row.settings, "job": asked.id}
    session.flush()
    if asked.state in (JobState.FAILED, JobState.CANCELLED):
        return jobs.retry(session, asked.id)
    return asked


def _check_chosen(row: ImportRun) -> None:
    stored.check_rows(row)
    if stored.choices_of(row) is None:
        raise RuleBroken(_("Choose first which column goes into which field."))


def _is_running(session: Session, row: ImportRun) -> bool:
    job_id = row.settings.get("job")
    found = session.get(Job, job_id, populate_existing=True) if job_id else None
    return found is not None and not found.state.is_over
