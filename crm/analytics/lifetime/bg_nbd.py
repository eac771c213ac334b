"""BG/NBD: how often customers buy, and whether they still do.

Each customer buys at a rate of its own (gamma with shape r and rate alpha across
customers) and after every repeat purchase leaves for good with a chance of its own
(beta with a and b): Fader, Hardie and Lee, "Counting your customers the easy way",
Marketing Science 24 (2005). Times are in weeks, as in the paper, days divided by 7.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from crm.analytics.lifetime.bg_nbd_likelihood import likeliest
from crm.analytics.lifetime.histories import WEEK, Histories, in_weeks
from crm.analytics.likelihood import Fitted

Floats = npt.NDArray[np.float64]

NAMES = ("r", "alpha", "a", "b")
STARTS = ((0.25, 4.0, 0.8, 2.5), (1.0, 10.0, 0.3, 10.0), (5.0, 40.0, 1.0, 1.0))
COARSE = 20_000  # distinct histories, to look around and to repeat fits on
NODES = 16  # of the quadrature over time
LARGE, P_NODES = 20.0, 12  # a from which on another one is taken for p, and its nodes
WEEKS_A_YEAR = 365.25 / WEEK


@dataclass(frozen=True)
class BgNbd:
    """Parameters across customers, `alpha` in weeks, and what follows from them.

    `log_likelihood` is that of all customers; `at_bound` says that a parameter ran
    away, for customers too much alike to tell.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = np.nan
    at_bound: bool = False

    def alive(self, known: Histories) -> Floats:
        """The chance that a customer has not left, for each history.

        1 without a repeat purchase: by this model nobody leaves before it.
        """
        x, t_x, age = in_weeks(known)
        shape = self.r + x
        with np.errstate(divide="ignore", over="ignore"):
            odds = np.exp(
                np.log(self.a / np.maximum(self.b + x - 1, 1e-300))
                + shape * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
            )
            chance: Floats = 1 / (1 + np.where(x > 0, odds, 0))
        return chance

    def purchases(self, known: Histories, days: float) -> Floats:
        """Expected days with a purchase in the coming `days`, for each history."""
        return self.alive(known) * self.if_alive(known, days)

    def if_alive(self, known: Histories, days: float | Floats) -> Floats:
        """The same of who has surely not left.

        `days` is one number, or one for each history.
        """
        return self.ahead(known, days, annual_rate=0)[0]

    def ahead(
        self, known: Histories, days: float | Floats, *, annual_rate: float
    ) -> tuple[Floats, Floats]:
        """The same, and the same with each purchase counted at its present value.

        With λ ~ gamma(r + x, α + T) and p ~ beta(a, b + x) purchases s weeks from
        now come at the mean rate E[λ exp(-λ p s)], which is summed up over time by
        Gauss-Legendre quadrature.
        """
        x, _t_x, age = in_weeks(known)
        weeks, scale = days / WEEK, self.alpha + age
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        stretch = scale / (self.r + x)  # rates may fall this fast
        end = np.log1p(weeks / stretch)
        interest = np.log1p(annual_rate) / WEEKS_A_YEAR
        plain, counted = np.zeros(len(known)), np.zeros(len(known))
        for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
            ahead = stretch * np.expm1(end * node)
            rate = self._staying(x, ahead / scale) * (self.r + x) / scale
            rate *= weight * end * (ahead + stretch)
            plain += rate
            counted += rate * np.exp(-interest * ahead)
        return plain, counted

    def _staying(self, x: Floats, u: Floats) -> Floats:
        """E[(1 + p u)^-(r + x + 1)]: a hypergeometric function, after Pfaff.

        Its factors overflow for large `a`, and now and then for large `b`.
        """
        from scipy.special import hyp2f1

        if self.a > LARGE:
            return self._by_nodes(x, u)
        left, whole = self.a + self.b - self.r - 1, self.a + self.b + x
        with np.errstate(all="ignore"):
            found: Floats = (
                hyp2f1(left, self.a, whole, u / (1 + u)) * (1 + u) ** -self.a
            )
        lost = ~np.isfinite(found)
        found[lost] = self._by_nodes(x[lost], u[lost])
        return found

    def _by_nodes(self, x: Floats, u: Floats) -> Floats:
        """The same by a few values of p, which is nearly normal on the log-odds scale.

        To 0.001 for `a` above `LARGE`.
        """
        from scipy.special import digamma, expit, polygamma

        nodes, weights = np.polynomial.hermite_e.hermegauss(P_NODES)
        b = (self.b + x)[:, None]
        middle = digamma(self.a) - digamma(b)
        odds = middle + np.sqrt(polygamma(1, self.a) + polygamma(1, b)) * nodes
        density = -self.a * np.logaddexp(0, -odds) - b * np.logaddexp(0, odds)
        share = density + nodes**2 / 2
        share = weights * np.exp(share - share.max(axis=1, keepdims=True))
        values = (1 + expit(odds) * u[:, None]) ** -(self.r + x + 1)[:, None]
        mean: Floats = (share * values).sum(axis=1) / share.sum(axis=1)
        return mean

    def repeats(self, days: Floats) -> Floats:
        """Expected repeat purchases of a new customer in its first `days`, each."""
        new = np.zeros(len(days), dtype="int64")
        return self.if_alive(Histories(new, new, new, new + 1, new), days)


def fit(known: Histories) -> BgNbd:
    """The likeliest parameters, from several starts."""
    around = known.coarser(COARSE)
    found = likeliest(around, [np.log(start) for start in STARTS])
    if len(around) < len(known):
        found = likeliest(known, [found.log_parameters])
    return _model(found, int(known.customers.sum()))


def refits(
    known: Histories, model: BgNbd, rng: np.random.Generator, times: int
) -> list[BgNbd]:
    """Fits to `times` samples of as many customers, drawn with replacement."""
    around = known.coarser(COARSE)
    here = np.log([model.r, model.alpha, model.a, model.b])
    start = likeliest(around, [here]).log_parameters
    moved = here - start  # by what longer steps alone change
    count = int(around.customers.sum())
    shares = around.customers / count
    found = [
        likeliest(around, [start], rng.multinomial(count, shares).astype("float64"))
        for _sample in range(times)
    ]
    return [
        _model(replace(one, log_parameters=one.log_parameters + moved), count)
        for one in found
    ]


def _model(found: Fitted, customers: int) -> BgNbd:
    r, alpha, a, b = (float(one) for one in np.exp(found.log_parameters))
    log_likelihood = found.log_likelihood * customers
    return BgNbd(r, alpha, a, b, log_likelihood, found.at_bound)
