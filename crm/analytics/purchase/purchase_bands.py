"""How far off predicted amounts were, for an interval around those of today.

Customers are divided by what was predicted, and the errors of each group show what
to expect of a like prediction. Errors are taken in proportion to the prediction plus a
tenth of the mean one, so that they fit small and large customers of a group alike.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm.analytics.churn.churn_learning import SEED
from crm.analytics.ranking import Interval

GROUPS = 10
FEW = 100  # customers in a group, or there are fewer groups
ENDS = (0.05, 0.95)  # of the errors: an interval of 90 %
NORMAL = 1.6448536269514722  # 90 % of a normal distribution lie within

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bands:
    """Errors by group of like predictions.

    Attributes:
        begins: the prediction that each group but the first begins with.
        low, high: 5 % and 95 % quantile of the group's errors in proportion.
        spread: their standard deviation.
        unit: money added to each prediction.
    """

    begins: Floats
    low: Floats
    high: Floats
    spread: Floats
    unit: float

    def around(self, amounts: Floats) -> tuple[Floats, Floats]:
        """The lower and upper end for each prediction; never below 0."""
        group, scale = self._group(amounts), amounts + self.unit
        low = np.maximum(amounts + self.low[group] * scale, 0)
        return low, np.maximum(amounts + self.high[group] * scale, low)

    def total(self, amounts: Floats) -> Interval:
        """Their sum, with a 90 % interval of chance alone.

        As if each customer's error were independent of the others': a season or a
        price that moves all of them alike is not in it.
        """
        error = self.spread[self._group(amounts)] * (amounts + self.unit)
        value, reach = float(amounts.sum()), NORMAL * float(np.sqrt((error**2).sum()))
        return Interval(value, max(value - reach, 0.0), value + reach)

    def _group(self, amounts: Floats) -> npt.NDArray[np.intp]:
        return np.searchsorted(self.begins, amounts, side="right")


def learn(amounts: Floats, actual: Floats) -> Bands:
    """From predictions, one or more, and what came of them."""
    begins = _begins(amounts)
    unit = max(0.1 * float(amounts.mean()), 1e-9)
    error = (actual - amounts) / (amounts + unit)
    group = np.searchsorted(begins, amounts, side="right")
    parts = [error[group == one] for one in range(len(begins) + 1)]
    low, high = np.array([_ends(part) for part in parts]).T
    return Bands(begins, low, high, np.array([part.std() for part in parts]), unit)


def coverage(amounts: Floats, actual: Floats) -> tuple[float, float]:
    """Share of customers within their interval: of all, and of the top tenth.

    Intervals from one half of the customers are held against the other half, both
    ways round, so that nobody is judged by an interval that its own error made.
    """
    half = np.random.default_rng(SEED).permutation(len(amounts)) % 2 == 0
    within = np.zeros(len(amounts), dtype=bool)
    for part in (half, ~half):
        low, high = learn(amounts[~part], actual[~part]).around(amounts[part])
        slack = 1e-6 * (1 + np.abs(high))
        within[part] = (actual[part] >= low - slack) & (actual[part] <= high + slack)
    top = amounts >= np.quantile(amounts, 0.9, method="lower")
    return float(within.mean()), float(within[top].mean())


def _ends(error: Floats) -> tuple[float, float]:
    """Quantiles of few errors, taken a little further out: one more could have been.

    The (n + 1) × 95 % smallest of n, as in split conformal prediction.
    """
    out = (len(error) + 1) / len(error)
    low, high = 1 - (1 - ENDS[0]) * out, ENDS[1] * out
    return (
        float(np.quantile(error, max(low, 0), method="lower")),
        float(np.quantile(error, min(high, 1), method="higher")),
    )


def _begins(amounts: Floats) -> Floats:
    groups = int(np.clip(len(amounts) // FEW, 1, GROUPS))
    shares = np.arange(1, groups) / groups
    found = np.unique(np.quantile(amounts, shares, method="lower"))
    begins: Floats = found[found > amounts.min()]
    return begins
