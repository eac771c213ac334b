"""A company with no product makes its first one by hand, and offers it."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from crm import db
from crm.models import SYSTEM, Product, Quote
from tests import make
from tests.browser.serving import settle
from tests.browser.test_lead_to_cash import press, told

pytestmark = pytest.mark.slow


@pytest.fixture
def address(site: str) -> str:
    """The app with one customer, and nothing to sell."""
    make.customer(name="Rhine Mills")
    return site


def test_from_no_product_to_a_quote(page: Page, address: str) -> None:
    page.goto(f"{address}/products")
    settle(page)
    expect(page.get_by_text("No products yet.")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="New product").click()
    asked = page.get_by_role("dialog")
    for label, text in (
        ("Name", "Oak chair"),
        ("SKU", "OAK-1"),
        ("Price", "120"),
        ("Tax rate, %", "19"),
    ):
        expect(asked.get_by_label(label, exact=True)).to_be_visible()
        asked.get_by_label(label, exact=True).fill(text)
        settle(page)
    asked.get_by_role("button", name="Create").click()  # and ends what is typed
    expect(page.get_by_role("heading", level=1)).to_have_text("Oak chair")

    page.goto(f"{address}/quote?customer=1")
    settle(page)
    search = page.get_by_label("Search a product")
    search.fill("oak")
    search.press("Enter")
    settle(page)
    press(page, "Add line")
    told(page, "120.00")
    press(page, "Save")
    told(page, "Q-")

    with db.reading(SYSTEM) as session:
        product = session.exec(select(Product)).one()
        quote = session.exec(select(Quote)).one()
    assert (product.sku, product.price, product.tax_rate) == (
        "OAK-1",
        120,
        Decimal("0.19"),
    )
    assert quote.total == Decimal("142.8")
