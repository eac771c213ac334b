"""Gamma-Gamma: what a customer spends on a day with a purchase.

Amounts of a customer vary around a mean of its own (gamma with shape p), and these
means across customers (inverse gamma, with q and gamma), whatever the customer's
number of purchases: Fader and Hardie, "The Gamma-Gamma model of monetary value"
(2013), after Colombo and Jiang (1999).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm.analytics.likelihood import Fitted, maximised
from crm.errors import NotEnoughData
from crm.i18n import _

Floats = npt.NDArray[np.float64]

NAMES = ("p", "q", "gamma")
STARTS = ((4.0, 2.0, 4.0), (1.0, 1.0, 1.0), (20.0, 5.0, 5.0))  # p, q - 1, gamma / mean
STEP = 0.01  # means that differ by less count as one where fits are repeated


@dataclass(frozen=True)
class GammaGamma:
    """Parameters across customers; `gamma` in money. `q` is above 1 always, or the
    mean over all customers would be infinite.

    `log_likelihood` is that of all customers; `at_bound` says that a parameter ran
    away, for amounts too much alike, or too different, to tell.
    """

    p: float
    q: float
    gamma: float
    log_likelihood: float = np.nan
    at_bound: bool = False

    @property
    def mean(self) -> float:
        """Over all customers: what is expected of one whose purchases are unknown."""
        return self.p * self.gamma / (self.q - 1)

    def value(self, purchases: Floats, mean: Floats) -> Floats:
        """The expected mean amount of customers who spent `mean` in `purchases`."""
        spent = np.where(purchases > 0, purchases * np.maximum(mean, 0), 0)
        expected: Floats = (
            self.p * (self.gamma + spent) / (self.p * purchases + self.q - 1)
        )
        return expected


@dataclass(frozen=True)
class Amounts:
    """Means of `purchases` amounts each, above 0, and how many customers have them."""

    purchases: Floats
    mean: Floats
    customers: Floats

    @property
    def count(self) -> int:
        return int(self.customers.sum())

    def coarser(self) -> "Amounts":
        """The same, means that differ by less than `STEP` (of themselves) as one."""
        steps = np.rint(np.log(self.mean) / STEP).astype("int64")
        lowest = int(steps.min())
        keys = self.purchases.astype("int64") * (np.ptp(steps) + 1) + steps - lowest
        _keys, first, rows = np.unique(keys, return_index=True, return_inverse=True)
        counts: Floats = np.bincount(rows, weights=self.customers).astype("float64")
        return Amounts(self.purchases[first], np.exp(STEP * steps[first]), counts)


def amounts(purchases: Floats, mean: Floats) -> Amounts:
    """Those of customers who have spent something at all.

    Raises:
        NotEnoughData: fewer than two have.
    """
    kept = (purchases > 0) & (mean > 0)
    if kept.sum() < 2:
        raise NotEnoughData(_("Fewer than two customers have spent anything."))
    counted = purchases[kept].astype("float64")
    return Amounts(counted, mean[kept].astype("float64"), np.ones(len(counted)))


def fit(known: Amounts) -> GammaGamma:
    """The likeliest parameters, from several starts."""
    around = known.coarser()
    found = _fit(around, [np.log(start) for start in STARTS])
    return _model(known, _fit(known, [found.log_parameters]))


def refits(
    known: Amounts, model: GammaGamma, rng: np.random.Generator, times: int
) -> list[GammaGamma]:
    """Fits to `times` samples of as many customers, drawn with replacement."""
    around = known.coarser()
    start = np.log([model.p, model.q - 1, model.gamma / _scale(around)])
    shares = around.customers / around.count
    samples = (
        Amounts(
            around.purchases,
            around.mean,
            rng.multinomial(around.count, shares).astype("float64"),
        )
        for _sample in range(times)
    )
    return [_model(one, _fit(one, [start])) for one in samples]


def _scale(known: Amounts) -> float:
    return float(known.customers @ known.mean / known.count)


def _model(known: Amounts, found: Fitted) -> GammaGamma:
    scale = _scale(known)
    p, above, gamma = (float(one) for one in np.exp(found.log_parameters))
    log_likelihood = (found.log_likelihood - np.log(scale)) * known.count
    at_bound = found.at_bound
    return GammaGamma(p, 1 + above, gamma * scale, float(log_likelihood), at_bound)


def _fit(known: Amounts, starts: list[Floats]) -> Fitted:
    """In units of the mean amount, so that money of any currency fits alike."""
    n, mean = known.purchases, known.mean / _scale(known)
    shares = known.customers / known.count
    levels, place = np.unique(n, return_inverse=True)
    by_level = np.bincount(place, weights=shares).astype("float64")
    logs = shares @ np.log(mean)
    n_logs = (shares * n) @ np.log(n * mean)
    rates = levels, by_level

    def function(point: Floats) -> tuple[float, Floats]:
        p, above, gamma = np.exp(point)
        value, gradient = _of_counts(p, 1 + above, *rates)
        whole = np.log(gamma + n * mean)
        shape = p * n + 1 + above
        value += (1 + above) * np.log(gamma) + p * n_logs - logs
        value -= shares @ (shape * whole)
        gradient += (
            n_logs - shares @ (n * whole),
            np.log(gamma) - shares @ whole,
            (1 + above) / gamma - shares @ (shape / (gamma + n * mean)),
        )
        return float(value), gradient * np.array([p, above, gamma])

    return maximised(function, starts)


def _of_counts(p: float, q: float, n: Floats, shares: Floats) -> tuple[float, Floats]:
    """The part that depends on the number of purchases alone, and its gradient."""
    from scipy.special import digamma, gammaln

    value = gammaln(p * n + q) - gammaln(p * n) - gammaln(q)
    both = digamma(p * n + q)
    slopes = n * (both - digamma(p * n)), both - digamma(q)
    return float(shares @ value), np.array([*(shares @ one for one in slopes), 0.0])
