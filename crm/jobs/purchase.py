"""Purchases in the background: who buys in the next days, and how much."""

from dataclasses import asdict
from datetime import date

import pandas as pd

from crm.analytics.churn import churn
from crm.analytics.churn.churn import Cut
from crm.analytics.evaluation import stacked
from crm.analytics.purchase import purchase as analytics
from crm.analytics.purchase.purchase import Purchase
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services.analyses import Made
from crm.warehouse import House


@analysis("purchase")
def purchase(context: JobContext, house: House, as_of: date) -> Made:
    """Predictions as of a day for the `horizon` (days) that was asked for."""
    horizon = int(context.arguments["parameters"]["horizon"])
    before = churn.days(as_of, horizon)[:2]
    train, test = (
        Cut(day, house.churn_features(day), house.future(day, horizon))
        for day in before
    )
    found = analytics.predict(
        train,
        test,
        Cut(as_of, house.churn_features(as_of)),
        horizon=horizon,
        on_progress=progress(context, _("Learning from customers of the past")),
    )
    return made(found)


def made(found: Purchase) -> Made:
    """What is kept of it.

    Tables: `customers`, as `purchase.CUSTOMERS` with the columns of
    `Spending.amounts`, the likeliest to buy first; `deciles` as there; `reliability`
    of the probabilities, whose rows are of the `model` that they name. The summary has
    the other fields of `Purchase`, `Chances` and `Spending`, each `Evaluation` without
    its curves.
    """
    chances, spending = found.chances, found.spending
    summary = {
        "horizon": found.horizon,
        "learned_on": found.learned_on.isoformat(),
        "judged_on": found.judged_on.isoformat(),
        "learned_from": list(found.learned_from),
        "judged_from": list(found.judged_from),
        "customers": len(found.customers),
        "best_chance": chances.best,
        "best_amount": spending.best,
        "buyers": asdict(found.buyers),
        "expected_then": found.expected_then,
        "chances": {name: one.figures() for name, one in chances.evaluations.items()},
        "accuracies": {n: asdict(one) for n, one in spending.accuracies.items()},
        "totals": {name: asdict(one) for name, one in spending.totals.items()},
        "seconds": {name: round(spent, 3) for name, spent in spending.seconds.items()},
        "notes": [asdict(note) for note in found.notes],
        "models_left_out": [asdict(note) for note in found.left_out],
    }
    tables = {
        "customers": _ranked(found),
        "deciles": spending.deciles,
        "reliability": stacked(chances.evaluations, "reliability"),
    }
    return Made(summary, tables)


def _ranked(found: Purchase) -> pd.DataFrame:
    order = ["probability", "before", "customer_id"]
    table = found.customers.join(found.spending.amounts)
    return table.sort_values(order, ascending=[False, False, True], ignore_index=True)
