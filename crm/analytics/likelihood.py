"""Parameters that make what was seen likeliest, all of them positive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

Floats = npt.NDArray[np.float64]
LogLikelihood = Callable[[Floats], tuple[float, Floats]]

LOWEST, HIGHEST = -9.0, 11.0  # logarithms of parameters are looked for in between


@dataclass(frozen=True)
class Fitted:
    """Logarithms of the best parameters, and the log-likelihood there."""

    log_parameters: Floats
    log_likelihood: float

    @property
    def at_bound(self) -> bool:
        """Whether a parameter ran as far as it was let."""
        edge = np.minimum(self.log_parameters - LOWEST, HIGHEST - self.log_parameters)
        return bool(edge.min() < 1e-6)


def maximised(function: LogLikelihood, starts: Sequence[Floats]) -> Fitted:
    """The best that L-BFGS-B finds from all starts.

    Args:
        function: of the logarithms of the parameters: a log-likelihood of the order
            of 1 (a mean per customer, say), and its gradient.
        starts: logarithms of parameters.
    """
    from scipy.optimize import minimize

    def negative(point: Floats) -> tuple[float, Floats]:
        value, gradient = function(point)
        return -value, -gradient

    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8}
    bounds = [(LOWEST, HIGHEST)] * len(starts[0])
    with _threads().limit(limits=1):  # of a few numbers each, they only get in the way
        tries = [
            minimize(
                negative,
                start,
                jac=True,
                method="L-BFGS-B",
                bounds=bounds,
                options=options,
            )
            for start in starts
        ]
    best = min(tries, key=lambda found: found.fun)
    return Fitted(np.asarray(best.x), -float(best.fun))


@cache
def _threads() -> ThreadpoolController:
    """Made once: looking for the thread pools takes longer than many a fit."""
    return ThreadpoolController()
