"""Who buys in the next days, and how much: two questions on one split by time.

Features know nothing after their day, and every figure shown is from customers as they
were one horizon after those that the models learned from. Only those who have bought
before are looked at; customers yet to come are not in any total.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import reasons
from crm.analytics.churn import churn, churn_notes
from crm.analytics.churn.churn import Cut
from crm.analytics.churn.churn_learning import Known, described
from crm.analytics.notes import Note
from crm.analytics.purchase import purchase_chance, purchase_notes
from crm.analytics.purchase.purchase_bands import NORMAL
from crm.analytics.purchase.purchase_chance import Chances
from crm.analytics.purchase.purchase_spending import Past, Spending, spending
from crm.analytics.ranking import Interval
from crm.errors import Invalid, NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

CUSTOMERS: Schema = {  # one row per customer of today, in the order of the features
    "customer_id": "int64",
    "probability": "float32",  # of a sale within the horizon
    "before": "float32",  # net revenue of the horizon just past, base currency
} | reasons.REASONS  # what raises the probability contributes above 0

Floats = npt.NDArray[np.float64]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Purchase:
    """Both answers, and how good they were.

    Attributes:
        horizon: days looked ahead.
        learned_on, judged_on, as_of: days of the three cuts.
        learned_from, judged_from: customers, and those of them who bought.
        customers: as in `CUSTOMERS`, by the best model of `chances`; the rows of
            `spending.amounts` are theirs.
        chances: who buys; `expected_then` is how many the best one expected of the
            customers judged.
        buyers: expected today, with a 90 % interval of chance alone.
        spending: how much.
        notes: what to say beside the figures.
        left_out: what to say of models that could not be computed.
    """

    horizon: int
    learned_on: date
    judged_on: date
    as_of: date
    learned_from: tuple[int, int]
    judged_from: tuple[int, int]
    customers: pd.DataFrame
    chances: Chances
    expected_then: float
    buyers: Interval
    spending: Spending
    notes: tuple[Note, ...]
    left_out: tuple[Note, ...]


def predict(
    train: Cut,
    test: Cut,
    now: Cut,
    *,
    horizon: int,
    on_progress: Progress | None = None,
) -> Purchase:
    """Learn on the first cut, judge on the second, score the third.

    Today's figures come from the same models learned anew on the second cut, the
    newest whose outcome is known.

    Args:
        train, test, now: as `churn.days` says, one horizon apart.
        on_progress: told the share done, 0 to 1.

    Raises:
        NotEnoughData: see `purchase_notes.refuse`; or there is nobody to score.
        Invalid: a horizon out of bounds, cuts not one horizon apart, orders after
            their cut, missing values.
    """
    _check(train, test, now, horizon)
    told = on_progress or (lambda _share: None)
    learned, judged, today = _past(train), _past(test), _known(now)
    for one in (learned, judged):
        purchase_notes.refuse(one.known, one.spent, horizon)
    chances = purchase_chance.judge(learned.known, judged.known, horizon)
    told(0.4)
    rival = _brought(test.features, train.future), _brought(now.features, test.future)
    found = spending(learned, judged, today, rival=rival, horizon=horizon)
    told(0.9)
    columns = purchase_chance.today(judged.known, today, chances.best)
    told(1.0)
    return Purchase(
        horizon=horizon,
        learned_on=train.as_of,
        judged_on=test.as_of,
        as_of=now.as_of,
        learned_from=_counts(learned.known),
        judged_from=_counts(judged.known),
        customers=typed(pd.DataFrame(columns | {"before": rival[1]}), CUSTOMERS),
        chances=chances,
        expected_then=float(chances.told[chances.best].sum()),
        buyers=_sum(columns["probability"]),
        spending=found,
        notes=_notes(now, chances, found, judged),
        left_out=chances.left_out + found.left_out,
    )


def _notes(
    now: Cut, chances: Chances, found: Spending, judged: Past
) -> tuple[Note, ...]:
    return (
        *churn_notes.silence(now.as_of, now.features),
        *purchase_notes.chance(chances.evaluations[chances.best]),
        *purchase_notes.amounts(found.best, found.accuracies[found.best], judged.spent),
    )


def _sum(p: Floats) -> Interval:
    """Of independent events; 90 %."""
    expected, reach = float(p.sum()), NORMAL * float(np.sqrt((p * (1 - p)).sum()))
    low, high = np.clip([expected - reach, expected + reach], 0, len(p))
    return Interval(expected, float(low), float(high))


def _check(train: Cut, test: Cut, now: Cut, horizon: int) -> None:
    if (train.as_of, test.as_of, now.as_of) != churn.days(now.as_of, horizon):
        raise Invalid(_("The days of the analysis are not one horizon apart."))
    if now.features.empty:
        raise NotEnoughData(
            _("No customer has ordered by {day}, so there is nobody to score.").format(
                day=now.as_of.isoformat()
            )
        )


def _known(cut: Cut) -> Known:
    churned = ~cut.features["customer_id"].isin(cut.future["customer_id"]).to_numpy()
    return Known(cut.as_of, cut.features, described(cut.features), churned)


def _past(cut: Cut) -> Past:
    return Past(_known(cut), _brought(cut.features, cut.future))


def _brought(features: pd.DataFrame, future: pd.DataFrame) -> Floats:
    """Net revenue of each customer; 0 where there was no sale."""
    revenue = future.set_index("customer_id")["revenue"]
    found = revenue.reindex(features["customer_id"], fill_value=0.0)
    return np.asarray(found, dtype="float64")


def _counts(known: Known) -> tuple[int, int]:
    """Customers, and those of them who bought."""
    customers, others = known.counts
    return customers, customers - others
