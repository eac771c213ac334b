"""`python -m bench.itemsets`: our search for itemsets against mlxtend's and PyFIM's.

On generated baskets, in one process, in processor time, each from the same table of
lines; all must find the same sets. PyFIM, in C, is compared where it is installed
(`pip install pyfim` takes a C compiler): also by its search alone, from lists that are
there already, of which ours is to take at most four times as long.
"""

import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from bench.baskets import quest, retail
from crm.analytics.coded_baskets import encode
from crm.analytics.itemsets import Itemset, frequent
from crm.analytics.rule_search import at_least

Sets = dict[Itemset, int]
CASES: list[tuple[str, Callable[[], pd.DataFrame], list[float]]] = [
    ("T10I4D100K-like", quest, [0.01, 0.002]),
    ("retail-like", retail, [0.01, 0.005]),
]


def ours(baskets: pd.DataFrame, min_count: int) -> Sets:
    coded = encode(baskets, min_count)
    return frequent(coded, min_count=min_count, max_items=99, limit=10_000_000)


def mlxtend(baskets: pd.DataFrame, min_count: int) -> Sets:
    """From the same table of lines, its one-hot table included.

    It is told half a basket less: version 0.25 drops some sets exactly at the bound.
    """
    from mlxtend.frequent_patterns import fpgrowth

    rows, _orders = pd.factorize(baskets["order_id"])
    columns, products = pd.factorize(baskets["product_id"])
    n = rows.max() + 1
    held = csr_array((np.ones(len(rows), bool), (rows, columns)))
    table = pd.DataFrame.sparse.from_spmatrix(held, columns=products)
    found = fpgrowth(
        table.sparse.to_dense(), min_support=(min_count - 0.5) / n, use_colnames=True
    )
    counts = (found["support"] * n).round().astype(int)
    return {
        tuple(sorted(map(int, items))): count
        for items, count in zip(found["itemsets"], counts.tolist(), strict=True)
    }


def lists(baskets: pd.DataFrame) -> list[list[int]]:
    made: list[list[int]] = baskets.groupby("order_id")["product_id"].agg(list).tolist()
    return made


def pyfim_search(baskets: list[list[int]], min_count: int) -> Sets:
    import fim

    found = fim.fpgrowth(baskets, supp=-min_count, zmin=1, report="a")
    return {tuple(sorted(items)): count for items, count in found}


def pyfim(baskets: pd.DataFrame, min_count: int) -> Sets:
    return pyfim_search(lists(baskets), min_count)


def timed(search: Callable[..., Sets], *given: Any) -> tuple[Sets, float]:
    start = time.process_time()
    found = search(*given)
    return found, time.process_time() - start


def measured() -> Iterator[str]:
    """A line for each case."""
    has_pyfim = find_spec("fim") is not None
    if not has_pyfim:
        yield "PyFIM is left out: it is not installed."
    rivals = [mlxtend, *([pyfim] if has_pyfim else [])]
    for name, generated, supports in CASES:
        baskets = generated()
        n = baskets["order_id"].nunique()
        size = f"{n:,} baskets × {baskets['product_id'].nunique():,} products"
        for support in supports:
            min_count = at_least(support, n)
            found, seconds = timed(ours, baskets, min_count)
            told = f"{name}, {size}, support {support}: {len(found):,} sets"
            told += f"; ours {seconds:.2f} s"
            for rival in rivals:
                theirs, took = timed(rival, baskets, min_count)
                same = "the same" if theirs == found else "OTHER SETS"
                told += f"; {rival.__name__} {took:.2f} s, {same}"
                told += f", {took / seconds:.1f} times"
            if has_pyfim:
                _sets, took = timed(pyfim_search, lists(baskets), min_count)
                told += f"; its search alone {took:.2f} s, ours {seconds / took:.1f}"
                told += " times that"
            yield told


if __name__ == "__main__":
    for line in measured():
        print(line, flush=True)
