"""How alerts are found, in sentences."""

from datetime import date
from typing import Any

from crm.analytics.forecast import anomalies, surprise
from crm.analytics.forecast.surprise import Unit
from crm.i18n import N_, _, ngettext
from crm.models import Analysis
from crm.ui import period_words
from crm.ui.format import day, number
from crm.ui.insight.alerts import card
from crm.warehouse import LEFT_OUT


def expectation(facts: dict[str, Any], unit: Unit, budget: float) -> str:
    """How many of the alerts to expect by chance alone."""
    scored = surprise.LOOKED_AT[unit]
    chance = budget * scored / anomalies.A_MONTH[unit]
    series = len(facts["series"])
    told = ngettext(
        "{n} series is watched, over {span}. If nothing were unusual, about {chance} "
        "alerts would stand here by chance.",
        "{n} series are watched, over {span}. If nothing were unusual, about {chance} "
        "alerts would stand here by chance.",
        series,
    )
    return told.format(
        n=number(series),
        span=period_words.before(scored, unit),
        chance=number(chance, places=1),
    )


def sentences(shown: Analysis, unit: Unit) -> list[str]:
    """What is watched, what is expected of it, when an alarm is raised."""
    facts = shown.summary["units"][unit]
    told = [
        _(UNTIL).format(day=day(date.fromisoformat(shown.summary["until"]))),
        *(_(text) for text in METHOD),
    ]
    if facts["reference"]:
        told.append(
            _(REFERENCE).format(
                count=number(facts["reference"]),
                months=number(facts["months"], places=1),
            )
        )
    if facts["left_out"]:
        names = "; ".join(map(card.name, facts["left_out"]))
        told.append(_(SPARSE).format(names=names))
    other = (shown.summary.get("left_out") or {}).get("no_rate")
    if other:
        words = LEFT_OUT["no_rate"]
        told.append(_(words).format(count=number(other)))
    return told


UNTIL = N_(
    "Watched are revenue (sales less returns and cancellations, of all confirmed "
    "orders at their rate to the book currency, walk-in sales too), orders, new "
    "customers, and "
    "revenue by product category and by country; by week also the share of sales that "
    "came back. The last day is {day}."
)
METHOD = (
    N_(
        "What was expected of a period comes from the periods before it alone, by "
        "exponential smoothing with the season of the week, or of the year where two "
        "years and more are known."
    ),
    N_(
        "How far off it was is measured in the usual distance of that series (median "
        "absolute deviation), and compared with all distances of the time before."
    ),
    N_(
        "The budget of false alarms, divided by the number of comparisons in a month, "
        "is the p-value up to which an alarm is raised; so the average holds, whatever "
        "the series have to do with each other."
    ),
    N_(
        "Holidays and campaigns are not known to it: what is unusual need not be wrong."
    ),
)
REFERENCE = N_("Compared with {count} earlier distances, from {months} months.")
SPARSE = N_("Not watched, because there is too little in them: {names}.")
