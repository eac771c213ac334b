"""Learn from customers whose outcome is known; judge on later ones; score today's."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import churn_models, evaluation, reasons
from crm.analytics.churn_features import THEMES, Scaler, scaler
from crm.analytics.churn_models import Forest, Logistic, Model
from crm.analytics.churn_rule import recent_revenue
from crm.analytics.evaluation import Evaluation
from crm.frames import Schema, typed

SCORES: Schema = {  # one row per customer, the most likely to churn first
    "customer_id": "int64",
    "probability": "float64",  # of no sale within the horizon
    "revenue_180": "float64",  # in the 180 days up to as_of, base currency, 0 or more
    "at_risk": "float64",  # probability × revenue_180
} | reasons.REASONS
COEFFICIENTS: Schema = {  # of the logistic model; log odds = intercept + Σ c z
    "feature": "str",
    "mean": "float64",  # z = (log x - mean) / deviation: see `Scaler`
    "deviation": "float64",
    "low": "float64",  # of log x
    "high": "float64",
    "coefficient": "float64",
}

MODELS = ("logistic", "forest")
SEED = 0

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """Customers as of a day, `table` as of `churn_features.values`, and who churned."""

    as_of: date
    table: pd.DataFrame
    churned: Events

    @property
    def counts(self) -> tuple[int, int]:
        """Customers, and those of them who churned."""
        return len(self.churned), int(self.churned.sum())


@dataclass(frozen=True)
class Models:
    """Both models, and the scale that they learned on."""

    scale: Scaler
    logistic: Logistic
    forest: Forest

    def by_name(self) -> dict[str, Model]:
        return {"logistic": self.logistic, "forest": self.forest}

    def scores(
        self, features: pd.DataFrame, table: pd.DataFrame
    ) -> dict[str, pd.DataFrame]:
        """By model, a table as in `SCORES`.

        Args:
            features: as in `crm.frames.CHURN_FEATURES`.
            table: their `churn_features.values`.
        """
        z = self.scale.apply(table)
        names = list(self.scale.names)
        made = {}
        for name, model in self.by_name().items():
            moved = pd.DataFrame(model.contributions(z), columns=names)
            why = reasons.columns(table, moved, THEMES)
            made[name] = _scores(features, model.probability(z), why)
        return made

    def coefficients(self) -> pd.DataFrame:
        """What the logistic model weighs, as in `COEFFICIENTS`."""
        scale = self.scale
        columns = (
            *(scale.names, scale.mean, scale.deviation, scale.low, scale.high),
            self.logistic.coefficients,
        )
        return typed(dict(zip(COEFFICIENTS, columns, strict=True)), COEFFICIENTS)


def learn(known: Known, *, n_jobs: int) -> Models:
    """Both models from one cut; features that are the same for all are left out."""
    scale = scaler(known.table)
    z = scale.apply(known.table)
    return Models(
        scale,
        churn_models.logistic(z, known.churned),
        churn_models.forest(z, known.churned, seed=SEED, n_jobs=n_jobs),
    )


def judge(earlier: Known, later: Known, *, n_jobs: int) -> dict[str, Evaluation]:
    """What is learned on `earlier` held against what came of `later`.

    By name: both models, and the two that they are to be compared with.
    """
    models = learn(earlier, n_jobs=n_jobs)
    z = models.scale.apply(later.table)
    recency = _by_recency(earlier, later)
    told = {name: model.probability(z) for name, model in models.by_name().items()}
    evaluations = {
        name: evaluation.judge(later.churned, p, rival=recency)
        for name, p in told.items()
    }
    base_rate = np.full(len(later.churned), earlier.churned.mean())
    return evaluations | {
        "recency": evaluation.judge(later.churned, recency),
        "base_rate": evaluation.judge(later.churned, base_rate),
    }


def _by_recency(earlier: Known, later: Known) -> Floats:
    """Probabilities from the days since the last sale alone, in their full range."""
    learned = scaler(earlier.table[["recency"]])
    scale = (
        replace(learned, low=(-np.inf,), high=(np.inf,)) if learned.names else learned
    )
    model = churn_models.logistic(scale.apply(earlier.table), earlier.churned)
    return model.probability(scale.apply(later.table))


def _scores(
    features: pd.DataFrame, probability: Floats, why: dict[str, Any]
) -> pd.DataFrame:
    revenue = recent_revenue(features)
    table = features.assign(
        probability=probability,
        revenue_180=revenue,
        at_risk=probability * revenue,
        **why,
    )
    order = ["probability", "revenue_180", "customer_id"]
    ranked = table.sort_values(order, ascending=[False, False, True])
    return typed(ranked.reset_index(drop=True), SCORES)
