"""Charts in a real browser: what is picked arrives, what is typed stays text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import serve, settle


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("charts") / "server.log"
    with serve(Path(__file__).with_name("charts_page.py"), log) as address:
        yield address


def test_a_lasso_picks_the_points_inside_it(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)
    area = page.locator(".st-key-cloud .nsewdrag").first
    area.wait_for(state="attached")
    box = area.bounding_box()
    assert box is not None

    corners = [(0.01, 0.99), (0.01, 0.5), (0.5, 0.5), (0.5, 0.99), (0.01, 0.99)]
    for step, (right, down) in enumerate(corners):
        page.mouse.move(
            box["x"] + right * box["width"], box["y"] + down * box["height"], steps=5
        )
        if step == 0:
            page.mouse.down()
    page.mouse.up()

    expect(page.get_by_text("Lassoed: [11, 12]")).to_be_visible()


def test_a_click_picks_a_bar(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)

    page.locator(".st-key-bars .bars .point").nth(1).click(force=True)

    expect(page.get_by_text("Clicked: [8]")).to_be_visible()


def test_a_customer_named_like_a_link_is_no_link(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)

    label = page.locator(".st-key-bars .xtick text").first
    expect(label).to_have_text("<a href='https://elsewhere.example'>Contoso</a>")
    assert page.locator(".st-key-bars svg a").count() == 0
