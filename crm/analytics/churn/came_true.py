"""What an earlier prediction was worth, now that its days have passed."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from crm.analytics import calibration, ranking
from crm.analytics.ranking import Interval
from crm.analytics.shares import wilson
from crm.errors import NotEnoughData


@dataclass(frozen=True)
class CameTrue:
    """Of customers scored then, who are still there.

    `expected` and `actual` are shares (0 to 1) of those who do not order; `auc` is
    None where (nearly) all or none ordered.
    """

    customers: int
    expected: float
    actual: Interval
    brier: float
    auc: Interval | None


def came_true(scores: pd.DataFrame, present: Any, ordered: Any) -> CameTrue | None:
    """Hold stored scores against the orders since; None where nobody is left.

    Args:
        scores: `customer_id` and `probability` of no order.
        present: ids of the customers who are still known.
        ordered: ids of those who ordered within the horizon.
    """
    kept = scores[scores["customer_id"].isin(present)]
    if kept.empty:
        return None
    churned = ~kept["customer_id"].isin(ordered).to_numpy()
    p = kept["probability"].to_numpy(dtype="float64")
    low, high = wilson([churned.sum()], [len(p)])
    try:
        auc = ranking.auc(churned, p)
    except NotEnoughData:
        auc = None
    return CameTrue(
        len(p),
        float(p.mean()),
        Interval(float(churned.mean()), float(low[0]), float(high[0])),
        calibration.brier(churned, p),
        auc,
    )
