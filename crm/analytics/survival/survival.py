"""How long subscriptions last: Kaplan-Meier curves with intervals.

The product-limit estimate of Kaplan and Meier (1958), its variance after Greenwood,
and intervals of 95% on the scale of log(-log), as in R's `survfit(conf.type =
"log-log")`; of the median after Brookmeyer and Crowley (1982), on that scale too.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

FEWEST = 10  # subscriptions that a curve takes
Z = 1.959963984540054

FIELDS = (
    "billing_period", "auto_renew", "product", "source", "sector", "country", "kind",
)  # fmt: skip
LIFETIMES: Schema = {  # one row per subscription that has begun
    "subscription_id": "int64",
    "customer_id": "int64",
    "days": "int64",  # from the start to the end, or to the day of the analysis
    "ended": "bool",  # else it runs, and how long it will last is not known
} | dict.fromkeys(FIELDS, "str")
CURVE: Schema = {  # one row per time at which any ended; before the first, all last
    "days": "int64",
    "at_risk": "int64",  # still running just before that time
    "ended": "int64",  # at that time
    "survival": "float64",  # share that lasts longer
    "low": "float64",
    "high": "float64",
}


@dataclass(frozen=True)
class Curve:
    """A survival curve; the median and its interval in days, None where not reached.

    `days` are the lifetimes so far, of all that it is made of.
    """

    table: pd.DataFrame
    days: Any
    ended: int
    median: int | None
    median_low: int | None
    median_high: int | None

    @property
    def subscriptions(self) -> int:
        return len(self.days)

    @property
    def longest(self) -> int:
        return int(self.days.max())

    def at(self, days: int) -> tuple[float, float, float]:
        """The share that lasts longer than so many days, with its interval."""
        past = self.table[self.table["days"] <= days]
        if past.empty:
            return 1.0, 1.0, 1.0
        last = past.iloc[-1]
        return float(last["survival"]), float(last["low"]), float(last["high"])


def lifetimes(subscriptions: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """See `LIFETIMES`. The first day counts as one.

    Args:
        subscriptions: as in `frames.SUBSCRIPTIONS`, of that day.
    """
    until = subscriptions["ends_on"].fillna(pd.Timestamp(as_of))
    days = (until - subscriptions["starts_on"]).dt.days + 1
    renews = subscriptions["auto_renew"].map({True: "yes", False: "no"})
    begun = days > 0  # what was cancelled before its start has never run
    table = subscriptions.assign(
        days=days, ended=subscriptions["ends_on"].notna(), auto_renew=renews
    )
    return typed(table[begun].reset_index(drop=True), LIFETIMES)


def curve(days: Any, ended: Any) -> Curve:
    """The survival curve of some subscriptions.

    Args:
        days: how long each has lasted so far.
        ended: whether each has ended; the others are censored then.

    Raises:
        NotEnoughData: fewer than `FEWEST`, or none of them has ended.
    """
    days, ended = np.asarray(days, np.int64), np.asarray(ended, bool)
    if len(days) < FEWEST:
        words = _("A survival curve takes at least {n} subscriptions.")
        raise NotEnoughData(words.format(n=FEWEST))
    if not ended.any():
        raise NotEnoughData(_("None of these subscriptions has ended yet."))
    table = _table(days, ended)
    return Curve(
        table=table,
        days=days,
        ended=int(ended.sum()),
        median=_first_below(table, "survival"),
        median_low=_first_below(table, "low"),
        median_high=_first_below(table, "high"),
    )


def _table(days: Any, ended: Any) -> pd.DataFrame:
    times, events = np.unique(days[ended], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), times)
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        error = Z * np.sqrt(greenwood) / np.abs(np.log(survival))
        low, high = survival ** np.exp(error), survival ** np.exp(-error)
    known = survival > 0
    return typed(
        {
            "days": times,
            "at_risk": at_risk,
            "ended": events,
            "survival": survival,
            "low": np.where(known, low, 0.0),
            "high": np.where(known, high, np.nan),
        },
        CURVE,
    )


def _first_below(table: pd.DataFrame, column: str) -> int | None:
    """The first time at which at most half are left, by that column."""
    below = table[table[column] <= 0.5 + 1e-12]
    return None if below.empty else int(below["days"].iloc[0])
