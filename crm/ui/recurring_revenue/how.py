"""How a result of recurring revenue was made, in sentences."""

from crm.i18n import N_, _
from crm.models import Analysis

METHODS = (
    N_(
        "The MRR of a month is what all subscriptions that run on its last day bring by"
        " the month, cancelled ones up to their last day; in the running month, on the "
        "day of the analysis."
    ),
    N_(
        "A price by the quarter or the year counts with its third or twelfth part, "
        "from the day on which it was agreed to hold."
    ),
    N_(
        "Movements are those of customers, not of single subscriptions: new had none "
        "before, reactivated none the month before, churned have none any more, the "
        "others bring more or less than the month before. They add up to the change."
    ),
    N_("Amounts are in the base currency; other currencies are not converted."),
    N_(
        "How long subscriptions last is estimated after Kaplan and Meier: those that "
        "still run count for as long as they have run. Intervals hold 95% (Greenwood, "
        "log-log). Curves are drawn while at least 5 are running."
    ),
    N_(
        "A subscription ends with its last day, whether it was cancelled or not renewed"
        "; that a customer goes on with another one is not looked at here."
    ),
    N_(
        "Hazard ratios come from Cox's model with all fields together (ties after "
        "Efron), each value against the most frequent one. Values with fewer than 20 "
        "subscriptions or 5 ends count with that one, and there are at least 10 ends "
        "for each ratio. They tell of associations, not of causes."
    ),
    N_(
        "The ranking is judged on 30% of the subscriptions, drawn at random, by a model"
        " of the others: Harrell's c-index, with a bootstrap interval."
    ),
)


def sentences(_shown: Analysis) -> list[str]:
    """What the figures mean, methods, limits."""
    return [_(text) for text in METHODS]
