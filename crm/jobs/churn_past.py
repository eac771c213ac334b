"""The newest earlier prediction of churn whose days have passed: did it come true?"""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from crm import db
from crm.analytics.churn.came_true import came_true
from crm.jobs.context import JobContext
from crm.models import Analysis
from crm.services import analyses
from crm.warehouse import House


def newest(context: JobContext, house: House, as_of: date) -> dict[str, Any] | None:
    """The fields of `CameTrue`, with its `analysis_id`, `as_of` and `horizon`.

    None where there is no such prediction about the same customers.
    """
    about = context.arguments["parameters"].get(analyses.SEGMENT)
    with db.reading(context.actor) as session:
        known = analyses.listed(session, "churn", limit=analyses.KEPT)
        passed = [one for one in known if _has_passed(one, about, as_of)]
        if not passed:
            return None
        earlier = max(passed, key=lambda one: (one.as_of, one.id))
        scores = analyses.table(
            session, earlier.id, f"scores_{earlier.summary['best']}"
        )
    horizon = int(earlier.summary["horizon"])
    found = came_true(
        scores,
        house.buyers(earlier.as_of)["customer_id"],
        house.future(earlier.as_of, horizon)["customer_id"],
    )
    if found is None:
        return None
    which = {"analysis_id": earlier.id, "as_of": earlier.as_of.isoformat()}
    return asdict(found) | which | {"horizon": horizon}


def _has_passed(one: Analysis, about: object, as_of: date) -> bool:
    if one.summary.get("method") != "model":
        return False
    same = one.parameters.get(analyses.SEGMENT) == about
    return same and one.as_of + timedelta(days=one.summary["horizon"]) <= as_of
