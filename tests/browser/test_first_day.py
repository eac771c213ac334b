"""Somebody's first day: set up, write down a customer, find it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm.config import ROOT
from tests.browser.serving import serve, settle


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A fresh app."""
    settings = {"CRM_DATA_DIR": str(tmp_path / "data"), "CRM_WORKER": "off"}
    with serve(ROOT / "app.py", tmp_path / "log", **settings) as url:
        yield url


def test_from_nothing_to_the_first_customer(page: Page, address: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password, at least 10 characters").fill("correct horse battery")
    page.get_by_label("Start empty").check()
    page.get_by_role("button", name="Create and start").click()
    settle(page)
    expect(page.get_by_text("Nothing is here yet.")).to_be_visible()

    page.get_by_role("button", name="New customer").last.click()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_visible()
    settle(page)
    name = "![x](http://127.0.0.1:9/n.png) [c](javascript:alert(1)) :red[r]"
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.get_by_role("dialog").get_by_label("Name").press("Tab")
    settle(page)
    page.get_by_role("dialog").get_by_role("button", name="Create").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        name.replace("http", "http\u2060")
    )
    page.get_by_placeholder("What is it about?").fill("First *call*")
    page.get_by_placeholder("What is it about?").press("Tab")
    settle(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("First *call*", exact=True)).to_be_visible()

    page.get_by_placeholder("Search everything …").fill("![x]")
    page.get_by_placeholder("Search everything …").press("Enter")
    settle(page)
    assert not [url for url in requests if not url.startswith(address)]
    assert page.locator("a[href^='javascript:']").count() == 0
