"""`python -m bench.lifetime_value [customers]`: BG/NBD on a million histories.

Makes 1,000,000 customers, or as many as told, who buy as the model says, and fits them
twice: summed over distinct histories with an exact gradient, and customer by customer
with a numeric one, as it is usually written. Takes about five minutes.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from crm.analytics.lifetime import bg_nbd
from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.histories import WEEK, histories

TRUTH = BgNbd(r=0.6, alpha=8, a=0.9, b=6)
DAYS = 730  # of history; customers come in evenly
START = np.log([1.0, 5.0, 1.0, 1.0])


def customers(count: int) -> pd.DataFrame:
    """`x`, `t_x` and `T`; purchases of one day count as one."""
    rng = np.random.default_rng(1)
    rate = rng.gamma(TRUTH.r, 1 / TRUTH.alpha / WEEK, count)
    leave = rng.beta(TRUTH.a, TRUTH.b, count)
    age = rng.integers(0, DAYS, count)
    x, t_x = np.zeros(count, dtype="int64"), np.zeros(count, dtype="int64")
    who, at = np.arange(count), np.zeros(count)
    while len(who):
        at = at + rng.exponential(1 / rate[who])
        inside = at < age[who] + 1
        who, at = who[inside], at[inside]
        day = at.astype("int64")
        x[who] += day > t_x[who]
        t_x[who] = day
        stays = rng.random(len(who)) >= leave[who]
        who, at = who[stays], at[stays]
    return pd.DataFrame({"x": x, "t_x": t_x, "T": age})


def one_by_one(table: pd.DataFrame) -> tuple[float, ...]:
    """The likelihood of every customer, as spreadsheets and packages write it."""
    x = table["x"].to_numpy(dtype="float64")
    t_x, age = table["t_x"].to_numpy() / WEEK, table["T"].to_numpy() / WEEK

    def negative(point: Any) -> float:
        r, alpha, a, b = np.exp(point)
        first = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        second = betaln(a, b + x) - betaln(a, b)
        stayed = -(r + x) * np.log(alpha + age)
        left = np.log(a) - np.log(b + np.maximum(x, 1) - 1)
        left -= (r + x) * np.log(alpha + t_x)
        both = np.where(x > 0, np.logaddexp(stayed, left), stayed)
        return -float((first + second + both).mean())

    found = minimize(negative, START, method="L-BFGS-B")
    return tuple(np.exp(found.x))


def at_once(table: pd.DataFrame) -> BgNbd:
    """As the app does it, counting the histories included."""
    return bg_nbd.fit(histories(table))


def timed(what: str, function: Callable[[], Any]) -> tuple[Any, float]:
    """The result of `function` and its time, printed."""
    start = time.perf_counter()
    result = function()
    taken = time.perf_counter() - start
    print(f"{what:<48}{taken:>9.2f} s")
    return result, taken


def main(count: int) -> None:
    table, _taken = timed(f"{count:,} customers", lambda: customers(count))
    bg_nbd.fit(histories(table.head(1_000)))  # imports scipy
    fast, one = timed("fit, distinct histories counted", lambda: at_once(table))
    slow, other = timed("fit, customer by customer", lambda: one_by_one(table))
    known = histories(table)
    rng = np.random.default_rng(1)
    timed(
        "50 fits to samples, for intervals", lambda: bg_nbd.refits(known, fast, rng, 50)
    )
    found = (fast.r, fast.alpha, fast.a, fast.b)
    print(f"{len(known):,} distinct histories; {other / one:.0f} times as fast.")
    for name, ours, theirs in zip(bg_nbd.NAMES, found, slow, strict=True):
        truth = getattr(TRUTH, name)
        print(f"{name:<8}{truth:>8} planted{ours:>10.4f}{theirs:>10.4f} one by one")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
