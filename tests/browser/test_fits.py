"""What belongs on one line stays there, and no tab hides behind an arrow."""

from decimal import Decimal

from playwright.sync_api import Page

from tests import make
from tests.browser.serving import settle

WIDTHS = (1280, 390)
OUTSIDE = """list => {
    const frame = list.getBoundingClientRect();
    return [...list.querySelectorAll('[role=tab]')]
        .filter(tab => tab.getBoundingClientRect().right > frame.right + 1)
        .map(tab => tab.textContent);
}"""


def test_no_tab_of_a_customer_hides(site: str, page: Page) -> None:
    customer = make.customer()

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site}/customer?id={customer.id}")
        settle(page)

        tabs = page.get_by_role("tablist").filter(has_text="Campaigns")
        assert tabs.get_by_role("tab").count() == 8
        assert tabs.evaluate(OUTSIDE) == []


def test_a_price_of_seven_digits_stays_on_one_line(site: str, page: Page) -> None:
    product = make.product(price=Decimal("1234567.89"))

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site}/product?id={product.id}")
        settle(page)

        values = page.get_by_test_id("stMetricValue")
        values.filter(has_text="€1,234,567.89").wait_for()
        heights = values.evaluate_all("all => all.map(one => one.clientHeight)")
        assert len(heights) == 4
        assert len(set(heights)) == 1  # none wraps
