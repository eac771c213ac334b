"""Measures, periods and figures in words."""

from math import isnan

from crm.analytics.cohorts.cohorts import Measure, Question
from crm.i18n import N_, _, ngettext
from crm.ui.format import number, percent

MEASURES: dict[str, str] = {
    "customers": N_("Customers"),
    "revenue": N_("Revenue"),
    "orders": N_("Orders"),
}
GROUPINGS = {
    "all": N_("First order"),
    "source": N_("Source"),
    "sector": N_("Sector"),
    "country": N_("Country"),
    "kind": N_("Kind"),
}
UNITS = {"month": N_("Months"), "quarter": N_("Quarters")}
MEANINGS = {
    "customers": N_("Share of the customers who ordered in that period, in percent."),
    "revenue": N_(
        "Net sales in that period, in percent of what the same customers brought in "
        "at the start."
    ),
    "orders": N_(
        "Orders per 100 customers in that period, those without any counted too."
    ),
}
SHORT = {  # of a measure, for titles of axes
    "customers": N_("Active customers, %"),
    "revenue": N_("Net sales, % of the start"),
    "orders": N_("Orders per 100 customers"),
}


def later(period: int, question: Question) -> str:
    """Such as “3 months after the first order”."""
    if question.unit == "month":
        words = ngettext(
            "{n} month after the first order",
            "{n} months after the first order",
            period,
        )
    else:
        words = ngettext(
            "{n} quarter after the first order",
            "{n} quarters after the first order",
            period,
        )
    return words.format(n=number(period))


def span(period: int, question: Question) -> str:
    """Such as “3 months”."""
    if question.unit == "month":
        words = ngettext("{n} month", "{n} months", period)
    else:
        words = ngettext("{n} quarter", "{n} quarters", period)
    return words.format(n=number(period))


def since(question: Question) -> str:
    """The title of the axis of periods."""
    if question.unit == "month":
        return _("Months since the first order")
    return _("Quarters since the first order")


def step(periods: int) -> int:
    """Between the marks of an axis of so many periods."""
    return max(1, round(periods / 8))


def customers(count: float) -> str:
    words = ngettext("{n} customer", "{n} customers", round(count))
    return words.format(n=number(count))


def figure(value: float, measure: Measure) -> str:
    """A value of the measure, with its unit where it is a share."""
    if isnan(value):
        return "–"
    return short(value) if measure == "orders" else percent(value)


def short(value: float) -> str:
    """In hundredths, without a sign: for small places."""
    if isnan(value):
        return "–"
    return number(round(100 * value))


def apart(difference: float, measure: Measure) -> str:
    """A difference of two values, without its sign."""
    n = round(abs(100 * difference))
    if measure == "orders":
        return ngettext("{n} order", "{n} orders", n).format(n=number(n))
    return ngettext("{n} point", "{n} points", n).format(n=number(n))


def interval(low: float, high: float, measure: Measure) -> str:
    """Such as “95% interval 37% to 45%”; empty where there is none."""
    if isnan(low) or isnan(high):
        return ""
    words = _("95% interval {low} to {high}")
    return words.format(low=figure(low, measure), high=figure(high, measure))
