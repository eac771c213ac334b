"""What logistic regression would say of a customer who were otherwise."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.calibration import sigmoid
from crm.analytics.churn.churn_features import GROUPS

LATELY = 90  # days that `sales_90` looks back

Customer = Mapping[str, Any]


def changed(customer: Customer, changes: Customer) -> dict[str, Any]:
    """`customer` with some features changed, and what follows from them.

    The usual gap stays what it was, so being overdue follows from the last order;
    after 90 days without an order there is none in the last 90.

    Args:
        customer: `churn_features.FEATURES` and `GROUPS` of one customer.
    """
    new = {**customer, **changes}
    if customer["frequency"] > 1:
        past = customer["tenure"] - customer["recency"]
        gap = past / (customer["frequency"] - 1)
        new["overdue"] = max((new["recency"] + 1) / (gap + 1), 1.0)
    if new["recency"] >= LATELY:
        new["sales_90"] = 0
    return new


def probability(
    coefficients: pd.DataFrame, intercept: float, customer: Customer
) -> float:
    """That of the model, exactly.

    Args:
        coefficients: as in `churn_learning.COEFFICIENTS`.
    """
    z = np.array([_z(row, customer) for row in coefficients.to_dict("records")])
    odds = intercept + float(z @ coefficients["coefficient"].to_numpy())
    return float(sigmoid(np.array([odds]))[0])


def _z(row: Mapping[Any, Any], customer: Customer) -> float:
    value = customer[row["feature"]]
    if row["feature"] in GROUPS:
        return float(value == row["level"]) - float(row["mean"])
    if pd.isna(value):  # no rhythm yet: neither for nor against
        return 0.0
    x = np.log(value if row["feature"] == "overdue" else 1 + max(value, 0))
    kept = min(max(x, row["low"]), row["high"])
    return float((kept - row["mean"]) / row["deviation"])
