"""How a result of cohorts was made, in sentences."""

from datetime import date

from crm.analytics.cohorts.cohorts import FEW
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import day, number


def sentences(shown: Analysis) -> list[str]:
    """What it stands on: who belongs to it, what a period is, methods, limits."""
    since = day(date.fromisoformat(shown.summary["since"]))
    return [
        _(WHO).format(customers=number(shown.summary["customers"]), since=since),
        _(EARLY).format(early=number(shown.summary["early"])),
        *(_(text).format(few=FEW) for text in METHODS),
    ]


WHO = N_(
    "{customers} customers belong to cohorts, by the day of their first sale on record;"
    " those who first bought before {since} are left out."
)
EARLY = N_(
    "{early} of them were entered before the first order on record, so that their "
    "first order on record may not have been their first. Where records say nothing "
    "of that, the oldest cohorts hold old customers too."
)
METHODS = (
    N_(
        "Periods are whole months or quarters of the calendar since that of the first "
        "order. Only those that are over count; the running one is hatched."
    ),
    N_(
        "A customer is active in a period with a sale in it. Returns and cancellations "
        "are taken off revenue in the period in which they were booked."
    ),
    N_(
        "Averages add up all the customers for whom a period is over, so that later "
        "periods are those of the older cohorts alone."
    ),
    N_(
        "Intervals hold 95%: of shares after Wilson, of revenue by the delta method for"
        " a ratio of sums, of orders by the standard error of the mean. Figures of "
        "fewer than {few} customers are grey and are not compared."
    ),
    N_(
        "Two are compared in every period that is shown and over for both: intervals "
        "of the difference of shares after Newcombe, tests by chi-squared with N − 1 "
        "or Fisher's, normal for revenue and orders. The p-values of all these periods "
        "are adjusted after Holm: a false alarm in any of them has a chance of at most "
        "5%."
    ),
    N_(
        "Groups may have begun at different times; narrow the time of the first order "
        "to compare like with like. Differences are associations, not causes."
    ),
)
