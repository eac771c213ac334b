"""One demo company for all tests of this room, and what an analysis sees of it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.demo import DemoCompany, generate

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="session")
def company() -> DemoCompany:
    return generate(today=TODAY)


@pytest.fixture(scope="session")
def sales(company: DemoCompany) -> pd.DataFrame:
    """Confirmed sales: number, customer, day and total in euro."""
    lines = company.order_lines
    amounts = lines["quantity"] * lines["unit_price"] / 10_000
    total = amounts.groupby(lines["order_number"]).sum()
    orders = company.orders.set_index("number", drop=False).assign(total=total)
    kept = orders[(orders["kind"] == "sale") & (orders["status"] == "confirmed")]
    day = kept["ordered_at"].dt.tz_localize(None).dt.normalize()
    return kept.assign(day=day)


@pytest.fixture(scope="session")
def baskets(company: DemoCompany, sales: pd.DataFrame) -> pd.DataFrame:
    """Which confirmed sale holds which product: orders by SKUs, 0 or 1."""
    lines = company.order_lines
    lines = lines[lines["order_number"].isin(sales["number"])]
    orders, order_of = np.unique(lines["order_number"], return_inverse=True)
    skus, sku_of = np.unique(lines["sku"], return_inverse=True)
    held = np.zeros((len(orders), len(skus)))  # floats are multiplied much faster
    held[order_of, sku_of] = 1
    return pd.DataFrame(held, orders, skus)
