"""Imports: check a file, bring it in, take it back out."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from crm import db
from crm.config import settings
from crm.db import statistics
from crm.i18n import _
from crm.jobs.context import JobContext, Lost
from crm.jobs.registry import job
from crm.jobs.turns import Turns
from crm.models import SYSTEM, ImportState, JobState, Reason, utcnow
from crm.services import jobs
from crm.services.imports import steps, stored, tallies, undoing, uploads
from crm.services.imports.batches import Batch, Size, batches, usual_size
from crm.services.imports.found import Found
from crm.services.imports.layout import Layout, settled
from crm.services.imports.lookups import Known
from crm.services.imports.results import Doubt
from crm.services.imports.staging import Staged, stage

READING = 0.3  # the share of a job that reading the file takes


@job("import_check")
def check(context: JobContext) -> dict[str, Any]:
    """Go through the file as a run would, without writing a record."""
    import_id, found = context.arguments["import_id"], Found()
    known = Known()
    with db.reading(context.actor) as session:
        revision = stored.run(session, import_id).settings["revision"]
    with _staged(context, import_id) as (staged, plan, doubts):
        for problems in staged.problems():
            counts, told, more = steps.unreadable(problems)
            found.add(counts, told)
            found.tally(more)
        for batch in batches(staged, plan, usual_size(plan.target)):
            looked = context.step(
                f"batch {batch.number}", _look, context, batch, plan, known
            )
            found.add(looked.verdict.counts(), looked.verdict.issues())
            found.tally(steps.whole(looked))
            found.wonder(looked.verdict.terms)
            _progress(context, batch, staged, _("Checking"))
    facts = {"doubts": doubts, "revision": revision}
    facts["notes"] = [*plan.form.notes, *tallies.notes(found.more)]
    Turns(context).write(
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
    _look_anew(context)
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
    turns = Turns(context)
    with db.reading(context.actor) as session:
        note = undoing.note_of(stored.run(session, import_id))
    for number, (name, function) in enumerate(todo):
        _repeat(turns, name, function, import_id, note)
        context.progress((number + 1) / len(todo), _("Taking back"))
    context.write("end", undoing.finish, import_id, reason=Reason.UNDO)
    _look_anew(context)
    with db.reading(context.actor) as session:
        row = stored.run(session, import_id)
        uploads.forget(row)
        return {"removed": sum((row.counts["undo"]["removed"]).values())}


def _bring_in(context: JobContext, import_id: int) -> None:
    with db.reading(context.actor) as session:
        row = stored.run(session, import_id)
        note, first = undoing.note_of(row), row.chunks_done
        if row.state is ImportState.DONE:
            return
        stored.check_not_undone(row)
    with _staged(context, import_id) as (staged, plan, _doubts):
        known, turns = Known(), Turns(context)
        turns.write("begin", steps.begin, import_id, staged.total)
        for number, problems in enumerate(staged.problems()):
            context.write(f"rows {number}", steps.write_problems, import_id, problems)
        size = Size(*context.write("size", steps.size_of_batches, import_id))
        for batch in batches(staged, plan, size, first=first):
            name, args = f"batch {batch.number}", (import_id, batch, plan, known)
            why = {"reason": Reason.IMPORT, "note": note}
            turns.write(name, steps.write_batch, *args, **why)
            if batch.number.bit_count() == 1:  # 1, 2, 4, 8 …: the tables have grown
                statistics.refresh()
            _progress(context, batch, staged, _("Bringing in"))
    context.write("end", steps.finish, import_id)


def _look_anew(context: JobContext) -> None:
    """Have the warehouse and the first page show what is there now: one job does both.

    The system asks, as the clock does: whoever imports may see only some customers. A
    job that waits already will see all. A run that ends here is taken up and asks again
    under the same key.
    """
    key = f"overview after {context.job.id}"
    with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
        if not jobs.counted(session, kinds=["overview"], states=[JobState.WAITING]):
            jobs.ask(session, "overview", _("Overview"), {}, key=key)


def _look(context: JobContext, batch: Batch, plan: Layout, known: Known) -> steps.Plan:
    import_id = context.arguments["import_id"]
    with db.reading(context.actor) as session:
        return steps.planned(session, import_id, batch, plan, known)


def _repeat(
    turns: Turns, name: str, function: undoing.Step, import_id: int, note: str
) -> None:
    """Call `function` with where it stopped, until it says None."""
    at: int | None = 0
    while at is not None:
        why = {"reason": Reason.UNDO, "note": note}
        at = turns.write(f"{name} {at}", function, import_id, at, **why)


def _progress(context: JobContext, batch: Batch, staged: Staged, stage: str) -> None:
    share = READING + (1 - READING) * batch.until / max(1, staged.n_rows)
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
