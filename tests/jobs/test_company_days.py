"""What is computed by the clock is as of the company's day, and sees all of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.jobs import forecast, run_here, schedule
from crm.models import SYSTEM, Actor, Analysis, Job, LeadStatus
from crm.services import analyses, jobs
from crm.warehouse import House, refreshing
from tests import make

AT = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)  # 00:30 of the new year there
EVE, NEW_YEAR = date(2025, 12, 31), date(2026, 1, 1)


pytestmark = pytest.mark.usefixtures("shanghai")


def computed(kind: str, as_of: date) -> dict[str, Any]:
    """What an analysis counts as of a day."""
    with db.transaction(SYSTEM) as session:
        job = analyses.ask(session, kind, kind, {}, as_of=as_of)
    run_here(job.id)
    with db.reading(SYSTEM) as session:
        made = session.scalars(select(Analysis).order_by(col(Analysis.id).desc()))
        return dict(made.first().summary["counts"])


def test_what_is_due_is_as_of_the_day_there(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "_asked", {})

    schedule.ask_due(at=AT)

    with db.reading(SYSTEM) as session:
        asked = session.scalars(select(Job).where(col(Job.kind) == "alerts")).one()
    assert asked.arguments["as_of"] == "2026-01-01"


def test_the_last_whole_day_is_the_one_that_is_over_there(database: str) -> None:
    at = {EVE: AT, date(2025, 12, 30): AT - timedelta(minutes=31)}

    found = [forecast.last_whole_day(House(None, one), NEW_YEAR) for one in at.values()]

    assert found == list(at)


def test_the_overview_is_as_of_the_day_of_its_data_there(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.order(make.customer(), (make.product(), 1, "9"), ordered_at=AT)
    monkeypatch.setattr(refreshing, "utcnow", lambda: AT + timedelta(minutes=1))
    with db.transaction(SYSTEM) as session:
        asked = jobs.ask(session, "overview", "Overview", {})
    run_here(asked.id)

    with db.reading(admin) as session:
        found = analyses.latest(session, "overview")
        assert found is not None
        months = analyses.table(session, found.id, "months")
    assert found.as_of == NEW_YEAR
    assert (f"{months['month'].iloc[-1]:%Y-%m}", months["revenue"].iloc[-1]) == (
        "2026-01", 9,
    )  # fmt: skip


@pytest.mark.slow
def test_a_chance_to_win_knows_what_was_won_on_that_day(admin: Actor) -> None:
    opened = {"created_at": AT - timedelta(days=30)}
    make.opportunity(make.customer(), "Won", closed_at=AT, **opened)

    eve, after = (computed("win_chance", day) for day in (EVE, NEW_YEAR))

    assert (eve["closed"], eve["open"]) == ([0, 0], 1)
    assert (after["closed"], after["open"]) == ([1, 1], 0)


@pytest.mark.slow
def test_a_score_of_leads_knows_what_ended_on_that_day(admin: Actor) -> None:
    opened = {"created_at": AT - timedelta(days=30)}
    make.lead(status=LeadStatus.CONVERTED, converted_at=AT, **opened)

    eve, after = (computed("lead_score", day) for day in (EVE, NEW_YEAR))

    assert (eve["ended"], eve["open"]) == ([0, 0], 1)
    assert (after["ended"], after["open"]) == ([1, 1], 0)
