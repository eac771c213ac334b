"""Monthly recurring revenue (MRR), and what moved it from month to month.

The MRR of a month is what all subscriptions that run on its last day bring by the
month; of the month that is not over, on the day of the analysis. A movement is the
change of one customer's MRR between two such days, so that a change of product is
none, and what started and ended within a month is none either.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

NEW, REACTIVATED, EXPANSION = "new", "reactivated", "expansion"
CONTRACTION, CHURNED = "contraction", "churned"
KINDS = (NEW, REACTIVATED, EXPANSION, CONTRACTION, CHURNED)
SHOWN = 60  # months, at most
CENT = 4  # places: amounts are exact to them, and sums of floats are not

MONTHS: Schema = {  # one row per month, without gaps; amounts in the base currency
    "month": "datetime64[s]",  # its first day
    "mrr": "float64",
    "customers": "int64",  # with any
    "new": "float64",  # of customers who never had any
    "reactivated": "float64",  # of customers who had none the month before
    "expansion": "float64",
    "contraction": "float64",  # not above zero, as the next
    "churned": "float64",  # of customers who have none any more
}
MOVEMENTS: Schema = {  # one row per customer and month with a change
    "customer_id": "int64",
    "month": "datetime64[s]",
    "kind": "str",  # one of KINDS
    "before": "float64",
    "after": "float64",
}


@dataclass(frozen=True)
class RecurringRevenue:
    """The months, all movements, and how many subscriptions could not be added up.

    `net_retention` is what customers with MRR a year ago bring now, by what they
    brought then; `gross_retention` the same without what they have added. None where
    nobody had any.
    """

    months: pd.DataFrame
    movements: pd.DataFrame
    running: int
    no_rate: int
    net_retention: float | None
    gross_retention: float | None

    @property
    def mrr(self) -> float:
        return float(self.months["mrr"].iloc[-1])


def recurring_revenue(
    subscriptions: pd.DataFrame, prices: pd.DataFrame, *, as_of: date
) -> RecurringRevenue:
    """MRR and its movements up to a day, of the last `SHOWN` months.

    Args:
        subscriptions: as in `frames.SUBSCRIPTIONS`, of that day.
        prices: as in `frames.SUBSCRIPTION_PRICES`.

    Raises:
        NotEnoughData: no subscription that can be counted has begun.
    """
    running = subscriptions["ends_on"].isna()
    counted = subscriptions[~subscriptions["no_rate"]]
    if counted.empty:
        raise NotEnoughData(
            _("No subscription with an amount in the base currency has begun by then.")
        )
    last = _month(pd.Series([pd.Timestamp(as_of)])).iloc[0]
    moved = _moved(_changes(counted, prices, pd.Timestamp(as_of)))
    net, gross = _retention(moved, last - 12)
    return RecurringRevenue(
        months=_months(moved, last),
        movements=_dated(moved[moved["index"] > last - SHOWN]),
        running=int((running & ~subscriptions["no_rate"]).sum()),
        no_rate=int((running & subscriptions["no_rate"]).sum()),
        net_retention=net,
        gross_retention=gross,
    )


def _changes(
    subscriptions: pd.DataFrame, prices: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """When the amount of each subscription changes: `customer_id`, `index`, `delta`."""
    known = prices.merge(subscriptions, on="subscription_id")
    until = known["ends_on"].fillna(as_of)
    is_first = ~known.duplicated("subscription_id")
    known = known[is_first | (known["from_on"] <= until)].copy()
    first = ~known.duplicated("subscription_id")
    known.loc[first, "from_on"] = known["starts_on"]
    known["from_on"] = known[["from_on", "starts_on"]].max(axis=1)
    earlier = known.groupby("subscription_id")["monthly"].shift(fill_value=0.0)
    steps = known.assign(on=known["from_on"], delta=known["monthly"] - earlier)
    ended = known.drop_duplicates("subscription_id", keep="last").dropna(
        subset="ends_on"
    )
    gone = ended.assign(
        on=ended["ends_on"] + pd.Timedelta(days=1), delta=-ended["monthly"]
    )
    both = pd.concat([steps, gone])[["customer_id", "on", "delta"]]
    return both.assign(index=_month(both["on"]))


def _moved(changes: pd.DataFrame) -> pd.DataFrame:
    """Each customer's MRR before and after each month that changed it, by month."""
    deltas = changes.groupby(["customer_id", "index"], as_index=False)["delta"].sum()
    deltas["delta"] = deltas["delta"].round(CENT)
    deltas = deltas[deltas["delta"] != 0].copy()
    by_customer = deltas.groupby("customer_id")["delta"]
    deltas["after"] = by_customer.cumsum().round(CENT)
    deltas["before"] = (deltas["after"] - deltas["delta"]).round(CENT)
    first = ~deltas.duplicated("customer_id")
    deltas["kind"] = np.select(
        [
            (deltas["before"] == 0) & first,
            deltas["before"] == 0,
            deltas["after"] == 0,
            deltas["delta"] > 0,
        ],
        [NEW, REACTIVATED, CHURNED, EXPANSION],
        CONTRACTION,
    )
    return deltas.sort_values(["index", "customer_id"], ignore_index=True)


def _months(moved: pd.DataFrame, last: int) -> pd.DataFrame:
    """See `MONTHS`."""
    first = min(int(moved["index"].min()), last) if len(moved) else last
    every = pd.RangeIndex(first, last + 1)
    by_kind = moved.pivot_table(
        index="index", columns="kind", values="delta", aggfunc="sum"
    )
    table = by_kind.reindex(index=every, columns=list(KINDS)).fillna(0.0)
    counts = np.select([moved["before"] == 0, moved["after"] == 0], [1, -1], 0)
    joined = pd.Series(counts, moved["index"]).groupby(level=0).sum()
    table["mrr"] = table.sum(axis=1).cumsum().round(CENT)
    table["customers"] = joined.reindex(every, fill_value=0).cumsum()
    table["month"] = _first_days(every.to_numpy())
    return typed(table.tail(SHOWN).reset_index(drop=True), MONTHS)


def _dated(moved: pd.DataFrame) -> pd.DataFrame:
    """See `MOVEMENTS`."""
    month = _first_days(moved["index"].to_numpy())
    return typed(moved.assign(month=month), MOVEMENTS)


def _retention(moved: pd.DataFrame, then: int) -> tuple[float | None, float | None]:
    """Net and gross, of the customers who had MRR in the month `then`."""
    now = moved.drop_duplicates("customer_id", keep="last")
    now = now.set_index("customer_id")["after"]
    past = moved[moved["index"] <= then].drop_duplicates("customer_id", keep="last")
    had = past.set_index("customer_id")["after"]
    had = had[had > 0]
    if had.empty:
        return None, None
    brings = now.reindex(had.index)
    kept = np.minimum(brings, had)
    return float(brings.sum() / had.sum()), float(kept.sum() / had.sum())


def _month(days: pd.Series) -> pd.Series:
    """Months as ordinals."""
    return days.dt.year * 12 + days.dt.month - 1


def _first_days(ordinals: np.ndarray) -> pd.DatetimeIndex:
    months = (np.asarray(ordinals) - 1970 * 12).astype("datetime64[M]")
    return pd.DatetimeIndex(months.astype("datetime64[s]"))
