"""A click on a flow between segments shows the customers who went that way."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from crm import db
from crm.analytics.segmentation import frozen
from crm.analytics.segmentation.frozen import RfmModel
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.jobs.migration import made
from crm.models import Actor, Analysis, utcnow
from crm.services import analyses, kept_models
from tests import make
from tests.analytics.customers import buyers
from tests.browser.serving import settle

DAY = date(2026, 3, 31)
MODEL = RfmModel(Cuts(recency=(30, 90), frequency=(2, 5), monetary=(50, 200)))


@pytest.fixture
def address(admin: Actor, site: str) -> str:
    """The app with a stored movement: three of four champions have fallen silent."""
    ids = [make.customer(name=f"Customer {n}").id for n in range(4)]
    before = buyers(4, customer_id=ids, recency=5, frequency=9)
    found = made(MODEL, before, before.assign(recency=[5, 200, 200, 200]))
    with db.transaction(admin) as session:
        shown = Analysis(
            kind="migration",
            parameters={"model": 1, "since": "2025-12-31"},
            as_of=DAY,
            data_at=utcnow(),
            summary=found.summary,
        )
        analyses.store(session, shown, found.tables)
        kept_models.keep(session, "Spring", shown, frozen.as_json(MODEL))
    return site


def test_a_click_on_a_flow_shows_who_went_that_way(page: Page, address: str) -> None:
    page.goto(address + "/segmentation?segmentation_view=movement")
    settle(page)

    marks = page.locator(".st-key-migration_flows_0 .points path.point")
    expect(marks).to_have_count(2)
    marks.last.click(force=True)

    expect(page.get_by_text("3 customers · 75.0% of all")).to_be_visible()
    expect(page.get_by_role("button", name="Save as segment")).to_be_visible()
