"""How long is long: by those that were won."""

from datetime import UTC, datetime, timedelta

import pytest

from crm import db
from crm.models import Actor, Customer, StageChange
from crm.services.sales import stage_ages
from tests import make

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def passed(customer: Customer, days: float, *, to: str = "Won") -> None:
    """An opportunity that stayed `days` in Prospecting, then went on at once."""
    stages = make.stages()
    opened = AT - timedelta(days=200)
    left = opened + timedelta(days=days)
    row = make.opportunity(customer, to, closed_at=left, created_at=opened)
    way = ((None, "Prospecting", opened), ("Prospecting", to, left))
    for before, after, at in way:
        make.saved(
            StageChange(
                opportunity_id=row.id,
                from_stage_id=stages[before].id if before else None,
                to_stage_id=stages[after].id,
                at=at,
            )
        )


def usual(actor: Actor) -> dict[str, float]:
    stages = make.stages()
    with db.reading(actor) as session:
        pipeline_id = stages["Won"].pipeline_id
        found = stage_ages.usual_days(session, pipeline_id, before=AT)
    names = {stage.id: name for name, stage in stages.items()}
    return {names[stage_id]: days for stage_id, days in found.items()}


@pytest.mark.slow
def test_nine_of_ten_that_were_won_had_left_by_then(admin: Actor) -> None:
    customer = make.customer()
    for days in range(1, 21):
        passed(customer, days)
    passed(customer, 150, to="Lost")

    found = usual(admin)

    assert set(found) == {"Prospecting"}
    assert 18 <= found["Prospecting"] <= 19


@pytest.mark.slow
def test_with_few_that_were_won_nothing_is_said(admin: Actor) -> None:
    customer = make.customer()
    for days in range(19):
        passed(customer, days)

    assert usual(admin) == {}
