"""From a rule to the customers who have its left side only, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from crm.models import Actor
from tests import make
from tests.browser.serving import settle
from tests.ui.test_association_rules import bought, kept


@pytest.fixture
def shown(admin: Actor, site: str, page: Page) -> Page:
    """The page with a stored result, and customers of three kinds."""
    a, b, *_others = (
        make.product(id=n, name=name)
        for n, name in enumerate(("Printer", "Toner", "Coffee", "Descaler"), 1)
    )
    for number in (1, 2):
        bought(None, f"Only A {number}", a)
    bought(None, "Both", a, b)
    bought(None, "Only B", b)
    kept(admin)
    page.goto(f"{site}/association_rules")
    settle(page)
    return page


def test_a_slider_a_rule_and_its_customers(shown: Page) -> None:
    expect(
        shown.get_by_text("2 of 4 stored rules are within the bounds")
    ).to_be_visible()

    slider = shown.get_by_role("slider", name="Confidence at least")
    slider.press("End")  # a confidence of 1
    expect(
        shown.get_by_text("1 of 4 stored rules is within the bounds")
    ).to_be_visible()
    slider.press("Home")
    expect(
        shown.get_by_text("2 of 4 stored rules are within the bounds")
    ).to_be_visible()
    settle(shown)
    pick_row(shown, 2)
    expect(
        shown.get_by_text("Of 100 baskets with Printer, 80 have Toner too")
    ).to_be_visible()
    expect(
        shown.get_by_text("2 customers have bought Printer, but not Toner")
    ).to_be_visible()

    shown.get_by_role("button", name="Open all in the list").click()

    expect(shown.get_by_role("heading", level=1)).to_have_text("Customers")
    expect(shown.get_by_text("1 to 2 of 2")).to_be_visible()


def pick_row(page: Page, number: int) -> None:
    """A click into the box before the row; 35 pixels each, as is the header."""
    box = page.locator(".st-key-rules_table canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 35 * number + 17)


def test_a_rule_is_picked_in_the_network(shown: Page) -> None:
    shown.get_by_role("tab", name="Network").click()
    settle(shown)

    mark = shown.locator(".st-key-rules_network .scatterlayer .trace .point").last
    mark.hover(force=True)
    expect(shown.get_by_text("confidence 80%, lift 2")).to_be_visible()
    mark.click(force=True)

    expect(shown.get_by_text("Of 100 baskets with Printer, 80")).to_be_visible()


def test_a_rule_is_picked_in_the_heat_map(shown: Page) -> None:
    shown.get_by_role("tab", name="Heat map").click()
    settle(shown)

    cell = shown.locator(".st-key-rules_heat .barlayer .point path").first
    cell.hover(force=True)
    expect(shown.get_by_text("lift 2.00, confidence")).to_be_visible()
    cell.click(force=True)

    expect(shown.get_by_text("That is 2 times as often")).to_be_visible()
