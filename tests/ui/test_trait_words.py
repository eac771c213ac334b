"""Traits of clusters in plain words."""

import math

import pandas as pd
import pytest

from crm.ui.insight.segmentation import trait_words


def told(feature: str, median: float, rest: float, difference: float) -> str:
    ratio = median / rest if median > 0 and rest > 0 else math.nan
    row = {"cluster": 1, "feature": feature, "median": median, "rest": rest}
    table = pd.DataFrame([row | {"ratio": ratio, "difference": difference}])
    (words,) = trait_words.told(table, 1, {"x_staff": "Staff *here*"})
    return words


@pytest.mark.parametrize(
    ("feature", "median", "rest", "difference", "words"),
    [
        (
            *("frequency", 16, 5, 1.2),
            "buy 3.2 × as often as the others (orders: 16; others: 5)",
        ),
        ("frequency", 2, 5, -1.2, "buy less often (orders: 2; others: 5)"),
        ("recency", 12, 96, -1, "last order 12 days ago (others: 96)"),
        ("recency", 300, 96, 1, "last order 300 days ago (others: 96)"),
        ("revenue", 40, 400, -1, "bring in less (€40 each; others: €400)"),
        ("returned", 0.25, 0.1, 1, "send back 25.0% of what they buy (others: 10.0%)"),
        ("gap", 30, 60, -1, "30 days between orders (others: 60)"),
        ("x_staff", 500, 7, 1, "Staff *here*: 500 (others: 7)"),
    ],
)
def test_a_trait_is_told_with_the_figures_of_both_sides(
    feature: str, median: float, rest: float, difference: float, words: str
) -> None:
    assert told(feature, median, rest, difference) == words


@pytest.mark.parametrize(
    ("feature", "median", "rest", "difference", "words"),
    [
        ("returned", 0, 0, 0.8, "send more back"),
        ("frequency", 1, 1, -0.9, "buy less often"),
        ("monetary", 90, 100, 0.7, "spend more per order"),
        ("revenue", 5, -20, 0.7, "bring in more"),
        ("products", 101, 100, 0.6, "buy more kinds of products"),
        ("x_staff", 3, 3, -0.6, "Staff *here*: lower"),
    ],
)
def test_medians_that_do_not_show_the_difference_are_not_told(
    feature: str, median: float, rest: float, difference: float, words: str
) -> None:
    assert told(feature, median, rest, difference) == words


def test_the_largest_difference_comes_first() -> None:
    rows = [("gap", 10, 20, -2.0), ("recency", 1, 9, -0.6), ("tenure", 5, 6, -0.1)]
    names = ["feature", "median", "rest", "difference"]
    table = pd.DataFrame(rows, columns=names).assign(cluster=1, ratio=0.5)

    words = trait_words.told(table, 1, {})

    assert [one.split(" (")[0] for one in words] == [
        "10 days between orders",
        "last order 1 day ago",
    ]
