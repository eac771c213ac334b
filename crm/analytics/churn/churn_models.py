"""Models of churn: each gives probabilities, and what moved them for a customer."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from crm.analytics import calibration
from crm.analytics.calibration import log_odds, sigmoid

FOREST_ROWS = 100_000  # a forest is grown from a sample of as many
TREES = 200

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class Foreteller(Protocol):
    """Customers are rows of features on a common scale."""

    def probability(self, z: Floats) -> Floats:
        """Of churn, one per row."""


class Model(Foreteller, Protocol):
    """One that can give its reasons."""

    def contributions(self, z: Floats) -> Floats:
        """How much each feature moves each customer; positive towards churn."""


@dataclass(frozen=True)
class Logistic:
    """Logistic regression, in plain numbers."""

    intercept: float
    coefficients: tuple[float, ...]

    def probability(self, z: Floats) -> Floats:
        return sigmoid(self.intercept + z @ np.array(self.coefficients))

    def contributions(self, z: Floats) -> Floats:
        """Exact, in log-odds against the average customer.

        A row's sum plus the intercept is the log-odds of its probability.
        """
        shares: Floats = z * np.array(self.coefficients)
        return shares


def logistic(z: Floats, churned: Events) -> Logistic:
    """Maximum likelihood with a slight pull of all coefficients to 0 (ridge, C = 1).

    Neither side is weighted, so that its probabilities are calibrated by construction.
    Without any feature, everyone has the base rate.
    """
    from sklearn.linear_model import LogisticRegression

    if not z.shape[1]:
        return Logistic(float(log_odds(churned.mean(keepdims=True))[0]), ())
    model = LogisticRegression(max_iter=1000).fit(z, churned)
    return Logistic(float(model.intercept_[0]), tuple(model.coef_[0].tolist()))


@dataclass(frozen=True)
class Forest:
    """Random forest whose probabilities went through a calibration line."""

    trees: Any
    intercept: float
    slope: float

    def probability(self, z: Floats) -> Floats:
        raw = self.trees.predict_proba(z)[:, 1]
        return sigmoid(self.intercept + self.slope * log_odds(raw))

    def contributions(self, z: Floats) -> Floats:
        """What each split on the way changed, by feature, averaged over the trees.

        In probability before calibration, against the share of all (Palczewska et al.
        2013): a row's sum plus that share is the forest's own probability.
        """
        moved = np.zeros(z.shape)
        for tree in self.trees.estimators_:
            moved += _on_the_way(tree.tree_, z.shape[1])[tree.apply(z)]
        return moved / len(self.trees.estimators_)


def forest(z: Floats, churned: Events, *, seed: int, n_jobs: int) -> Forest:
    """Breiman's random forest with ten or more customers a leaf.

    Calibrated by a line on the log-odds (Platt 1999) of out-of-bag probabilities:
    each is from trees that did not see the customer.
    """
    from sklearn.ensemble import RandomForestClassifier

    rows = np.random.default_rng(seed).permutation(len(z))[:FOREST_ROWS]
    z, churned = z[rows], churned[rows]
    trees = RandomForestClassifier(
        TREES,
        min_samples_leaf=max(10, len(z) // 400),
        oob_score=True,
        random_state=seed,
        n_jobs=n_jobs,
    ).fit(z, churned)
    fitted = calibration.line(churned, trees.oob_decision_function_[:, 1])
    if not fitted or fitted[1] <= 0:  # nothing learned: the base rate for everyone
        fitted = (float(log_odds(churned.mean(keepdims=True))[0]), 0.0)
    return Forest(trees, *fitted)


def _on_the_way(tree: Any, features: int) -> Floats:
    """For each node: the changes of probability on the way to it, by feature."""
    share = tree.value[:, 0, 1]
    moved = np.zeros((tree.node_count, features))
    for node in np.flatnonzero(tree.children_left >= 0):  # parents before children
        for child in (tree.children_left[node], tree.children_right[node]):
            moved[child] = moved[node]
            moved[child, tree.feature[node]] += share[child] - share[node]
    return moved
