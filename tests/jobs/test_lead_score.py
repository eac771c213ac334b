"""Scores from leads in the database to a stored result."""

from datetime import timedelta
from typing import Any

import numpy as np
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
    Lead,
    LeadStatus,
    utcnow,
)
from crm.services import analyses, analysis_kinds
from crm.services.customers import segments
from tests import make

DAY = timedelta(days=1)


def history(count: int) -> None:
    """Leads of a year; of those from a fair four in five are converted, else one."""
    random = np.random.default_rng(1)
    now = utcnow().replace(microsecond=0)
    rows = []
    for number in range(count):
        created = now - float(random.uniform(1, 365)) * DAY
        ended = created + float(random.uniform(5, 40)) * DAY
        source = str(random.choice(["fair", "web"]))
        converts = random.random() < (0.8 if source == "fair" else 0.2)
        status = LeadStatus.CONVERTED if converts else LeadStatus.DISQUALIFIED
        is_open = ended > now
        rows.append(
            {
                "name": f"Lead {number}",
                "source": source,
                "status": LeadStatus.WORKING if is_open else status,
                "created_at": created,
                "updated_at": created if is_open else ended,
                "converted_at": ended if converts and not is_open else None,
                "version": 1,
            }
        )
    with db.transaction(SYSTEM) as session:
        session.connection().execute(insert(SQLModel.metadata.tables["lead"]), rows)


def computed(actor: Actor, **parameters: Any) -> Job:
    today = utcnow().date()
    with db.transaction(actor) as session:
        job = analysis_kinds.ask(session, "lead_score", parameters, as_of=today)
    run_here(job.id)
    with db.reading(actor) as session:
        return db.get(session, Job, job.id)


def latest(actor: Actor) -> Analysis:
    with db.reading(actor) as session:
        return analyses.listed(session, "lead_score")[0]


def scores() -> dict[int, float]:
    """Of the leads that have one."""
    found = select(col(Lead.id), col(Lead.score)).where(col(Lead.score).is_not(None))
    with db.reading(SYSTEM) as session:
        return {row[0]: float(row[1]) for row in session.execute(found)}


@pytest.mark.slow
def test_every_open_lead_gets_its_score(admin: Actor) -> None:
    history(400)

    done = computed(admin)

    assert (done.state, done.error) == (JobState.DONE, None)
    shown = latest(admin)
    with db.reading(admin) as session:
        found = analyses.table(session, shown.id, "scores")
        reliability = analyses.table(session, shown.id, "reliability")
    assert shown.summary["why_not"] is None
    assert shown.summary["counts"]["open"] == len(found) > 0
    told = found.set_index("lead_id")["probability"].to_dict()
    assert scores() == pytest.approx(told, abs=0.0001)
    judged = shown.summary["counts"]["judged"][0]
    assert reliability["customers"].sum() == judged
    assert shown.summary["card"]["program"] == crm.__version__
    assert "source" in shown.summary["card"]["features"]


@pytest.mark.slow
def test_without_a_signal_nobody_keeps_an_old_score(admin: Actor) -> None:
    row = make.lead(score="0.7")

    computed(admin)

    shown = latest(admin).summary
    assert "No lead has ended yet" in shown["why_not"]["text"]
    assert (shown["base_rate"], shown["split_on"]) == (None, None)
    assert scores() == {}
    with db.reading(SYSTEM) as session:
        assert db.get(session, Lead, row.id).version == 1


@pytest.mark.slow
def test_what_is_of_some_leads_is_not_written_down(admin: Actor, alice: Actor) -> None:
    history(400)
    mine = make.lead(make.actor("Charlie", reach="own"), score="0.5")

    computed(alice)  # sees what is nobody's, too, but not his

    assert latest(alice).summary["why_not"] is None
    assert list(scores()) == [mine.id]


@pytest.mark.slow
def test_a_segment_has_no_leads(admin: Actor) -> None:
    customer = make.customer(admin)
    with db.transaction(admin) as session:
        some = segments.save(session, "Some", [customer.id])

    done = computed(admin, segment_id=some.id)

    assert done.state is JobState.FAILED
    assert done.error == "Leads are no customers yet: no segment has any."


def test_it_is_asked_for_every_day_and_by_its_kind() -> None:
    assert EVERY["lead_score"][0] == DAY
    assert "lead_score" in analysis_kinds.kinds()
