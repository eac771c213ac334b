"""Whose forecast is looked at, and of which period: part of the page's address."""

from dataclasses import dataclass
from datetime import date

import streamlit as st
from babel.dates import format_date

from crm import db
from crm.i18n import N_, _, current
from crm.models import Period
from crm.services.days import today
from crm.services.sales import targets_about
from crm.services.sales.targets_about import EVERYONE, About
from crm.services.sales.targets_periods import first_day, shifted
from crm.ui import access, address

PERIODS: dict[str, str] = {
    Period.MONTH.value: N_("Month"),
    Period.QUARTER.value: N_("Quarter"),
    Period.YEAR.value: N_("Year"),
}
AROUND = range(-4, 6)  # periods to choose from, the present one is 0
PATTERNS = {
    ("month", "en"): "MMMM y",
    ("month", "zh_CN"): "y年M月",
    ("quarter", "en"): "QQQ y",
    ("quarter", "zh_CN"): "y年第Q季度",
    ("year", "en"): "y",
    ("year", "zh_CN"): "y年",
}
SHORT = PATTERNS | {("month", "en"): "MMM y"}  # under charts


@dataclass(frozen=True)
class Chosen:
    """Whose period; `label` is how they are called, plain text."""

    about: About
    label: str
    period: Period
    starts_on: date

    @property
    def name(self) -> str:
        """The period in words."""
        return period_name(self.period, self.starts_on)


def period_name(
    period: Period | str,
    starts_on: date,
    patterns: dict[tuple[str, str], str] = PATTERNS,
) -> str:
    """Such as “March 2026”, “Q1 2026”, “2026”."""
    pattern = patterns[str(period), current()]
    return str(format_date(starts_on, pattern, locale=current()))


def show() -> Chosen:
    """The controls in one row."""
    with db.reading(access.current()) as session:
        known = targets_about.choices(session)
    labels = {one.key: label for one, label in known.items()} or {"": _("Everyone")}
    with st.container(horizontal=True, vertical_alignment="bottom", key="sales_bar"):
        about = address.menu(
            _("For"), labels, "sales_about", usual=next(iter(labels)), width=220
        )
        period = Period(
            address.choice(_("By"), PERIODS, "sales_by", usual=Period.QUARTER.value)
        )
        starts_on = start(period, f"sales_{period}")
    found = {one.key: one for one in known}
    return Chosen(found.get(about, EVERYONE), labels[about], period, starts_on)


def start(period: Period, key: str) -> date:
    """A menu of the periods around the present one, which is chosen at first."""
    now = first_day(period, today())
    days = [shifted(period, now, count) for count in AROUND]
    options = {day.isoformat(): period_name(period, day) for day in days}
    given = address.menu(
        _(PERIODS[period]), options, key, usual=now.isoformat(), width=180
    )
    return date.fromisoformat(given)
