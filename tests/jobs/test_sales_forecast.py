"""The sales forecast from opportunities in the database to a stored result."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from crm import db
from crm.errors import Invalid, NotFound
from crm.jobs.run import run_here
from crm.models import SYSTEM, Actor, Analysis, Job, JobState, Opportunity
from crm.models.words import told
from crm.services import analyses, analysis_kinds
from crm.services.customers import segments
from tests import make

TODAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def computed(actor: Actor, **parameters: Any) -> Job:
    with db.transaction(actor) as session:
        job = analysis_kinds.ask(session, "sales_forecast", parameters, as_of=TODAY)
    run_here(job.id)
    with db.reading(actor) as session:
        return db.get(session, Job, job.id)


def stored(actor: Actor) -> Analysis:
    with db.reading(actor) as session:
        return analyses.listed(session, "sales_forecast")[0]


def table(actor: Actor, name: str) -> pd.DataFrame:
    with db.reading(actor) as session:
        return analyses.table(session, stored(actor).id, name)


def closed(owner: Actor, count: int = 36) -> None:
    """So many over nine months, every third one lost; all of one customer."""
    customer, stages = make.customer(owner), make.stages()
    rows = []
    for n in range(count):
        stage = stages["Lost" if n % 3 == 0 else "Won"]
        opened = NOON - (40 + n * 270 // count) * DAY
        rows.append(
            Opportunity(
                customer_id=customer.id, name=f"Deal {n}", stage_id=stage.id,
                pipeline_id=stage.pipeline_id, state=stage.kind, amount=Decimal(1000),
                currency="EUR", rate=Decimal(1), owner_id=owner.user_id,
                created_at=opened, closed_at=opened + 30 * DAY,
            )
        )  # fmt: skip
    with db.transaction(SYSTEM) as session:
        session.add_all(rows)


def opened(owner: Actor, **details: Any) -> Opportunity:
    usual = {
        "owner_id": owner.user_id, "rate": Decimal(1), "created_at": NOON - 20 * DAY,
        "close_on": TODAY + 20 * DAY,
    }  # fmt: skip
    return make.opportunity(make.customer(owner), **usual | details)


@pytest.mark.slow
def test_opportunities_become_a_forecast_for_everyone_teams_and_users(
    admin: Actor, alice: Actor
) -> None:
    closed(alice)
    one = opened(alice)
    opened(admin, amount=Decimal(5), currency="USD", rate=None)
    opened(alice, deleted_at=NOON)

    job = computed(admin, quarters=2)

    assert (job.state, job.error) == (JobState.DONE, None)
    found = stored(admin).summary
    assert (found["closed"], found["won"], found["open"]) == (36, 24, 1)
    assert found["unpriced"] == {"USD": 1}
    expected = table(admin, "expected")
    assert {"", f"team {alice.team_id}", f"owner {alice.user_id}"} <= set(
        expected["about"]
    )
    hers = expected[expected["about"] == f"owner {alice.user_id}"]
    assert hers["mean"].sum() > 0
    assert expected[expected["about"] == f"owner {admin.user_id}"]["mean"].sum() == 0
    assert table(admin, "assumed")["opportunity_id"].tolist() == [one.id]
    stages = table(admin, "stages").set_index("stage")
    assert stages.loc["Prospecting", "probability"] == 0.1
    assert len(table(admin, "judged"))


@pytest.mark.slow
def test_a_thin_history_gives_a_weighted_sum_and_says_why(
    admin: Actor, alice: Actor
) -> None:
    opened(alice, amount=Decimal(200))
    opened(alice, amount=None)

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    assert "at least 30 opportunities" in told(stored(admin).summary["refused"])
    weighted = table(admin, "weighted").set_index("about")["amount"]
    assert weighted[""] == pytest.approx(20)  # a tenth
    with pytest.raises(NotFound):
        table(admin, "expected")


@pytest.mark.slow
def test_nothing_at_all_is_a_result_too(admin: Actor) -> None:
    assert computed(admin).state is JobState.DONE

    assert "There are 0" in told(stored(admin).summary["refused"])
    assert table(admin, "weighted").empty


@pytest.mark.slow
def test_who_sees_some_customers_has_a_forecast_of_these_alone(
    admin: Actor, alice: Actor
) -> None:
    opened(alice, amount=Decimal(200))
    opened(admin, amount=Decimal(9000))

    computed(alice)

    weighted = table(alice, "weighted").set_index("about")["amount"]
    assert weighted.to_dict() == {"": 20, f"owner {alice.user_id}": 20}


@pytest.mark.slow
def test_a_segment_is_looked_at_by_itself(admin: Actor) -> None:
    one = opened(admin, amount=Decimal(200))
    opened(admin, amount=Decimal(9000))
    with db.transaction(admin) as session:
        best = segments.save(session, "Best", [one.customer_id])

    computed(admin, segment_id=best.id)

    assert table(admin, "weighted").set_index("about").loc["", "amount"] == 20


@pytest.mark.parametrize("quarters", [1, 5, -1, 10**9])
def test_how_far_it_looks_is_bounded_in_words(admin: Actor, quarters: int) -> None:
    job = computed(admin, quarters=quarters)

    assert job.state is JobState.FAILED
    assert "looks 2 to 4 quarters ahead" in (job.error or "")


def test_a_parameter_that_there_is_not_is_refused(admin: Actor) -> None:
    with db.transaction(admin) as session, pytest.raises(Invalid):
        analysis_kinds.ask(session, "sales_forecast", {"draws": 9}, as_of=TODAY)
