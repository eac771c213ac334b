"""How it is found out how long subscriptions last, in sentences to translate."""

from crm.i18n import N_

METHODS = (
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
