"""Rules between two products as a table, by hand."""

import numpy as np
import pandas as pd

from crm.analytics.rules.rule_matrix import MOST, Matrix, matrix

A, B, C, D = 1, 2, 3, 4


def mapped(*sides: tuple[tuple[int, ...], int], most: int = MOST) -> Matrix:
    """The map of rules in this order, numbered from 10 on."""
    rules = pd.DataFrame(index=range(10, 10 + len(sides)))
    left = [left[0] if len(left) == 1 else 0 for left, _right in sides]
    right = [right for _left, right in sides]
    return matrix(rules, np.array(left, int), np.array(right, int), most=most)


def test_each_rule_has_its_row_and_column() -> None:
    found = mapped(((A,), B), ((B,), A), ((C,), A))

    assert (found.rows, found.columns) == ([A, B, C], [A, B])
    assert found.cells.index.tolist() == [10, 11, 12]
    assert found.cells["row"].tolist() == [0, 1, 2]
    assert found.cells["column"].tolist() == [1, 0, 0]


def test_longer_rules_are_not_in_it() -> None:
    found = mapped(((A, B), C), ((A,), C))

    assert found.cells.index.tolist() == [11]
    assert found.singles == 1


def test_the_best_rules_decide_which_rows_and_columns_there_are() -> None:
    found = mapped(((A,), D), ((B,), C), ((A,), B), ((C,), D), most=2)

    assert (found.rows, found.columns) == ([A, B], [D, C])
    assert found.cells.index.tolist() == [10, 11]
    assert found.singles == 4


def test_without_rules_it_is_empty() -> None:
    found = mapped()

    assert (len(found.cells), found.rows, found.columns) == (0, [], [])


def test_with_long_rules_only_it_is_empty() -> None:
    assert mapped(((A, B), C)).cells.empty
