"""What is true of one generated company, worked out from how it was made."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import truths as planted
from crm.demo.baskets import Assortment, antecedent_chance, consequent_chance
from crm.demo.behaviour import Buyers, Sales, parameters
from crm.demo.calendar import DAYS_A_YEAR, Calendar, trend
from crm.demo.outlook import leave_chance, outlook
from crm.demo.truths import DECOYS, FADE, FADE_DAYS, RULES, SEASON, SEGMENTS, Truths

SEGMENT_FIELDS = (
    "name", "share", "companies", "orders_a_year", "regularity", "leave",
    "more_products", "quantity", "pieces", "discount",
)  # fmt: skip


def truths(
    buyers: Buyers,
    sales: Sales,
    calendar: Calendar,
    assortment: Assortment,
    products: pd.DataFrame,
) -> Truths:
    """All truths; customers come without ids, in the order of `buyers`."""
    skus = products.set_index("name")["sku"]
    return Truths(
        customers=of_customers(buyers, sales, calendar, assortment),
        segments=of_segments(buyers, sales),
        rules=of_rules(buyers, sales, skus),
        decoys=of_decoys(skus),
        drivers=of_drivers(),
        ends=of_ends(),
        wins=of_wins(),
        slips=of_slips(),
        conversions=of_conversions(),
        problems=of_problems(),
        duplicates=pd.DataFrame(),
        months=of_months(buyers, sales, calendar),
    )


def of_customers(
    buyers: Buyers, sales: Sales, calendar: Calendar, assortment: Assortment
) -> pd.DataFrame:
    """`Truths.customers`, but for the ids, in the order of `buyers`."""
    gone = np.ceil(sales.leaving + FADE_DAYS)
    known = {
        "segment": parameters("name")[buyers.segment],
        "orders_a_year": DAYS_A_YEAR / buyers.gap,
        "leave_chance": leave_chance(buyers),
        "return_chance": buyers.return_chance,
        "leaving_on": dates(calendar, sales.leaving),
        "churned_on": dates(calendar, np.where(gone <= calendar.days, gone, np.inf)),
    }
    expected = outlook(buyers, sales.leaving, assortment, calendar.days)
    return pd.concat([pd.DataFrame(known), expected], axis=1)


def dates(calendar: Calendar, day: Any) -> Any:
    """The dates of `day` (from the start of the calendar); NaT where it is infinite."""
    known = np.isfinite(day)
    whole = np.floor(np.where(known, day, 0)).astype("timedelta64[D]")
    found = np.datetime64(calendar.start, "D") + whole
    return np.where(known, found, np.datetime64("NaT")).astype("datetime64[s]")


def of_segments(buyers: Buyers, sales: Sales) -> pd.DataFrame:
    """`Truths.segments`."""
    table = pd.DataFrame({field: parameters(field) for field in SEGMENT_FIELDS})
    table["customers"] = np.bincount(buyers.segment, minlength=len(SEGMENTS))
    table["orders"] = baskets_by_segment(buyers, sales)
    return table


def baskets_by_segment(buyers: Buyers, sales: Sales) -> Any:
    """The number of confirmed sales of each segment."""
    kept = buyers.segment[sales.buyer[~sales.cancelled]]
    return np.bincount(kept, minlength=len(SEGMENTS))


def of_rules(buyers: Buyers, sales: Sales, skus: pd.Series) -> pd.DataFrame:
    """`Truths.rules`; `skus` by name of product."""
    baskets = baskets_by_segment(buyers, sales)
    shares = baskets / baskets.sum()
    rows = []
    for rule in RULES:
        antecedent = (shares * antecedent_chance(rule)).sum()
        consequent = (shares * consequent_chance(rule)).sum()
        rows.append(
            {
                "antecedent": skus[rule.antecedent],
                "consequent": skus[rule.consequent],
                "support": antecedent * rule.confidence,
                "confidence": rule.confidence,
                "lift": rule.confidence / consequent,
            }
        )
    return pd.DataFrame(rows)


def of_decoys(skus: pd.Series) -> pd.DataFrame:
    """`Truths.decoys`; `skus` by name of product."""
    rows = [(skus[name], support) for name, support in DECOYS.items()]
    return pd.DataFrame(rows, columns=["sku", "support"])


def of_drivers() -> pd.DataFrame:
    """`Truths.drivers`."""
    rows = [(*driver, ratio) for driver, ratio in planted.HAZARD.items()]
    rows.append(("order", "sent back", planted.RETURN_HAZARD))
    rows.append(("period", "until a year ago", planted.CALM))
    return pd.DataFrame(rows, columns=["driver", "level", "hazard_ratio"])


def of_ends() -> pd.DataFrame:
    """`Truths.ends`."""
    rows = [(*driver, ratio) for driver, ratio in planted.ENDS_SOONER.items()]
    return pd.DataFrame(rows, columns=["field", "level", "hazard_ratio"])


def of_wins() -> pd.DataFrame:
    """`Truths.wins`."""
    rows = [(*driver, ratio) for driver, ratio in planted.WINS_MORE.items()]
    return pd.DataFrame(rows, columns=["field", "level", "ratio"])


def of_slips() -> pd.DataFrame:
    """`Truths.slips`."""
    rows = [("at the opening", planted.SLIP)]
    return pd.DataFrame(rows, columns=["said", "median_days"])


def of_conversions() -> pd.DataFrame:
    """`Truths.conversions`."""
    rows = [(*driver, ratio) for driver, ratio in planted.CONVERTS_MORE.items()]
    return pd.DataFrame(rows, columns=["field", "level", "ratio"])


def of_problems() -> pd.DataFrame:
    """`Truths.problems`."""
    rows = [(planted.TROUBLE_DAYS, planted.TROUBLE)]
    return pd.DataFrame(rows, columns=["days", "ratio"])


def of_months(buyers: Buyers, sales: Sales, calendar: Calendar) -> pd.DataFrame:
    """`Truths.months`."""
    starts = pd.date_range(calendar.start, calendar.today, freq="MS")
    first = np.array([(start.date() - calendar.start).days for start in starts])
    edges = [0, *first[first > 0].tolist(), calendar.days]
    begins = [month_of(calendar.start, day) for day in edges[:-1]]
    middle = np.add(edges[1:], edges[:-1]) / 2
    expected = np.diff([orders_until(buyers, sales, calendar, day) for day in edges])
    return pd.DataFrame(
        {
            "month": pd.DatetimeIndex(begins).astype("datetime64[s]"),
            "season": [SEASON[begin.month - 1] for begin in begins],
            "trend": trend(middle),
            "expected_orders": expected,
        }
    )


def month_of(start: date, day: int) -> pd.Timestamp:
    return (pd.Timestamp(start) + pd.Timedelta(days=day)).replace(day=1)


def orders_until(buyers: Buyers, sales: Sales, calendar: Calendar, day: int) -> float:
    """Sales expected before `day`, given when customers join and leave.

    A renewal process that opens with an order is (1 + 1 / regularity) / 2 orders
    ahead of its rate (for times of a few gaps and more).
    """
    leaving = np.minimum(sales.leaving, day)
    gone = np.minimum(sales.leaving + FADE_DAYS, day)
    left, end = (calendar.to_busy(buyers.company, time) for time in (leaving, gone))
    active = (left - buyers.joined).clip(min=0) + FADE * (end - left)
    joined = buyers.joined < calendar.to_busy(buyers.company, day)
    opener = (1 + 1 / parameters("regularity")[buyers.segment]) / 2
    openers = joined & ~buyers.founding
    return float((active / buyers.gap).sum() + opener[openers].sum())
