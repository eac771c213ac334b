"""Do predicted probabilities come true as often as they say?"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.shares import wilson
from crm.frames import Schema, typed

RELIABILITY: Schema = {  # one row per group of customers of similar probability
    "customers": "int64",
    "predicted": "float64",  # mean probability
    "actual": "float64",  # share of events
    "low": "float64",  # Wilson's 95 % interval of that share
    "high": "float64",
}

NEVER = 1e-6  # probabilities are kept this far from 0 and 1

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def log_odds(p: Floats) -> Floats:
    """ln(p / (1 - p)), of probabilities kept within `NEVER` of 0 and 1."""
    kept = np.clip(p, NEVER, 1 - NEVER)
    odds: Floats = np.log(kept / (1 - kept))
    return odds


def sigmoid(odds: Floats) -> Floats:
    """The probability with these log-odds."""
    p: Floats = 1 / (1 + np.exp(-np.clip(odds, -700, 700)))
    return p


def brier(events: Events, p: Floats) -> float:
    """Mean squared error of the probabilities: 0 perfect (Brier 1950)."""
    return float(np.mean((p - events) ** 2))


def log_loss(events: Events, p: Floats) -> float:
    """Mean surprise, in nats: 0 perfect."""
    odds = log_odds(p)
    return float(np.mean(np.logaddexp(0, np.where(events, -odds, odds))))


def line(events: Events, p: Floats) -> tuple[float, float] | None:
    """Intercept and slope of actual on predicted log-odds (Cox 1958).

    A slope under 1 says that the probabilities are too extreme, above 1 too timid.
    None where all are alike, or where they part the outcomes perfectly.
    """
    odds = log_odds(p)
    if np.ptp(odds) < 1e-9:
        return None
    found = _newton(events, np.column_stack([np.ones(len(p)), odds]), np.zeros(len(p)))
    return None if found is None else (float(found[0]), float(found[1]))


def in_the_large(events: Events, p: Floats) -> float | None:
    """By how much actual log-odds lie above predicted ones, taken together.

    0 where as many events came as predicted; None where all or none came.
    """
    found = _newton(events, np.ones((len(p), 1)), log_odds(p))
    return None if found is None else float(found[0])


def _newton(events: Events, columns: Floats, offset: Floats) -> Floats | None:
    """Logistic regression by Newton's method; None where it does not settle."""
    weights = np.zeros(columns.shape[1])
    for _round in range(50):
        p = sigmoid(columns @ weights + offset)
        curvature = columns.T @ (columns * (p * (1 - p))[:, None])
        if np.linalg.cond(curvature) > 1e12:
            return None
        step = np.linalg.solve(curvature, columns.T @ (events - p))
        weights = weights + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            return weights if np.abs(weights).max() < 50 else None
    return None


def reliability(events: Events, p: Floats, groups: int = 10) -> pd.DataFrame:
    """Predicted against actual, in up to `groups` groups of equal size.

    Equal probabilities are never divided, so that groups may differ or be fewer.
    Rows as in `RELIABILITY`, by rising probability.
    """
    from scipy.stats import rankdata

    middle = (rankdata(p) - 0.5) / len(p)
    _kept, group = np.unique((groups * middle).astype(int), return_inverse=True)
    customers = np.bincount(group)
    actual = np.bincount(group, weights=events)
    low, high = wilson(actual, customers)
    predicted = np.bincount(group, weights=p) / customers
    columns = (customers, predicted, actual / customers, low, high)
    return typed(dict(zip(RELIABILITY, columns, strict=True)), RELIABILITY)
