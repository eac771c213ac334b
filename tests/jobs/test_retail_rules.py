"""Rules of a real web shop, among whose sales are whole days under one number."""

from pathlib import Path

import pandas as pd
import pytest

from crm.analytics.rules.rule_check import Check, check
from crm.frames import BASKETS, PRODUCTS, typed
from crm.jobs.association_rules import rules
from crm.services import analysis_kinds

FILE = Path(__file__).parents[2] / "../shared/data/retail_orders_2010-12_to_2011-02.csv"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FILE.exists(), reason="the retail file is not beside this checkout"
    ),
]


@pytest.fixture(scope="module")
def sales() -> pd.DataFrame:
    """What was sold, as baskets."""
    names = ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate"]
    table = pd.read_csv(FILE, usecols=names, dtype={"InvoiceNo": "str"})
    sold = table[(table["Quantity"] > 0) & ~table["InvoiceNo"].str.startswith("C")]
    columns = {
        "order_id": pd.factorize(sold["InvoiceNo"])[0],
        "customer_id": 1,
        "ordered_on": pd.to_datetime(sold["InvoiceDate"]).dt.normalize().to_numpy(),
        "product_id": pd.factorize(sold["StockCode"].str.upper())[0],
    }
    return typed(columns, BASKETS)


def checked(sales: pd.DataFrame, **asked: bool) -> Check:
    """How the rules beyond chance did, searched as is usual."""
    usual = analysis_kinds.usual("association_rules")
    found = rules(sales, typed([], PRODUCTS), usual | asked).tables["rules"]
    return check(found[found["q_value"] <= 0.05])


def test_with_all_sales_the_rules_fail_on_later_ones(sales: pd.DataFrame) -> None:
    made = checked(sales, all_sizes=True)

    assert (made.rules, made.verdict) == (50_000, "failed")


def test_as_is_usual_most_hold(sales: pd.DataFrame) -> None:
    made = checked(sales)

    assert 5_000 < made.rules < 6_000
    assert made.verdict == "weaker"
    assert made.kept_lift == pytest.approx(0.81, abs=0.02)
