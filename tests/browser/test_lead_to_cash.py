"""From a lead to the money: every step as somebody in sales does it, in a browser."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlmodel import select

from crm import db
from crm.models import (
    SYSTEM,
    Invoice,
    Lead,
    LeadStatus,
    Opportunity,
    Order,
    StageKind,
)
from tests import make
from tests.browser.serving import settle
from tests.browser.test_kanban import card, dragged, lane, opened


@pytest.fixture
def address(site: str) -> str:
    """The app with one lead and one product."""
    make.stages()
    make.saved(Lead(name="Eva Roth", company="Rhine Mills", email="eva@example.com"))
    make.product(name="Oak chair", sku="OAK-1", price=Decimal(120))
    return site


def press(page: Page, name: str) -> None:
    """Click the button of that name, and wait until the page has followed."""
    page.get_by_role("button", name=name, exact=True).first.click()
    settle(page)


def told(page: Page, words: str) -> None:
    """The page says so, in a note that passes or in a place that stays."""
    expect(page.get_by_text(words).first).to_be_visible(timeout=15_000)


def text_of(page: Page, button: str) -> str:
    """The text of the PDF behind a button."""
    with page.expect_download() as started:
        page.get_by_role("button", name=button, exact=True).click()
    content = io.BytesIO(Path(started.value.path()).read_bytes())
    return "\n".join(one.extract_text() for one in PdfReader(content).pages)


def converted(page: Page, address: str) -> None:
    """The lead, made a customer with an opportunity."""
    page.goto(f"{address}/lead?id=1")
    settle(page)
    press(page, "Convert")
    asked = page.get_by_test_id("stPopoverBody")
    asked.get_by_label("Amount").fill("1000")
    asked.get_by_label("Amount").press("Enter")
    settle(page)
    asked.get_by_role("button", name="Convert").click()
    told(page, "is converted")


def dragged_on(page: Page, address: str) -> None:
    """The opportunity, stage by stage."""
    opened(page, address)
    for stage in ("Qualified", "Proposal", "Negotiation"):
        settle(page)
        dragged(page, card(page, "Rhine Mills"), lane(page, stage))
        told(page, f"is in “{stage}” now")
        expect(lane(page, stage).locator(".card")).to_have_count(1)


def offered(page: Page, address: str) -> str:
    """A quote over four chairs; the text of its PDF."""
    page.goto(f"{address}/opportunity?id=1")
    settle(page)
    press(page, "New quote")
    search = page.get_by_label("Search a product")
    search.fill("OAK-1")
    search.press("Enter")
    settle(page)
    page.get_by_label("Quantity", exact=True).fill("4")
    page.get_by_label("Quantity", exact=True).press("Tab")
    settle(page)
    press(page, "Add line")
    told(page, "480.00")
    press(page, "Save")
    told(page, "Q-")
    return text_of(page, "PDF")


def accepted(page: Page) -> None:
    """The quote, sent and answered."""
    press(page, "Mark as sent")
    press(page, "Accept")
    answer = page.get_by_test_id("stPopoverBody")
    answer.get_by_label("Who has answered").fill("Eva Roth")
    answer.get_by_label("Who has answered").press("Tab")
    settle(page)
    answer.get_by_role("button", name="Accept").click()
    told(page, "is accepted")


def paid(page: Page) -> str:
    """The order of the quote, its invoice, the money; the text of the invoice."""
    press(page, "Make order")
    press(page, "Invoice")
    press(page, "Issue invoice")
    expect(page.get_by_role("heading", name="INV-")).to_be_visible(timeout=15_000)
    text = text_of(page, "PDF")
    press(page, "Record payment")
    asked = page.get_by_test_id("stPopoverBody")
    asked.get_by_role("button", name="Record payment").click()
    told(page, "is recorded")
    return text


def test_a_lead_becomes_a_customer_a_quote_an_order_and_money(
    page: Page, address: str
) -> None:
    converted(page, address)
    dragged_on(page, address)
    quote = offered(page, address)
    accepted(page)
    invoice = paid(page)

    assert all(part in quote for part in ("Oak chair", "480.00", "Rhine Mills"))
    assert all(part in invoice for part in ("Oak chair", "480.00", "INV-"))
    with db.reading(SYSTEM) as session:
        lead = session.exec(select(Lead)).one()
        deal = session.exec(select(Opportunity)).one()
        order = session.exec(select(Order)).one()
        made = session.exec(select(Invoice)).one()
    assert lead.status is LeadStatus.CONVERTED
    assert (deal.state, order.opportunity_id) == (StageKind.OPEN, deal.id)
    assert (made.order_id, made.total, made.balance) == (order.id, 480, 0)
