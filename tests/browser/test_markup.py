"""C3: what anyone has typed is shown as text, on every page, and does nothing."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from socket import socket

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crm.ui.navigation import PageSpec
from tests.browser import company
from tests.browser.company import PAGES, Company
from tests.browser.serving import settle

PARTS = (
    "![x](http://127.0.0.1:{port}/n.png)",
    "[c](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "$a$ :red[r]",
    "a@b.example",
)
BELIEVED = {  # what would be there if anything were taken for markup
    "an image": "img[src*='n.png'], img[src='x'], img[alt='x'], [onerror]",
    "a script's link": "a[href^='javascript:' i]",
    "a link": "a[href*='127.0.0.1:{port}'], a[href*='b.example']",
    "a formula": ".katex",
    "a colour": "span.stMarkdownColoredText",
}


@dataclass
class Attack:
    """A place that nobody must ever call, and the company in which it stands."""

    port: int
    company: Company
    calls: list[str] = field(default_factory=list)

    def word(self, longest: int) -> str:
        return word(self.port, longest)


def word(port: int, longest: int) -> str:
    """As many of the parts as fit."""
    text = ""
    for part in PARTS:
        longer = f"{text} {part.format(port=port)}".strip()
        text = longer if len(longer) <= longest else text
    return text or "*x*"[:longest]


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:
    """A company where everything is called like markup; and somebody who listens."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        folder = tmp_path_factory.mktemp("markup")
        with company.opened(folder, lambda longest: word(port, longest)) as made:
            attack = Attack(port, made)
            threading.Thread(
                target=_listen, args=[listening, attack], daemon=True
            ).start()
            yield attack


def _listen(listening: socket, attack: Attack) -> None:
    while True:
        try:
            caller, address = listening.accept()
        except OSError:
            return
        caller.close()
        attack.calls.append(str(address))


@pytest.fixture
def visit(browser: Browser, attack: Attack) -> Iterator[Page]:
    """Ada's window, which notes what it asks for and what pops up."""
    attack.calls.clear()
    context = attack.company.visitor(browser, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    context.on("request", lambda request: _note(attack, request.url))
    page.on("dialog", lambda dialog: attack.calls.append(dialog.message))
    yield page
    context.close()


def _note(attack: Attack, url: str) -> None:
    here = (attack.company.address, attack.company.address.replace("http", "ws", 1))
    if not url.startswith((*here, "data:", "blob:")):
        attack.calls.append(url)


def believed(page: Page, attack: Attack) -> list[str]:
    """What the page, or the server behind it, has taken for markup."""
    found = [
        f"{what}: {html[:300]}"
        for what, selector in BELIEVED.items()
        for html in page.locator(selector.format(port=attack.port)).evaluate_all(
            "found => found.map(one => one.outerHTML)"
        )
    ]
    return found + attack.calls


def unfolded(page: Page) -> Iterator[None]:
    """Show, one after the other, what a page shows only after a click."""
    _open_all(page)
    yield
    for tab in _tabs(page):
        tab.click()
        settle(page)
        _open_all(page)
        yield
    for menu in _shown(page, "[data-testid=stPopover] button"):
        menu.click()
        settle(page)
        yield
        page.keyboard.press("Escape")


def _tabs(page: Page) -> Iterator[Locator]:
    """Each tab once, those within a tab before the others: they go with it."""
    seen: set[str] = set()
    while True:
        tabs = {tab.inner_text(): tab for tab in _shown(page, "[role=tab]")}
        fresh = [name for name in tabs if name not in seen]
        if not fresh:
            return
        seen.add(fresh[-1])
        yield tabs[fresh[-1]]


def _shown(page: Page, selector: str) -> Iterator[Locator]:
    found = page.locator(selector).filter(visible=True)
    for number in range(found.count()):
        yield found.nth(number)


def _open_all(page: Page) -> None:
    folded = page.locator("details:not([open]) > summary").filter(visible=True)
    for _one in range(folded.count()):
        folded.first.click()


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.slug)
def test_a_page_takes_nothing_for_markup(
    visit: Page, attack: Attack, spec: PageSpec
) -> None:
    visit.goto(attack.company.at(spec))
    settle(visit)

    for _step in unfolded(visit):
        visit.wait_for_timeout(100)  # for an image to be fetched
        assert believed(visit, attack) == []


@pytest.mark.parametrize("slug", ["customer", "product", "order"])
def test_a_name_is_shown_as_it_was_typed(
    visit: Page, attack: Attack, slug: str
) -> None:
    [spec] = [spec for spec in PAGES if spec.slug == slug]
    visit.goto(attack.company.at(spec))
    settle(visit)

    # an invisible word joiner keeps addresses from becoming links
    title = visit.get_by_role("heading", level=1).inner_text().replace("\u2060", "")
    assert PARTS[0].format(port=attack.port) in title
    if slug != "order":
        assert attack.word(150) in title


def test_a_search_takes_nothing_for_markup(visit: Page, attack: Attack) -> None:
    visit.goto(attack.company.address)
    settle(visit)
    box = visit.get_by_placeholder("Search everything …")
    box.fill("![x](http")
    box.press("Enter")
    settle(visit)

    expect(visit.get_by_text("![x](").first).to_be_visible()
    assert believed(visit, attack) == []


@pytest.mark.parametrize("button", ["New customer", "Edit", "Delete"])
def test_a_dialog_takes_nothing_for_markup(
    visit: Page, attack: Attack, button: str
) -> None:
    visit.goto(f"{attack.company.address}/customer?id={attack.company.ids['customer']}")
    settle(visit)
    visit.get_by_role("button", name=button, exact=True).first.click()
    settle(visit)
    visit.wait_for_timeout(200)

    assert believed(visit, attack) == []
