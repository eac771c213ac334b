"""What to say beside the figures of churn: that data is thin, old or of no use."""

from datetime import date, timedelta

import pandas as pd

from crm.analytics.churn.churn_encoding import encoder
from crm.analytics.churn.churn_learning import Known
from crm.analytics.evaluation import Evaluation
from crm.analytics.notes import Note
from crm.analytics.verdicts import shifted
from crm.i18n import N_

ENOUGH = 50  # churned, and as many stayed: below, nothing is learned
NOTABLE = 0.03  # difference of predicted and actual share
WEEK = 7  # days without any order that need no explanation
LUCK = 0.001  # a longer silence less likely than this is told

TOO_FEW = N_(
    "Learning needs at least {needed} customers who ordered again and {needed} who did "
    "not. In the {horizon} days after {day} there were {stayed} and {churned}. So "
    "customers are ranked by a plain rule, without probabilities."
)
ALL_ALIKE = N_(
    "All customers looked the same by {day}, so there was nothing to learn from. "
    "Customers are ranked by a plain rule, without probabilities."
)
NO_SIGNAL = N_(
    "On later customers the ranking was no better than chance: do not act on it."
)
NO_BETTER = N_(
    "On later customers the model ranked no better than the days since the last order "
    "alone."
)
SHIFTED = N_(
    "Of later customers {predicted:.0%} were expected not to order again, {actual:.0%} "
    "did not: trust the order of the customers more than the probabilities."
)
SILENT = N_(
    "The last order is of {day}. If later ones are missing, everybody looks as if "
    "leaving."
)


def too_thin(known: Known, horizon: int) -> Note | None:
    """Why nothing can be learned from these customers; None where something can."""
    customers, churned = known.counts
    stayed = customers - churned
    day = known.as_of.isoformat()
    if min(churned, stayed) < ENOUGH:
        counts = {"needed": ENOUGH, "churned": churned, "stayed": stayed}
        return Note(TOO_FEW, {"horizon": horizon, "day": day, **counts})
    if not encoder(known.table).features:
        return Note(ALL_ALIKE, {"day": day})
    return None


def quality(judged: Evaluation, later: Known) -> tuple[Note, ...]:
    """What speaks against relying on a model, by its `judged` figures."""
    notes = []
    if judged.auc.low <= 0.5:
        notes.append(Note(NO_SIGNAL))
    elif judged.auc_gain is not None and judged.auc_gain.low <= 0:
        notes.append(Note(NO_BETTER))
    customers, churned = later.counts
    share = churned / customers
    notes += shifted(judged.predicted, share, customers, notable=NOTABLE, text=SHIFTED)
    return tuple(notes)


def silence(as_of: date, features: pd.DataFrame) -> tuple[Note, ...]:
    """Whether orders stop before `as_of` more suddenly than by luck.

    With n sales spread evenly over 90 days, none falls into the last d of them with
    probability (1 - d / 90) ^ n.

    Args:
        features: as in `crm.frames.CHURN_FEATURES`, one row or more.
    """
    quiet = int(features["recency"].min())
    chance = max(1 - quiet / 90, 0) ** int(features["sales_90"].sum())
    if quiet <= WEEK or (quiet < 90 and chance >= LUCK):
        return ()
    day = as_of - timedelta(days=quiet)
    return (Note(SILENT, {"day": day.isoformat()}),)
