"""Rules between two products as a table: who buys the row also buys the column."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST = 30  # rows, and columns


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


def matrix(rules: pd.DataFrame, *, most: int = MOST) -> Matrix:
    """At most `most` rows and columns: those of the rules that come first.

    Columns are in the order of the rows where a product is on both sides, so that
    pairs that hold in both ways lie around the diagonal.

    Args:
        rules: `Rules.table` or a selection of its rows, best first.
    """
    is_single = np.array([len(left) == 1 for left in rules["antecedents"]], dtype=bool)
    singles = rules[is_single]
    left = pd.Series([int(one[0]) for one in singles["antecedents"]], dtype="int64")
    right = pd.Series([int(one[0]) for one in singles["consequents"]], dtype="int64")
    rows = left.drop_duplicates().head(most).tolist()
    in_rows = left.isin(rows)
    columns = right[in_rows].drop_duplicates().head(most).tolist()
    place = {product: number for number, product in enumerate(rows)}
    columns.sort(key=lambda product: place.get(product, most))
    shown = (in_rows & right.isin(columns)).to_numpy()
    across = {product: number for number, product in enumerate(columns)}
    cells = singles[shown].assign(
        row=left[shown].map(place).to_numpy(),
        column=right[shown].map(across).to_numpy(),
    )
    return Matrix(cells, rows, columns, len(singles))
