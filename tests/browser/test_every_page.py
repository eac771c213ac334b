"""Every page in a browser, once each, in a company where all is called like markup.

C3: what anyone has typed is shown as text, and does nothing.
I6: axe-core finds nothing serious, wide and narrow, light and dark.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from crm.ui.navigation import PageSpec
from tests.browser.axe import serious
from tests.browser.company import PAGES
from tests.browser.markup import PARTS, Attack, attacked, unfolded
from tests.browser.serving import settle


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:
    with attacked(tmp_path_factory.mktemp("every_page")) as made:
        yield made


@pytest.fixture(scope="module")
def window(browser: Browser, attack: Attack) -> Iterator[BrowserContext]:
    """Ada's: what the browser has fetched for one page it need not for the next."""
    context = attack.visitor(browser)
    yield context
    context.close()


@pytest.fixture
def visit(window: BrowserContext, attack: Attack) -> Iterator[Page]:
    attack.calls.clear()
    page = window.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.slug)
def test_a_page_keeps_nobody_out_and_takes_nothing_for_markup(
    visit: Page, attack: Attack, spec: PageSpec
) -> None:
    visit.goto(attack.company.at(spec))
    settle(visit)
    visit.wait_for_timeout(300)  # charts draw themselves after the script

    assert serious(visit) == set()
    for _step in unfolded(visit):
        visit.wait_for_timeout(100)  # for an image to be fetched
        assert attack.believed(visit) == []


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
    assert attack.believed(visit) == []


@pytest.mark.parametrize("button", ["New customer", "Edit", "Delete"])
def test_a_dialog_keeps_nobody_out_and_takes_nothing_for_markup(
    visit: Page, attack: Attack, button: str
) -> None:
    visit.goto(f"{attack.company.address}/customer?id={attack.company.ids['customer']}")
    settle(visit)
    visit.get_by_role("button", name=button, exact=True).first.click()
    visit.get_by_role("dialog").wait_for()
    settle(visit)
    visit.wait_for_timeout(200)

    assert attack.believed(visit) == []
    assert serious(visit) == set()


def test_nothing_on_the_page_of_the_account_keeps_anyone_out(
    visit: Page, attack: Attack
) -> None:
    visit.goto(f"{attack.company.address}/account")

    assert serious(visit) == set()


def test_nothing_on_the_way_in_keeps_anyone_out(
    browser: Browser, attack: Attack
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{attack.company.address}/account/login")

    assert serious(page) == set()
    context.close()
