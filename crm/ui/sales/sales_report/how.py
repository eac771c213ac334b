"""How the sales reports are made, in sentences."""

from crm.i18n import N_, _

METHODS = (
    N_(
        "Win rates, cycle times and reasons are of what was won or lost in the time "
        "chosen; the funnel and the time in stage of what was opened in it."
    ),
    N_("Intervals of shares hold 95% (Wilson). The dotted line is the rate of all."),
    N_(
        "A stage counts as reached when the opportunity was ever in it or further on; "
        "what was won has passed them all."
    ),
    N_(
        "Time in stage is estimated after Kaplan and Meier: what is still there counts "
        "for as long as it has been there. Each stay counts, also a second one."
    ),
    N_(
        "The interval of a median lies between two of the times observed, chosen so "
        "that it holds at least 95%."
    ),
    N_(
        "Amounts are in the base currency, at the rate that each opportunity keeps. "
        "Fields are as they are entered today."
    ),
)


def sentences() -> list[str]:
    """What the figures mean, methods, limits."""
    return [_(text) for text in METHODS]
