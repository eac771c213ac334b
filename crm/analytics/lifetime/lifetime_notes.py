"""What to say beside lifetime values: where the models do not fit, or cannot know."""

from datetime import date, timedelta

import pandas as pd

from crm.analytics.churn.churn_notes import LUCK, SILENT, WEEK
from crm.analytics.lifetime.lifetime_check import Check
from crm.analytics.lifetime.lifetime_models import Models
from crm.analytics.notes import Note
from crm.i18n import N_

RELATED = 0.3  # correlation of frequency and value from which on it is told
OFF = 0.15  # error of a total from which on it is told

DEARER = N_(
    "Customers who buy more often also spend more at a time (rank correlation "
    "{correlation:.2f}), but the model takes the two for unrelated. Trust values of "
    "customers with few purchases less."
)
CHEAPER = N_(
    "Customers who buy more often spend less at a time (rank correlation "
    "{correlation:.2f}), but the model takes the two for unrelated. Trust values of "
    "customers with few purchases less."
)
UNCHECKED = N_(
    "There was too little history to put the models to the test on the past."
)
TOO_MUCH = N_(
    "Put to the test on the past, the models expected {error:.0%} more revenue than "
    "came."
)
TOO_LITTLE = N_(
    "Put to the test on the past, the models expected {error:.0%} less revenue than "
    "came."
)
PLAIN_BETTER = N_(
    "On the past, “as much as in the same time before” came nearer to each customer's "
    "revenue than the models did."
)
ALIKE = N_(
    "These customers buy, or leave, too much alike to settle all parameters of their "
    "purchases: see the intervals."
)
UNLIKE = N_(
    "Amounts differ so much from customer to customer that no mean of all is known: "
    "a customer of few purchases is valued almost by these alone."
)
FAR = N_(
    "The horizon of {horizon} days is longer than the history of {history} days: "
    "nobody has been watched for so long."
)


def of_data(buyers: pd.DataFrame, *, as_of: date, horizon: int) -> tuple[Note, ...]:
    """What speaks against the assumptions of the models."""
    notes = list(_silence(buyers, as_of))
    related = correlation(buyers)
    if related is not None and abs(related) >= RELATED:
        text = DEARER if related > 0 else CHEAPER
        notes.append(Note(text, {"correlation": related}))
    history = int(buyers["T"].max())
    if horizon > history:
        notes.append(Note(FAR, {"horizon": horizon, "history": history}))
    return tuple(notes)


def of_models(models: Models) -> tuple[Note, ...]:
    """Which parameters the customers leave open."""
    found = ((models.purchases.at_bound, ALIKE), (models.spend.at_bound, UNLIKE))
    return tuple(Note(text) for is_open, text in found if is_open)


def of_check(check: Check) -> tuple[Note, ...]:
    """What the past says against them."""
    notes = []
    error = check.revenue.error
    if error is not None and abs(error) >= OFF:
        text = TOO_MUCH if error > 0 else TOO_LITTLE
        notes.append(Note(text, {"error": abs(error)}))
    ours, plain = check.revenue.correlation, check.as_before.correlation
    if ours is not None and plain is not None and plain > ours:
        notes.append(Note(PLAIN_BETTER))
    return tuple(notes)


def correlation(buyers: pd.DataFrame) -> float | None:
    """Spearman's, of purchases and their mean value, among repeat buyers.

    None where either is the same for all of them.
    """
    from scipy.stats import spearmanr

    repeating = buyers[buyers["x"] > 0]
    if repeating["x"].nunique() < 2 or repeating["value"].nunique() < 2:
        return None
    return float(spearmanr(repeating["x"], repeating["value"]).statistic)


def _silence(buyers: pd.DataFrame, as_of: date) -> tuple[Note, ...]:
    """Whether purchases stop more suddenly before the day than by luck."""
    quiet = int((buyers["T"] - buyers["t_x"]).min())
    history = max(int(buyers["T"].max()), 1)
    chance = max(1 - quiet / history, 0) ** int((buyers["x"] + 1).sum())
    if quiet <= WEEK or chance >= LUCK:
        return ()
    day = as_of - timedelta(days=quiet)
    return (Note(SILENT, {"day": day.isoformat()}),)
