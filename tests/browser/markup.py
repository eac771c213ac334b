"""A company where everything is called like markup, and what a page takes for such."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket

from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page

from tests.browser import company
from tests.browser.company import Company
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
    """A place that nobody must ever call, and the company in which it stands.

    `calls` are those that came, what a window asked for elsewhere, what popped up.
    """

    port: int
    company: Company
    calls: list[str] = field(default_factory=list)

    def word(self, longest: int) -> str:
        return word(self.port, longest)

    def visitor(self, browser: Browser) -> BrowserContext:
        """A window of Ada's, of which all calls are noted."""
        size = {"width": 1280, "height": 900}
        context = self.company.visitor(browser, viewport=size)
        context.on("request", lambda request: self._note(request.url))
        context.on("dialog", self._popped_up)
        return context

    def believed(self, page: Page) -> list[str]:
        """What the page, or the server behind it, has taken for markup."""
        found = [
            f"{what}: {html[:300]}"
            for what, selector in BELIEVED.items()
            for html in page.locator(selector.format(port=self.port)).evaluate_all(
                "found => found.map(one => one.outerHTML)"
            )
        ]
        return found + self.calls

    def listen(self, listening: socket) -> None:
        while True:
            try:
                caller, address = listening.accept()
            except OSError:
                return
            caller.close()
            self.calls.append(str(address))

    def _note(self, url: str) -> None:
        here = self.company.address
        if not url.startswith((here, here.replace("http", "ws", 1), "data:", "blob:")):
            self.calls.append(url)

    def _popped_up(self, dialog: Dialog) -> None:
        self.calls.append(dialog.message)
        dialog.dismiss()


@contextmanager
def attacked(folder: Path) -> Iterator[Attack]:
    """A company below `folder` where everything is called like markup; served."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        with company.opened(folder, lambda longest: word(port, longest)) as made:
            attack = Attack(port, made)
            threading.Thread(
                target=attack.listen, args=[listening], daemon=True
            ).start()
            yield attack


def word(port: int, longest: int) -> str:
    """As many of the parts as fit."""
    text = ""
    for part in PARTS:
        longer = f"{text} {part.format(port=port)}".strip()
        text = longer if len(longer) <= longest else text
    return text or "*x*"[:longest]


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
