"""Amounts that were predicted, held against what customers brought."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.churn.churn_learning import SEED
from crm.analytics.purchase import purchase_bands
from crm.analytics.ranking import Interval
from crm.analytics.shares import Z
from crm.frames import Schema, typed

DECILES: Schema = {  # one row per model and group of customers of like prediction
    "model": "str",
    "group": "int64",  # 1 has the smallest predictions
    "customers": "int64",
    "predicted": "float64",  # mean, base currency
    "actual": "float64",  # mean
    "low": "float64",  # 95 % interval of that mean
    "high": "float64",
}
PARTS = 2_000  # of the customers, at random, that bootstrap samples are drawn from
SAMPLES = 500
FLOOR = 0.01  # of the mean amount: a smaller prediction is judged as if it were that

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Accuracy:
    """How good one model's amounts were; intervals hold 95 %, by bootstrap.

    Attributes:
        predicted, actual: totals, base currency.
        ratio: predicted / actual; 1 ideal.
        mae, rmse: mean absolute and root mean squared error, base currency.
        deviance: mean Tweedie deviance (power 1.5) in units of the mean amount; the
            smaller the better, and smallest on average for the true expectation.
        gain: by how much smaller it is than the plain rival's; None for that one.
        spearman: rank correlation with what came; None where all are alike.
        top_share: share of the actual revenue from the tenth predicted highest.
        coverage, coverage_top: share of customers within their interval of 90 %, of
            all and of that tenth: see `purchase_bands.coverage`.
    """

    predicted: float
    actual: float
    ratio: Interval
    mae: Interval
    rmse: Interval
    deviance: Interval
    gain: Interval | None
    spearman: float | None
    top_share: Interval
    coverage: float
    coverage_top: float


def judge(
    amounts: Mapping[str, Floats], actual: Floats, rival: str
) -> dict[str, Accuracy]:
    """Figures by model.

    Args:
        amounts: by model, one per customer, 0 or more.
        actual: what each brought, net; above 0 in total.
        rival: the plain one among the models, to beat.
    """
    sums = {name: _sums(one, actual) for name, one in amounts.items()}
    draws = _draws(len(actual))
    plain = sums[rival].deviance
    return {
        name: _accuracy(
            amounts[name], actual, one, draws, None if name == rival else plain
        )
        for name, one in sums.items()
    }


def deciles(amounts: Mapping[str, Floats], actual: Floats) -> pd.DataFrame:
    """Predicted against actual, as in `DECILES`.

    Equal predictions are never divided, so that groups may differ or be fewer.
    """
    from scipy.stats import rankdata

    tables = []
    for name, one in amounts.items():
        middle = (rankdata(one) - 0.5) / len(one)
        group = (10 * middle).astype("int64") + 1
        rows = pd.DataFrame({"group": group, "predicted": one, "actual": actual})
        by_group = rows.groupby("group")
        table = by_group.mean()
        table["customers"] = by_group.size()
        error = by_group["actual"].std().fillna(0) / np.sqrt(table["customers"])
        table["low"] = table["actual"] - Z * error
        table["high"] = table["actual"] + Z * error
        tables.append(table.reset_index().assign(model=name))
    return typed(pd.concat(tables, ignore_index=True), DECILES)


@dataclass(frozen=True)
class _Sums:
    """What each customer adds to the figures."""

    predicted: Floats
    absolute: Floats
    squared: Floats
    deviance: Floats
    top: Floats


def _sums(amounts: Floats, actual: Floats) -> _Sums:
    error = amounts - actual
    return _Sums(
        amounts,
        np.abs(error),
        error**2,
        _deviance(amounts, actual),
        actual * _in_top(amounts),
    )


def _deviance(amounts: Floats, actual: Floats) -> Floats:
    """4 (√p - √y)² / √p, in units of the mean of y."""
    unit = float(actual.mean())
    p, y = np.maximum(amounts / unit, FLOOR), np.maximum(actual / unit, 0)
    found: Floats = 4 * (np.sqrt(p) - np.sqrt(y)) ** 2 / np.sqrt(p)
    return found


def _in_top(amounts: Floats) -> Floats:
    """1 for the tenth with the highest predictions; equal ones share by lot."""
    taken = max(len(amounts) / 10, 1.0)
    limit = np.sort(amounts)[-int(np.ceil(taken))]
    above, at = amounts > limit, amounts == limit
    share = (taken - above.sum()) / max(at.sum(), 1)
    return np.where(above, 1.0, np.where(at, np.clip(share, 0, 1), 0.0))


@dataclass(frozen=True)
class _Draws:
    """Samples with replacement, of customers put together in random parts."""

    part: npt.NDArray[np.intp]
    times: Floats  # rows: samples; columns: how often each part is in it

    def sums(self, values: Floats) -> Floats:
        """The sum over all customers first, then that of each sample."""
        by_part = np.bincount(
            self.part, weights=values, minlength=self.times.shape[1]
        ).astype("float64")
        return np.append(by_part.sum(), self.times @ by_part)


def _draws(count: int) -> _Draws:
    random = np.random.default_rng(SEED)
    parts = min(count, PARTS)
    part = random.permutation(count) % parts
    times = random.multinomial(parts, np.full(parts, 1 / parts), SAMPLES)
    return _Draws(part, times.astype("float64"))


def _accuracy(
    amounts: Floats, actual: Floats, one: _Sums, draws: _Draws, plain: Floats | None
) -> Accuracy:
    brought = draws.sums(actual)
    brought = np.where(brought > 0, brought, np.nan)
    customers = draws.sums(np.ones(len(actual)))
    covered = purchase_bands.coverage(amounts, actual)
    gain = None
    if plain is not None:
        gain = _interval(draws.sums(plain - one.deviance) / customers)
    return Accuracy(
        predicted=float(amounts.sum()),
        actual=float(actual.sum()),
        ratio=_interval(draws.sums(one.predicted) / brought),
        mae=_interval(draws.sums(one.absolute) / customers),
        rmse=_interval(np.sqrt(draws.sums(one.squared) / customers)),
        deviance=_interval(draws.sums(one.deviance) / customers),
        gain=gain,
        spearman=_spearman(amounts, actual),
        top_share=_interval(draws.sums(one.top) / brought),
        coverage=covered[0],
        coverage_top=covered[1],
    )


def _interval(values: Floats) -> Interval:
    """The first is the estimate; the others are those of samples."""
    low, high = np.nanquantile(values[1:], [0.025, 0.975])
    return Interval(float(values[0]), float(low), float(high))


def _spearman(amounts: Floats, actual: Floats) -> float | None:
    from scipy.stats import rankdata

    if np.ptp(amounts) == 0 or np.ptp(actual) == 0:
        return None
    return float(np.corrcoef(rankdata(amounts), rankdata(actual))[0, 1])
