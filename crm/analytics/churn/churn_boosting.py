"""Gradient boosting of small trees, with exact shares of its features."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crm.analytics import tree_shapley
from crm.analytics.tree_shapley import Way

SETTINGS: dict[str, Any] = {
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 40,
    "l2_regularization": 1.0,
    "max_iter": 150,
    "early_stopping": False,
}

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Boosting:
    """Trees, each of which moves the log-odds a little."""

    trees: Any

    def probability(self, z: Floats) -> Floats:
        told: Floats = self.trees.predict_proba(z)[:, 1]
        return told

    def contributions(self, z: Floats) -> Floats:
        """Shapley values in log-odds, exact: see `tree_shapley`.

        A row's sum plus their mean is the log-odds of its probability.
        """
        return tree_shapley.contributions(self.ways(), z)

    def ways(self) -> list[list[Way]]:
        """The ways to the leaves of each tree."""
        return [_ways(tree.nodes) for [tree] in self.trees._predictors]


def boosting(z: Floats, churned: Events, *, seed: int) -> Boosting:
    """Histogram gradient boosting of log loss (Friedman 2001), not weighted.

    Many rounds at a low rate, small trees and full leaves keep it from learning by
    heart, and so near to calibrated.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(random_state=seed, **SETTINGS)
    return Boosting(model.fit(z, churned))


def _ways(nodes: Any) -> list[Way]:
    found: list[Way] = []
    waiting: list[tuple[int, dict[int, tuple[float, float, float]]]] = [(0, {})]
    while waiting:
        at, passed = waiting.pop()
        node = nodes[at]
        if node["is_leaf"]:
            found.append(_way(float(node["value"]), passed))
            continue
        feature, limit = int(node["feature_idx"]), float(node["num_threshold"])
        for side, child in enumerate((int(node["left"]), int(node["right"]))):
            above, upto, share = passed.get(feature, (-np.inf, np.inf, 1.0))
            share *= float(nodes[child]["count"]) / float(node["count"])
            bounds = (max(above, limit), upto) if side else (above, min(upto, limit))
            waiting.append((child, passed | {feature: (*bounds, share)}))
    return found


def _way(value: float, passed: dict[int, tuple[float, float, float]]) -> Way:
    bounds = np.array(list(passed.values())).reshape(-1, 3)
    return Way(value, tuple(passed), *bounds.T)
