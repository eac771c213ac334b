from math import log

import numpy as np
import pytest

from crm.analytics import calibration

P = np.array([2 / 3] * 10 + [1 / 3] * 10)
CAME = np.array([True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)


def test_brier_and_log_loss_by_hand() -> None:
    came, p = np.array([True, False]), np.array([0.8, 0.3])

    assert calibration.brier(came, p) == pytest.approx((0.2**2 + 0.3**2) / 2)
    assert calibration.log_loss(came, p) == pytest.approx(-(log(0.8) + log(0.7)) / 2)


def test_a_certainty_that_fails_costs_much_but_not_infinitely() -> None:
    loss = calibration.log_loss(np.array([True]), np.array([0.0]))

    assert loss == pytest.approx(-log(1e-6))


@pytest.mark.parametrize(
    ("events", "customers", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_intervals_are_those_that_newcombe_published(
    events: int, customers: int, low: float, high: float
) -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I, method 3."""
    assert calibration.wilson(events, customers) == pytest.approx((low, high), abs=5e-5)


def test_timid_probabilities_have_a_slope_above_1() -> None:
    # Predicted odds of 2 and 1/2, actual odds of 4 and 1/4: twice the log-odds.
    assert calibration.line(CAME, P) == pytest.approx((0, 2))


def test_honest_probabilities_have_a_slope_of_1() -> None:
    p = np.where(P > 0.5, 0.8, 0.2)

    assert calibration.line(CAME, p) == pytest.approx((0, 1))


def test_the_intercept_says_how_far_all_probabilities_are_off() -> None:
    came = np.array([True, True, True, False])

    # Odds of 3 where odds of 1 were predicted.
    assert calibration.in_the_large(came, np.full(4, 0.5)) == pytest.approx(log(3))


def test_no_line_through_a_single_probability() -> None:
    assert calibration.line(CAME, np.full(20, 0.4)) is None


def test_no_line_where_the_outcomes_are_parted_perfectly() -> None:
    assert calibration.line(P > 0.5, P) is None


@pytest.mark.parametrize("outcome", [True, False])
def test_no_intercept_where_all_had_the_same_outcome(outcome: bool) -> None:
    assert calibration.in_the_large(np.full(20, outcome), P) is None


def test_groups_of_similar_probability_by_hand() -> None:
    table = calibration.reliability(CAME, P, groups=2)

    assert table["customers"].tolist() == [10, 10]
    assert table["predicted"].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert table["actual"].tolist() == pytest.approx([0.2, 0.8])


def test_equal_probabilities_are_never_divided() -> None:
    p = np.array([0.1] * 95 + [0.5] * 5)

    table = calibration.reliability(p > 0.2, p)

    assert table["customers"].tolist() == [95, 5]


def test_the_actual_share_lies_in_its_interval() -> None:
    table = calibration.reliability(CAME, P)

    assert (table["low"] <= table["actual"]).all()
    assert (table["actual"] <= table["high"]).all()
