"""One browser for all browser tests, a fresh context for each; one app for a file.

A test that asks for `site` has an empty database of its own, as all tests have. The app
that shows it stays: to start one takes longer than most of what is done with it.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pysqlite3
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from crm import db
from crm.config import ROOT, settings
from crm.models import Actor, User, utcnow
from crm.services.admin import sessions
from crm.services.admin.sign_in import Visit
from crm.web.identity import COOKIE
from tests.browser.finder import find_browser
from tests.browser.serving import serve
from tests.require import absent

HERE = Path(__file__).parent
expect.set_options(timeout=20_000)  # milliseconds; several browsers share a few cores
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")
            item.add_marker("slow")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with the folder, as its event loop would stand in the way of other tests."""
    path = find_browser()
    if path is None:
        absent("browser", "neither Playwright's own nor the system's was found")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass(frozen=True)
class Served:
    """A running app, and the folder that it lives in."""

    address: str
    data: Path


@pytest.fixture(scope="module")
def served(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The app of a file of tests, without a worker."""
    folder = tmp_path_factory.mktemp("served")
    with pytest.MonkeyPatch.context() as patch:
        _live_in(folder / "data", patch)
        _copied(template, settings().data_dir / "crm.db")
        with serve(ROOT / "app.py", folder / "log") as address:
            yield Served(address, settings().data_dir)
    settings.cache_clear()


@pytest.fixture
def database(
    served: Served, template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """An empty database, which the app shows."""
    _live_in(served.data, monkeypatch)
    _copied(template, served.data / "crm.db")
    yield "sqlite"
    db.forget()


@pytest.fixture
def site(served: Served, admin: Actor, page: Page) -> str:
    """The address of the app, in which Ada is signed in on `page`."""
    with db.transaction(admin) as session:
        ada = db.get(session, User, admin.user_id or 0)
        token = sessions.begin(session, ada, Visit("127.0.0.1", "test"), at=utcnow())
    cookie = {"name": COOKIE, "value": token, "url": served.address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict
    return served.address


def _live_in(data: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("CRM_DATA_DIR", str(data))
    patch.setenv("CRM_SECRET_KEY", "a key for tests")
    patch.setenv("CRM_WORKER", "off")
    db.forget()


def _copied(source: Path, target: Path) -> None:
    """Put what is in one database into the other, which may be open elsewhere."""
    with (
        closing(pysqlite3.connect(source)) as old,
        closing(pysqlite3.connect(target)) as new,
    ):
        old.backup(new)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page; the test fails if a script on it does."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []
