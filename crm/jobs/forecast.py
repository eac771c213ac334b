"""Forecasts in the background: revenue and orders to come, whole and by group."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pandas as pd

from crm.analytics.forecast import forecasts
from crm.analytics.forecast.forecast import Forecast
from crm.analytics.forecast.forecasts import Forecasts
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.models.words import kept
from crm.services import days
from crm.services.analyses import Made
from crm.warehouse import House
from crm.warehouse.house import Grouping

GROUPINGS: tuple[Grouping, ...] = ("category", "product", "country")
TOP = 12  # groups that stand by themselves


@analysis("forecast")
def forecast(context: JobContext, house: House, as_of: date) -> Made:
    """From all orders up to the last day that is over."""
    until = last_whole_day(house, as_of)
    groups: dict[str, pd.DataFrame] = {
        by: house.groups_by_day(until, by, top=TOP) for by in GROUPINGS
    }
    found = forecasts.every(
        house.revenue_by_day(until),
        groups,
        until=until,
        on_progress=progress(context, _("Trying the methods on the past")),
    )
    return made(found, house.products(), until)


def last_whole_day(house: House, as_of: date) -> date:
    """`as_of`, or the day before the data, of whose day more may come."""
    return min(as_of, days.day_of(house.data_at) - timedelta(days=1))


def named(series: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """`series` with a `label`: of products name and SKU, of others the group."""
    titles = products["name"] + " · " + products["sku"]
    by_id = dict(zip(products["product_id"].astype(str), titles, strict=True))
    labels = [
        by_id.get(group, "") if by == "product" else group
        for by, group in zip(series["by"], series["group"], strict=True)
    ]
    return series.assign(label=pd.Series(labels, series.index, dtype="str"))


def made(found: Forecasts, products: pd.DataFrame, until: date) -> Made:
    """What is kept of it.

    Tables: `series` as in `forecasts.SERIES`, with a `label`; and those of
    `forecasts.OF_SERIES`. The summary has under `totals` what is said of the whole,
    by unit and measure, and under `refused` why a unit has no forecast.
    """
    summary = {
        "until": until.isoformat(),
        "totals": {
            f"{unit} {measure}": _said(one)
            for (unit, measure), one in found.totals.items()
        },
        "refused": {unit: kept(why) for unit, why in found.refused.items()},
    }
    return Made(summary, {"series": named(found.series, products)} | found.tables)


def _said(one: Forecast) -> dict[str, Any]:
    return {
        "beats": one.beats,
        "notes": [asdict(note) for note in one.notes],
    }
