"""`python -m bench.sales_forecast [open deals] [futures]`: the simulation of sales.

Counts processor time of what the sales forecast does for 5,000 open opportunities and
10,000 futures (or as many as told) over four quarters: the draws alone, the whole
forecast of everyone with what is learned from 20,000 closed ones first, and the test
on twelve past months. What memory the process takes at most is told at the end.
"""

import os
import re
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from crm.analytics.deals.sales_back_test import back_test
from crm.analytics.deals.sales_book import Book, book
from crm.analytics.deals.sales_forecast import forecast
from crm.analytics.deals.sales_known import Known, horizon
from crm.analytics.deals.sales_simulation import simulate
from crm.analytics.deals.sales_slip import seen
from crm.frames import ESTIMATES, OPPORTUNITIES, STAGE_CHANGES, STAGES, typed

OPEN, FUTURES, CLOSED = 5_000, 10_000, 20_000
NOW = pd.Timestamp("2026-03-01")
DAYS = 1_000  # of history
AIM = 2.0  # seconds, of the draws
CYCLE = 60.0  # days from opening to end, on average


def deals(open_: int, closed: int = CLOSED) -> Book:
    """`closed` ones over the whole history and `open_` of late, by lot."""
    rng = np.random.default_rng(1)
    count = open_ + closed
    takes = rng.gamma(2.0, CYCLE / 2, count)
    ago = np.where(np.arange(count) < closed, rng.uniform(0, DAYS, count) + takes,
                   rng.uniform(0, 1, count) * takes)  # fmt: skip
    opened = NOW - pd.to_timedelta(ago, unit="D")
    ends = opened + pd.to_timedelta(takes, unit="D")
    is_open, won = np.arange(count) >= closed, rng.random(count) < 0.3
    stage = np.where(is_open, rng.integers(1, 5, count), np.where(won, 5, 6))
    amount = rng.lognormal(9, 1, count)
    hoped = opened + pd.to_timedelta(rng.uniform(20, 90, count), unit="D")
    blank: dict[str, Any] = {
        name: "" if kind == "str" else False if kind == "bool" else 0
        for name, kind in OPPORTUNITIES.items()
    }
    table = pd.DataFrame(blank, index=range(count)).assign(
        opportunity_id=range(count), stage_id=stage, amount=amount,
        state=np.select([is_open, won], ["open", "won"], "lost"),
        opened_at=opened, closed_at=ends.where(~is_open), close_on=hoped,
        owner_id=rng.integers(1, 21, count),
    )  # fmt: skip
    stages = [(n, 1, "P", f"S{n}", n, "open", n / 5) for n in range(1, 5)]
    stages += [(5, 1, "P", "Won", 5, "won", 1.0), (6, 1, "P", "Lost", 6, "lost", 0.0)]
    steps = pd.DataFrame({"opportunity_id": range(count), "from_stage_id": None})
    last = np.where(is_open, stage, rng.integers(1, 5, count))
    moves = [
        steps.assign(at=opened + (ends - opened) * (n - 1) / 8, to_stage_id=n)[
            last >= n
        ]
        for n in range(1, 5)
    ]
    moves.append(steps.assign(at=ends, to_stage_id=stage)[~is_open])
    said = pd.DataFrame({
        "opportunity_id": range(count), "at": opened, "amount": amount * 1.1,
        "close_on": hoped,
    })  # fmt: skip
    return book(
        typed(table, OPPORTUNITIES),
        typed(stages, STAGES),
        typed(pd.concat(moves), STAGE_CHANGES),
        typed(said, ESTIMATES),
    )


def spent(work: Callable[[], Any]) -> float:
    """Processor seconds of one run, after one to warm up."""
    work()
    start = time.process_time()
    work()
    return time.process_time() - start


def main(open_: int, futures: int) -> None:
    known = Known(found := deals(open_), NOW, seen(found, NOW))
    month_of = horizon(NOW, 4).month_of
    rng = np.random.default_rng(1)
    groups = known.groups(np.ones(len(known.open), bool), futures, rng)
    took = {
        "the draws": lambda: simulate(groups, month_of, futures, rng),
        "the forecast of everyone": lambda: forecast(
            found, moment=NOW, quarters=4, groups={"": None}, draws=futures
        ),
        "twelve months of the past": lambda: back_test(found, NOW),
    }
    print(f"{len(known.open):,} open opportunities, {futures:,} futures")
    for name, work in took.items():
        seconds = spent(work)
        missed = "" if seconds < AIM or name != "the draws" else f"   misses {AIM} s"
        print(f"{name:<28}{seconds:>6.2f} s{missed}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'memory at most':<28}{peak:>6.0f} MB")


if __name__ == "__main__":
    given = [int(number) for one in sys.argv[1:] if (number := re.sub(r"\D", "", one))]
    main(*(given + [OPEN, FUTURES][len(given) :])[:2])
