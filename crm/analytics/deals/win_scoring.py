"""The open opportunities by their chance to be won, each with three reasons."""

import pandas as pd

from crm.analytics import reasons
from crm.analytics.deals.win_features import THEMES, described
from crm.analytics.deals.win_landmarks import Known, Past, today
from crm.analytics.deals.win_models import Models
from crm.frames import Schema, typed

OLD = 0.95  # share of what was won that was so sooner
DAY = pd.Timedelta(days=1)

SCORES: Schema = {  # one row per open opportunity, the likeliest first
    "opportunity_id": "int64",
    "customer_id": "int64",
    "probability": "float32",  # to be won
    "amount": "float64",  # base currency; NaN where none is stated
    "expected": "float64",  # probability × amount
    "days_open": "float32",
    "is_old": "bool",  # open for more than `old_days`
} | reasons.REASONS


def scores(models: Models, name: str, past: Past, found: Known) -> pd.DataFrame:
    """What the model of that name says of what is open, as in `SCORES`."""
    table = described(today(found), past, found)
    model, z = models.by_name[name], models.encoder.apply(table)
    moved = pd.DataFrame(model.contributions(z), columns=list(models.encoder.features))
    probability = model.probability(z)
    amount = table["amount"].fillna(found.open["amount"])
    days = old_days(found)
    made = found.open[["opportunity_id", "customer_id"]].assign(
        probability=probability,
        amount=amount,
        expected=probability * amount,
        days_open=table["days_open"],
        is_old=table["days_open"] > days if days is not None else False,
        **reasons.columns(table, moved, THEMES),
    )
    order = ["probability", "opportunity_id"]
    ranked = made.sort_values(order, ascending=[False, True], ignore_index=True)
    return typed(ranked, SCORES)


def old_days(found: Known) -> float | None:
    """The days by which `OLD` of what was won had been won; None if nothing was."""
    won = found.closed[found.closed["state"] == "won"]
    if won.empty:
        return None
    return float(((won["closed_at"] - won["opened_at"]) / DAY).quantile(OLD))
