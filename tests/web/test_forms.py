"""The public page of a web form: open to all, taken once, shut to programs."""

import re

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.testclient import TestClient

from crm import db
from crm.models import SYSTEM, Actor, Lead, WebForm, WebFormFields
from crm.services.sales import web_forms
from crm.web import forms
from crm.web.identity import is_open
from crm.web.limits import Budget


@pytest.fixture
def form(admin: Actor) -> WebForm:
    """A form in Chinese that asks for everything."""
    fields = WebFormFields(
        name="Site",
        title="联系我们",
        intro="<b>Hello</b>",
        thanks="谢谢!",
        source="web",
        language="zh_CN",
        asks=["company", "email", "phone", "notes"],
    )
    with db.transaction(admin) as session:
        return web_forms.create(session, fields)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Somebody's browser, before the pages of forms alone, who types without delay."""
    monkeypatch.setattr(forms, "QUICKEST", 0)
    monkeypatch.setattr(forms, "BUDGET", Budget(burst=5, per_second=1e-3))
    sessions = Middleware(SessionMiddleware, secret_key="key")
    return TestClient(
        Starlette(routes=forms.ROUTES, middleware=[sessions]), follow_redirects=False
    )


def hidden(browser: TestClient, form: WebForm) -> dict[str, str]:
    """What a page that was opened sends without being asked."""
    text = browser.get(f"/form/{form.key}").text
    return {
        name: re.findall(f'name={name} value="([^"]+)"', text)[0]
        for name in ("csrf", "stamp")
    }


def leads() -> list[Lead]:
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(Lead)))


def test_it_needs_no_sign_in() -> None:
    assert is_open("/form/abc")
    assert not is_open("/form/../customers")


def test_texts_are_shown_as_text_in_the_language_of_the_form(
    browser: TestClient, form: WebForm
) -> None:
    text = browser.get(f"/form/{form.key}").text

    assert "&lt;b&gt;Hello&lt;/b&gt;" in text
    assert "公司" in text
    assert 'name="email" type="email"' in text


def test_what_is_sent_becomes_a_lead_and_a_second_click_no_other(
    browser: TestClient, form: WebForm
) -> None:
    typed = {"name": "Eva", "email": "eva@example.com", **hidden(browser, form)}

    for _click in range(2):
        answer = browser.post(f"/form/{form.key}", data=typed)
        assert answer.headers["location"] == f"/form/{form.key}?thanks"

    assert "谢谢!" in browser.get(answer.headers["location"]).text
    assert [lead.name for lead in leads()] == ["Eva"]


def test_what_does_not_fit_is_told_and_stays_in_the_form(
    browser: TestClient, form: WebForm
) -> None:
    typed = {"name": "", "notes": "Ten <chairs>", **hidden(browser, form)}

    answer = browser.post(f"/form/{form.key}", data=typed)

    assert answer.status_code == 422
    assert "role=alert" in answer.text
    assert "Ten &lt;chairs&gt;" in answer.text
    assert leads() == []


@pytest.mark.parametrize("what", ["csrf", "stamp"])
def test_a_forged_page_is_refused(
    browser: TestClient, form: WebForm, what: str
) -> None:
    typed = {"name": "Eve", **hidden(browser, form), what: "1.forged.0"}

    browser.post(f"/form/{form.key}", data=typed)

    assert leads() == []


def test_who_fills_in_what_nobody_sees_is_thanked_and_passed_over(
    browser: TestClient, form: WebForm
) -> None:
    typed = {"name": "Bot", forms.TRAP: "http://spam", **hidden(browser, form)}

    answer = browser.post(f"/form/{form.key}", data=typed)

    assert answer.status_code == 303
    assert leads() == []


@pytest.mark.slow
def test_who_sends_too_much_has_to_wait(browser: TestClient, form: WebForm) -> None:
    for number in range(7):
        typed = {"name": f"Eva {number}", **hidden(browser, form)}
        answer = browser.post(f"/form/{form.key}", data=typed)

    assert answer.status_code == 422
    assert len(leads()) == 5


def test_what_is_not_there_is_not_found(browser: TestClient, form: WebForm) -> None:
    with db.transaction(SYSTEM) as session:
        web_forms.update(session, form.id, {"active": False})

    assert browser.get(f"/form/{form.key}").status_code == 404
    assert browser.get("/form/nothing").status_code == 404
