"""Lifetime value put to the test: learned from the past, held against what followed."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.histories import WEEK, histories
from crm.analytics.lifetime.lifetime_models import Models, learn
from crm.frames import Schema, typed

Floats = npt.NDArray[np.float64]

MOST = 7  # purchases; so many and more are one class
CLASSES: Schema = {  # customers by repeat purchases until the day they were learned
    "x": "int64",  # `MOST` stands for so many and more
    "customers": "int64",
    "expected": "float64",  # mean purchases of a customer in the time held out
    "actual": "float64",
    "expected_revenue": "float64",  # mean, base currency
    "actual_revenue": "float64",
}
TRACKING: Schema = {  # by week, all who first bought by the day of learning
    "day": "datetime64[s]",
    "expected": "float64",  # repeat purchases since the start
    "actual": "float64",
}


@dataclass(frozen=True)
class Past:
    """Customers as they were on days of the past.

    `before` and, as long again before it, `earlier` as in `crm.frames.REPEAT_BUYERS`;
    `days` as in `crm.frames.REPEAT_DAYS`, of those in `before`, until today.
    """

    learned_on: date
    before: pd.DataFrame
    earlier: pd.DataFrame
    days: pd.DataFrame


@dataclass(frozen=True)
class Compared:
    """Something foretold beside what came, summed over customers.

    `correlation` is Pearson's between the two across customers; None where all are
    alike.
    """

    expected: float
    actual: float
    correlation: float | None

    @property
    def error(self) -> float | None:
        """Expected against actual: -0.1 is a tenth too little; None for nothing."""
        return self.expected / self.actual - 1 if self.actual > 0 else None


@dataclass(frozen=True)
class Check:
    """What models of a day in the past said of the time since.

    Attributes:
        learned_on: the day up to which they knew; `days` more were held out.
        customers: who had bought by then.
        purchases: days with a purchase.
        revenue: net, not discounted.
        as_before: revenue, if each customer brought again what it did in the same
            number of days before: the plain answer to beat.
        classes, tracking: as in `CLASSES` and `TRACKING`.
    """

    learned_on: date
    days: int
    customers: int
    purchases: Compared
    revenue: Compared
    as_before: Compared
    classes: pd.DataFrame
    tracking: pd.DataFrame


def judge(past: Past, now: pd.DataFrame, *, as_of: date) -> Check:
    """Learn on `past.before`, foretell until `as_of`, hold against `now`.

    Args:
        now: the customers as of that day, as in `crm.frames.REPEAT_BUYERS`.

    Raises:
        NotEnoughData: there were too few then to learn from.
    """
    length = (as_of - past.learned_on).days
    before = past.before.reset_index(drop=True)
    models = learn(before, as_of=past.learned_on)
    table = _outcomes(before, now, past.earlier)
    known = histories(before)
    table["expected"] = models.purchases.purchases(known, length)[known.rows]
    table["expected_revenue"] = table["expected"] * models.value(before)
    return Check(
        learned_on=past.learned_on,
        days=length,
        customers=len(table),
        purchases=_compared(table["expected"], table["actual"]),
        revenue=_compared(table["expected_revenue"], table["actual_revenue"]),
        as_before=_compared(table["as_before"], table["actual_revenue"]),
        classes=_classes(table),
        tracking=_tracking(models, past, as_of),
    )


def _outcomes(
    before: pd.DataFrame, now: pd.DataFrame, earlier: pd.DataFrame
) -> pd.DataFrame:
    """Of each customer: `x` then, what it bought since, and in as long before."""
    ids = before["customer_id"]
    later = now.set_index("customer_id").reindex(ids).reset_index()
    since = earlier.set_index("customer_id")["revenue"].reindex(ids).to_numpy()
    return pd.DataFrame(
        {
            "x": before["x"],
            "actual": later["x"] - before["x"],
            "actual_revenue": later["revenue"] - before["revenue"],
            "as_before": before["revenue"] - np.nan_to_num(since),
        }
    )


def _compared(expected: pd.Series, actual: pd.Series) -> Compared:
    varied = min(np.ptp(expected), np.ptp(actual)) > 0
    found = float(np.corrcoef(expected, actual)[0, 1]) if varied else None
    return Compared(float(expected.sum()), float(actual.sum()), found)


def _classes(table: pd.DataFrame) -> pd.DataFrame:
    by_class = table.groupby(table["x"].clip(upper=MOST).rename("class"))
    means = by_class[list(CLASSES)[2:]].mean()
    means["customers"] = by_class.size()
    return typed(means.rename_axis("x").reset_index(), CLASSES)


def _tracking(models: Models, past: Past, as_of: date) -> pd.DataFrame:
    """At the end of each week from the first sale on, and at the end of all."""
    start = past.days["day"].min()
    day = (past.days["day"] - start).dt.days.to_numpy()
    last = (pd.Timestamp(as_of) - start).days
    ends = np.unique(np.append(np.arange(WEEK, last + 1, WEEK), last))
    counted = np.cumsum(np.bincount(day, past.days["repeats"], minlength=last + 1))
    first = np.bincount(day, past.days["first"], minlength=last + 1).astype("float64")
    expected = expected_repeats(models.purchases, first)
    columns = (start + pd.to_timedelta(ends, unit="D"), expected[ends], counted[ends])
    return typed(dict(zip(TRACKING, columns, strict=True)), TRACKING)


def expected_repeats(model: BgNbd, first: Floats) -> Floats:
    """Repeat purchases since the start, by day, where `first` new customers came."""
    by_age = model.repeats(np.arange(len(first), dtype="float64"))
    return np.convolve(first, by_age)[: len(first)]
