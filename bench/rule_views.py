"""`python -m bench.rule_views`: moving a slider over 500 rules and over 50,000.

Counts processor time of what the page of association rules does on a slider's move:
narrow the rules, and draw the scatter or the heat map of those left.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from crm.models import utcnow
from crm.ui.chart_look import dressed
from crm.ui.insight.rules import heat_map, scatter
from crm.ui.insight.rules.result import Bounds, Found, narrow

FEW, MANY, PRODUCTS, MOVES = 500, 50_000, 200, 9


def rules(count: int) -> Found:
    """`count` rules of one or two products each, with measures by lot."""
    rng = np.random.default_rng(1)
    ids = rng.integers(1, PRODUCTS + 1, (count, 3))
    sides = [(int(a), int(b))[: 1 + at % 2] for at, (a, b, _c) in enumerate(ids)]
    shares = {
        name: rng.uniform(0.01, 0.9, count)
        for name in ("support", "confidence", "leverage", "later_confidence")
    }
    whole = dict.fromkeys(("baskets", "antecedent_baskets", "consequent_baskets"), 100)
    lifts = rng.uniform(0.5, 20, count)
    table = pd.DataFrame(
        {"antecedents": sides, "consequents": [(int(c),) for *_ab, c in ids]}
    ).assign(
        **whole,
        **shares,
        lift=lifts,
        lift_low=lifts * 0.9,
        confidence_low=0.1,
        later_lift=lifts,
        conviction=2.0,
        p_value=1e-6,
        q_value=1e-4,
        holm=1e-3,
        q_shorter=1e-4,
    )
    names = [f"Product {one}" for one in range(1, PRODUCTS + 1)]
    goods = pd.DataFrame(
        {"product_id": range(1, PRODUCTS + 1), "name": names, "sku": names}
    ).assign(support=0.1, baskets=100)
    return Found((1, utcnow()), table, goods, is_checked=True)


def spent(move: Callable[[float], Any]) -> float:
    """The median processor time of some moves, in milliseconds."""
    times = []
    for number in range(MOVES):
        start = time.process_time()
        move(1 + number / 10)
        times.append(1000 * (time.process_time() - start))
    return median(times)


def moves(found: Found) -> dict[str, Callable[[float], Any]]:
    """What a move of the slider of lift does, by view."""

    def left(lift: float) -> pd.DataFrame:
        return narrow(found, Bounds(lift=lift, rank="lift_low")).rules

    return {
        "narrow": left,
        "scatter": lambda lift: dressed(
            scatter._figure(found, scatter.sampled(left(lift)))
        ),
        "heat map": lambda lift: dressed(
            heat_map.figure(found, heat_map.between(found, left(lift)))
        ),
    }


def main() -> None:
    few, many = moves(rules(FEW)), moves(rules(MANY))
    for view, move in many.items():
        fast, slow = spent(few[view]), spent(move)
        print(f"{view:<10}{FEW:>8,} rules {fast:>6.1f} ms", end="")
        print(f"{MANY:>10,} rules {slow:>6.1f} ms")


if __name__ == "__main__":
    main()
