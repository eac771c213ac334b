"""How a result of recurring revenue was made, in sentences."""

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.insight.survival import how

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
    N_(
        "Amounts are in the base currency, at the rate that each subscription has; "
        "those without a rate are left out."
    ),
    *how.METHODS,
)


def sentences(_shown: Analysis) -> list[str]:
    """What the figures mean, methods, limits."""
    return [_(text) for text in METHODS]
