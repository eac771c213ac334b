"""What is unusual, looked for in the background: each day, and whenever it is asked."""

from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.forecast import anomalies as analytics
from crm.analytics.forecast import periods
from crm.analytics.forecast.anomalies import Watched
from crm.analytics.forecast.surprise import LOOKED_AT, Unit
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.jobs.forecast import TOP, last_whole_day
from crm.services.analyses import Made
from crm.warehouse import House
from crm.warehouse.house import Grouping

GROUPINGS: tuple[Grouping, ...] = ("category", "country")  # revenue of each is watched


@analysis("alerts")
def anomalies(context: JobContext, house: House, as_of: date) -> Made:
    """Days and weeks, from all orders up to the last day that is over.

    Too little history is no failure: the summary says what is missing.
    """
    until = last_whole_day(house, as_of)
    days = house.revenue_by_day(until)
    groups = {by: house.groups_by_day(until, by, top=TOP) for by in GROUPINGS}
    told, found = progress(context, _("Comparing with what was expected")), []
    for number, unit in enumerate(LOOKED_AT, 1):
        found.append(analytics.watch(series(days, groups, unit, until), unit))
        told(number / len(LOOKED_AT))
    return made(found, until)


def series(
    days: pd.DataFrame, groups: dict[Grouping, pd.DataFrame], unit: Unit, until: date
) -> pd.DataFrame:
    """What is watched, a column each: named “revenue”, “category:Coffee”, …

    The share that comes back is of weeks only: in a day too little is sold.

    Args:
        days: as in `frames.REVENUE_BY_DAY`.
        groups: as in `frames.GROUPS_BY_DAY`; the rest without a rank is not watched.
    """
    if days.empty:
        return pd.DataFrame()
    first: date = days["day"].min().date()
    total = periods.whole(days, unit, first=first, until=until)
    columns = {name: total[name] for name in ("revenue", "orders", "new_customers")}
    if unit == "week":
        sold = total["sold"].where(total["sold"] > 0, np.nan)
        columns["returned"] = (total["sold"] - total["revenue"]) / sold
    for by, table in groups.items():
        for name, of_group in table[table["rank"] > 0].groupby("group"):
            known = of_group[["day", "revenue"]]
            summed = periods.whole(known, unit, first=first, until=until)
            columns[f"{by}:{name}"] = summed["revenue"]
    return pd.DataFrame(columns)


def made(found: list[Watched], until: date) -> Made:
    """What is kept: `scores` and `early` as in `forecast.anomalies`, with `unit`.

    The summary has the other fields of `Watched` under `units`.
    """
    tables = {
        name: pd.concat(
            [getattr(one, name).assign(unit=one.unit) for one in found],
            ignore_index=True,
        )
        for name in ("scores", "early")
    }
    units: dict[str, Any] = {one.unit: _facts(one) for one in found}
    return Made({"until": until.isoformat(), "units": units}, tables)


def _facts(one: Watched) -> dict[str, Any]:
    return {
        "series": list(one.series),
        "left_out": list(one.left_out),
        "reference": one.reference,
        "months": one.months,
        "why_none": asdict(one.why_none) if one.why_none else None,
    }
