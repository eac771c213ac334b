"""The chance to win from opportunities in the database to a stored result."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import insert, select
from sqlmodel import SQLModel, col

import crm
from crm import db
from crm.jobs.run import run_here
from crm.jobs.schedule import EVERY
from crm.models import (
    SYSTEM,
    Actor,
    Analysis,
    Job,
    JobState,
    Opportunity,
    StageKind,
    utcnow,
)
from crm.services import analyses, analysis_kinds
from crm.services.customers import segments
from tests import make
from tests.analytics.closed_deals import few_trees

TODAY = utcnow().date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with few_trees():
        yield


def pipeline(count: int, *, owner: Actor | None = None, seed: int = 1) -> None:
    """Opportunities of a year; from a fair four in five are won, else one in five."""
    random = np.random.default_rng(seed)
    customer, stages = make.customer(owner), make.stages()
    now = utcnow().replace(microsecond=0)
    table = SQLModel.metadata.tables["opportunity"]
    rows = []
    for number in range(count):
        opened = now - float(random.uniform(1, 365)) * DAY
        closed = opened + float(random.uniform(5, 40)) * DAY
        source = str(random.choice(["fair", "web"]))
        is_won = random.random() < (0.8 if source == "fair" else 0.2)
        is_open = closed > now
        stage = stages["Prospecting" if is_open else "Won" if is_won else "Lost"]
        rows.append(
            {
                "customer_id": customer.id,
                "name": f"Deal {number}",
                "pipeline_id": stage.pipeline_id,
                "stage_id": stage.id,
                "state": StageKind(stage.kind),
                "stage_since": opened,
                "currency": "EUR",
                "source": source,
                "closed_at": None if is_open else closed,
                "created_at": opened,
                "updated_at": opened,
                "version": 1,
            }
        )
    with db.transaction(SYSTEM) as session:
        session.connection().execute(insert(table), rows)


def computed(actor: Actor, *, as_of: Any = TODAY, **parameters: Any) -> Job:
    with db.transaction(actor) as session:
        job = analysis_kinds.ask(session, "win_chance", parameters, as_of=as_of)
    run_here(job.id)
    with db.reading(actor) as session:
        done = db.get(session, Job, job.id)
    assert (done.state, done.error) == (JobState.DONE, None)
    return done


def latest(actor: Actor) -> Analysis:
    with db.reading(actor) as session:
        return analyses.listed(session, "win_chance")[0]


def table(actor: Actor, name: str) -> pd.DataFrame:
    with db.reading(actor) as session:
        return analyses.table(session, latest(actor).id, name)


def chances() -> dict[int, float]:
    """Of the opportunities that have one."""
    found = select(col(Opportunity.id), col(Opportunity.win_chance)).where(
        col(Opportunity.win_chance).is_not(None)
    )
    with db.reading(SYSTEM) as session:
        return {row[0]: float(row[1]) for row in session.execute(found)}


@pytest.mark.slow
def test_every_open_opportunity_gets_its_chance(admin: Actor) -> None:
    pipeline(400)

    computed(admin)

    shown, scores = latest(admin).summary, table(admin, "scores")
    assert shown["why_not"] is None
    assert shown["counts"]["open"] == len(scores) > 0
    assert shown["counts"]["not_followed"] == shown["counts"]["closed"][0]
    told = scores.set_index("opportunity_id")["probability"].to_dict()
    assert chances() == pytest.approx(told, abs=0.0001)
    models = ["logistic", "boosting", "stage", "base_rate"]
    for landmark in ("now", "opening"):
        assert list(shown[landmark]) == models
        for curve in ("reliability", "gains"):
            rows = table(admin, f"{curve}_{landmark}")
            assert rows["model"].unique().tolist() == models
        assert {"opportunity_id", "won", *models} <= set(
            table(admin, f"judged_{landmark}")
        )
    card = shown["card"]
    assert card["program"] == crm.__version__
    assert "source" in card["features"]


@pytest.mark.slow
def test_without_a_signal_nobody_keeps_an_old_chance(admin: Actor) -> None:
    row = make.opportunity(make.customer(admin), win_chance="0.7")

    computed(admin)

    shown = latest(admin).summary
    assert "Nothing has been won or lost yet" in shown["why_not"]["text"]
    assert (shown["base_rate"], shown["split_on"]) == (None, None)
    assert table(admin, "scores").empty
    assert chances() == {}
    with db.reading(SYSTEM) as session:
        assert db.get(session, Opportunity, row.id).version == 1


@pytest.mark.slow
def test_only_what_is_of_all_and_of_today_is_written_down(
    admin: Actor, alice: Actor
) -> None:
    pipeline(400, owner=alice)
    pipeline(5, owner=admin)
    with db.transaction(admin) as session:
        mine = segments.save(session, "Hers", [1])

    computed(alice)  # sees her own customers only
    seen = latest(alice).summary["counts"]
    computed(admin, segment_id=mine.id)
    computed(admin, as_of=TODAY - 30 * DAY)

    assert seen["closed"][0] + seen["open"] == 400
    assert len(table(alice, "scores")) == seen["open"]
    assert chances() == {}
    assert latest(admin).summary["counts"]["closed"][0] < seen["closed"][0]
    computed(admin)
    assert len(chances()) >= seen["open"]


def test_it_is_asked_for_every_day_and_by_its_kind() -> None:
    assert EVERY["win_chance"][0] == DAY
    assert "win_chance" in analysis_kinds.kinds()
