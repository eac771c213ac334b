"""The demo company, in which it is planted how much customers will buy."""

from datetime import date

import pandas as pd
import pytest

from crm.analytics.purchase import purchase
from crm.analytics.purchase.purchase import Purchase
from crm.demo import DemoCompany, generate
from tests.analytics import histories
from tests.analytics.leavers import small_forests
from tests.analytics.lifetime.test_lifetime_demo import numbers, sales

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return generate(today=TODAY)


@pytest.fixture(scope="module")
def found(company: DemoCompany) -> Purchase:
    cuts = histories.cuts(sales(company).assign(units=1), TODAY, 90)
    with small_forests():
        return purchase.predict(*cuts, horizon=90)


@pytest.fixture(scope="module")
def both(company: DemoCompany, found: Purchase) -> pd.DataFrame:
    """Predictions beside the planted expectation of each customer."""
    truths = company.truths.customers
    truths = truths.set_index(numbers(truths["customer_external_id"]))
    table = found.customers.join(found.spending.amounts).set_index("customer_id")
    return table.join(truths[["orders_90", "revenue_90"]], how="inner")


def ranks(both: pd.DataFrame, one: str, other: str) -> float:
    return float(both[[one, other]].corr("spearman").iloc[0, 1])


def test_probabilities_stand_in_the_planted_order(both: pd.DataFrame) -> None:
    """Measured: 0.857. Of orders, as the chance to buy has no simple truth."""
    assert ranks(both, "probability", "orders_90") > 0.8


@pytest.mark.parametrize(
    ("model", "least"),
    [("tweedie", 0.83), ("two_part", 0.83), ("forest", 0.75), ("bg_nbd", 0.75)],
)
def test_amounts_stand_in_the_planted_order(
    both: pd.DataFrame, model: str, least: float
) -> None:
    """Measured: 0.874, 0.886, 0.800, 0.814."""
    assert ranks(both, model, "revenue_90") > least


def test_models_know_the_order_better_than_the_same_as_before(
    both: pd.DataFrame, found: Purchase
) -> None:
    """Measured of the latter: 0.549."""
    best = ranks(both, found.spending.best, "revenue_90")

    assert best > ranks(both, "as_before", "revenue_90") + 0.15
