"""Analyses in the background: fresh data, one computation, a stored result.

    @analysis("churn")
    def churn(context: JobContext, house: House, as_of: date) -> Made:
        features = house.churn_features(as_of)
        ...
        return Made(summary={...}, tables={"scores": ...})

`context.arguments["parameters"]` holds what was asked for; a `segment_id` among it
has only that segment's customers looked at. The job's result is the
id of the stored analysis, under "analysis_id".
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from crm import db, warehouse
from crm.i18n import _
from crm.jobs.context import JobContext
from crm.jobs.registry import job
from crm.models import Analysis, Segment
from crm.services import analyses, analysis_basis, days, jobs
from crm.services.analyses import Made
from crm.warehouse import House

Compute = Callable[[JobContext, House, date], Made]

SUGGESTING = ("churn", "association_rules")  # kinds that suggestions are made from
FRESH = 0.1  # share of the progress when the data is up to date
COMPUTED = 0.95


def analysis(kind: str) -> Callable[[Compute], Compute]:
    """Register a function as what computes analyses of `kind`."""

    def register(compute: Compute) -> Compute:
        def run(context: JobContext) -> dict[str, Any]:
            return _run(context, kind, compute)

        run.__module__, run.__qualname__ = compute.__module__, compute.__qualname__
        job(kind)(run)
        return compute

    return register


def progress(context: JobContext, stage: str) -> Callable[[float], None]:
    """For the `on_progress` of an analysis: its share of the whole job."""

    def told(share: float) -> None:
        context.progress(FRESH + (COMPUTED - FRESH) * share, stage)

    return told


def _run(context: JobContext, kind: str, compute: Compute) -> dict[str, Any]:
    context.progress(0.02, _("Bringing the data up to date"))
    context.step("refresh", lambda: warehouse.refresh() and None)
    context.progress(FRESH, _("Computing"))
    as_of = date.fromisoformat(context.arguments["as_of"])
    with db.reading(context.actor) as session:
        basis = analysis_basis.taken(session, kind)
        segment_id = context.arguments["parameters"].get(analyses.SEGMENT)
        only = analyses.customers_of(session, segment_id, today=days.today())
        about = db.get(session, Segment, segment_id).name if segment_id else None
    with warehouse.reading(only, hidden=context.actor.hidden) as house:
        made = compute(context, house, as_of)
        left_out, data_at = house.left_out(as_of), house.data_at
    context.progress(COMPUTED, _("Keeping the result"))

    def keep(session: Session) -> int:
        result = Analysis(
            kind=kind,
            parameters=context.arguments["parameters"],
            as_of=as_of,
            data_at=data_at,
            summary=made.summary | {"left_out": left_out, "segment": about} | basis,
            job_id=context.job.id,
        )
        return analyses.store(session, result, made.tables)

    analysis_id = context.write("keep", keep)
    if kind in SUGGESTING and context.actor.sees_all and not segment_id:
        context.write("suggest", lambda session: _suggest(session, analysis_id))
    return {"analysis_id": analysis_id}


def _suggest(session: Session, analysis_id: int) -> int:
    """Have it looked through for whom to act on."""
    key = f"suggestions:{analysis_id}"
    return jobs.ask(session, "suggestions", _("Suggestions"), {}, key=key).id


def evening(as_of: date, *, now: datetime) -> datetime:
    """The last moment (naive, UTC) of `as_of` where the company is; at most `now`."""
    last = min(as_of, days.day_of(now))
    over = days.start_of(last + timedelta(days=1)) - timedelta(microseconds=1)
    return min(over, now).replace(tzinfo=None)


def asked_for(context: JobContext, session: Session) -> list[int] | None:
    """The customers of the segment that was asked for; None where none was.

    For what is read from the records themselves, within the actor's reach.

    Raises:
        NotFound: there is no such segment.
    """
    segment_id = context.arguments["parameters"].get(analyses.SEGMENT)
    if not segment_id:
        return None
    return analyses.customers_of(session, segment_id, today=days.today())
