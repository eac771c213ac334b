"""Cohorts: of the customers who began together, what becomes in the periods since.

Periods are whole months or quarters of the calendar since that of a customer's first
sale, which is period 0. A customer is active in a period with a sale in it. Only
periods that are over on the day of the analysis count; where a row holds customers
who began at different times, each period is told of those for whom it is over.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from crm.analytics.cohorts.cohort_estimates import SUMS, estimates
from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

FEW = 20  # customers: below it a figure is shown as shaky, and nothing is compared
ALL = "all"  # the grouping with a row for each period of first sale

Unit = Literal["month", "quarter"]
Measure = Literal["customers", "revenue", "orders"]

CELLS: Schema = {  # one row per `row` and period, running ones too
    "row": "int64",  # `ordinal` of the period of first sale, or the code of a group
    "period": "int64",
    "customers": "int64",  # in the row
    "state": "str",  # whole: over for all of them; part: for some; running: for none
    **dict.fromkeys(SUMS, "float64"),  # of those for whom it is over, or is running
    "value": "float64",  # of the measure, as `cohort_estimates.estimates` has it
    "low": "float64",
    "high": "float64",
    "error": "float64",
}


@dataclass(frozen=True)
class Question:
    """What is asked of stored cohorts.

    `grouping` is as in `frames.COHORT_CELLS`; `between` are the first days of the
    first and the last period of first sale that count; `early` keeps those customers
    who were entered before the first sale on record.
    """

    as_of: date
    unit: Unit = "month"
    grouping: str = ALL
    measure: Measure = "customers"
    between: tuple[date, date] | None = None
    early: bool = True

    @property
    def now(self) -> int:
        """The ordinal of the period that `as_of` lies in."""
        return ordinal(self.as_of, self.unit)

    @property
    def over(self) -> int:
        """The ordinal of the last period that is over."""
        after = ordinal(self.as_of + timedelta(days=1), self.unit)
        return after - 1


@dataclass(frozen=True)
class Retention:
    """Rows as in `CELLS`: `cells` of each row, `average` of all together (`row` -1)."""

    question: Question
    cells: pd.DataFrame
    average: pd.DataFrame

    def row(self, row: int) -> pd.DataFrame:
        """The periods of one row that are over for anybody, 0 first."""
        mine = self.cells[self.cells["row"] == row]
        return mine[mine["state"] != "running"]


def retention(cells: pd.DataFrame, question: Question) -> Retention:
    """What was asked, from stored cohorts.

    The average weighs customers alike: sums over all rows, so that the later periods
    are those of the older cohorts alone.

    Args:
        cells: as in `frames.COHORT_CELLS`.

    Raises:
        NotEnoughData: nobody has bought, or no period after the first one is over.
    """
    grid = _grid(_asked(cells, question), question)
    average = _summed(grid.assign(row=-1), question)
    if not ((average["state"] != "running") & (average["period"] > 0)).any():
        raise NotEnoughData(
            _("No month or quarter after that of the first order is over yet.")
        )
    return Retention(question, _summed(grid, question), average)


def ordinal(day: date, unit: Unit) -> int:
    """The number of the month or quarter of `day`; the next one has the next number."""
    month = day.year * 12 + day.month - 1
    return month if unit == "month" else month // 3


def first_day(number: int, unit: Unit) -> date:
    """The first day of the month or quarter with that `ordinal`."""
    month = number if unit == "month" else number * 3
    return date(month // 12, month % 12 + 1, 1)


def ordinals(days: pd.Series, unit: Unit) -> pd.Series:
    """`ordinal` of each day."""
    months = days.dt.year.astype("int64") * 12 + days.dt.month - 1
    return months if unit == "month" else months // 3


def _asked(cells: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The sums by group, `began` (an ordinal) and period."""
    kept = cells["unit"].eq(question.unit) & cells["grouping"].eq(question.grouping)
    if not question.early:
        kept &= ~cells["early"]
    if question.between:
        kept &= cells["cohort"].between(*map(pd.Timestamp, question.between))
    if not kept.any():
        raise NotEnoughData(_("No customer has first bought in this time."))
    mine = cells[kept]
    mine = mine.assign(began=ordinals(mine["cohort"], question.unit))
    names = [name for name in SUMS if name in mine]
    return mine.groupby(["code", "began", "period"], as_index=False)[names].sum()


def _grid(cells: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Every group and cohort in every period up to now, those without sales too."""
    base = cells[cells["period"] == 0].rename(
        columns={
            "active": "observed",
            "revenue": "base",
            "revenue_squared": "base_squared",
        }
    )
    base = base[["code", "began", "observed", "base", "base_squared"]]
    lengths = (question.now - base["began"] + 1).to_numpy()
    grid = base.loc[base.index.repeat(lengths)]
    starts = np.repeat(lengths.cumsum() - lengths, lengths)
    grid = grid.assign(period=np.arange(len(grid)) - starts)
    grid = grid.merge(cells, on=["code", "began", "period"], how="left").fillna(0)
    row = grid["began"] if question.grouping == ALL else grid["code"]
    return grid.assign(row=row, over=grid["began"] + grid["period"] <= question.over)


def _summed(grid: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Rows as in `CELLS`."""
    keys = ["row", "period"]
    over = grid[grid["over"]].groupby(keys)[list(SUMS)].sum()
    running = grid[~grid["over"]].groupby(keys)[list(SUMS)].sum()
    running = running[~running.index.isin(over.index)]
    table = pd.concat([over.assign(state="whole"), running.assign(state="running")])
    table = table.sort_index().reset_index()
    sizes = grid[grid["period"] == 0].groupby("row")["observed"].sum()
    table["customers"] = table["row"].map(sizes)
    part = (table["state"] == "whole") & (table["observed"] < table["customers"])
    table.loc[part, "state"] = "part"
    table = table.join(estimates(table, question.measure))
    return typed(table, CELLS)
