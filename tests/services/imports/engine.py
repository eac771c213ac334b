"""Imports of small files, from upload to report, as the worker does them."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from crm import db
from crm.jobs import imports, run_here
from crm.models import SYSTEM, Actor, Job
from crm.services import jobs
from crm.services.imports import runs

KINDS = (imports.check, imports.run, imports.undo)  # known without loading all jobs


def begun(
    actor: Actor, content: str | bytes | Path, target: str | None = None, **choices: Any
) -> int:
    """The id of an import whose columns are mapped as suggested, with `choices`."""
    source = content
    if not isinstance(content, Path):
        source = BytesIO(content.encode() if isinstance(content, str) else content)
    upload = runs.upload(actor, source, "file.csv")
    with db.transaction(actor) as session:
        import_id = runs.start(session, upload, target).id
        wanted = replace(runs.proposed(session, import_id), **choices)
        runs.choose(session, import_id, wanted)
    return import_id


def done(actor: Actor, ask: Any, import_id: int) -> Job:
    """The job that `ask` asks for, done."""
    with db.transaction(actor) as session:
        asked = ask(session, import_id)
    run_here(asked.id)
    with db.reading(actor) as session:
        return jobs.job(session, asked.id)


def checked(actor: Actor, import_id: int) -> runs.Checked:
    """What a check finds."""
    job = done(actor, runs.ask_check, import_id)
    assert job.error is None
    with db.reading(actor) as session:
        found = runs.checked(session, import_id)
    assert found is not None
    return found


def ran(actor: Actor, import_id: int) -> runs.Report:
    """The report of a run; its rows add up."""
    job = done(actor, runs.ask_run, import_id)
    assert job.error is None
    return reported(actor, import_id)


def brought(actor: Actor, content: Any, *args: Any, **choices: Any) -> runs.Report:
    """The report of an import of `content`, run at once."""
    return ran(actor, begun(actor, content, *args, **choices))


def undone(actor: Actor, import_id: int) -> runs.UndoReport:
    """What an undo has done."""
    job = done(actor, runs.ask_undo, import_id)
    assert job.error is None
    undo = reported(actor, import_id).undo
    assert undo is not None
    return undo


def reported(actor: Actor, import_id: int) -> runs.Report:
    with db.reading(actor) as session:
        report = runs.report(session, import_id)
    counts = report.counts
    parts = counts.created + counts.updated + counts.skipped + counts.failed
    assert counts.rows == parts
    assert counts.unchanged + counts.duplicate <= counts.skipped
    return report


def told(actor: Actor, import_id: int) -> list[tuple[int, str | None, str]]:
    """Row, column and reason of what the run has to tell."""
    with db.reading(actor) as session:
        issues = runs.issues(session, import_id, limit=1000)
    return [(one.row, one.column, one.reason) for one in issues]


def latest(actor: Actor) -> int:
    """The id of the newest import."""
    with db.reading(actor) as session:
        return runs.listed(session, limit=1)[0].id


def rows_of(table: type[Any], *names: str) -> list[tuple[Any, ...]]:
    """What the living records of `table` hold in some columns, in the order of ids."""
    columns = [getattr(table, name) for name in names]
    with db.reading(SYSTEM) as session:
        living = select(*columns).select_from(table).order_by(table.id)
        return [tuple(row) for row in session.execute(living)]


def only(table: type[Any], **wanted: Any) -> Any:
    """The one living record with those values."""
    with db.reading(SYSTEM) as session:
        return _only(session, table, wanted)


def _only(session: Session, table: type[Any], wanted: Mapping[str, Any]) -> Any:
    conditions = [getattr(table, name) == value for name, value in wanted.items()]
    return session.scalars(select(table).where(*conditions)).one()
