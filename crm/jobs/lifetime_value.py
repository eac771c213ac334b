"""Lifetime value in the background: what each customer is expected to bring."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from crm.analytics.lifetime import lifetime_value as analytics
from crm.analytics.lifetime.lifetime_check import Check, Compared, Past
from crm.analytics.lifetime.lifetime_value import LifetimeValue
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services.analyses import Made
from crm.warehouse import House


@analysis("lifetime_value")
def lifetime_value(context: JobContext, house: House, as_of: date) -> Made:
    """For the `horizon` (days) and `annual_rate` of discount that were asked for."""
    asked = context.arguments["parameters"]
    horizon, rate = int(asked["horizon"]), float(asked["annual_rate"])
    buyers = house.repeat_buyers(as_of)
    length = timedelta(days=analytics.held_out(buyers, horizon))
    learned_on = as_of - length
    past = Past(
        learned_on,
        house.repeat_buyers(learned_on),
        house.repeat_buyers(learned_on - length),
        house.repeat_days(as_of, learned_on),
    )
    found = analytics.estimate(
        buyers,
        past,
        as_of=as_of,
        horizon=horizon,
        annual_rate=rate,
        on_progress=progress(context, _("Valuing the customers")),
    )
    return made(found)


def made(found: LifetimeValue) -> Made:
    """What is kept of it.

    Tables: `customers` as in `lifetime_value.WORTH`, `concentration` as there; with a
    test on the past also `classes` and `tracking` as in `lifetime_check`. The summary
    has the other fields of `LifetimeValue`; those of its `Check` under `check`, None
    where there was no test.
    """
    summary = {
        "horizon": found.horizon,
        "annual_rate": found.annual_rate,
        "customers": len(found.customers),
        "total": asdict(found.total),
        "top_share": found.top_share,
        "kept": found.models.kept,
        "parameters": {name: asdict(one) for name, one in found.parameters.items()},
        "correlation": found.correlation,
        "check": _figures(found.check) if found.check else None,
        "notes": [asdict(note) for note in found.notes],
        "unsettled": [asdict(note) for note in found.unsettled],
    }
    tables = {"customers": found.customers, "concentration": found.concentration}
    if found.check:
        tables |= {"classes": found.check.classes, "tracking": found.check.tracking}
    return Made(summary, tables)


def _figures(check: Check) -> dict[str, Any]:
    return {
        "learned_on": check.learned_on.isoformat(),
        "days": check.days,
        "customers": check.customers,
        "purchases": _compared(check.purchases),
        "revenue": _compared(check.revenue),
        "as_before": _compared(check.as_before),
    }


def _compared(one: Compared) -> dict[str, float | None]:
    return asdict(one) | {"error": one.error}
