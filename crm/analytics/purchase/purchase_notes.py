"""When purchases cannot be predicted, and what to say beside predictions."""

import numpy as np
import numpy.typing as npt

from crm.analytics.churn.churn_encoding import encoder
from crm.analytics.churn.churn_learning import Known
from crm.analytics.evaluation import Evaluation
from crm.analytics.notes import Note
from crm.analytics.purchase.purchase_amounts import NAMES
from crm.analytics.purchase.purchase_judging import Accuracy
from crm.errors import NotEnoughData
from crm.i18n import N_, _

ENOUGH = 50  # who bought, and as many who did not
OFF = 0.1  # error of the total from which on it is told
LARGE = 0.2  # share of one customer in the revenue from which on it is told

TOO_FEW = N_(
    "Predicting purchases needs at least {needed} customers who ordered again and "
    "{needed} who did not. In the {horizon} days after {day} there were {bought} and "
    "{others}. A longer or shorter horizon may do."
)
ALL_ALIKE = N_(
    "All customers looked the same by {day}, so there was nothing to learn from."
)
NOTHING_NET = N_(
    "In the {horizon} days after {day} as much was sent back as was bought, so there "
    "are no amounts to learn from."
)
NO_SIGNAL = N_(
    "On later customers the ranking by probability was no better than chance: do not "
    "act on it."
)
NO_BETTER = N_(
    "On later customers no model told amounts surely better than “the same as in the "
    "same time before”."
)
TOO_MUCH = N_(
    "One horizon ago “{model}” expected {error:.0%} more revenue than came: trust its "
    "order of the customers more than its sum."
)
TOO_LITTLE = N_(
    "One horizon ago “{model}” expected {error:.0%} less revenue than came: trust its "
    "order of the customers more than its sum."
)
ONE_CUSTOMER = N_(
    "One customer brought {share:.0%} of the revenue that the amounts were judged on, "
    "so figures of the sum and of squared errors hang on that one."
)

Floats = npt.NDArray[np.float64]


def refuse(known: Known, spent: Floats, horizon: int) -> None:
    """Whether these customers are enough to learn from.

    Raises:
        NotEnoughData: too few bought or did not, all look alike, or nothing net came.
    """
    customers, others = known.counts
    facts = {"horizon": horizon, "day": known.as_of.isoformat()}
    bought = customers - others
    if min(bought, others) < ENOUGH:
        counts = {"needed": ENOUGH, "bought": bought, "others": others}
        raise NotEnoughData(_(TOO_FEW).format(**counts, **facts))
    if not encoder(known.table).features:
        raise NotEnoughData(_(ALL_ALIKE).format(**facts))
    if spent.sum() <= 0:
        raise NotEnoughData(_(NOTHING_NET).format(**facts))


def chance(judged: Evaluation) -> tuple[Note, ...]:
    """What speaks against the probabilities."""
    return (Note(NO_SIGNAL),) if judged.auc.low <= 0.5 else ()


def amounts(model: str, judged: Accuracy, spent: Floats) -> tuple[Note, ...]:
    """What speaks against the amounts of a model, the best one."""
    notes = []
    if judged.gain is not None and judged.gain.low <= 0:
        notes.append(Note(NO_BETTER))
    error = judged.ratio.value - 1
    if abs(error) >= OFF and not judged.ratio.low <= 1 <= judged.ratio.high:
        told = TOO_MUCH if error > 0 else TOO_LITTLE
        notes.append(Note(told, {"model": NAMES[model], "error": abs(error)}))
    share = float(spent.max() / spent.sum())
    if share >= LARGE:
        notes.append(Note(ONE_CUSTOMER, {"share": share}))
    return tuple(notes)
