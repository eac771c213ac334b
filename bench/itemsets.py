"""`python -m bench.itemsets`: our search for itemsets against mlxtend's and PyFIM's.

On generated baskets, and on the published Groceries where `../shared/data` has them;
in one process, in processor time, the best of several runs in turn, each from the same
table of lines; all must find the same sets. PyFIM, in C, is compared where it is
installed (`pip install pyfim` takes a C compiler): also by its search alone, from lists
that are there already, of which ours is to take at most four times as long.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from bench.baskets import quest, retail
from crm.analytics.rules.coded_baskets import encode
from crm.analytics.rules.itemsets import Itemset, frequent
from crm.analytics.rules.rule_search import at_least
from tests.analytics.baskets import GROCERIES, groceries

Sets = dict[Itemset, int]
TURNS = 5


def published() -> pd.DataFrame:
    return groceries()[0]


CASES: list[tuple[str, Callable[[], pd.DataFrame], list[float]]] = [
    ("T10I4D100K-like", quest, [0.01, 0.002]),
    ("retail-like", retail, [0.01, 0.005]),
    ("Groceries", published, [0.01, 0.005, 0.001, 0.0005]),
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


def best(runs: dict[str, Callable[[], Sets]]) -> dict[str, tuple[Sets, float]]:
    """What each finds, and its least seconds over `TURNS`."""
    found: dict[str, Sets] = {}
    seconds = dict.fromkeys(runs, float("inf"))
    for _turn in range(TURNS):
        for name, run in runs.items():
            start = time.process_time()
            found[name] = run()
            seconds[name] = min(seconds[name], time.process_time() - start)
    return {name: (found[name], seconds[name]) for name in runs}


def compared(baskets: pd.DataFrame, min_count: int, *, has_pyfim: bool) -> str:
    """Our seconds, and how many times as long the others take."""
    runs = {"ours": partial(ours, baskets, min_count)}
    runs["mlxtend"] = partial(mlxtend, baskets, min_count)
    if has_pyfim:
        runs["pyfim"] = partial(pyfim, baskets, min_count)
        runs["its search alone"] = partial(pyfim_search, lists(baskets), min_count)
    results = best(runs)
    found, seconds = results.pop("ours")
    told = f"{len(found):,} sets; ours {seconds:.3f} s"
    for name, (theirs, took) in results.items():
        same = "the same" if theirs == found else "OTHER SETS"
        told += f"; {name} {took:.3f} s, {same}, {took / seconds:.1f} times"
    if has_pyfim:
        told += f": ours takes {seconds / took:.1f} times that"
    return told


def measured() -> Iterator[str]:
    """A line for each case."""
    has_pyfim = find_spec("fim") is not None
    if not has_pyfim:
        yield "PyFIM is left out: it is not installed."
    if not GROCERIES.exists():
        yield "Groceries are left out: they are not in ../shared/data."
    for name, made, supports in CASES:
        if made is published and not GROCERIES.exists():
            continue
        baskets = made()
        n = baskets["order_id"].nunique()
        size = f"{n:,} baskets × {baskets['product_id'].nunique():,} products"
        for support in supports:
            told = compared(baskets, at_least(support, n), has_pyfim=has_pyfim)
            yield f"{name}, {size}, support {support}: {told}"


if __name__ == "__main__":
    for line in measured():
        print(line, flush=True)
