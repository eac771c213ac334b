"""A click on a flow between segments shows the customers who went that way."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm import db
from crm.analytics.segmentation import frozen
from crm.analytics.segmentation.frozen import RfmModel
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.config import ROOT
from crm.jobs.migration import made
from crm.models import Actor, Analysis, User, utcnow
from crm.services import analyses, kept_models
from crm.services.admin import sessions
from crm.services.admin.sign_in import Visit
from crm.web.identity import COOKIE
from tests import make
from tests.analytics.customers import buyers
from tests.browser.serving import serve, settle

DAY = date(2026, 3, 31)
MODEL = RfmModel(Cuts(recency=(30, 90), frequency=(2, 5), monetary=(50, 200)))


@pytest.fixture
def address(admin: Actor, tmp_path: Path, page: Page) -> Iterator[str]:
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
        user = db.get(session, User, admin.user_id or 0)
        token = sessions.begin(session, user, Visit("127.0.0.1", "test"), at=utcnow())
    with serve(ROOT / "app.py", tmp_path / "log") as url:
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        yield url


def test_a_click_on_a_flow_shows_who_went_that_way(page: Page, address: str) -> None:
    page.goto(address + "/segmentation?segmentation_view=movement")
    settle(page)

    marks = page.locator(".st-key-migration_flows_0 .points path.point")
    expect(marks).to_have_count(2)
    marks.last.click(force=True)

    expect(page.get_by_text("3 customers · 75.0% of all")).to_be_visible()
    expect(page.get_by_role("button", name="Save as segment")).to_be_visible()
