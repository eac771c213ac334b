"""Who will buy: what churn's models say, the other way round."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import evaluation
from crm.analytics import reasons as why
from crm.analytics.churn import churn_bg_nbd, churn_choice, churn_learning
from crm.analytics.churn.churn_choice import NAMES, NO_NUMBER
from crm.analytics.churn.churn_features import THEMES
from crm.analytics.churn.churn_learning import SEED, Known
from crm.analytics.evaluation import Evaluation
from crm.analytics.notes import Note

MODELS = ("logistic", "boosting", "forest", "svm_linear", "bg_nbd")
SAMPLED = ("forest", "svm_linear")  # learn from a sample, as they are slow
SAMPLE = 20_000  # customers
GIVING_REASONS = churn_choice.SCORED

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chances:
    """How good probabilities to buy were, by model, and the rivals to beat.

    Attributes:
        told: the probability of each judged customer, by model.
        evaluations: of `MODELS`, then `recency` (days since the last sale alone) and
            `base_rate` (one probability for all); the event is a purchase.
        best: of the models that give reasons the one of the smallest log loss.
        left_out: what to say of models that could not be judged.
    """

    told: dict[str, Floats]
    evaluations: dict[str, Evaluation]
    best: str
    left_out: tuple[Note, ...]


def judge(earlier: Known, later: Known, horizon: int) -> Chances:
    """What is learned on `earlier` customers held against what came of `later`."""
    told, left_out = {}, []
    for name in MODELS:
        p = _told(name, earlier, later, horizon)
        if np.isfinite(p).all():
            told[name] = p
        else:
            left_out.append(Note(NO_NUMBER, {"model": NAMES[name]}))
    bought = ~later.churned
    recency = 1 - churn_learning.by_recency(earlier, later)
    same = np.full(len(bought), 1 - earlier.churned.mean())
    found = {
        name: evaluation.judge(bought, p, rival=recency) for name, p in told.items()
    }
    best = min(
        (name for name in GIVING_REASONS if name in found),
        key=lambda name: found[name].log_loss,
    )
    rivals = {
        "recency": evaluation.judge(bought, recency),
        "base_rate": evaluation.judge(bought, same),
    }
    return Chances(told, found | rivals, best, tuple(left_out))


def today(known: Known, new: Known, name: str) -> dict[str, Any]:
    """`probability` to buy and the columns of `reasons.REASONS`, for `new` customers.

    Learned from `known`; what raises the probability contributes above 0.
    """
    models = churn_learning.learn(_rows(known, name), [name])
    z = models.encoder.apply(new.table)
    model = models.by_name[name]
    moved = pd.DataFrame(-model.contributions(z), columns=list(models.encoder.features))
    return {
        "customer_id": new.features["customer_id"].to_numpy(),
        "probability": 1 - model.probability(z),
    } | why.columns(new.table, moved, THEMES)


def _told(name: str, earlier: Known, later: Known, horizon: int) -> Floats:
    if name == "bg_nbd":
        return 1 - churn_bg_nbd.probability(later.features, horizon)
    models = churn_learning.learn(_rows(earlier, name), [name])
    return 1 - models.told(later.table)[name]


def _rows(known: Known, name: str) -> Known:
    """All customers, or a sample for what is slow."""
    if name not in SAMPLED or len(known.churned) <= SAMPLE:
        return known
    rows = np.random.default_rng(SEED).permutation(len(known.churned))[:SAMPLE]
    return replace(
        known,
        features=known.features.iloc[rows],
        table=known.table.iloc[rows],
        churned=known.churned[rows],
    )
