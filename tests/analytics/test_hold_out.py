"""What acting has changed: means, shares and their intervals by hand."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.hold_out import effect
from crm.errors import NotEnoughData


def outcomes(acted_on: list[float], left_alone: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "left_alone": [False] * len(acted_on) + [True] * len(left_alone),
            "revenue": acted_on + left_alone,
        }
    )


def test_the_difference_of_the_means_has_its_interval() -> None:
    found = effect(outcomes([100, 0] * 50, [40, 0] * 10))

    assert (found.acted_on, found.left_alone) == (100, 20)
    assert (found.revenue_acted_on, found.revenue_left_alone) == (50, 20)
    error = np.sqrt(2500 * 100 / 99 / 100 + 400 * 20 / 19 / 20)
    assert found.revenue == 30
    assert found.revenue_low == pytest.approx(30 - 1.959964 * error)
    assert found.revenue_high == pytest.approx(30 + 1.959964 * error)
    assert found.is_clear


def test_shares_are_compared_after_newcombe() -> None:
    """Newcombe 1998, table II, example (a): 56/70 against 48/80."""
    found = effect(outcomes([1] * 56 + [0] * 14, [1] * 48 + [0] * 32))

    assert (found.bought_acted_on, found.bought_left_alone) == (0.8, 0.6)
    assert found.bought_low == pytest.approx(0.0524, abs=5e-5)
    assert found.bought_high == pytest.approx(0.3339, abs=5e-5)


def test_nothing_bought_on_either_side_is_no_difference() -> None:
    found = effect(outcomes([0] * 30, [0] * 30))

    assert (found.revenue_low, found.revenue, found.revenue_high) == (0, 0, 0)
    assert not found.is_clear


def test_what_was_sent_back_counts_against() -> None:
    found = effect(outcomes([-10] * 30, [0] * 30))

    assert found.revenue == -10
    assert found.bought_acted_on == 0


@pytest.mark.parametrize("sides", [(0, 0), (19, 30), (30, 19)])
def test_too_few_are_not_compared(sides: tuple[int, int]) -> None:
    acted_on, left_alone = sides

    with pytest.raises(NotEnoughData, match=f"{left_alone} customers were left alone"):
        effect(outcomes([1] * acted_on, [1] * left_alone))
