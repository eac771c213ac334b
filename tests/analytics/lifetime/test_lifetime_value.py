"""Lifetime value: published hold-outs, planted customers, limits, bad input."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.analytics.lifetime import lifetime_value
from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.gamma_gamma import GammaGamma
from crm.analytics.lifetime.lifetime_check import Past
from crm.analytics.lifetime.lifetime_value import CONCENTRATION, WORTH, LifetimeValue
from crm.errors import Invalid, NotEnoughData
from crm.frames import REPEAT_BUYERS, REPEAT_DAYS, empty, typed
from tests.analytics import buyers
from tests.analytics.buyers import Planted

PURCHASES = BgNbd(r=1, alpha=6, a=1, b=6)
SPEND = GammaGamma(p=4, q=4, gamma=90)
TODAY = date(2026, 1, 31)
RATE = 0.1


@pytest.fixture(scope="module")
def shop() -> Planted:
    return buyers.planted(3_000, PURCHASES, SPEND)


@pytest.fixture(scope="module")
def found(shop: Planted) -> LifetimeValue:
    return valued(shop)


def valued(shop: Planted, **changed: Any) -> LifetimeValue:
    asked = {"as_of": TODAY, "horizon": shop.horizon, "annual_rate": 0.0}
    return lifetime_value.estimate(shop.buyers, shop.past(), **asked | changed)


def of(table: pd.DataFrame, as_of: date = TODAY, **changed: Any) -> LifetimeValue:
    """Of customers without a past to test on."""
    asked = {"as_of": as_of, "horizon": 365, "annual_rate": RATE}
    nothing = empty(REPEAT_BUYERS)
    past = Past(as_of - timedelta(days=1), nothing, nothing, empty(REPEAT_DAYS))
    return lifetime_value.estimate(table, past, **asked | changed)


def table(count: int = 40, **columns: Any) -> pd.DataFrame:
    """Customers with two purchases of 50, unless told otherwise."""
    defaults = {
        "customer_id": range(1, count + 1),
        "x": 1,
        "t_x": 30,
        "T": 100,
        "value": 50.0,
        "revenue": 100.0,
    }
    return typed(pd.DataFrame(defaults | columns, index=range(count)), REPEAT_BUYERS)


@pytest.mark.slow
def test_the_total_of_planted_customers_comes_true(
    shop: Planted, found: LifetimeValue
) -> None:
    actual = shop.revenue_after().sum()

    assert found.total.low < actual < found.total.high
    assert found.total.value == pytest.approx(actual, rel=0.07)


@pytest.mark.slow
def test_nine_of_ten_planted_customers_are_within_their_interval(
    shop: Planted, found: LifetimeValue
) -> None:
    """Or more: an interval from 0 on cannot be missed from below."""
    customers = found.customers.set_index("customer_id")
    actual = shop.revenue_after().reindex(customers.index)

    inside = actual.between(customers["low"], customers["high"])

    assert 0.88 < inside.mean() < 0.97
    above = actual > customers["high"]
    assert above.mean() == pytest.approx(0.05, abs=0.015)


def test_planted_customers_are_still_there_as_often_as_told(
    shop: Planted, found: LifetimeValue
) -> None:
    """Who buys within the year was there; among them the chance was higher."""
    customers = found.customers.set_index("customer_id").dropna()
    came = shop.revenue_after().reindex(customers.index) > 0

    assert customers["alive"][came].mean() > customers["alive"][~came].mean() + 0.3
    assert customers["alive"].mean() > came.mean()


def test_simulated_and_expected_totals_agree(found: LifetimeValue) -> None:
    middle = (found.total.low + found.total.high) / 2

    assert middle == pytest.approx(found.total.value, rel=0.03)


def test_the_test_on_the_past_finds_planted_customers_well_told(
    found: LifetimeValue,
) -> None:
    assert found.check is not None
    assert found.check.purchases.error == pytest.approx(0, abs=0.08)
    assert found.notes == ()


def test_every_buyer_is_valued_and_nothing_is_missing(
    shop: Planted, found: LifetimeValue
) -> None:
    customers = found.customers

    assert {name: str(kind) for name, kind in customers.dtypes.items()} == WORTH
    assert sorted(customers["customer_id"]) == sorted(shop.buyers["customer_id"])
    assert np.isfinite(customers.drop(columns="alive")).all(axis=None)
    assert (customers["alive"].isna() == (customers["x"] == 0)).all()
    assert customers["lifetime_value"].is_monotonic_decreasing
    assert (customers["low"] <= customers["high"]).all()


def test_value_at_risk_is_what_doubt_takes_away(found: LifetimeValue) -> None:
    """Worth if surely there, less the expected: v / alive - v."""
    known = found.customers.dropna()

    by_hand = known["lifetime_value"] * (1 / known["alive"] - 1)

    assert known["at_risk"].to_numpy() == pytest.approx(by_hand.to_numpy())
    alone = found.customers["alive"].isna()
    assert (found.customers["at_risk"][alone] == 0).all()


def test_without_a_discount_value_is_purchases_times_their_value(
    found: LifetimeValue,
) -> None:
    customers = found.customers

    product = customers["purchases"] * customers["value"]

    assert customers["lifetime_value"].to_numpy() == pytest.approx(product.to_numpy())


@pytest.mark.slow
def test_a_discount_lowers_every_value_a_little(
    shop: Planted, found: LifetimeValue
) -> None:
    """At 10 % a year, what comes within one year loses up to a tenth."""
    less = valued(shop, annual_rate=RATE).customers.sort_values("customer_id")
    full = found.customers.sort_values("customer_id")

    ratio = less["lifetime_value"].to_numpy() / full["lifetime_value"].to_numpy()

    assert (ratio < 1).all()
    assert (ratio > 1 / 1.1).all()


@pytest.mark.slow
def test_a_longer_horizon_is_worth_more(shop: Planted, found: LifetimeValue) -> None:
    longer = valued(shop, horizon=730)

    assert found.total.value < longer.total.value < 2 * found.total.value


@pytest.mark.slow
def test_the_same_data_gives_the_same_result(
    shop: Planted, found: LifetimeValue
) -> None:
    again = valued(shop)

    pd.testing.assert_frame_equal(again.customers, found.customers)
    assert again.total == found.total


def test_parameters_have_intervals_around_them(found: LifetimeValue) -> None:
    assert list(found.parameters) == ["r", "alpha", "a", "b", "p", "q", "gamma"]
    for one in found.parameters.values():
        assert one.low < one.value < one.high


def test_the_concentration_runs_from_nothing_to_all(found: LifetimeValue) -> None:
    curve = found.concentration

    assert list(curve) == list(CONCENTRATION)
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == pytest.approx([1, 1])
    assert (np.diff(curve["value"], n=2) <= 1e-12).all()


def test_the_best_tenth_by_hand(found: LifetimeValue) -> None:
    values = found.customers["lifetime_value"]

    assert found.top_share == pytest.approx(values.head(300).sum() / values.sum())


@pytest.mark.slow
def test_what_is_sent_back_is_taken_off(shop: Planted, found: LifetimeValue) -> None:
    bought = shop.buyers
    returned = bought.assign(revenue=0.8 * bought["revenue"])

    less = lifetime_value.estimate(
        returned, shop.past(), as_of=TODAY, horizon=365, annual_rate=0
    )

    assert less.models.kept == pytest.approx(0.8)
    assert less.total.value == pytest.approx(0.8 * found.total.value)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"count": 0}, "No customer has ordered"),
        ({"count": 1}, "only 1 customers had bought on more than one day"),
        ({"count": 29}, "need at least 30"),
        ({"x": 0, "t_x": 0}, "only 0 customers"),
        ({"x": 0, "t_x": 0, "T": 0}, "0 days before"),
        ({"T": 59}, "history of at least 60 days"),
        ({"value": 0.0, "revenue": 0.0}, "spent anything"),
        ({"value": -5.0, "revenue": -10.0}, "spent anything"),
    ],
)
def test_too_little_is_refused_in_words(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(NotEnoughData, match=words):
        of(table(**changed))


@pytest.mark.parametrize(
    "asked",
    [{"horizon": 29}, {"horizon": 1827}, {"annual_rate": -0.1}, {"annual_rate": 1.01}],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        of(table(), **asked)


@pytest.mark.slow
def test_customers_all_alike_are_valued_and_told_to_settle_nothing() -> None:
    found = of(table(200))

    assert found.correlation is None
    assert np.isfinite(found.total.value)
    assert len(found.unsettled) == 2
    assert found.check is None


@pytest.mark.parametrize(
    "columns",
    [
        {"x": 99, "t_x": 99},  # every day
        {"T": 3000},  # long ago
        {"revenue": -50.0},  # more sent back than sold
        {"value": [1e9] + [0.01] * 39},
        {"x": [3000] + [1] * 39, "t_x": [3000] + [30] * 39, "T": 3000},
    ],
)
@pytest.mark.slow
def test_odd_customers_still_give_numbers(columns: dict[str, Any]) -> None:
    found = of(table(**columns))

    assert np.isfinite(found.customers.drop(columns="alive")).all(axis=None)
    assert np.isfinite([found.total.low, found.total.value, found.total.high]).all()
    assert 0 <= found.top_share <= 1


@pytest.mark.slow
def test_orders_that_stop_long_before_the_day_are_told() -> None:
    assert any("The last order is of" in str(one) for one in of(table()).notes)


@pytest.mark.slow
def test_frequency_that_goes_with_value_is_told() -> None:
    x = np.arange(1, 41)

    found = of(table(x=x, t_x=x + 50, T=100, value=10.0 * x, revenue=100.0))

    assert found.correlation == pytest.approx(1)
    told = [str(one) for one in found.notes]
    assert any("also spend more at a time" in one for one in told)


@pytest.mark.slow
def test_a_horizon_beyond_the_history_is_told() -> None:
    told = [str(one) for one in of(table()).notes]

    assert any("365 days is longer than the history of 100 days" in one for one in told)


@pytest.mark.parametrize(
    ("history", "horizon", "days"), [(100, 365, 50), (900, 365, 365), (0, 365, 1)]
)
def test_how_long_is_held_out(history: int, horizon: int, days: int) -> None:
    found = lifetime_value.held_out(table(T=history, x=0, t_x=0), horizon)

    assert found == days
