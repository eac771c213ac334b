"""Is a rule more than chance? An exact test, and corrections for many tests.

A search tries far more rules than it reports. Both corrections therefore take the
number of rules that *could* have been found; those not in `p` count as p = 1, which
only makes the answer more careful. Correcting after a filter on the same data would
be wrong (Webb 2007, “Discovering significant patterns”).
"""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def fisher(joint: Counts, antecedent: Counts, consequent: Counts, n: int) -> Floats:
    """One-sided p-value of Fisher's exact test, for each rule.

    The chance that at least `joint` of `n` baskets hold both sides, when
    `antecedent` baskets hold the one and `consequent` the other independently.
    """
    from scipy.stats import hypergeom

    margins = np.sort(np.stack([antecedent, consequent]), axis=0)
    cases, which = np.unique(
        np.vstack([joint, margins]), axis=1, return_inverse=True
    )  # equal tables are common: the sides change places, small counts recur
    tails = hypergeom.sf(cases[0] - 1, n, cases[1], cases[2])
    p: Floats = np.clip(tails, 0, 1)[which.reshape(-1)]
    return p


def benjamini_hochberg(p: Floats, tests: int) -> Floats:
    """q-values: the expected share of false finds if rules up to this one are kept.

    Benjamini and Hochberg 1995. `tests` is at least `len(p)`.
    """
    order = np.argsort(p)[::-1]
    scaled = p[order] * tests / np.arange(len(p), 0, -1)
    return _unsorted(np.minimum.accumulate(np.minimum(scaled, 1)), order)


def holm(p: Floats, tests: int) -> Floats:
    """p-values that bound the chance of even one false find.

    Holm 1979. `tests` is at least `len(p)`.
    """
    order = np.argsort(p)
    scaled = p[order] * (tests - np.arange(len(p)))
    return _unsorted(np.minimum(np.maximum.accumulate(scaled), 1), order)


def _unsorted(values: Floats, order: npt.NDArray[np.intp]) -> Floats:
    result = np.empty_like(values)
    result[order] = values
    return result
