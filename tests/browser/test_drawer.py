"""The drawer in which a record is edited closes when it is saved, and says why not, in
the language of whoever edits: its runs are not those of the page around it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, Opportunity, User, utcnow
from crm.services.admin import sessions, users
from crm.services.admin.sign_in import Visit
from crm.web.identity import COOKIE
from tests import make
from tests.browser.serving import serve, settle

EDIT = {"en": "Edit", "zh_CN": "编辑"}  # the button, by language


@pytest.fixture(params=EDIT)
def speaking(request: pytest.FixtureRequest, admin: Actor) -> str:
    """The language of Ada."""
    language: str = request.param
    with db.transaction(admin) as session:
        users.speak(session, language)
    return language


@pytest.fixture
def opened(admin: Actor, speaking: str, tmp_path: Path, page: Page) -> Iterator[Page]:
    """The page of an opportunity, with its drawer open."""
    row = make.opportunity(make.customer())
    with db.transaction(admin) as session:
        user = db.get(session, User, admin.user_id or 0)
        token = sessions.begin(session, user, Visit("127.0.0.1", "test"), at=utcnow())
    with serve(ROOT / "app.py", tmp_path / "log") as url:
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        page.goto(f"{url}/opportunity?id={row.id}")
        settle(page)
        page.get_by_role("button", name=EDIT[speaking]).click()
        yield page


@pytest.mark.parametrize("speaking", ["en"], indirect=True)
def test_it_says_what_does_not_fit_and_then_closes(opened: Page) -> None:
    drawer = opened.get_by_role("dialog")
    amount = drawer.get_by_label("Amount")

    amount.fill("-5")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("“Amount” does not fit.")).to_be_visible()

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
    expect(drawer.get_by_text("“金额”不合适。")).to_be_visible()

    drawer.get_by_label("金额", exact=True).fill("70")
    drawer.get_by_role("button", name="保存").click()
    expect(drawer).to_have_count(0)
    expect(opened.get_by_text("已保存。")).to_be_visible()
