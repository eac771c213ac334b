"""Imports: check a file, bring it in, take it back out."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from crm import db
from crm.config import settings
from crm.errors import Duplicate, Stale
from crm.i18n import _
from crm.jobs.context import JobContext, Lost
from crm.jobs.registry import job
from crm.models import ImportState, Reason, utcnow
from crm.services.imports import steps, stored, tallies, undoing, uploads
from crm.services.imports.batches import Batch, batches
from crm.services.imports.layout import Layout, settled
from crm.services.imports.lookups import Known
from crm.services.imports.results import Doubt
from crm.services.imports.staging import Staged, stage

READING = 0.3  # the share of a job that reading the file takes
TRIES = 3  # of a batch that meets somebody else's work


@job("import_check")
def check(context: JobContext) -> dict[str, Any]:
    """Go through the file as a run would, without writing a record."""
    import_id, found = context.arguments["import_id"], steps.Found()
    known = Known()
    with db.reading(context.actor) as session:
        revision = stored.run(session, import_id).settings["revision"]
    with _staged(context, import_id) as (staged, plan, doubts):
        for problems in staged.problems():
            counts, issues, more = steps.unreadable(problems)
            found.add(counts, ((issue, "unreadable") for issue in issues))
            found.tally(more)
        for batch in batches(staged, plan):
            looked = context.step(
                f"batch {batch.number}", _look, context, batch, plan, known
            )
            found.add(looked.verdict.counts(), looked.verdict.issues())
            found.tally(steps.whole(looked))
            _progress(context, found.counts.rows, staged, _("Checking"))
    facts = {"doubts": doubts, "revision": revision}
    facts["notes"] = [*plan.form.notes, *tallies.notes(found.more)]
    context.write(
        "checked",
        lambda session: steps.keep_check(session, import_id, found, **facts),
    )
    return {"rows": found.counts.rows}


@job("import")
def run(context: JobContext) -> dict[str, Any]:
    """Bring the file in, batch by batch; what is committed is never done again."""
    import_id = context.arguments["import_id"]
    try:
        _bring_in(context, import_id)
    except Lost:
        raise
    except Exception:
        with context.transaction() as session:
            steps.give_up(session, import_id)
        raise
    with db.reading(context.actor) as session:
        row = stored.run(session, import_id)
        uploads.forget(row)
        uploads.sweep(session, at=utcnow())
        return {"rows": tallies.report(row).counts.rows}


@job("import_undo")
def undo(context: JobContext) -> dict[str, Any]:
    """Take back what an import did: first what it changed, then what it made."""
    import_id = context.arguments["import_id"]
    todo = [("changes", undoing.set_back), *undoing.removals()]
    with db.reading(context.actor) as session:
        note = undoing.note_of(stored.run(session, import_id))
    for number, (name, function) in enumerate(todo):
        _repeat(context, name, function, import_id, note)
        context.progress((number + 1) / len(todo), _("Taking back"))
    context.write("end", undoing.finish, import_id, reason=Reason.UNDO)
    with db.reading(context.actor) as session:
        row = stored.run(session, import_id)
        uploads.forget(row)
        return {"removed": sum((row.counts["undo"]["removed"]).values())}


def _bring_in(context: JobContext, import_id: int) -> None:
    with db.reading(context.actor) as session:
        row = stored.run(session, import_id)
        note = undoing.note_of(row)
        if row.state is ImportState.DONE:
            return
        stored.check_not_undone(row)
    with _staged(context, import_id) as (staged, plan, _doubts):
        context.write("begin", steps.begin, import_id, staged.total)
        done, known = 0, Known()
        for number, problems in enumerate(staged.problems()):
            context.write(f"rows {number}", steps.write_problems, import_id, problems)
            done += len(problems)
        for batch in batches(staged, plan):
            name, why = f"batch {batch.number}", {"reason": Reason.IMPORT, "note": note}
            _insist(
                context, name, steps.write_batch, import_id, batch, plan, known, **why
            )
            done += len(batch.rows)
            _progress(context, done, staged, _("Bringing in"))
    context.write("end", steps.finish, import_id)


def _insist(
    context: JobContext, name: str, function: Callable[..., Any], *args: Any, **why: Any
) -> Any:
    """Write; again, where somebody has just taken a number or changed a record."""
    for _try in range(TRIES - 1):
        with suppress(Duplicate, Stale):
            return context.write(name, function, *args, **why)
    return context.write(name, function, *args, **why)


def _look(context: JobContext, batch: Batch, plan: Layout, known: Known) -> steps.Plan:
    import_id = context.arguments["import_id"]
    with db.reading(context.actor) as session:
        return steps.planned(session, import_id, batch, plan, known)


def _repeat(
    context: JobContext, name: str, function: undoing.Step, import_id: int, note: str
) -> None:
    """Call `function` with where it stopped, until it says None."""
    at: int | None = 0
    while at is not None:
        why = {"reason": Reason.UNDO, "note": note}
        at = _insist(context, f"{name} {at}", function, import_id, at, **why)


def _progress(context: JobContext, done: int, staged: Staged, stage: str) -> None:
    share = READING + (1 - READING) * done / max(1, staged.total)
    context.progress(share, stage)


@contextmanager
def _staged(
    context: JobContext, import_id: int
) -> Iterator[tuple[Staged, Layout, list[Doubt]]]:
    """The file, read into a folder that is gone afterwards."""
    with db.reading(context.actor) as session:
        plan = steps.layout_of(session, import_id)
        row = stored.run(session, import_id)
        path, fixes = uploads.path_of(row), stored.fixes_of(row)
    with _folder(f"{context.job.kind}-{import_id}-") as folder:
        staged = stage(
            path,
            plan,
            fixes,
            folder,
            lambda share: context.progress(READING * share, _("Reading the file")),
        )
        yield staged, *settled(plan, staged.votes)


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    """A folder for one run; what a run that was killed has left there goes first."""
    place = settings().data_dir / "staging"
    place.mkdir(mode=0o700, exist_ok=True)
    for left in place.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix=prefix, dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
