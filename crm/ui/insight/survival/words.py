"""What curves, tests and ratios say, in sentences."""

from crm.analytics.survival.log_rank import LogRank
from crm.analytics.survival.survival import Curve
from crm.i18n import _
from crm.ui.format import number, percent

MONTH = 30.4375  # days


def months(days: float) -> str:
    return number(days / MONTH, places=1)


def conclusion(one: Curve) -> str:
    """How many last a year, and the median."""
    return _year(one) + " " + _median(one)


def _year(one: Curve) -> str:
    if one.longest < 365:
        words = _("Of {n} subscriptions {ended} have ended; none has run for a year.")
        return words.format(n=number(one.subscriptions), ended=number(one.ended))
    share, low, high = one.at(365)
    words = _(
        "{share} of {n} subscriptions last longer than a year "
        "(95% interval {low} to {high})."
    )
    return words.format(
        share=percent(share),
        n=number(one.subscriptions),
        low=percent(low),
        high=percent(high),
    )


def _median(one: Curve) -> str:
    if one.median is None:
        return _("More than half are still running, so that there is no median yet.")
    words = _("Half last longer than {n} months (95% interval {low} to {high}).")
    return words.format(
        n=months(one.median),
        low=months(one.median_low or 0),
        high=limit(one.median_high),
    )


def limit(days: int | None) -> str:
    return _("unknown") if days is None else months(days)


def tested(test: LogRank) -> str:
    """What the log-rank test of all groups says."""
    words = (
        _("They do not last equally long: log-rank test {statistic}, p {p}.")
        if test.p_value < 0.05
        else _("Chance alone explains the differences: log-rank {statistic}, p {p}.")
    )
    statistic = f"χ²({test.freedom}) = {test.statistic:.1f}"
    return words.format(statistic=statistic, p=p_value(test.p_value))


def p_value(chance: float) -> str:
    return "< 0.001" if chance < 0.001 else f"= {chance:.3f}"
