"""Give the rate of their day to all documents in a currency that have none."""

from typing import Any

from crm import db
from crm.i18n import _
from crm.jobs.context import JobContext
from crm.jobs.registry import job
from crm.jobs.turns import Turns
from crm.services.money import rate_gaps


@job("rate_gaps")
def fill(context: JobContext) -> dict[str, Any]:
    """In batches. What has no rate in the end would be worth too much with it."""
    currency, turns = context.arguments["currency"], Turns(context)
    with db.reading(context.actor) as session:
        gap = rate_gaps.counted(session).get(currency, rate_gaps.Gap())
    done = number = 0
    while filled := turns.write(f"batch {number}", rate_gaps.fill, currency):
        done, number = done + filled, number + 1
        context.progress(min(1.0, done / max(1, gap.fillable)), _("Giving rates"))
    with db.reading(context.actor) as session:
        left = rate_gaps.counted(session).get(currency, rate_gaps.Gap())
    return {"documents": done, "too_large": left.fillable}
