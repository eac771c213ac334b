"""A stored forecast, narrowed to what the reader looks at."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from crm.analytics.forecast.forecasts import TOTAL, Measure
from crm.analytics.forecast.periods import Unit
from crm.config import settings
from crm.i18n import N_, _, ngettext
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import country, number, rounded

KIND = "forecast"
MEASURES: dict[str, str] = {"revenue": N_("Revenue"), "orders": N_("Orders")}
GROUPINGS: dict[str, str] = {
    TOTAL: N_("The whole"),
    "category": N_("By product category"),
    "product": N_("By product"),
    "country": N_("By country"),
}
REST = 0  # the rank of all groups that have none


@dataclass(frozen=True)
class Chosen:
    """What is looked at: a measure, by a unit of time, `steps` of them ahead.

    `by` says which groups, and `rank` which of them the chart shows; None is the whole.
    """

    shown: Analysis
    unit: Unit
    measure: Measure
    by: str
    rank: int | None
    steps: int

    @cached_property
    def all_series(self) -> pd.DataFrame:
        """The series of this measure and unit."""
        table = insight.table(self.shown, "series")
        mine = (table["unit"] == self.unit) & (table["measure"] == self.measure)
        return table[mine]

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The series of the groups, the rest last; empty for the whole."""
        mine = self.all_series[(self.all_series["by"] == self.by) & (self.by != TOTAL)]
        is_rest = mine["rank"] == REST
        return pd.concat([mine[~is_rest].sort_values("rank"), mine[is_rest]])

    @cached_property
    def total(self) -> pd.Series:
        """The series of the whole."""
        return self.all_series[self.all_series["by"] == TOTAL].iloc[0]

    @cached_property
    def one(self) -> pd.Series:
        """The series that the chart shows."""
        if self.rank is None:
            return self.total
        return self.groups[self.groups["rank"] == self.rank].iloc[0]

    def of(self, name: str, series: int) -> pd.DataFrame:
        """The rows of a table about a series; of what is expected only `steps`."""
        table = insight.table(self.shown, name)
        mine = table[table["series"] == series]
        return mine[mine["step"] <= self.steps] if "step" in mine else mine

    def amount(self, value: float) -> str:
        """A value of this measure, with its unit."""
        if self.measure == "revenue":
            return rounded(value)
        told = number(value, places=0 if abs(value) >= 10 else 1)
        return ngettext("{n} order", "{n} orders", 1 if value == 1 else 2).format(
            n=told
        )

    def about(self, value: float) -> str:
        """What is expected: of three digits, as more of them would be made up."""
        digits = len(str(abs(round(value))))
        return self.amount(round(value, min(3 - digits, 0)) if digits > 3 else value)

    @property
    def axis(self) -> str:
        """The title of an axis of this measure."""
        if self.measure == "revenue":
            return _("Revenue, {currency}").format(currency=settings().currency)
        return _("Orders")


def label(group: pd.Series) -> str:
    """What a group is called; plain text."""
    if group["by"] == TOTAL:
        return _("The whole")
    if group["rank"] == REST:
        return _("Others")
    if not group["label"]:
        return _("Not known")
    return country(group["label"]) if group["by"] == "country" else group["label"]
