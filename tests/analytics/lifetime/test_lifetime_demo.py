"""The demo company, in which it is planted what customers are worth."""

from datetime import date, timedelta

import pandas as pd
import pytest

from crm.analytics.lifetime import lifetime_value
from crm.analytics.lifetime.lifetime_value import LifetimeValue
from crm.demo import DemoCompany, generate
from tests.analytics import buyers

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return generate(today=TODAY)


@pytest.fixture(scope="module")
def found(company: DemoCompany) -> LifetimeValue:
    orders = sales(company)
    now = buyers.repeat_buyers(orders, TODAY)
    learned_on = TODAY - timedelta(days=lifetime_value.held_out(now, 365))
    past = buyers.past(orders, learned_on, TODAY)
    return lifetime_value.estimate(now, past, as_of=TODAY, horizon=365, annual_rate=0)


def sales(company: DemoCompany) -> pd.DataFrame:
    """Confirmed ones, as `buyers.cdnow` gives them; what was sent back is left out."""
    lines, orders = company.order_lines, company.orders
    amount = lines["quantity"] * lines["unit_price"] / 10_000
    total = amount.groupby(lines["order_number"]).sum()
    kept = orders[(orders["kind"] == "sale") & (orders["status"] == "confirmed")]
    day = kept["ordered_at"].dt.tz_localize(None).dt.normalize()
    columns = {"ordered_on": day, "total": kept["number"].map(total)}
    return pd.DataFrame(columns).assign(
        customer_id=numbers(kept["customer_external_id"])
    )


def numbers(external_ids: pd.Series) -> pd.Series:
    """12 for C-12."""
    return external_ids.str.removeprefix("C-").astype("int64")


@pytest.fixture(scope="module")
def both(company: DemoCompany, found: LifetimeValue) -> pd.DataFrame:
    """Estimates beside the planted expectation, net of what is sent back."""
    truths = company.truths.customers
    truths = truths.set_index(numbers(truths["customer_external_id"]))
    kept = [*("segment", "revenue_365", "orders_365", "churned_on")]
    return found.customers.set_index("customer_id").join(truths[kept], how="inner")


def test_the_total_is_what_was_planted(both: pd.DataFrame) -> None:
    """Gross against net: about two parts in a hundred are sent back."""
    assert both["lifetime_value"].sum() == pytest.approx(
        both["revenue_365"].sum(), rel=0.08
    )


def test_customers_stand_in_the_planted_order(both: pd.DataFrame) -> None:
    regular = both[both["x"] > 0]

    assert regular["lifetime_value"].corr(regular["revenue_365"]) > 0.9
    ranks = regular[["lifetime_value", "revenue_365"]].corr("spearman")
    assert ranks.iloc[0, 1] > 0.8


def test_regular_segments_come_out_and_beginners_are_overrated(
    both: pd.DataFrame,
) -> None:
    """Who has bought once counts as still there: said so on the page."""
    by_segment = both.groupby("segment")[["purchases", "orders_365"]].sum()
    ratio = by_segment["purchases"] / by_segment["orders_365"]

    for segment in ("key account", "regular office", "coffee regular"):
        assert ratio[segment] == pytest.approx(1, abs=0.12), segment
    assert ratio["newcomer"] > 1.3


def test_who_has_left_for_good_is_less_likely_there(both: pd.DataFrame) -> None:
    gone = both["churned_on"].notna()

    assert both["alive"][gone].mean() < both["alive"][~gone].mean() - 0.1


def test_the_test_on_the_past_comes_near(found: LifetimeValue) -> None:
    assert found.check is not None
    assert found.check.purchases.error == pytest.approx(0, abs=0.1)
    assert found.check.revenue.error == pytest.approx(0, abs=0.1)
    assert found.check.purchases.correlation is not None
    assert found.check.purchases.correlation > 0.85
