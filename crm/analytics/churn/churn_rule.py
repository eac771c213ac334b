"""A plain rule for churn, where too little has happened to learn from."""

import pandas as pd

from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

RULE_SCORES: Schema = {  # one row per customer, the most overdue first
    "customer_id": "int64",
    "score": "float64",  # overdue / (1 + overdue), 0 to 1; no probability
    "overdue": "float64",  # recency / usual_gap
    "recency": "int64",  # days since the last order
    "usual_gap": "float64",  # days between orders, 1 or more
    "own_gap": "bool",  # False: the median of the others, for want of a second order
    "revenue_180": "float64",  # in the 180 days up to as_of, not below 0
}


def overdue(features: pd.DataFrame) -> pd.DataFrame:
    """How long ago the last order lies, against the customer's own rhythm.

    Args:
        features: as in `crm.frames.CHURN_FEATURES`.

    Returns:
        rows as in `RULE_SCORES`.

    Raises:
        NotEnoughData: nobody has ordered twice, so there is no rhythm to hold to.
    """
    own = features["gap"].notna()
    if not own.any():
        raise NotEnoughData(
            _("No customer has ordered twice yet, so nobody's rhythm is known.")
        )
    usual = features["gap"].fillna(features["gap"].median()).clip(lower=1)
    ratio = features["recency"] / usual
    table = features.assign(
        score=ratio / (1 + ratio),
        overdue=ratio,
        usual_gap=usual,
        own_gap=own,
        revenue_180=recent_revenue(features),
    )
    ranked = table.sort_values(["overdue", "customer_id"], ascending=[False, True])
    return typed(ranked.reset_index(drop=True), RULE_SCORES)


def recent_revenue(features: pd.DataFrame) -> pd.Series:
    """Revenue in the 180 days up to the day of the features, not below 0."""
    both = features["revenue_90"] + features["revenue_before_90"]
    return both.clip(lower=0)
