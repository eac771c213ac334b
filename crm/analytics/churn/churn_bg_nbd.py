"""Churn by a model of purchases alone: BG/NBD, which knows no other feature."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.lifetime import bg_nbd
from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.histories import WEEK, Histories, histories

Floats = npt.NDArray[np.float64]


def probability(features: pd.DataFrame, horizon: int) -> Floats:
    """Of no purchase in the next `horizon` days, fitted to these customers' pasts.

    It learns from purchases, not from outcomes, so it needs no earlier cut. A history
    that cannot be counts as the nearest that can.

    Args:
        features: as in `crm.frames.CHURN_FEATURES`.
    """
    t_x = (features["tenure"] - features["recency"]).clip(lower=0)
    x = np.clip(features["repeats"], t_x.clip(upper=1), t_x)
    past = pd.DataFrame({"x": x, "t_x": t_x, "T": features["tenure"]})
    known = histories(past)
    return silence(bg_nbd.fit(known), known, horizon)[known.rows]


def silence(model: BgNbd, known: Histories, days: float) -> Floats:
    """The chance of no purchase in the coming `days`, for each history.

    Who has not left leaves only after a purchase, so as long as none comes the
    purchases are Poisson with a gamma rate: ((α + T) / (α + T + days)) ^ (r + x).
    """
    until = model.alpha + known.age / WEEK
    waits = (until / (until + days / WEEK)) ** (model.r + known.x)
    chance: Floats = 1 - model.alive(known) * (1 - waits)
    return chance
