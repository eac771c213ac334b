"""The effect of campaigns: planted ones are found, none is claimed where none is."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from crm.analytics import campaign_effect
from crm.analytics.campaign_effect import (
    Verdict,
    Watched,
    returned,
    verdict,
    watched,
)
from crm.analytics.hold_out import Effect
from crm.frames import CAMPAIGN_OUTCOMES, empty, typed

AS_OF = date(2026, 3, 31)
SEEDS = range(100)
CHANCE = 0.05
RARELY = int(binom.ppf(0.999, len(SEEDS), CHANCE))  # 13 of 100 at a rate of 5 %


def outcomes(seed: int, *, lift: float, customers: int = 2000) -> pd.DataFrame:
    """One in five held out; 30 % order, of the others `lift` more, for 100 or so."""
    rng = np.random.default_rng(seed)
    held = rng.random(customers) < 0.2
    ordered = rng.random(customers) < np.where(held, 0.3, 0.3 + lift)
    revenue = np.where(ordered, rng.gamma(2, 50, customers), 0)
    return typed(
        {
            "customer_id": np.arange(customers),
            "held_out": held,
            "day": np.datetime64("2026-01-10", "s"),
            "orders": ordered.astype("int64"),
            "revenue": revenue,
        },
        CAMPAIGN_OUTCOMES,
    )


def effect(seed: int, lift: float) -> Effect:
    found = watched(outcomes(seed, lift=lift), days=30, as_of=AS_OF).effect
    assert found is not None
    return found


@pytest.mark.slow
def test_a_planted_lift_lies_within_its_interval() -> None:
    """10 % more order, for 100 on average: 10 more revenue a customer."""
    found = [effect(seed, 0.1) for seed in SEEDS]

    shares = [one.bought_low <= 0.1 <= one.bought_high for one in found]
    sums = [one.revenue_low <= 10 <= one.revenue_high for one in found]
    assert len(SEEDS) - sum(shares) <= RARELY
    assert len(SEEDS) - sum(sums) <= RARELY
    assert sum(verdict(one) is Verdict.MORE for one in found) > 90  # and it is seen


@pytest.mark.slow
def test_without_an_effect_hardly_ever_one_is_claimed() -> None:
    found = [effect(seed, 0.0) for seed in SEEDS]

    assert sum(verdict(one) is not Verdict.UNCLEAR for one in found) <= RARELY
    assert sum(one.is_clear for one in found) <= RARELY  # of the revenue by itself


def table(held: list[int], treated: list[int], day: str = "2026-01-10") -> pd.DataFrame:
    """A customer for each number of orders, each order of 100."""
    orders = [*held, *treated]
    return typed(
        {
            "customer_id": range(len(orders)),
            "held_out": [True] * len(held) + [False] * len(treated),
            "day": np.datetime64(day, "s"),
            "orders": orders,
            "revenue": [100.0 * one for one in orders],
        },
        CAMPAIGN_OUTCOMES,
    )


def test_the_two_sides_are_compared() -> None:
    """Of 20 held out 5 order; of 40 others 20, four of them twice: 24 orders."""
    made = table([1] * 5 + [0] * 15, [2] * 4 + [1] * 16 + [0] * 20)

    found = watched(made, days=30, as_of=AS_OF)

    assert (found.held_out, found.treated, found.waiting) == (20, 40, 0)
    assert found.why_not is None
    assert found.effect is not None
    assert found.effect.bought_left_alone == 0.25
    assert found.effect.bought_acted_on == 0.5
    assert found.effect.revenue == pytest.approx(60 - 25)


def test_an_order_that_was_sent_back_was_an_order() -> None:
    made = table([1] * 20, [1] * 20).assign(revenue=0.0)

    found = watched(made, days=30, as_of=AS_OF).effect

    assert found is not None
    assert found.bought_acted_on == 1


def test_who_is_still_waited_for_is_not_compared() -> None:
    old, new = table([0] * 20, [1] * 20), table([1] * 5, [9] * 5, "2026-03-02")

    found = watched(pd.concat([old, new]), days=30, as_of=AS_OF)

    assert (found.held_out, found.treated, found.waiting) == (20, 20, 10)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (empty(CAMPAIGN_OUTCOMES), "Nobody has been added"),
        (table([1], [1], "2026-03-20"), "not over for anybody"),
        (table([], [1] * 50), "Nobody is held out"),
        (table([1] * 19, [1] * 50), "19 customers held out and 50 others; 20"),
    ],
)
def test_too_few_are_refused_in_words(made: pd.DataFrame, words: str) -> None:
    found = watched(made, days=30, as_of=AS_OF)

    assert found.effect is None
    assert words in str(found.why_not)


def test_what_it_brought_is_that_of_all_less_the_cost() -> None:
    """35 more for each of 40 customers are 1,400; a cost of 400 leaves 1,000."""
    made = table([1] * 5 + [0] * 15, [2] * 4 + [1] * 16 + [0] * 20)
    found = watched(made, days=30, as_of=AS_OF).effect
    assert found is not None

    gain = returned(found, 400)

    assert gain.revenue == pytest.approx(1400)
    assert gain.profit == pytest.approx(1000)
    assert gain.ratio == pytest.approx(2.5)
    assert gain.profit_high - gain.profit == pytest.approx(
        40 * (found.revenue_high - found.revenue)
    )
    assert returned(found, 0).ratio is None


def test_it_is_kept_as_a_row_and_read_again() -> None:
    some = watched(table([1] * 20, [0] * 30), days=30, as_of=AS_OF)
    none = watched(table([1], [0]), days=60, as_of=AS_OF)
    rows = [campaign_effect.row(7, one) for one in (some, none)]

    kept = pd.DataFrame(rows, columns=list(campaign_effect.COLUMNS))

    read: list[Watched] = [
        campaign_effect.of_row(one) for one in kept.to_dict("records")
    ]
    assert read == [some, none]
