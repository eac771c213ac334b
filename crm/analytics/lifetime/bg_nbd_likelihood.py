"""The likelihood of BG/NBD, summed over distinct histories; see `bg_nbd`."""

import numpy as np
import numpy.typing as npt

from crm.analytics.lifetime.histories import Histories, in_weeks
from crm.analytics.likelihood import Fitted, maximised

Floats = npt.NDArray[np.float64]


def likeliest(
    known: Histories, starts: list[Floats], customers: Floats | None = None
) -> Fitted:
    counts = known.customers if customers is None else customers
    kept = counts > 0
    x, t_x, age = (part[kept] for part in in_weeks(known))
    shares = counts[kept] / counts.sum()
    levels, place = np.unique(x, return_inverse=True)
    by_level = np.bincount(place, weights=shares).astype("float64")

    def function(point: Floats) -> tuple[float, Floats]:
        value, gradient = of_counts(np.exp(point), levels, by_level)
        more, slope = of_times(np.exp(point), (x, t_x, age), shares)
        return value + more, (gradient + slope) * np.exp(point)

    return maximised(function, starts)


def of_counts(point: Floats, x: Floats, shares: Floats) -> tuple[float, Floats]:
    """The part of the mean log-likelihood that depends on x alone, and its gradient."""
    from scipy.special import digamma, gammaln

    r, alpha, a, b = point
    value = (
        gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        + gammaln(a + b) - gammaln(a + b + x) + gammaln(b + x) - gammaln(b)
    )  # fmt: skip
    both = digamma(a + b) - digamma(a + b + x)
    slopes = (
        digamma(r + x) - digamma(r) + np.log(alpha),
        np.full_like(x, r / alpha),
        both,
        both + digamma(b + x) - digamma(b),
    )
    return float(shares @ value), np.array([shares @ slope for slope in slopes])


def of_times(
    point: Floats, known: tuple[Floats, Floats, Floats], shares: Floats
) -> tuple[float, Floats]:
    """The part that depends on times: alive until T, or gone at t_x."""
    r, alpha, a, b = point
    x, t_x, age = known
    until, since = np.log(alpha + age), np.log(alpha + t_x)
    last = np.maximum(b + x - 1, 1e-300)
    stayed = -(r + x) * until
    left = np.where(x > 0, np.log(a) - np.log(last) - (r + x) * since, -np.inf)
    value = np.logaddexp(stayed, left)
    gone = np.exp(left - value)
    slopes = (
        -(until + gone * (since - until)),
        -(r + x) * ((1 - gone) / (alpha + age) + gone / (alpha + t_x)),
        gone / a,
        -gone / last,
    )
    return float(shares @ value), np.array([shares @ slope for slope in slopes])
