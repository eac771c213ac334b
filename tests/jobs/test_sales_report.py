"""The facts behind the sales reports, from the database to a stored result."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from crm import db
from crm.jobs.run import run_here
from crm.models import (
    Actor,
    Analysis,
    Customer,
    Job,
    JobState,
    LostReason,
    Opportunity,
    OpportunityFields,
)
from crm.services import analyses
from crm.services.sales import opportunities
from tests import make

TODAY = date(2026, 3, 1)
OPENED = datetime(2026, 1, 1, 9, tzinfo=UTC)


def deal(
    actor: Actor, customer: Customer, *way: tuple[str, int], **more: Any
) -> Opportunity:
    """An opportunity that goes to each stage so many days after its opening."""
    stages = make.stages()
    form = OpportunityFields(name="Chairs", customer_id=customer.id)
    with db.transaction(actor) as session:
        row = opportunities.create(session, form, at=OPENED)
        for stage, days in way:
            at = OPENED + timedelta(days=days)
            to = stages[stage].id
            outcome = more if stage in ("Won", "Lost") else {}
            opportunities.move(session, row.id, to, at=at, **outcome)
    return row


def computed(actor: Actor, as_of: date = TODAY) -> tuple[Analysis, pd.DataFrame]:
    with db.transaction(actor) as session:
        job = analyses.ask(session, "sales_report", "Reports", {}, as_of=as_of)
    run_here(job.id)
    with db.reading(actor) as session:
        done = db.get(session, Job, job.id)
        assert (done.state, done.error) == (JobState.DONE, None)
        found = analyses.listed(session, "sales_report")[0]
        return found, analyses.table(session, found.id, "deals")


def test_each_opportunity_is_counted_as_it_stood(admin: Actor) -> None:
    customer = make.customer(name="Rhine Mills", source="web")
    close_on = {"close_on": date(2026, 2, 1)}
    won = deal(admin, customer, ("Qualified", 10), ("Won", 20), **close_on)
    lost = deal(admin, customer, ("Lost", 5), lost_reason=LostReason.PRICE)

    _found, table = computed(admin)
    _earlier, before = computed(admin, OPENED.date() + timedelta(days=7))

    now = table.set_index("opportunity_id")
    assert now.loc[won.id, ["state", "days", "customer", "owner"]].tolist() == [
        "won", 20, "Rhine Mills", "Ada",
    ]  # fmt: skip
    assert now.loc[lost.id, ["state", "lost_reason"]].tolist() == ["lost", "price"]
    then = before.set_index("opportunity_id")
    assert then.loc[won.id, ["state", "lost_reason"]].tolist() == ["open", ""]
    assert then.loc[lost.id, "state"] == "lost"


def test_an_empty_house_gives_an_empty_result(admin: Actor) -> None:
    found, table = computed(admin)

    assert found.summary["opportunities"] == 0
    assert table.empty
