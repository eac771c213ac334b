"""The figures of the first page, made anew every day and after much has come in."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from crm import db, warehouse
from crm.analytics import overview, what_if
from crm.jobs.context import JobContext
from crm.jobs.registry import job
from crm.models import Analysis
from crm.services import analyses, analysis_basis, days

KIND = "overview"


@job(KIND)
def make_overview(context: JobContext) -> dict[str, Any]:
    """Of all customers, as of the day of the data; the one before goes."""
    data_at = context.step("refresh", warehouse.refresh)
    with db.reading(context.actor) as session:
        basis = analysis_basis.taken(session, KIND)
    with warehouse.reading() as house:
        orders = house.orders()
    day = days.day_of(data_at)
    months = overview.monthly(orders, as_of=day)
    made = Analysis(
        kind=KIND,
        as_of=day,
        data_at=data_at,
        summary=asdict(overview.lately(orders, as_of=day))
        | {"baseline": asdict(what_if.baseline(orders, as_of=day))}
        | basis,
        job_id=context.job.id,
    )

    def keep(session: Session) -> int:
        analysis_id = analyses.store(session, made, {"months": months})
        earlier = delete(Analysis).where(
            col(Analysis.kind) == KIND, col(Analysis.id) < analysis_id
        )
        session.connection().execute(earlier)
        return analysis_id

    return {"analysis_id": context.write("keep", keep)}
