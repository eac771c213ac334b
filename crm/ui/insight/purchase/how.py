"""How predictions of purchases were made, in sentences."""

from datetime import date

from crm.analytics.purchase.purchase_amounts import SAMPLE
from crm.analytics.purchase.purchase_notes import ENOUGH
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import day, number


def sentences(shown: Analysis) -> list[str]:
    """What it stands on: days, models, intervals, limits."""
    learned_on, judged_on = (
        day(date.fromisoformat(shown.summary[name]))
        for name in ("learned_on", "judged_on")
    )
    customers, bought = shown.summary["learned_from"]
    values = {
        "days": number(shown.summary["horizon"]),
        "learned_on": learned_on,
        "judged_on": judged_on,
        "as_of": day(shown.as_of),
        "customers": number(customers),
        "bought": number(bought),
        "sample": number(SAMPLE),
        "enough": ENOUGH,
    }
    return [_(text).format(**values) for text in TEXTS]


TEXTS = (
    N_(
        "A customer buys when a sale follows in the {days} days after the day of the "
        "analysis. The amount is all sales of these days, less what is sent back in "
        "them; who only sends something back counts as 0."
    ),
    N_(
        "The models learned from {customers} customers as they were on {learned_on}, "
        "of whom {bought} bought in the {days} days after it; they were judged on "
        "those of {judged_on}, and learned anew from these for the figures of {as_of}."
    ),
    N_(
        "Probabilities are those of the churn page, the other way round: 1 less the "
        "probability of no order. Customers yet to come are not in any sum."
    ),
    N_(
        "Amounts: linear regression (ridge) of the amount itself, not of its "
        "logarithm, on the logarithms of the features; what comes out below 0 counts "
        "as 0. Tweedie regression with log link and power 1.5. In two parts: logistic "
        "regression of whether, times gamma regression of how much if so. Gradient "
        "boosting of squared error. Random forest. BG/NBD purchases times Gamma-Gamma "
        "value. A linear SVM of the logarithm of 1 + amount, for comparison."
    ),
    N_(
        "Beyond {sample} customers, random forests and support vector machines learn "
        "from a sample of as many."
    ),
    N_(
        "A customer's interval comes from the errors on the customers judged: of those "
        "with a like prediction, in tenths, 5% came out below and 5% above, in "
        "proportion to what was predicted."
    ),
    N_(
        "Reasons weigh what moves a customer's probability away from that of others; "
        "features that speak of one thing count together. They are associations, not "
        "causes."
    ),
    N_(
        "At least {enough} customers who bought and {enough} who did not are needed, "
        "twice over: to learn, and to judge."
    ),
)
