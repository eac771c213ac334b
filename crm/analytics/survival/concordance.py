"""How well risks rank lifetimes: Harrell's c-index, with an interval."""

from dataclasses import dataclass
from typing import Any

import numpy as np

MOST = 1_500  # subscriptions: pairs grow with the square
RUNS = 200


@dataclass(frozen=True)
class Concordance:
    """`value` 0.5 is chance, 1 without a fault; `low` to `high` hold 95%."""

    value: float
    low: float
    high: float
    subscriptions: int
    ended: int


def concordance(risk: Any, days: Any, ended: Any, *, random: Any) -> Concordance | None:
    """Of pairs of which it is known who ended first, the share ranked rightly.

    Harrell, Lee and Mark (1996): equal risks count half. The interval is that of the
    bootstrap over subscriptions. None where no pair can be compared.
    """
    risk, days, ended = np.asarray(risk), np.asarray(days), np.asarray(ended, bool)
    if len(days) > MOST:
        some = random.choice(len(days), MOST, replace=False)
        risk, days, ended = risk[some], days[some], ended[some]
    known = ended[:, None] & (
        (days[:, None] < days) | ((days[:, None] == days) & ~ended)
    )
    right = known * ((risk[:, None] > risk) + 0.5 * (risk[:, None] == risk))
    known = known.astype(float)
    if not known.sum():
        return None
    drawn = random.multinomial(len(days), np.full(len(days), 1 / len(days)), RUNS)
    values = np.einsum("ri,ri->r", drawn @ right, drawn) / np.maximum(
        np.einsum("ri,ri->r", drawn @ known, drawn), 1
    )
    low, high = np.quantile(values, [0.025, 0.975])
    value = float(right.sum() / known.sum())
    return Concordance(value, float(low), float(high), len(days), int(ended.sum()))
