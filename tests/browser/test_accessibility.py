"""I6: axe-core finds nothing serious on any page, wide and narrow, light and dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from crm.ui.navigation import PageSpec
from tests.browser import company
from tests.browser.company import PAGES, Company
from tests.browser.serving import settle

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
# Once the layout has been looked at, the other scheme differs in its colours alone.
COLOURS = "{runOnly: ['color-contrast', 'link-in-text-block']}"
AT_ONCE = (
    "*, ::before, ::after {transition: none !important; animation: none !important}"
)
LOOKS = (
    (1280, "light", "{}"),
    (390, "light", "{}"),
    (390, "dark", COLOURS),
    (1280, "dark", COLOURS),
)

FRESH = "() => !document.querySelector('[data-stale=true]')"


@pytest.fixture(scope="module")
def company_of_plain_words(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Company]:
    """Nothing special, on every page."""
    folder = tmp_path_factory.mktemp("accessibility")
    with company.opened(folder, lambda longest: "Rhine Mills"[:longest]) as made:
        yield made


@pytest.fixture
def visit(browser: Browser, company_of_plain_words: Company) -> Iterator[Page]:
    context = company_of_plain_words.visitor(browser)
    yield context.new_page()
    context.close()


def settled(page: Page) -> None:
    """A change of colours runs the script again; what stands is dimmed meanwhile."""
    if page.locator("[data-testid=stApp]").count():
        settle(page)
        page.wait_for_function(FRESH)


def serious(page: Page) -> set[str]:
    """What axe-core finds serious or critical, in any of the looks."""
    page.add_style_tag(content=AT_ONCE)
    page.evaluate(AXE)
    found = set()
    for width, scheme, options in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light, dark
        page.wait_for_timeout(100)
        settled(page)
        seen: Any = page.evaluate(f"axe.run(document, {options})")
        assert seen["passes"], "axe-core has looked at nothing"
        found |= {
            f"{rule['id']} at {width} px, {scheme}: {node['html'][:300]}"
            for rule in seen["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        }
    return found


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.slug)
def test_nothing_on_a_page_keeps_anyone_out(
    visit: Page, company_of_plain_words: Company, spec: PageSpec
) -> None:
    visit.goto(company_of_plain_words.at(spec))
    settle(visit)
    visit.wait_for_timeout(300)  # charts draw themselves after the script

    assert serious(visit) == set()


@pytest.mark.parametrize("button", ["New customer", "Edit"])
def test_nothing_in_a_dialog_keeps_anyone_out(
    visit: Page, company_of_plain_words: Company, button: str
) -> None:
    visit.goto(f"{company_of_plain_words.address}/customer?id=1")
    settle(visit)
    visit.get_by_role("button", name=button, exact=True).click()
    visit.get_by_role("dialog").wait_for()
    settle(visit)

    assert serious(visit) == set()


@pytest.mark.parametrize("place", ["/account", "/account/login"])
def test_nothing_on_the_way_in_keeps_anyone_out(
    visit: Page, company_of_plain_words: Company, place: str
) -> None:
    if place == "/account/login":
        visit.context.clear_cookies()
    visit.goto(company_of_plain_words.address + place)

    assert serious(visit) == set()
