"""Baskets far larger than the others, such as a day's takings under one number.

A basket of 500 products joins each of them with every other. A few dozen of those make
rules by the ten thousand, all beyond chance: the test takes baskets for alike, and so
it does even where products are dealt out to the same baskets by lot.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

ALWAYS = 50  # so many products are never too many

Counts = npt.NDArray[np.int64]


def largest(baskets: pd.DataFrame) -> int:
    """The most products of a basket that is not far out of line.

    Far out after Tukey 1977, “Exploratory Data Analysis”: more than three times the
    distance between the quartiles above the upper one; and above `ALWAYS`.

    Args:
        baskets: as in `crm.frames.BASKETS`.
    """
    sizes, _whose = _sizes(baskets)
    if not len(sizes):
        return ALWAYS
    lower, upper = np.quantile(sizes, [0.25, 0.75])
    return max(ALWAYS, int(upper + 3 * (upper - lower)))


def up_to(baskets: pd.DataFrame, most: int) -> tuple[pd.DataFrame, int]:
    """The baskets of at most so many products, and how many others there are."""
    sizes, whose = _sizes(baskets)
    is_larger = sizes > most
    others = int(is_larger.sum())
    return (baskets[~is_larger[whose]] if others else baskets), others


def _sizes(baskets: pd.DataFrame) -> tuple[Counts, Counts]:
    """The number of different products in each basket, and the basket of each row."""
    whose, orders = pd.factorize(baskets["order_id"])
    is_first = ~baskets.duplicated(["order_id", "product_id"]).to_numpy()
    return np.bincount(whose[is_first], minlength=len(orders)), whose
