"""From a slider to a segment to a customer, and from costs to a line, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from crm import db
from crm.analytics.churn.churn import Cut
from crm.jobs.churn import made
from crm.models import Actor, Analysis, utcnow
from crm.services import analyses
from tests import make
from tests.analytics import leavers
from tests.browser.serving import settle

CUSTOMERS = 40


@pytest.fixture
def shown(admin: Actor, site: str, page: Page) -> Page:
    """The page of churn, as Ada sees it, with a result about forty customers."""
    ids = [make.customer(name=f"Buyer {n}").id for n in range(1, CUSTOMERS + 1)]
    now = leavers.people(3, CUSTOMERS).assign(customer_id=ids)
    with leavers.small_forests():
        cuts = [*leavers.grouped()[:2], Cut(leavers.TODAY, now.assign(sector="Hotels"))]
        kept = made(leavers.evaluated(cuts))
    result = Analysis(
        kind="churn", as_of=leavers.TODAY, data_at=utcnow(), summary=kept.summary
    )
    with db.transaction(admin) as session:
        analyses.store(session, result, kept.tables)
    page.goto(f"{site}/churn")
    settle(page)
    return page


def counted(page: Page) -> int:
    """How many customers the ranking says that it has."""
    text = page.get_by_text(re.compile(r"\d+ of 40 customers; about")).inner_text()
    return int(text.split()[0])


def test_a_slider_a_segment_and_its_customers(shown: Page) -> None:
    before = counted(shown)

    slider = shown.get_by_role("slider", name="Probability, in percent").first
    slider.press("Home")
    settle(shown)
    expect(shown.get_by_text("40 of 40 customers; about")).to_be_visible()
    assert before < CUSTOMERS
    shown.get_by_role("button", name="Save as segment").click()
    settle(shown)
    name = shown.get_by_label("Name of the new segment")
    expect(name).to_have_count(1)  # what stood before a run may stay for a moment
    name.fill("Everybody")
    name.press("Tab")
    settle(shown)
    shown.get_by_role("button", name="Save", exact=True).click()
    expect(shown.get_by_test_id("stToast")).to_contain_text("Everybody")

    expect(shown.get_by_role("heading", level=1)).to_have_text("Customers")
    expect(shown.get_by_text("Segments has any of Everybody")).to_be_visible()
    expect(shown.get_by_text(re.compile("of 40$"))).to_be_visible()


def test_a_name_in_the_ranking_opens_the_customer(shown: Page) -> None:
    table = shown.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.locator("canvas").first.bounding_box()
    assert box is not None

    shown.mouse.click(box["x"] + 60, box["y"] + 35 + 30)

    expect(shown).to_have_url(re.compile(r"/customer\?id=\d+"))
    expect(shown.get_by_role("heading", level=1)).to_contain_text("Buyer")


def test_costs_move_the_best_line_at_once(shown: Page) -> None:
    shown.get_by_role("tab", name="Costs and profit").click()
    settle(shown)
    cost = shown.get_by_label("Cost of acting on one customer")
    cost.fill("1")
    cost.press("Enter")
    expect(shown.get_by_text(re.compile("^Best was to act on"))).to_be_visible()

    cost.fill("100000")
    cost.press("Enter")

    expect(shown.get_by_text("it is best to act on nobody")).to_be_visible()


def test_a_customer_who_were_otherwise(shown: Page) -> None:
    shown.get_by_role("tab", name="What if").click()
    settle(shown)

    days = shown.get_by_role("slider", name="Days since the last order").first
    days.press("End")
    settle(shown)
    expect(shown.get_by_role("button", name="As it is", exact=True)).to_be_visible()
    shown.get_by_role("link", name="Open the customer").click()

    expect(shown).to_have_url(re.compile(r"/customer\?id=\d+"))
