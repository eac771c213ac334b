"""How a forecast was made, in sentences."""

from datetime import date

from crm.analytics.forecast import back_test, forecast, periods
from crm.i18n import N_, _
from crm.jobs.forecast import TOP
from crm.ui.format import day, number, percent
from crm.ui.insight.forecast.series import Chosen
from crm.warehouse import LEFT_OUT


def sentences(chosen: Chosen) -> list[str]:
    """What counts, which methods, how they were tried, where intervals come from."""
    until = date.fromisoformat(chosen.shown.summary["until"])
    unit = _(periods.WORDS[chosen.unit])
    told = [
        _(COUNTED).format(day=day(until)),
        _(TRIED).format(origins=number(chosen.one["origins"]), unit=unit),
        _(CHOICE).format(margin=percent(forecast.MARGIN)),
        _(CLEARLY).format(sure=percent(1 - back_test.SURE)),
        *(_(text) for text in METHODS),
        _(GROUPS).format(top=TOP),
    ]
    other = (chosen.shown.summary.get("left_out") or {}).get("no_rate")
    if other:
        words = LEFT_OUT["no_rate"]
        told.append(_(words).format(count=number(other)))
    return told


COUNTED = N_(
    "Revenue is sales less returns and cancellations, of all confirmed orders up to "
    "{day}, each at its rate to the book currency, those of the walk-in customer too; "
    "orders are sales. Days are those of the company, weeks begin on Monday."
)
TRIED = N_(
    "Every method was asked at {origins} moments of the past what would come in the "
    "next {unit}, knowing only what came before (rolling origin). What it has to learn "
    "it learned before the first of these moments."
)
CHOICE = N_(
    "Exponential smoothing is used, unless a plainer method erred less by more than "
    "{margin}."
)
CLEARLY = N_("“Clearly better” means: {sure} sure, by the test of Diebold and Mariano.")
METHODS = (
    N_(
        "Exponential smoothing follows level, season and trend, all additive; AIC "
        "decides between no trend, a damped one and a linear one."
    ),
    N_(
        "The season is the week for days, and the year for weeks and months, where two "
        "of them are known."
    ),
    N_(
        "Intervals are the errors that the method made so many steps ahead in the "
        "past: as wide as holds 80 or 95% of them. They assume that the time to come "
        "is like the past."
    ),
)
GROUPS = N_(
    "The {top} groups with most revenue in the last year are forecast each, the rest "
    "together."
)
