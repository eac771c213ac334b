import pandas as pd
import pytest

from crm.analytics.churn.came_true import came_true

SCORES = pd.DataFrame(
    {"customer_id": [1, 2, 3, 4, 5], "probability": [0.9, 0.8, 0.3, 0.2, 0.8]}
)


def test_expected_and_actual_shares_by_hand() -> None:
    """Customer 5 is gone; of the others, 3 and 4 ordered."""
    found = came_true(SCORES, [1, 2, 3, 4, 99], [3, 4])

    assert found is not None
    assert found.customers == 4
    assert found.expected == pytest.approx((0.9 + 0.8 + 0.3 + 0.2) / 4)
    assert found.actual.value == 0.5
    assert 0 < found.actual.low < 0.5 < found.actual.high < 1
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.09 + 0.04) / 4)
    assert found.auc is not None
    assert found.auc.value == 1


@pytest.mark.parametrize(("ordered", "share"), [([], 1), ([1, 2, 3, 4, 5], 0)])
def test_where_all_or_none_ordered_there_is_no_ranking(
    ordered: list[int], share: float
) -> None:
    found = came_true(SCORES, [1, 2, 3, 4, 5], ordered)

    assert found is not None
    assert (found.actual.value, found.auc) == (share, None)


def test_nobody_left_is_nothing_to_say() -> None:
    assert came_true(SCORES, [], []) is None
