"""Support vector machines, whose distances become probabilities by a line."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crm.analytics import calibration
from crm.analytics.calibration import log_odds, sigmoid
from crm.analytics.churn.churn_models import Logistic

KERNEL_ROWS = 8_000  # the time of a kernel machine grows with the square of its rows
FOLDS = 4  # to calibrate on customers that it did not learn from
AT_ONCE = 20_000  # rows held against the support vectors at a time

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kernel:
    """A machine of radial basis functions with its calibration line."""

    machine: Any
    intercept: float
    slope: float

    def probability(self, z: Floats) -> Floats:
        parts = np.array_split(z, max(len(z) // AT_ONCE, 1))
        distance = np.concatenate([self.machine.decision_function(p) for p in parts])
        return sigmoid(self.intercept + self.slope * distance)


def linear(z: Floats, churned: Events, *, seed: int) -> Logistic:
    """A linear machine (squared hinge, C = 0.1), in plain numbers.

    Its line is fitted (Platt 1999) to distances of customers left out in turn, so
    that its log-odds are linear in the features too.
    """
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=0.1, dual=False, random_state=seed)
    intercept, slope = _line(machine, z, churned, seed)
    machine.fit(z, churned)
    weights = slope * machine.coef_[0]
    return Logistic(
        intercept + slope * float(machine.intercept_[0]), tuple(weights.tolist())
    )


def radial(z: Floats, churned: Events, *, seed: int) -> Kernel:
    """A machine of radial basis functions (C = 1), from at most `KERNEL_ROWS` rows."""
    from sklearn.svm import SVC

    rows = np.random.default_rng(seed).permutation(len(z))[:KERNEL_ROWS]
    z, churned = z[rows], churned[rows]
    machine = SVC(C=1.0, gamma="scale", cache_size=500)
    intercept, slope = _line(machine, z, churned, seed)
    return Kernel(machine.fit(z, churned), intercept, slope)


def _line(machine: Any, z: Floats, churned: Events, seed: int) -> tuple[float, float]:
    """Intercept and slope of log-odds on distance; the base rate if it says nothing."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    distance = cross_val_predict(
        machine, z, churned, cv=folds, method="decision_function"
    )
    fitted = calibration.line(churned, sigmoid(distance))
    if not fitted or fitted[1] <= 0:
        return float(log_odds(churned.mean(keepdims=True))[0]), 0.0
    return fitted
