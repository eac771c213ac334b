"""Shares of customers: their intervals, and whether two of them differ."""

import numpy as np
import numpy.typing as npt

Z = 1.959963984540054  # 95 % of a normal distribution lies within

Floats = npt.NDArray[np.float64]


def wilson(events: npt.ArrayLike, customers: npt.ArrayLike) -> tuple[Floats, Floats]:
    """95 % interval of a share (Wilson 1927): lower and upper ends, 0 to 1."""
    n = np.asarray(customers, dtype="float64")
    share, extra = np.asarray(events) / n, Z**2 / n
    middle = (share + extra / 2) / (1 + extra)
    reach = np.sqrt(share * (1 - share) * extra + extra**2 / 4) / (1 + extra)
    return np.clip(middle - reach, 0, 1), np.clip(middle + reach, 0, 1)


def newcombe(
    first: npt.ArrayLike, n: npt.ArrayLike, second: npt.ArrayLike, m: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """95 % interval of `first` / `n` less `second` / `m` (Newcombe 1998, method 10)."""
    p, q = np.asarray(first) / np.asarray(n), np.asarray(second) / np.asarray(m)
    (p_low, p_high), (q_low, q_high) = wilson(first, n), wilson(second, m)
    low = p - q - np.hypot(p - p_low, q_high - q)
    return low, p - q + np.hypot(p_high - p, q - q_low)


def two_shares(first: int, n: int, second: int, m: int) -> float:
    """Two-sided p-value that two shares are alike (Campbell 2007)."""
    from scipy.special import chdtrc

    total, events = n + m, first + second
    if events in (0, total):
        return 1.0
    expected = min(n, m) * min(events, total - events) / total
    if expected < 1:
        from scipy.stats import fisher_exact

        table = [[first, n - first], [second, m - second]]
        return float(fisher_exact(table).pvalue)
    apart = first * (m - second) - second * (n - first)
    spread = float(n) * m * events * (total - events)
    return float(chdtrc(1, (total - 1) * float(apart) ** 2 / spread))
