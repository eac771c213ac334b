"""Gaussian mixtures: clusters that may be longish, of different widths, overlapping."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm.analytics.segmentation.features import Floats, distinct
from crm.analytics.segmentation.kmeans import one_thread, sample

ROWS = 100_000  # beyond them, the mixture is fitted to a sample of as many
STARTS = 3
ONE_START_ROWS = 20_000  # beyond them a single start: more rows depend less on it
STEPS = 200  # of expectation and maximisation, at most
LEAST_VARIANCE = 1e-3  # added to each; else equal customers make a cluster of no width


@dataclass(frozen=True)
class Mixture:
    """A fitted mixture of normal distributions, a component a row.

    Attributes:
        weights: shares, which sum to 1.
        means: components × features.
        covariances: components × features × features.
        bic: Bayesian information criterion on the `rows` fitted to; lower is better.
    """

    weights: Floats
    means: Floats
    covariances: Floats
    bic: float
    rows: int


def mixture(
    matrix: Floats, k: int, *, seed: int = 0, starts: int = STARTS, rows: int = ROWS
) -> Mixture:
    """The likeliest of several mixtures of `k` components with full covariances.

    By expectation-maximisation from k-means starts, in one thread, so that the same
    rows always give the same result.

    Args:
        k: number of components; where fewer rows differ, fewer come back.
        rows: beyond them, a random sample of as many is fitted.
    """
    from sklearn.mixture import GaussianMixture

    drawn = sample(matrix, rows, seed)
    k = min(k, distinct(drawn, k))
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not yet converged: as good as it has become
        model = GaussianMixture(
            k,
            reg_covar=LEAST_VARIANCE,
            n_init=starts if len(drawn) <= ONE_START_ROWS else 1,
            max_iter=STEPS,
            random_state=seed,
        ).fit(drawn)
        bic = float(model.bic(drawn))
    return Mixture(model.weights_, model.means_, model.covariances_, bic, len(drawn))


def likeliest(
    matrix: Floats, weights: Floats, means: Floats, covariances: Floats
) -> NDArray[np.intp]:
    """The position of the component that each row most probably belongs to.

    Column by column, so that the answer for a row does not depend on the others, as
    it may, in the last digit, by a matrix product.
    """
    labels = np.zeros(len(matrix), dtype=np.intp)
    best = np.full(len(matrix), -np.inf)
    for position, weight in enumerate(weights):
        density = _log_density(matrix, means[position], covariances[position])
        density += np.log(weight)
        labels[density > best] = position
        np.maximum(best, density, out=best)
    return labels


def _log_density(matrix: Floats, mean: Floats, covariance: Floats) -> Floats:
    """The logarithm of a normal density at each row, but for a constant."""
    lower = np.linalg.cholesky(covariance)
    inverse = np.linalg.inv(lower)  # its rows turn differences into independent ones
    squares = np.zeros(len(matrix))
    for row in inverse:
        part = np.zeros(len(matrix))
        for column, factor in enumerate(row):
            if factor:
                part += (matrix[:, column] - mean[column]) * factor
        squares += part * part
    density: Floats = -squares / 2 - np.log(np.diag(lower)).sum()
    return density
