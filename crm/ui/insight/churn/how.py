"""How a result of churn was made, in sentences."""

from datetime import date

from crm.analytics.churn.churn_features import FEATURES, GROUPS
from crm.analytics.churn.churn_notes import ENOUGH
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import day, number


def sentences(shown: Analysis) -> list[str]:
    """What it stands on: definition, days, features, models, limits."""
    horizon = number(shown.summary["horizon"])
    told = [_(DEFINITION).format(days=horizon)]
    if shown.summary["method"] == "rule":
        return [*told, _(RULE), _(LIMIT).format(enough=ENOUGH)]
    return [
        *told,
        *_days(shown, horizon),
        *_features(shown),
        *(_(text) for text in METHODS),
    ]


def _features(shown: Analysis) -> list[str]:
    """Those that could tell customers apart, and those that could not."""
    alike = shown.summary.get("card", {}).get("alike", [])
    named = FEATURES | GROUPS
    used = "; ".join(_(named[name]) for name in named if name not in alike)
    told = [_("Features: {features}.").format(features=used)]
    if alike:
        same = "; ".join(_(named[name]) for name in alike)
        words = _("The same for all customers, and so left out: {features}.")
        told.append(words.format(features=same))
    return told


def _days(shown: Analysis, horizon: str) -> list[str]:
    """What was learned, judged and scored when."""
    learned_on, judged_on = (
        day(date.fromisoformat(shown.summary[name]))
        for name in ("learned_on", "judged_on")
    )
    customers, left = shown.summary["learned_from"]
    judged = shown.summary["judged_from"][0]
    return [
        _(LEARNED).format(
            customers=number(customers), day=learned_on, days=horizon, left=number(left)
        ),
        _(JUDGED).format(customers=number(judged), day=judged_on, days=horizon),
        _(SCORED).format(day=judged_on, as_of=day(shown.as_of)),
    ]


DEFINITION = N_(
    "A customer counts as leaving when no sale follows in the {days} days after the"
    " day of the analysis. Without a contract nobody says goodbye: over a short "
    "horizon it is often only a long pause."
)
RULE = N_(
    "Overdue is the time since the last order divided by the customer's own mean "
    "gap between orders; where there is only one order, by the median gap of the "
    "others. It is no probability."
)
LIMIT = N_(
    "Models are learned from at least {enough} customers who left and {enough} who "
    "stayed, twice over: to learn, and to judge."
)
LEARNED = N_(
    "The models learned from {customers} customers as they were on {day}, and from "
    "the {days} days after it, in which {left} did not order."
)
JUDGED = N_(
    "They were judged on {customers} customers as they were on {day}, and on the "
    "{days} days after it, which the models had not seen."
)
SCORED = N_(
    "Today's scores come from the same models, learned anew from {day}, the last "
    "day of which the outcome is known. Nothing after {as_of} was looked at."
)
METHODS = (
    N_(
        "Logistic regression of the features' logarithms; gradient boosting of 150 "
        "small trees; random forest, calibrated on customers that its trees had not "
        "seen; support vector machines, calibrated on customers left out in turn; "
        "BG/NBD, from the purchases alone."
    ),
    N_(
        "Kind, country, sector and source count as they are entered today. Words of "
        "fewer than 30 customers, or of fewer than 1%, are not told apart."
    ),
    N_(
        "Intervals hold 95%: of the AUC and its gain over recency after DeLong, of "
        "shares after Wilson."
    ),
    N_(
        "Reasons weigh what moves a customer's probability away from that of "
        "others; features that speak of one thing count together. They are "
        "associations, not causes."
    ),
    N_(
        "Reasons are exact for logistic regression, whose log-odds are a sum, and for "
        "gradient boosting (Shapley values of its trees); for the forest they are the "
        "changes on the way through its trees."
    ),
    N_(
        "Revenue at risk is the probability times the revenue of the 180 days up to"
        " the day of the analysis, returns taken off."
    ),
)
