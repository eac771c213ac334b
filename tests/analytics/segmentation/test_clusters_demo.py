"""The demo company, in which kinds of customers are planted, to be found again."""

from datetime import date

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from crm.analytics.segmentation.clusters import fit
from crm.demo import DemoCompany, generate
from crm.frames import BUYERS, typed

TODAY = date(2026, 3, 2)
NOW = pd.Timestamp(TODAY)
BY = ["recency", "frequency", "monetary", "revenue", "tenure", "products"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return generate(today=TODAY)


def numbers(external_ids: pd.Series) -> pd.Series:
    """12 for C-12."""
    return external_ids.str.removeprefix("C-").astype("int64")


def buyers(company: DemoCompany) -> pd.DataFrame:
    """As in `crm.frames.BUYERS`; nothing counts as sent back."""
    orders, lines = company.orders, company.order_lines
    kept = orders[(orders["kind"] == "sale") & (orders["status"] == "confirmed")]
    amounts = (lines["quantity"] * lines["unit_price"] / 10_000).groupby(
        lines["order_number"]
    )
    sales = pd.DataFrame(
        {
            "number": kept["number"],
            "customer_id": numbers(kept["customer_external_id"]),
            "on": kept["ordered_at"].dt.tz_localize(None).dt.normalize(),
            "total": kept["number"].map(amounts.sum()),
        }
    )
    table = sales.groupby("customer_id").agg(
        first_on=("on", "min"),
        last_on=("on", "max"),
        frequency=("total", "size"),
        monetary=("total", "mean"),
        revenue=("total", "sum"),
    )
    bought = lines.merge(sales, left_on="order_number", right_on="number")
    table["products"] = bought.groupby("customer_id")["sku"].nunique()
    table["recency"] = (NOW - table["last_on"]).dt.days
    table["tenure"] = (NOW - table["first_on"]).dt.days
    gaps = (table["frequency"] - 1).where(table["frequency"] > 1)
    table["gap"] = (table["tenure"] - table["recency"]) / gaps
    return typed(table.assign(returned=0.0, tickets=0).reset_index(), BUYERS)


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_the_planted_segments_are_the_clusters(
    company: DemoCompany, method: str
) -> None:
    found = fit(buyers(company), BY, 5, method=method).labels
    truths = company.truths.customers
    planted = truths.set_index(numbers(truths["customer_external_id"]))["segment"]

    both = found.index.intersection(planted.index)
    assert len(both) > 1_800
    assert adjusted_rand_score(planted[both], found[both]) >= 0.9
