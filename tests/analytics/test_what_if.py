"""A year ahead, by hand."""

from dataclasses import replace
from datetime import date
from math import log

import numpy as np
import pytest

from crm.analytics.what_if import Baseline, Range, baseline, kept, simulate
from crm.errors import NotEnoughData
from crm.frames import ORDERS, empty, typed

DAY = date(2026, 3, 15)
STAYS = 0.2 / -log(0.8)  # of a year, on average
YEARS = 100 * STAYS + 20 / 2
START = Baseline(
    customers=100,
    customers_before=100,
    won=20,
    lost=0.2,
    orders=500,
    revenue=9000.0,
    revenue_won=9000 * 10 / YEARS,  # they spend as the others do
)
AS_IS = {
    "price": Range(0, 0),
    "elasticity": Range(-1, -1),
    "volume": Range(0, 0),
    "won": Range(0, 0),
    "churn": Range(0.2, 0.2),
    "budget": Range(0, 0),
    "cost_per_customer": Range(50, 50),
    "margin": Range(0.4, 0.4),
}


def middle(**assumed: Range) -> tuple[float, float]:
    found = simulate(START, AS_IS | assumed, draws=3)
    assert np.ptp(found.revenue) == 0
    return float(found.revenue[0]), float(found.profit[0])


def test_the_last_year_is_counted_from_its_orders() -> None:
    orders = typed(
        [
            (1, 1, "2024-05-01", "sale", 10),  # customer 1: before, and again
            (2, 1, "2025-06-01", "sale", 20),
            (3, 2, "2024-06-01", "sale", 30),  # customer 2: before, then lost
            (4, 3, "2026-03-15", "sale", 40),  # customer 3: won
            (5, 3, "2026-03-15", "return", -5),
            (6, 4, "2026-03-16", "sale", 99),  # after the day
            (7, 5, "2024-03-15", "sale", 7),  # too long ago
        ],
        ORDERS,
    )

    found = baseline(orders, as_of=DAY)

    assert found == Baseline(
        customers=2,
        customers_before=2,
        won=1,
        lost=0.5,
        orders=2,
        revenue=55,
        revenue_won=35,
    )


def test_nobody_before_leaves_the_loss_unknown() -> None:
    orders = typed([(1, 1, "2026-01-01", "sale", 10)], ORDERS)

    assert baseline(orders, as_of=DAY).lost is None
    assert baseline(empty(ORDERS), as_of=DAY).customers == 0


def test_with_nothing_changed_the_year_comes_again() -> None:
    revenue, profit = middle()

    assert revenue == pytest.approx(9000)
    assert profit == pytest.approx(3600)


def test_a_higher_price_loses_volume_by_its_elasticity() -> None:
    revenue, profit = middle(price=Range(0.1, 0.1), elasticity=Range(-2, -2))

    volume = 1.1**-2
    assert revenue == pytest.approx(9000 * 1.1 * volume)
    assert profit == pytest.approx(9000 * volume * (1.1 - 0.6))


def test_customers_won_are_there_for_half_a_year() -> None:
    revenue, profit = middle(budget=Range(1000, 1000))

    expected = 9000 * (100 * STAYS + (20 + 20) / 2) / YEARS
    assert revenue == pytest.approx(expected)
    assert profit == pytest.approx(0.4 * expected - 1000)


def test_those_won_go_on_as_they_began() -> None:
    """Nothing came of those won: the others alone go on."""
    found = simulate(replace(START, revenue_won=0.0), AS_IS, draws=3)

    a_year = 9000 / (100 * STAYS)
    assert found.revenue[0] == pytest.approx(80 * STAYS * a_year)


def test_a_business_of_one_year_has_its_own_rate() -> None:
    young = replace(
        START, customers_before=0, customers=20, lost=None, revenue_won=9000.0
    )

    found = simulate(young, AS_IS | {"churn": Range(0, 0)}, draws=3)

    assert found.revenue[0] == pytest.approx(900 * (20 + 10))


def test_losing_nobody_keeps_everybody() -> None:
    assert kept(0.0) == 1
    assert kept(0.2) == pytest.approx(0.2 / -log(0.8))
    assert 0 < float(kept(1.0)) < 0.1


def test_a_range_becomes_a_distribution_around_its_middle() -> None:
    found = simulate(START, AS_IS | {"volume": Range(-0.1, 0.3)})

    low, centre, high = found.percentiles(found.revenue)
    assert 0.9 * 9000 < low < centre < high < 1.3 * 9000
    assert centre == pytest.approx(1.1 * 9000, rel=0.01)
    tenth = -0.1 + 0.4 * (0.1 / 2) ** 0.5  # of the triangular distribution
    assert low == pytest.approx((1 + tenth) * 9000, rel=0.01)


def test_the_widest_swing_comes_first() -> None:
    wide, narrow = Range(-0.2, 0.2), Range(0.19, 0.21)
    found = simulate(START, AS_IS | {"volume": wide, "churn": narrow})

    assert found.tornado["assumption"].tolist() == ["volume", "churn"]
    assert found.tornado.loc[0, "low"] == pytest.approx(0.8 * 3600)
    assert found.tornado.loc[0, "high"] == pytest.approx(1.2 * 3600)
    assert found.middle == pytest.approx(3600)


def test_the_same_assumptions_give_the_same_picture() -> None:
    assumed = AS_IS | {"volume": Range(-0.1, 0.3)}

    first, again = (simulate(START, assumed).revenue for _time in range(2))

    assert (first == again).all()


def test_without_sales_there_is_nothing_to_go_by() -> None:
    nothing = Baseline(0, 0, 0, None, 0, 0.0, 0.0)

    with pytest.raises(NotEnoughData):
        simulate(nothing, AS_IS)
