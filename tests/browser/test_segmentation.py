"""A lasso around customers, saved as a segment, opened in the customer list."""

from datetime import date

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from crm import db
from crm.jobs.segmentation import made
from crm.models import Actor, Analysis, utcnow
from crm.services import analyses
from tests import make
from tests.analytics.customers import buyers
from tests.browser.serving import settle

PATH = "/segmentation?segmentation_view=clusters&clusters_k=2&clusters_picture=features"
TOP_LEFT = [(0.02, 0.02), (0.5, 0.02), (0.5, 0.5), (0.02, 0.5), (0.02, 0.03)]


@pytest.fixture
def address(admin: Actor, site: str) -> str:
    """The app with a stored result, where Ada is signed in.

    Three customers of twelve have few orders of much money.
    """
    ids = [make.customer(name=f"Dear {n}").id for n in range(3)]
    ids += [make.customer(name=f"Cheap {n}").id for n in range(9)]
    frequency = np.array([2, 3, 4, *range(40, 49)])
    monetary = np.array([900, 950, 990, *range(10, 19)])
    table = buyers(
        12, customer_id=ids, frequency=frequency, monetary=monetary, revenue=100
    )
    found = made(table, ["frequency", "monetary"], resamples=2)
    with db.transaction(admin) as session:
        shown = Analysis(
            kind="segmentation",
            as_of=date(2026, 3, 31),
            data_at=utcnow(),
            summary=found.summary,
        )
        analyses.store(session, shown, found.tables)
    return site


def lasso(page: Page, chart: Locator, corners: list[tuple[float, float]]) -> None:
    """Draw an outline, its corners as shares of the plot's width and height."""
    chart.wait_for(state="attached")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    for step, (right, down) in enumerate(corners):
        page.mouse.move(
            box["x"] + right * box["width"], box["y"] + down * box["height"], steps=5
        )
        if step == 0:
            page.mouse.down()
    page.mouse.up()
    settle(page)


def test_a_lasso_becomes_a_segment(page: Page, address: str) -> None:
    page.goto(address + PATH)
    settle(page)

    lasso(page, page.locator(".st-key-clusters_map_0 .nsewdrag").first, TOP_LEFT)
    expect(page.get_by_text("3 customers · 25.0% of all")).to_be_visible()
    page.get_by_role("button", name="Save as segment").click()
    page.get_by_label("Name of the new segment").fill("Few but dear")
    page.get_by_label("Name of the new segment").press("Tab")
    settle(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_test_id("stToast")).to_contain_text("Few but dear")
    page.get_by_role("button", name="Show all in the customer list").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    expect(page.get_by_text("Segments has any of Few but dear")).to_be_visible()
    expect(page.get_by_text("1 to 3 of 3")).to_be_visible()


def test_a_click_on_a_cell_shows_who_is_in_it(page: Page, address: str) -> None:
    page.goto(address + "/segmentation?rfm_scores=3")
    settle(page)

    cells = page.locator(".st-key-rfm_grid_0 .bars .point")
    cells.last.click(force=True)

    expect(page.get_by_text("median: 10 days since the last order")).to_be_visible()
    expect(page.get_by_role("button", name="Save as segment")).to_be_visible()
