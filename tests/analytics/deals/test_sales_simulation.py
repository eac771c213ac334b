"""Futures that are drawn, against sums that can be worked out."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.analytics.deals import sales_arrivals
from crm.analytics.deals.sales_arrivals import arrivals, in_time
from crm.analytics.deals.sales_simulation import Group, simulate
from crm.analytics.deals.sales_slip import Deck
from tests.analytics.sales import NOW

MONTHS = np.repeat(np.arange(3), 30)  # three months of thirty days
DRAWS = 4000


def deck(
    offsets: Any, *, is_slip: bool = True, ratio: float = 1, worth: float = 0
) -> Deck:
    days = np.sort(np.asarray(offsets, dtype="float64"))
    return Deck(
        "due", len(days), is_slip, days,
        np.full(len(days), ratio), np.full(len(days), worth),
    )  # fmt: skip


def group(cards: Deck, *deals: tuple[float, float, float], draws: int = DRAWS) -> Group:
    """Each deal: days ahead, amount, chance."""
    ahead, amounts, chance = (np.array(column) for column in zip(*deals, strict=True))
    return Group(cards, ahead, amounts, chance / (1 - chance), np.ones(draws))


def drawn(*groups: Group) -> Any:
    return simulate(groups, MONTHS, DRAWS, np.random.default_rng(1))


def test_the_mean_is_chance_times_amount_in_the_month_of_the_day() -> None:
    found = drawn(group(deck([0.0]), (5, 1000, 0.3), (45, 500, 0.8)))

    assert found.mean(axis=0) == pytest.approx([300, 400, 0], rel=0.05)
    assert set(np.unique(found[:, 0])) == {0, 1000}


def test_a_slip_moves_it_to_a_later_month_or_out_of_sight() -> None:
    found = drawn(group(deck([0.0, 0.0, 30.0, 400.0]), (20, 100, 0.999)))

    assert found.mean(axis=0) == pytest.approx([50, 25, 0], abs=3)


def test_what_should_have_closed_long_ago_closes_now_at_the_earliest() -> None:
    found = drawn(group(deck([-500.0, 1.0]), (0, 100, 0.999)))

    assert found.sum(axis=1).mean() == pytest.approx(100, abs=1)
    assert found[:, 1:].sum() == 0


def test_days_from_now_do_not_look_at_the_stated_day() -> None:
    far = 360_000.0  # the year 2999
    later = drawn(group(deck([35.0], is_slip=False), (far, 100, 0.999)))

    assert later[:, 1].mean() == pytest.approx(100, abs=1)
    assert drawn(group(deck([35.0]), (far, 100, 0.999))).sum() == 0


def test_an_amount_that_is_not_stated_is_drawn_too() -> None:
    cards = deck([0.0], ratio=0.5, worth=70)

    found = drawn(group(cards, (5, np.nan, 0.999), (40, 200, 0.999)))

    assert found.mean(axis=0) == pytest.approx([70, 100, 0], abs=1)


def test_chances_err_together() -> None:
    """Forty alike: if their odds are all twice or half as good, sums spread more."""
    deals = [(5.0, 1.0, 0.5)] * 40
    apart = drawn(group(deck([0.0]), *deals))
    shifts = np.where(np.arange(DRAWS) % 2, 2.0, 0.5)
    one = group(deck([0.0]), *deals)
    together = drawn(Group(one.deck, one.ahead, one.amounts, one.odds, shifts))

    assert apart[:, 0].std() == pytest.approx(np.sqrt(40 * 0.25), rel=0.1)
    wide = np.sqrt(40 * 2 / 9 + 40**2 * (1 / 6) ** 2)
    assert together[:, 0].std() == pytest.approx(wide, rel=0.1)


def test_blocks_do_not_show() -> None:
    many = [(float(n % 80), 10.0, 0.4) for n in range(700)]  # several blocks

    found = drawn(group(deck(range(10)), *many))

    assert len(found) == DRAWS
    assert found.sum(axis=1).std() == pytest.approx(10 * np.sqrt(700 * 0.24), rel=0.2)
    assert found[-1].sum() > 0


def test_nothing_open_brings_nothing() -> None:
    assert simulate([], MONTHS, 10, np.random.default_rng(1)).sum() == 0


def test_arrivals_are_counted_over_whole_months() -> None:
    days = pd.Series(pd.to_datetime(["2025-12-05", "2026-02-01", "2026-02-03", NOW]))

    found = arrivals(days, pd.Timestamp("2025-12-20"), NOW)

    assert (found.opened, found.months, found.mean) == (3, 3, 1.0)
    assert found.spread == 1.0  # 1, 0, 2: variance 1, mean 1


def test_new_ones_are_won_after_the_time_that_sales_take() -> None:
    """Opened evenly over a month and won 30 days later: all in the next month."""
    found = in_time(deck([30.0], is_slip=False), MONTHS)

    assert found == pytest.approx(np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]]))


def test_new_ones_bring_rate_times_chance_times_amount() -> None:
    coming = sales_arrivals.Arrivals(opened=120, months=12, spread=1.0)
    chance = np.full(DRAWS, 0.5)

    found = sales_arrivals.simulate(
        coming, chance, deck([0.0], is_slip=False), np.array([100.0, 300.0]), MONTHS,
        np.random.default_rng(1),
    )  # fmt: skip

    a_month = 10 * 30 / (365.25 / 12) * 0.5 * 200
    assert found.mean(axis=0) == pytest.approx([a_month] * 3, rel=0.05)


def test_months_that_differ_more_than_chance_widen_what_is_drawn() -> None:
    def spread(factor: float) -> float:
        coming = sales_arrivals.Arrivals(opened=1200, months=12, spread=factor)
        found = sales_arrivals.simulate(
            coming, np.full(DRAWS, 0.9), deck([0.0], is_slip=False), np.array([1.0]),
            MONTHS, np.random.default_rng(1),
        )  # fmt: skip
        return float(found[:, 1].std())

    assert spread(9.0) > 2 * spread(1.0)


def test_nobody_coming_or_nothing_ever_won_brings_nothing() -> None:
    for coming, amounts in (
        (sales_arrivals.Arrivals(0, 12, 1.0), [5.0]),
        (sales_arrivals.Arrivals(12, 12, 1.0), []),
    ):
        found = sales_arrivals.simulate(
            coming, np.full(10, 0.5), deck([0.0]), np.array(amounts), MONTHS,
            np.random.default_rng(1),
        )  # fmt: skip
        assert found.sum() == 0
