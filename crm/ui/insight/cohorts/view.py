"""A result of cohorts as it is looked at, with the names of its rows."""

from dataclasses import dataclass

import pandas as pd

from crm.analytics.cohorts.cohorts import ALL, FEW, Question, Retention, first_day
from crm.i18n import _
from crm.models import Analysis
from crm.services.fields import CUSTOMER_KINDS
from crm.ui.format import country
from crm.warehouse.cohorts import NAMED

AVERAGE = -1  # the row of all together


@dataclass(frozen=True)
class View:
    """`groups` as in `frames.COHORT_GROUPS`."""

    shown: Analysis
    found: Retention
    groups: pd.DataFrame

    @property
    def question(self) -> Question:
        return self.found.question

    @property
    def rows(self) -> list[int]:
        """Cohorts with the oldest, groups with the largest first."""
        return [int(row) for row in self.found.cells["row"].unique()]

    @property
    def key(self) -> str:
        """Tells apart questions whose rows and periods mean different things."""
        asked = self.question
        return f"{self.shown.id}_{asked.unit}_{asked.grouping}_{asked.early}"

    def name(self, row: int) -> str:
        """What a row is called, as typed by users where they named it."""
        if row == AVERAGE:
            return _("All")
        if self.question.grouping == ALL:
            return began(row, self.question)
        if row >= NAMED:
            return _("Others")
        return self._label(self._typed(row))

    def is_named(self, row: int) -> bool:
        """Whether the row is a group of which something is entered."""
        return bool(self._typed(row))

    def _typed(self, row: int) -> str:
        mine = self.groups["grouping"] == self.question.grouping
        named = self.groups[mine].set_index("code")["name"]
        return str(named.get(row, ""))

    def _label(self, name: str) -> str:
        if not name:
            return _("Not given")
        if self.question.grouping == "country":
            return country(name)
        if self.question.grouping == "kind":
            return _(CUSTOMER_KINDS.get(name, name))
        return name

    def trusted(self) -> pd.DataFrame:
        """The average in the periods, after 0, that are over for `FEW` customers."""
        average = self.found.average
        enough = (average["observed"] >= FEW) & (average["state"] != "running")
        return average[enough & (average["period"] > 0) & average["value"].notna()]


def began(row: int, question: Question) -> str:
    """Such as 2026-03, or 2026 Q1: the month or quarter with that ordinal."""
    day = first_day(row, question.unit)
    if question.unit == "month":
        return f"{day:%Y-%m}"
    return _("{year} Q{quarter}").format(year=day.year, quarter=row % 4 + 1)
