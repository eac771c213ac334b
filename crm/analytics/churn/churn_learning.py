"""Learn from customers whose outcome is known; judge on later ones; score today's."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import reasons
from crm.analytics.churn import churn_boosting, churn_models, churn_svm
from crm.analytics.churn.churn_choice import SCORED
from crm.analytics.churn.churn_encoding import COLUMNS, Encoder, encoder
from crm.analytics.churn.churn_features import THEMES, groups, scaler, values
from crm.analytics.churn.churn_models import Foreteller, Logistic
from crm.analytics.churn.churn_rule import recent_revenue
from crm.analytics.importance import columns_of
from crm.frames import Schema, typed

SCORES: Schema = {  # one row per customer, the most likely to churn first
    "customer_id": "int64",
    "probability": "float32",  # of no sale within the horizon
    "revenue_180": "float32",  # in the 180 days up to as_of, base currency, 0 or more
    "at_risk": "float32",  # probability × revenue_180
} | reasons.REASONS
COEFFICIENTS: Schema = COLUMNS | {  # of logistic regression
    "coefficient": "float64",  # log odds = intercept + Σ coefficient × z
}

SEED = 0

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Learner = Callable[[Floats, Events], Foreteller]

LEARNERS: dict[str, Learner] = {
    "logistic": churn_models.logistic,
    "boosting": lambda z, churned: churn_boosting.boosting(z, churned, seed=SEED),
    "forest": lambda z, churned: churn_models.forest(z, churned, seed=SEED, n_jobs=1),
    "svm_linear": lambda z, churned: churn_svm.linear(z, churned, seed=SEED),
    "svm_rbf": lambda z, churned: churn_svm.radial(z, churned, seed=SEED),
}


@dataclass(frozen=True)
class Known:
    """Customers as of a day, and who of them churned.

    `features` as in `crm.frames.CHURN_FEATURES`, `table` as `described` gives it.
    """

    as_of: date
    features: pd.DataFrame
    table: pd.DataFrame
    churned: Events

    @property
    def counts(self) -> tuple[int, int]:
        """Customers, and those of them who churned."""
        return len(self.churned), int(self.churned.sum())


@dataclass(frozen=True)
class Models:
    """Models by name, what they learned on, and the seconds that each took."""

    encoder: Encoder
    by_name: dict[str, Any]
    seconds: dict[str, float]

    def told(self, table: pd.DataFrame) -> dict[str, Floats]:
        """Probabilities by model, of customers `described`."""
        z = self.encoder.apply(table)
        return {name: model.probability(z) for name, model in self.by_name.items()}

    def scores(
        self, features: pd.DataFrame, table: pd.DataFrame
    ) -> dict[str, pd.DataFrame]:
        """By model that gives reasons, a table as in `SCORES`.

        Args:
            features: as in `crm.frames.CHURN_FEATURES`.
            table: as `described` gives it.
        """
        z = self.encoder.apply(table)
        names = list(self.encoder.features)
        made = {}
        for name in [name for name in SCORED if name in self.by_name]:
            model = self.by_name[name]
            moved = pd.DataFrame(model.contributions(z), columns=names)
            why = reasons.columns(table, moved, THEMES)
            made[name] = _scores(features, model.probability(z), why)
        return made

    @property
    def logistic(self) -> Logistic:
        found: Logistic = self.by_name["logistic"]
        return found

    def coefficients(self) -> pd.DataFrame:
        """What logistic regression weighs, as in `COEFFICIENTS`."""
        table = self.encoder.columns()
        return typed(
            table.assign(coefficient=list(self.logistic.coefficients)), COEFFICIENTS
        )

    def themes(self) -> dict[str, list[int]]:
        """The columns that speak of one thing, as far as anything is known of it."""
        return columns_of(THEMES, self.encoder.features)


def described(features: pd.DataFrame) -> pd.DataFrame:
    """What models learn from: `churn_features.FEATURES` and `GROUPS`.

    Raises:
        Invalid: see `churn_features.values`.
    """
    return values(features).join(groups(features))


def learn(known: Known, names: Sequence[str]) -> Models:
    """Those of `LEARNERS` that are named, from one cut."""
    made = encoder(known.table)
    z = made.apply(known.table)
    models, seconds = {}, {}
    for name in [name for name in names if name in LEARNERS]:
        began = time.perf_counter()
        models[name] = LEARNERS[name](z, known.churned)
        seconds[name] = time.perf_counter() - began
    return Models(made, models, seconds)


def by_recency(earlier: Known, later: Known) -> Floats:
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
