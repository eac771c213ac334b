"""The board moves cards by mouse, touch, keyboard and menu; refused ones go back."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crm import db
from crm.models import SYSTEM, Actor, Opportunity, Stage, StageKind
from crm.services.sales import opportunities
from tests import make
from tests.browser.serving import settle

NAME = "<b>Chairs</b> ![x](/n.png)"


@pytest.fixture
def address(site: str) -> str:
    """The app with two opportunities in the first stage."""
    customer = make.customer(name="Rhine Mills")
    make.opportunity(customer, name=NAME)
    make.opportunity(customer, name="Desks", amount=None)
    return site


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/opportunities")
    settle(page)
    expect(page.locator(".col")).to_have_count(6)
    return page


def lane(page: Page, name: str) -> Locator:
    return page.locator(f".col[aria-label='{name}']")


def card(page: Page, text: str) -> Locator:
    return page.locator(".card", has_text=text)


def stage(key: int) -> str:
    with db.reading(SYSTEM) as session:
        row = db.get(session, Opportunity, key)
        return db.get(session, Stage, row.stage_id).name


def saved(page: Page, key: int, name: str) -> None:
    settle(page)
    page.wait_for_timeout(500)
    settle(page)
    assert stage(key) == name


def dragged(page: Page, what: Locator, to: Locator) -> None:
    what.hover()
    page.mouse.down()
    box = to.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 90, steps=8)
    page.mouse.up()


def test_a_card_is_dragged_by_the_mouse(page: Page, address: str) -> None:
    opened(page, address)

    dragged(page, card(page, "Chairs"), lane(page, "Qualified"))

    expect(lane(page, "Qualified").locator(".card")).to_have_count(1)
    saved(page, 1, "Qualified")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_a_card_is_moved_by_keyboard_and_by_its_menu(page: Page, address: str) -> None:
    opened(page, address)

    card(page, "Chairs").focus()
    page.keyboard.press("Alt+ArrowRight")
    saved(page, 1, "Qualified")
    card(page, "Desks").locator("select").select_option(label="Negotiation")
    saved(page, 2, "Negotiation")

    expect(lane(page, "Negotiation").locator(".card")).to_have_count(1)


def test_a_refused_card_goes_back_and_says_why(page: Page, address: str) -> None:
    asks = make.stages()["Proposal"]
    with db.transaction(SYSTEM) as session:
        db.get(session, Stage, asks.id).required = ["amount"]
    opened(page, address)

    dragged(page, card(page, "Desks"), lane(page, "Proposal"))

    expect(page.get_by_text("fill in: Amount").first).to_be_visible()
    expect(lane(page, "Prospecting").locator(".card")).to_have_count(2)
    assert stage(2) == "Prospecting"


def test_who_is_late_sees_what_is_there_now(
    page: Page, address: str, admin: Actor
) -> None:
    opened(page, address)
    won = make.stages()["Qualified"].id
    with db.transaction(admin) as session:
        opportunities.move(session, 1, won)

    dragged(page, card(page, "Chairs"), lane(page, "Negotiation"))

    expect(page.get_by_text("has changed since").first).to_be_visible()
    expect(lane(page, "Qualified").locator(".card")).to_have_count(1)


def test_a_lost_card_asks_why(page: Page, address: str) -> None:
    opened(page, address)

    card(page, "Chairs").locator("select").select_option(label="Lost")

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_label("Reason").click()
    page.get_by_role("option", name="No budget").click()
    dialog.get_by_role("button", name="Save").click()
    expect(lane(page, "Lost").locator(".card")).to_have_count(1)
    with db.reading(SYSTEM) as session:
        assert db.get(session, Opportunity, 1).state is StageKind.LOST


def test_names_are_text_and_a_click_opens_the_card(page: Page, address: str) -> None:
    opened(page, address)

    expect(card(page, "Chairs").locator(".name")).to_have_text(NAME)
    expect(page.locator(".board img, .board b")).to_have_count(0)
    card(page, "Chairs").click()

    page.wait_for_url("**/opportunity?id=1")
    settle(page)


def test_a_long_press_moves_a_card_on_a_phone(
    browser: Browser, page: Page, address: str
) -> None:
    phone = browser.new_context(
        viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    phone.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    touched = opened(phone.new_page(), address)
    one = card(touched, "Chairs")
    one.scroll_into_view_if_needed()
    box = one.bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 20
    finger = phone.new_cdp_session(touched)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (x, y))
    touched.wait_for_timeout(500)
    for far in range(1, 9):
        touch("touchMove", (x + far * 40 * (390 - x - 20) / 320, y))
        touched.wait_for_timeout(60)
    touch("touchEnd")

    saved(touched, 1, "Qualified")
    phone.close()
