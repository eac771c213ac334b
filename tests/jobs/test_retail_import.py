"""The real order file of a web shop, from file to books; figures by pandas alone."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select

from crm import db
from crm.models import SYSTEM, Actor, Customer, Order, OrderKind, OrderLine, Product
from crm.services.imports.choices import WithoutCustomer
from tests.services.imports.engine import begun, brought, checked, ran, reported, undone

FILE = Path(__file__).parents[2] / (
    "../shared/data/retail_orders_2010-12_to_2011-02.csv"
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FILE.exists(), reason="the retail file is not beside this checkout"
    ),
]


@pytest.fixture(scope="module")
def retail() -> pd.DataFrame:
    """The file as pandas reads it, prices in ten-thousandths."""
    texts = pd.read_csv(FILE, dtype=str, keep_default_na=False)
    texts["Quantity"] = texts["Quantity"].astype(int)
    texts["Price"] = (texts["UnitPrice"].astype(float) * 10_000).round().astype(int)
    texts["Amount"] = texts["Quantity"] * texts["Price"]
    return texts


def test_all_of_it_goes_in_and_comes_out(admin: Actor, retail: pd.DataFrame) -> None:
    import_id = begun(admin, FILE, "orders", currency="GBP")
    would = checked(admin, import_id).counts
    report = ran(admin, import_id)

    cancelled = retail["InvoiceNo"].str.startswith("C")
    nobody = retail["CustomerID"] == ""
    stock = nobody & (retail["Price"] == 0) & (retail["Quantity"] < 0)
    known = retail.loc[~nobody, "CustomerID"].nunique()
    assert (would, report.counts.rows) == (report.counts, len(retail))
    assert (report.counts.created, report.counts.failed) == (105_335, 0)
    assert report.made == {
        "customer": known + 1,  # and the walk-in customer
        "product": retail["StockCode"].str.upper().nunique(),
        "sales_order": retail["InvoiceNo"].nunique(),
        "order_line": len(retail),
    }
    with db.reading(SYSTEM) as session:
        total = session.scalar(select(func.sum(Order.total)))
        lines = session.execute(
            select(func.sum(OrderLine.quantity), func.sum(OrderLine.amount))
        ).one()
        kinds = select(Order.kind, func.count()).group_by(Order.kind)
        by_kind = {row[0]: row[1] for row in session.execute(kinds)}
        of_nobody = session.scalar(
            select(func.count())
            .select_from(Order)
            .join(Customer, Customer.id == Order.customer_id)
            .where(Customer.walk_in)
        )
        one = session.scalar(
            select(func.sum(Order.total))
            .join(Customer, Customer.id == Order.customer_id)
            .where(Customer.external_id == "17850")
        )
    assert total == lines[1]
    assert total * 10_000 == int(retail["Amount"].sum())
    assert lines[0] == int(retail["Quantity"].sum())
    assert by_kind == {
        OrderKind.CANCELLATION: retail.loc[cancelled, "InvoiceNo"].nunique(),
        OrderKind.ADJUSTMENT: retail.loc[stock, "InvoiceNo"].nunique(),
        OrderKind.SALE: retail.loc[~cancelled & ~stock, "InvoiceNo"].nunique(),
    }
    assert of_nobody == retail.loc[nobody, "InvoiceNo"].nunique()
    mine = retail["CustomerID"] == "17850"
    assert one is not None
    assert one * 10_000 == int(retail.loc[mine, "Amount"].sum())

    again = brought(admin, FILE, "orders", currency="GBP")

    assert (again.counts.unchanged, again.made) == (105_335, {})

    undo = undone(admin, import_id)

    assert undo.removed["sales_order"] == retail["InvoiceNo"].nunique()
    assert (undo.removed["customer"], undo.n_kept) == (known + 1, 0)
    with db.reading(SYSTEM) as session:
        living = [
            session.scalar(select(func.count()).select_from(table))
            for table in (Order, Customer, Product)
        ]
    assert living == [0, 0, 0]


def test_orders_of_nobody_can_be_left_out(admin: Actor, retail: pd.DataFrame) -> None:
    import_id = begun(
        admin, FILE, "orders", without_customer=WithoutCustomer.SKIP, currency="GBP"
    )

    ran(admin, import_id)

    nobody = retail["CustomerID"] == ""
    report = reported(admin, import_id)
    assert (report.counts.created, report.counts.skipped) == (69_125, 36_210)
    assert report.made["customer"] == retail.loc[~nobody, "CustomerID"].nunique()
    assert (
        report.made["product"] == retail.loc[~nobody, "StockCode"].str.upper().nunique()
    )
    with db.reading(SYSTEM) as session:
        total = session.scalar(select(func.sum(Order.total)))
    assert total is not None
    assert total * 10_000 == int(retail.loc[~nobody, "Amount"].sum())
