"""What acting has changed: those acted on beside a random few left alone."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm.analytics.shares import Z, newcombe
from crm.errors import NotEnoughData
from crm.i18n import _

LEAST = 20  # customers on each side


@dataclass(frozen=True)
class Effect:
    """The difference that acting made, per customer, with its 95 % interval.

    Revenue in the book currency; shares (who bought at all) from 0 to 1. Whoever was
    suggested counts as acted on, whatever became of it, so that the two sides differ
    by lot alone.
    """

    acted_on: int
    left_alone: int
    revenue_acted_on: float
    revenue_left_alone: float
    revenue_low: float
    revenue_high: float
    bought_acted_on: float
    bought_left_alone: float
    bought_low: float
    bought_high: float

    @property
    def revenue(self) -> float:
        """More revenue per customer acted on."""
        return self.revenue_acted_on - self.revenue_left_alone

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the revenue leaves out zero."""
        return self.revenue_low > 0 or self.revenue_high < 0


def effect(outcomes: pd.DataFrame) -> Effect:
    """Compare the two sides.

    Means by Welch's interval with the normal quantile; shares by Newcombe's hybrid
    score interval (Newcombe 1998, method 10).

    Args:
        outcomes: a row per customer with `left_alone` (bool) and `revenue` of the
            days in which it was watched; `bought` (bool), where it does not follow
            from the revenue.

    Raises:
        NotEnoughData: fewer than 20 customers on one side.
    """
    alone = outcomes["left_alone"].to_numpy(dtype=bool)
    revenue = outcomes["revenue"].to_numpy(dtype="float64")
    treated, control = revenue[~alone], revenue[alone]
    if min(len(treated), len(control)) < LEAST:
        words = _("{n} customers were left alone so far; {least} are needed.")
        raise NotEnoughData(words.format(n=len(control), least=LEAST))
    difference = treated.mean() - control.mean()
    error = np.sqrt(
        treated.var(ddof=1) / len(treated) + control.var(ddof=1) / len(control)
    )
    did = outcomes["bought"].to_numpy(bool) if "bought" in outcomes else revenue > 0
    bought, alike = int(did[~alone].sum()), int(did[alone].sum())
    low, high = newcombe(bought, len(treated), alike, len(control))
    return Effect(
        acted_on=len(treated),
        left_alone=len(control),
        revenue_acted_on=float(treated.mean()),
        revenue_left_alone=float(control.mean()),
        revenue_low=float(difference - Z * error),
        revenue_high=float(difference + Z * error),
        bought_acted_on=bought / len(treated),
        bought_left_alone=alike / len(control),
        bought_low=float(low),
        bought_high=float(high),
    )
