"""Rules between two products as a table: who buys the row also buys the column."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

MOST = 30  # rows, and columns

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Matrix:
    """The best rules with a single product on the left.

    Attributes:
        cells: the rules, with their places `row` and `column`.
        rows, columns: product ids in the order to show them.
        singles: how many rules have one product on the left, those left out too.
    """

    cells: pd.DataFrame
    rows: list[int]
    columns: list[int]
    singles: int


def matrix(rules: pd.DataFrame, left: Ids, right: Ids, *, most: int = MOST) -> Matrix:
    """At most `most` rows and columns: those of the rules that come first.

    Columns are in the order of the rows where a product is on both sides, so that
    pairs that hold in both ways lie around the diagonal.

    Args:
        rules: `Rules.table` or a selection of its rows, best first.
        left: the product on the left of each of them, 0 where there are several.
        right: the product on the right of each of them.
    """
    singles = np.flatnonzero(left)
    rows = _first(left[singles], most)
    in_rows = singles[np.isin(left[singles], rows)]
    columns = _first(right[in_rows], most)
    place = {product: number for number, product in enumerate(rows)}
    columns.sort(key=lambda product: place.get(product, most))
    across = {product: number for number, product in enumerate(columns)}
    shown = in_rows[np.isin(right[in_rows], columns)]
    cells = rules.iloc[shown].assign(
        row=[place[one] for one in left[shown].tolist()],
        column=[across[one] for one in right[shown].tolist()],
    )
    return Matrix(cells, rows, columns, len(singles))


def _first(products: Ids, most: int) -> list[int]:
    """The first different ones, in the order in which they come."""
    found: list[int] = pd.unique(products)[:most].tolist()
    return found
