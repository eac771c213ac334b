"""Models of the chance to win, each calibrated on opportunities it did not learn from.

All moments of an opportunity count alike: whoever was open at some age is there once
at that age, so that the chance at each is that of what came so far. (Weights that let
each opportunity count once would depend on how long it lived, and so on its end.)
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import calibration
from crm.analytics.calibration import log_odds, sigmoid
from crm.analytics.churn import churn_boosting
from crm.analytics.churn.churn_models import Logistic, Model
from crm.analytics.deals.win_encoding import Encoder, encoder
from crm.analytics.deals.win_features import THEMES
from crm.analytics.deals.win_rows import Rows
from crm.analytics.importance import columns_of

FOLDS = 5
PULL = 0.1
SEED = 0
STAGE_PRIOR = 10  # rows by which the rate of a stage is drawn to that of all

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Learner = Callable[[Floats, Events], Model]


@dataclass(frozen=True)
class Calibrated:
    """A model whose log-odds went through a line (Platt 1999)."""

    model: Model
    intercept: float
    slope: float

    def probability(self, z: Floats) -> Floats:
        raw = log_odds(self.model.probability(z))
        return sigmoid(self.intercept + self.slope * raw)

    def contributions(self, z: Floats) -> Floats:
        """Exact, in log-odds against the average opportunity."""
        moved: Floats = self.slope * self.model.contributions(z)
        return moved


@dataclass(frozen=True)
class Models:
    """Models by name, how much each surprised where it had not learned.

    `surprises` are log losses on opportunities left out in turn, `seconds` what each
    took to learn. `best` surprised least; later opportunities have no say in that.
    """

    encoder: Encoder
    by_name: dict[str, Calibrated]
    surprises: dict[str, float]
    seconds: dict[str, float]

    @property
    def best(self) -> str:
        return min(self.surprises, key=self.surprises.__getitem__)

    def told(self, table: pd.DataFrame) -> dict[str, Floats]:
        """Probabilities by model."""
        z = self.encoder.apply(table)
        return {name: model.probability(z) for name, model in self.by_name.items()}

    def themes(self) -> dict[str, list[int]]:
        """The columns that speak of one thing, as far as anything is known of it."""
        return columns_of(THEMES, self.encoder.features)


def logistic(z: Floats, won: Events) -> Logistic:
    """Maximum likelihood with a pull of all coefficients to 0 (ridge, C = 0.1).

    The pull is stronger than usual, as the moments of an opportunity say much the same
    and are fewer than they look. Without any feature, everyone has the base rate.
    """
    from sklearn.linear_model import LogisticRegression

    if not z.shape[1]:
        return Logistic(float(log_odds(won.mean(keepdims=True))[0]), ())
    model = LogisticRegression(C=PULL, max_iter=1000).fit(z, won)
    return Logistic(float(model.intercept_[0]), tuple(model.coef_[0].tolist()))


LEARNERS: dict[str, Learner] = {
    "logistic": logistic,
    "boosting": lambda z, won: churn_boosting.boosting(z, won, seed=SEED),
}


def learn(known: Rows) -> Models:
    """All of `LEARNERS`, from opportunities of both outcomes.

    Where all look the same, none learns anything, and all say the rate of all.
    """
    first = known.openings
    made = encoder(known.table, first.table, first.won)
    z = made.apply(known.table)
    found, surprises, seconds = {}, {}, {}
    for name in LEARNERS if made.features else ["logistic"]:
        began = time.perf_counter()
        learner = LEARNERS[name]
        found[name], surprises[name] = calibrated(learner, z, known.won, known.ids)
        seconds[name] = time.perf_counter() - began
    return Models(made, found, surprises, seconds)


def by_stage(earlier: Rows, later: pd.DataFrame) -> Floats:
    """The share won of what had been in a stage, drawn a little to that of all.

    Args:
        later: as in `win_features.DESCRIBED`.
    """
    stage = earlier.table["stage"].fillna(-1).to_numpy()
    seen = pd.Series(earlier.won).groupby(stage).agg(["sum", "size"])
    rates = (seen["sum"] + STAGE_PRIOR * earlier.rate) / (seen["size"] + STAGE_PRIOR)
    told: Floats = later["stage"].fillna(-1).map(rates).fillna(earlier.rate).to_numpy()
    return told


def calibrated(
    learner: Learner, z: Floats, won: Events, ids: pd.Series
) -> tuple[Calibrated, float]:
    """Learned from all, its line from rows left out in turn; its log loss on these.

    Args:
        ids: rows of the same are left out together.
    """
    fold, rate = _folds(ids), float(won.mean())
    p = np.full(len(z), rate)
    for number in range(FOLDS):
        out = fold == number
        if out.any() and won[~out].any() and not won[~out].all():
            p[out] = learner(z[~out], won[~out]).probability(z[out])
    intercept, slope = _line(won, p, rate)
    surprise = calibration.log_loss(won, sigmoid(intercept + slope * log_odds(p)))
    return Calibrated(learner(z, won), intercept, slope), surprise


def _line(won: Events, p: Floats, rate: float) -> tuple[float, float]:
    """Intercept and slope; the rate of all where the model says nothing."""
    fitted = calibration.line(won, p)
    if not fitted or fitted[1] <= 0:
        return float(log_odds(np.array([rate]))[0]), 0.0
    return fitted


def _folds(ids: pd.Series) -> npt.NDArray[np.int64]:
    """The fold of each row, all rows of one opportunity in the same."""
    codes, everyone = pd.factorize(ids)
    lot = np.random.default_rng(SEED).permutation(len(everyone))
    found: npt.NDArray[np.int64] = (lot % FOLDS)[codes]
    return found
