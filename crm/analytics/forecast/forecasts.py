"""Forecasts of the whole business and of its groups, ready to be kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import pandas as pd

from crm.analytics.forecast import forecast, periods
from crm.analytics.forecast.forecast import EXPECTED, QUALITY, Forecast
from crm.analytics.forecast.periods import Unit
from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

Measure = Literal["revenue", "orders"]
Progress = Callable[[float], None]

MEASURES: tuple[Measure, ...] = ("revenue", "orders")
TOTAL = ""  # the grouping of the series that is the whole

SERIES: Schema = {  # one row per series; the other tables name it by `series`
    "series": "int64",
    "unit": "str",
    "measure": "str",
    "by": "str",  # a `crm.warehouse.house.Grouping`, or TOTAL
    "rank": "int64",  # as in `frames.GROUPS_BY_DAY`
    "group": "str",  # the same
    "method": "str",
    "season": "int64",  # periods
    "origins": "int64",
}
HISTORY: Schema = {"series": "int64", "period": "datetime64[s]", "value": "float64"}
OF_SERIES: dict[str, Schema] = {
    "history": HISTORY,
    "expected": {"series": "int64"} | EXPECTED,
    "quality": {"series": "int64"} | QUALITY,
}


@dataclass(frozen=True)
class Forecasts:
    """Many forecasts.

    Attributes:
        series: as in `SERIES`.
        tables: as in `OF_SERIES`, by its names.
        totals: the forecasts of the whole, by unit and measure.
        refused: why there are none, by unit.
    """

    series: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    totals: dict[tuple[Unit, Measure], Forecast]
    refused: dict[Unit, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Series:
    """A series by day, before it is added up: what it is called, and its rows."""

    by: str
    rank: int
    group: str
    days: pd.DataFrame


def every(
    days: pd.DataFrame,
    groups: Mapping[str, pd.DataFrame],
    *,
    until: date,
    on_progress: Progress | None = None,
) -> Forecasts:
    """Revenue and orders by day, week and month, of the whole and of each group.

    A grouping with a single group says nothing more, and is left out.

    Args:
        days: as in `frames.REVENUE_BY_DAY`.
        groups: by grouping, as in `frames.GROUPS_BY_DAY`.
        until: the last day that is over.
        on_progress: told the share done, 0 to 1.

    Raises:
        NotEnoughData: no orders, or too few days for any forecast.
    """
    if days.empty:
        raise NotEnoughData(
            _("There are no orders by {day}.").format(day=until.isoformat())
        )
    told = on_progress or (lambda _share: None)
    first: date = days["day"].min().date()
    wanted = [_Series(TOTAL, 0, "", days), *_of_groups(groups)]
    made: list[tuple[_Series, Measure, Forecast]] = []
    refused: dict[Unit, str] = {}
    for number, unit in enumerate(periods.UNITS):
        try:
            for place, one in enumerate(wanted):
                made += _both(one, unit, first, until)
                told((number + (place + 1) / len(wanted)) / len(periods.UNITS))
        except NotEnoughData as error:
            refused[unit] = error.words
    if not made:
        raise NotEnoughData(refused[periods.UNITS[0]])
    totals = {(f.unit, measure): f for one, measure, f in made if one.by == TOTAL}
    return Forecasts(_series(made), _tables(made), totals, refused)


def _of_groups(groups: Mapping[str, pd.DataFrame]) -> Iterator[_Series]:
    for by, table in groups.items():
        parts = list(table.groupby("rank"))
        if len(parts) > 1:
            for rank, days in parts:
                yield _Series(by, int(rank), str(days["group"].iloc[0]), days)


def _both(
    one: _Series, unit: Unit, first: date, until: date
) -> Iterator[tuple[_Series, Measure, Forecast]]:
    columns = one.days[["day", *MEASURES]]
    table = periods.whole(columns, unit, first=first, until=until)
    for measure in MEASURES:
        yield one, measure, forecast.forecast(table[measure], unit)


def _series(made: list[tuple[_Series, Measure, Forecast]]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "series": number,
            "unit": found.unit,
            "measure": measure,
            "by": one.by,
            "rank": one.rank,
            "group": one.group,
            "method": found.method,
            "season": found.season,
            "origins": found.origins,
        }
        for number, (one, measure, found) in enumerate(made)
    ]
    return typed(rows, SERIES)


def _tables(made: list[tuple[_Series, Measure, Forecast]]) -> dict[str, pd.DataFrame]:
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in OF_SERIES}
    for number, (_one, _measure, found) in enumerate(made):
        history = found.history.rename("value").rename_axis("period").reset_index()
        tables = (history, found.expected, found.quality)
        for name, table in zip(parts, tables, strict=True):
            parts[name].append(table.assign(series=number))
    return {
        name: typed(pd.concat(parts[name], ignore_index=True), schema)
        for name, schema in OF_SERIES.items()
    }
