"""Days, weeks and months in words, and the way to the orders of one."""

from typing import Any

import pandas as pd
from babel.dates import format_date

from crm.analytics.forecast import periods
from crm.analytics.forecast.periods import Unit
from crm.i18n import N_, _, current, ngettext
from crm.ui import filter_builder, navigation
from crm.ui.format import day

UNITS: dict[str, str] = {"day": N_("Days"), "week": N_("Weeks"), "month": N_("Months")}
PATTERNS = {"en": "MMMM y", "zh_CN": "y年M月"}


def name(period: pd.Timestamp, unit: Unit) -> str:
    """Such as “Nov 2, 2026”, “week of Nov 2, 2026”, “November 2026”."""
    first = period.date()
    if unit == "month":
        return str(format_date(first, PATTERNS[current()], locale=current()))
    if unit == "week":
        return _("week of {day}").format(day=day(first))
    return day(first)


def following(count: int, unit: Unit) -> str:
    """Such as “the next 14 days”."""
    told = {
        "day": ngettext("the next day", "the next {n} days", count),
        "week": ngettext("the next week", "the next {n} weeks", count),
        "month": ngettext("the next month", "the next {n} months", count),
    }
    return told[unit].format(n=count)


def before(count: int, unit: Unit) -> str:
    """Such as “the last 14 days”."""
    told = {
        "day": ngettext("the last day", "the last {n} days", count),
        "week": ngettext("the last week", "the last {n} weeks", count),
        "month": ngettext("the last month", "the last {n} months", count),
    }
    return told[unit].format(n=count)


def span(first: pd.Timestamp, last: pd.Timestamp, unit: Unit) -> str:
    """From the first day of one period to the last day of another."""
    end = periods.last_day(last, unit)
    return _("{first} to {last}").format(first=day(first.date()), last=day(end))


def open_orders(
    period: pd.Timestamp, unit: Unit, *, kinds: tuple[str, ...] = ()
) -> None:
    """The list of the confirmed orders of a period, of some `kinds` if given."""
    first, last = period.date(), periods.last_day(period, unit)
    rules: list[dict[str, Any]] = [
        {
            "field": "ordered_at",
            "op": "between",
            "value": [first.isoformat(), last.isoformat()],
        },
        {"field": "status", "op": "any", "value": ["confirmed"]},
    ]
    if kinds:
        rules.append({"field": "kind", "op": "any", "value": list(kinds)})
    filter_builder.clear("orders")
    rule = filter_builder.dumped({"match": "all", "rules": rules})
    navigation.go("orders", orders_f=rule)
