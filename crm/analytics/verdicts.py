"""What speaks against a model, from its figures on what came later."""

from crm.analytics.evaluation import Evaluation
from crm.analytics.notes import Note
from crm.analytics.shares import wilson
from crm.i18n import N_

TOO_GOOD = 0.95  # AUC: such a thing is not known of a sale

SUSPICIOUS = N_(
    "The ranking is too good to be true (AUC {auc:.2f}): something that is only filled "
    "in at the end may be among what it stands on."
)


def no_signal(
    mine: Evaluation, everybody: Evaluation, *, by_lot: str, surprised: str
) -> Note | None:
    """Why probabilities are not to be shown; None where they are.

    Args:
        everybody: the same probability for all.
        by_lot: said where the ranking may be by lot, with `auc`, `low` and `high`.
        surprised: said where the log loss is no smaller, with `mine` and `all`.
    """
    if mine.auc.low <= 0.5:
        auc = {"auc": mine.auc.value, "low": mine.auc.low, "high": mine.auc.high}
        return Note(by_lot, auc)
    if mine.log_loss >= everybody.log_loss:
        return Note(surprised, {"mine": mine.log_loss, "all": everybody.log_loss})
    return None


def too_good(mine: Evaluation) -> list[Note]:
    """A warning where the ranking is better than a ranking of sales can be."""
    if mine.auc.value <= TOO_GOOD:
        return []
    return [Note(SUSPICIOUS, {"auc": mine.auc.value})]


def shifted(
    predicted: float, actual: float, count: int, *, notable: float, text: str
) -> list[Note]:
    """A warning where the mean probability is off by more than luck explains.

    Args:
        predicted, actual: shares (0 to 1) of `count`, apart by `notable` or more.
        text: said of them, with `predicted` and `actual`.
    """
    low, high = wilson(actual * count, count)
    if low <= predicted <= high or abs(predicted - actual) < notable:
        return []
    return [Note(text, {"predicted": predicted, "actual": actual})]
