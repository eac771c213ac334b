import numpy as np
import pytest

from crm.analytics.churn.profit import STEPS, Costs, profit

LEFT = np.array([True, True, False, False])
P = np.array([0.9, 0.6, 0.4, 0.1])
WORTH = np.full(4, 100.0)


def test_profit_by_hand() -> None:
    """Each leaver acted on brings 0.5 × 100 - 10 = 40, each other costs 10."""
    found = profit(LEFT, P, WORTH, Costs(10, 0.5))

    curve = found.curve.set_index("threshold")["profit"]
    assert curve[[0.0, 0.3, 0.5, 0.8, 0.95]].tolist() == [60, 70, 80, 40, 0]
    assert found.everybody == 60
    assert (found.best.value, found.profit.value) == (0.6, 80)
    assert found.customers == (4, 2)


def test_a_threshold_includes_who_is_exactly_as_likely() -> None:
    found = profit(LEFT, np.array([0.29, 0.57, 0.29, 0.29]), WORTH, Costs(10, 0.5))

    counts = found.curve["customers"]
    assert counts[29] == 4
    assert counts[57] == 1
    assert counts[58] == 0


def test_where_nothing_is_gained_nobody_is_acted_on() -> None:
    found = profit(LEFT, P, WORTH, Costs(10, 0.0))

    assert found.best.value > 1
    assert (found.profit.value, found.customers) == (0, (4, 0))


def test_where_acting_costs_nothing_nobody_who_stays_is_in_the_way() -> None:
    found = profit(LEFT, P, WORTH, Costs(0, 0.5))

    assert found.profit.value == 100
    assert found.profit.value == found.everybody


def test_the_worth_of_each_customer_counts() -> None:
    found = profit(LEFT, P, np.array([0.0, 500, 0, 0]), Costs(10, 0.5))

    assert found.profit.value == 240 - 10
    assert found.by_worth == 240  # the other leaver is worth nothing, so let it go


def test_the_best_line_is_where_the_theory_says() -> None:
    """Act where p × keep × worth > cost: from 20 / (0.5 × 100) = 0.4 on."""
    random = np.random.default_rng(0)
    p = random.random(20_000)
    left = random.random(20_000) < p

    found = profit(left, p, np.full(20_000, 100.0), Costs(20, 0.5))

    assert found.best.low <= 0.4 <= found.best.high
    assert found.best.value == pytest.approx(0.4, abs=0.06)


def test_what_was_chosen_elsewhere_brings_no_more() -> None:
    """By lot nothing is to be gained, and only the honest figure says so."""
    random = np.random.default_rng(3)
    p, left = random.random(300), random.random(300) < 0.5

    found = profit(left, p, np.full(300, 100.0), Costs(25, 0.5))

    assert found.elsewhere < found.profit.value


def test_one_customer_has_a_curve() -> None:
    found = profit(np.array([True]), np.array([1.0]), np.array([50.0]), Costs(1, 1))

    assert len(found.curve) == STEPS + 1
    assert np.isfinite(found.curve.to_numpy()).all()
    assert (found.best.value, found.profit.value) == (1.0, 49)
