from math import log

import numpy as np
import pandas as pd
import pytest

from crm.analytics.churn.drift import drift, size


def test_nothing_changed_is_0() -> None:
    table = pd.DataFrame({"x": np.arange(1000.0), "word": ["a", "b"] * 500})

    assert drift(table, table)["psi"].tolist() == [0, 0]


def test_words_by_hand() -> None:
    """From 50:50 to 80:20, half a customer added to each of the two groups."""
    before = pd.DataFrame({"word": ["a"] * 50 + ["b"] * 50})
    now = pd.DataFrame({"word": ["a"] * 80 + ["b"] * 20})

    p, q = [0.5, 0.5], [80.5 / 101, 20.5 / 101]
    by_hand = sum((b - a) * log(b / a) for a, b in zip(p, q, strict=True))
    assert drift(before, now)["psi"].tolist() == pytest.approx([by_hand])


def test_luck_is_the_quantile_of_chi_squared() -> None:
    """With one degree of freedom 3.841 is exceeded in 5 % of cases."""
    table = pd.DataFrame({"word": ["a", "b"] * 100})

    assert drift(table, table)["luck"].tolist() == pytest.approx(
        [3.841 * 2 / 200], rel=1e-3
    )


@pytest.mark.slow
def test_without_change_luck_is_exceeded_as_seldom_as_said() -> None:
    random = np.random.default_rng(0)
    found = [
        drift(*(pd.DataFrame({"x": random.normal(size=500)}) for _time in range(2)))
        for _round in range(200)
    ]

    beyond = np.mean([(one["psi"] > one["luck"]).all() for one in found])
    assert 0.01 < beyond < 0.1


def test_a_shift_by_one_deviation_is_large() -> None:
    random = np.random.default_rng(0)
    before = pd.DataFrame({"x": random.normal(size=5000)})

    [row] = drift(before, before + 1).to_dict("records")

    assert size(row["psi"], row["luck"]) == "large"


@pytest.mark.parametrize(
    ("psi", "luck", "told"),
    [(0.1, 0, "little"), (0.11, 0, "some"), (0.25, 0, "some"), (0.26, 0, "large"),
     (0.2, 0.3, "little")],
)  # fmt: skip
def test_how_large_a_change_is(psi: float, luck: float, told: str) -> None:
    assert size(psi, luck) == told


def test_missing_numbers_are_a_group_of_their_own() -> None:
    before = pd.DataFrame({"x": [1.0, 2, 3, 4] * 25})
    now = before.assign(x=before["x"].where(before.index % 2 == 0))

    assert drift(before, now)["psi"].item() > 0.25


def test_a_new_word_counts_as_change() -> None:
    before = pd.DataFrame({"word": ["a", "b"] * 50})
    now = pd.DataFrame({"word": ["a", "c"] * 50})

    assert drift(before, now)["psi"].item() > 0.25


@pytest.mark.parametrize("rows", [0, 1])
def test_few_customers_and_constants_leave_no_hole(rows: int) -> None:
    before = pd.DataFrame({"x": [1.0] * 20, "word": ["a"] * 20, "none": [np.nan] * 20})

    found = drift(before, before.head(rows))

    assert found[["psi", "luck"]].to_numpy().tolist() == [[0, 0]] * 3


def test_the_most_changed_comes_first() -> None:
    before = pd.DataFrame({"still": range(100), "moved": range(100)})

    found = drift(before, before.assign(moved=before["moved"] + 50))

    assert found["feature"].tolist() == ["moved", "still"]
