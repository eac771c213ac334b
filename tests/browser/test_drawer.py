"""The drawer in which a record is edited closes when it is saved, and says why not, in
the language of whoever edits: its runs are not those of the page around it.
"""

import pytest
from playwright.sync_api import Page, expect

from crm import db
from crm.models import SYSTEM, Actor, Opportunity
from crm.services.admin import users
from tests import make
from tests.browser.serving import settle

EDIT = {"en": "Edit", "zh_CN": "编辑"}  # the button, by language


@pytest.fixture(params=EDIT)
def speaking(request: pytest.FixtureRequest, admin: Actor) -> str:
    """The language of Ada."""
    language: str = request.param
    with db.transaction(admin) as session:
        users.speak(session, language)
    return language


@pytest.fixture
def opened(speaking: str, site: str, page: Page) -> Page:
    """The page of an opportunity, with its drawer open."""
    row = make.opportunity(make.customer())
    page.goto(f"{site}/opportunity?id={row.id}")
    settle(page)
    page.get_by_role("button", name=EDIT[speaking]).click()
    return page


@pytest.mark.parametrize("speaking", ["en"], indirect=True)
def test_it_says_what_does_not_fit_and_then_closes(opened: Page) -> None:
    drawer = opened.get_by_role("dialog")
    amount = drawer.get_by_label("Amount")

    amount.fill("-5")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("“Amount” does not fit.").first).to_be_visible()

    amount.fill("70")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_have_count(0)
    with db.reading(SYSTEM) as session:
        assert db.get(session, Opportunity, 1).amount == 70


@pytest.mark.parametrize("speaking", ["zh_CN"], indirect=True)
def test_it_keeps_to_its_language(opened: Page) -> None:
    drawer = opened.get_by_role("dialog")

    drawer.get_by_label("金额", exact=True).fill("-5")
    drawer.get_by_role("button", name="保存").click()
    expect(drawer.get_by_text("“金额”不合适。").first).to_be_visible()

    drawer.get_by_label("金额", exact=True).fill("70")
    drawer.get_by_role("button", name="保存").click()
    expect(drawer).to_have_count(0)
    expect(opened.get_by_text("已保存。")).to_be_visible()
