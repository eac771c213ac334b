"""The page of sales reports without a browser, on a stored result."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.frames import CONTACTED, ESTIMATES, empty
from crm.jobs.sales_report import made
from crm.models import Actor, Analysis, utcnow
from crm.services import analyses
from crm.services.sales.opportunity_tables import Deals
from crm.ui import charts
from crm.ui.charts import Picked
from tests.analytics import opportunities as rows
from tests.ui.conftest import signed_in

PAGE = "pages/reports/sales.py"
TODAY = date(2026, 3, 1)


@pytest.fixture
def stored(admin: Actor) -> Analysis:
    """Twenty opportunities: twelve won after ten days, six lost, two open."""
    states = ["won"] * 12 + ["lost"] * 6 + ["open"] * 2
    closed = [pd.Timestamp("2026-01-11")] * 18 + [pd.NaT] * 2
    table = rows.made(
        state=states,
        stage_id=[3] * 12 + [4] * 6 + [1] * 2,
        closed_at=closed,
        source=["web"] * 10 + ["fair"] * 10,
        lost_reason=[""] * 12 + ["price"] * 6 + [""] * 2,
        competitor=[""] * 12 + ["<b>Rival</b>"] * 6 + [""] * 2,
    )
    moves = [(n, "2026-01-01", 1) for n in range(1, 21)]
    moves += [(n, "2026-01-11", 3 if n <= 12 else 4) for n in range(1, 19)]
    found = Deals(
        table,
        rows.stages("Talking", "Offered"),
        rows.moved(*sorted(moves)),
        empty(ESTIMATES),
        empty(CONTACTED),
    )
    names = table[["opportunity_id"]].assign(
        name=[f"Deal {n}" for n in range(1, 21)], customer="Rhine", owner="Ada"
    )
    kept = made(found, names, as_of=TODAY)
    result = Analysis(
        kind="sales_report", as_of=TODAY, data_at=utcnow(), summary=kept.summary
    )
    with db.transaction(admin) as session:
        analyses.store(session, result, kept.tables)
    return result


def page(actor: Actor, **address: str) -> AppTest:
    app = signed_in(actor).run()
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page(str(ROOT / PAGE)).run()
    assert not app.exception
    return app


def test_the_headline_says_what_was_won_of_what_was_decided(
    admin: Actor, stored: Analysis
) -> None:
    at = page(admin)

    assert "67" in at.subheader[0].value
    figures = {one.label: one.value for one in at.metric}
    assert figures["Won and lost"] == "12 / 6"
    assert figures["Days to win"] == "10"
    assert stored.summary["opportunities"] == 20


@pytest.mark.parametrize(
    ("alt", "picked", "rows"),
    [
        ("Win rates with their intervals", "fair", 8),
        ("Opportunities by how far they came", 0, 20),
        ("Opportunities by the days from opening to end", "won 10", 12),
        ("Why it was lost", "price", 6),
    ],
)
def test_a_bar_opens_the_opportunities_behind_it(
    admin: Actor,
    stored: Analysis,
    monkeypatch: pytest.MonkeyPatch,
    alt: str,
    picked: Any,
    rows: int,
) -> None:
    def pick(_fig: Any, **told: Any) -> Picked:
        return Picked(ids=[picked] if told["alt"] == alt else [])

    monkeypatch.setattr(charts, "pick", pick)

    at = page(admin)

    behind = [one.value for one in at.dataframe if "customer" in one.value]
    assert [len(one) for one in behind] == [rows]
    assert stored.id


def test_the_time_chosen_narrows_what_is_counted(
    admin: Actor, stored: Analysis
) -> None:
    at = page(admin, report_source="fair")

    assert {one.label: one.value for one in at.metric}["Won and lost"] == "2 / 6"
    assert stored.id
