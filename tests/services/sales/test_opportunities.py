"""Opportunities: opened, moved under the rules of their stages, won and lost."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken, Stale
from crm.models import (
    SYSTEM,
    Actor,
    Change,
    Customer,
    Opportunity,
    OpportunityFields,
    Pipeline,
    Stage,
    StageChange,
    StageKind,
)
from crm.services import lists, purging, records, undo
from crm.services.sales import opportunities, pipelines
from crm.services.timeline import timeline
from tests import make

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def opened(actor: Actor, customer: Customer, **fields: Any) -> Opportunity:
    given = {"name": "Chairs", "customer_id": customer.id}
    form = records.valid(OpportunityFields, given | fields)
    with db.transaction(actor) as session:
        return opportunities.create(session, form, at=AT)


def moved(actor: Actor, row: Opportunity, to: str, **more: Any) -> Opportunity:
    stage = make.stages()[to]
    with db.transaction(actor) as session:
        return opportunities.move(session, row.id, stage.id, at=AT, **more)


def read(actor: Actor, key: int) -> Opportunity:
    with db.reading(actor) as session:
        return opportunities.opportunity(session, key)


def ask_for(stage: str, *fields: str) -> None:
    with db.transaction(SYSTEM) as session:
        row = db.get(session, Stage, make_id(stage))
        row.required = list(fields)


def make_id(stage: str) -> int:
    with db.reading(SYSTEM) as session:
        found = select(Stage.id).where(Stage.name == stage)
        return int(session.scalar(found) or 0)


def test_the_first_one_makes_the_usual_pipeline(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))

    with db.reading(alice) as session:
        (pipeline,) = pipelines.listed(session)
        names = [stage.name for stage in pipelines.stages(session, pipeline.id)]
    assert names == [
        "Prospecting", "Qualified", "Proposal", "Negotiation", "Won", "Lost",
    ]  # fmt: skip
    assert row.pipeline_id == pipeline.id
    assert row.owner_id == alice.user_id
    assert row.state is StageKind.OPEN


def test_the_second_one_uses_it(alice: Actor) -> None:
    customer = make.customer(alice)
    for _ in range(2):
        opened(alice, customer)

    with db.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Pipeline)) == 1
        assert session.scalar(select(func.count()).select_from(Stage)) == 6


def test_amount_and_currency_are_kept_exactly(alice: Actor) -> None:
    row = opened(
        alice, make.customer(alice), amount="1234567.8901", currency="usd",
        close_on="2026-04-30",
    )  # fmt: skip

    found = read(alice, row.id)
    assert found.amount == Decimal("1234567.8901")
    assert (found.currency, found.close_on) == ("USD", date(2026, 4, 30))


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "-1"},
        {"amount": "1e13"},
        {"amount": "NaN"},
        {"currency": "E1R"},
        {"close_on": "0001-01-01"},
        {"won_reason": "price"},
        {"lost_reason": "price"},
        {"name": " "},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(alice: Actor, fields: dict[str, Any]) -> None:
    customer = make.customer(alice)

    with pytest.raises(Invalid):
        opened(alice, customer, **fields)


def test_a_move_is_recorded_with_who_and_when(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))

    moved(alice, row, "Proposal")

    with db.reading(alice) as session:
        steps = opportunities.history(session, row.id)
    assert [(s.from_stage, s.to_stage, s.who) for s in steps] == [
        ("Prospecting", "Proposal", "Alice"),
        (None, "Prospecting", "Alice"),
    ]
    assert {step.at for step in steps} == {AT}


def test_moving_to_where_it_is_records_nothing(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))

    moved(alice, row, "Prospecting")

    with db.reading(alice) as session:
        assert len(opportunities.history(session, row.id)) == 1


def test_of_two_who_move_one_card_the_second_is_told(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))
    version = row.version
    moved(alice, row, "Qualified", version=version)

    with pytest.raises(Stale):
        moved(alice, row, "Proposal", version=version)

    assert read(alice, row.id).stage_id == make_id("Qualified")


def test_a_gate_names_what_is_missing(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))
    ask_for("Proposal", "amount", "close_on")

    with pytest.raises(RuleBroken, match="Amount, Expected close") as told:
        moved(alice, row, "Proposal")

    assert "Proposal" in str(told.value)
    assert read(alice, row.id).stage_id == make_id("Prospecting")


def test_a_gate_is_not_walked_around(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))
    ask_for("Proposal", "amount")

    with pytest.raises(RuleBroken):
        moved(alice, row, "Negotiation")
    with pytest.raises(RuleBroken):
        moved(alice, row, "Won")
    assert moved(alice, row, "Qualified").stage_id == make_id("Qualified")


def test_an_amount_of_zero_is_an_amount(alice: Actor) -> None:
    row = opened(alice, make.customer(alice), amount="0")
    ask_for("Proposal", "amount")

    assert moved(alice, row, "Proposal").stage_id == make_id("Proposal")


def test_a_field_can_be_filled_in_with_the_move(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))
    ask_for("Proposal", "amount")

    assert moved(alice, row, "Proposal", amount=5).amount == 5


def test_winning_notes_when_and_why(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))

    moved(alice, row, "Won", won_reason="service", close_note="Fast")

    found = read(alice, row.id)
    assert (found.state, found.closed_at) == (StageKind.WON, AT)
    assert (found.won_reason, found.close_note) == ("service", "Fast")


def test_losing_takes_a_reason(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))

    with pytest.raises(RuleBroken, match="Reason it was lost"):
        moved(alice, row, "Lost")

    moved(alice, row, "Lost", lost_reason="competitor", competitor="Acme")
    found = read(alice, row.id)
    assert (found.state, found.competitor) == (StageKind.LOST, "Acme")


def test_what_is_lost_may_lack_what_the_others_need(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))
    ask_for("Proposal", "amount")

    lost = moved(alice, row, "Lost", lost_reason="no_need")

    assert lost.state is StageKind.LOST


def test_opening_again_takes_the_outcome_back(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))
    moved(alice, row, "Lost", lost_reason="price", close_note="x", competitor="Acme")

    moved(alice, row, "Negotiation")

    found = read(alice, row.id)
    assert found.state is StageKind.OPEN
    assert (found.closed_at, found.lost_reason, found.close_note) == (None, None, None)
    assert found.competitor == "Acme"


def test_a_reason_of_the_other_outcome_is_refused(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))

    with pytest.raises(Invalid):
        moved(alice, row, "Won", lost_reason="price")


@pytest.mark.slow
def test_undoing_a_move_takes_its_record_back(alice: Actor) -> None:
    row = opened(alice, make.customer(alice))
    stage = make_id("Won")
    with db.transaction(alice) as session:
        opportunities.move(session, row.id, stage, at=AT)
    operation = db.operation_of(session)

    with db.transaction(alice) as session:
        assert undo.undo(session, operation or 0).skipped == []

    found = read(alice, row.id)
    assert (found.state, found.closed_at) == (StageKind.OPEN, None)
    assert found.stage_id == make_id("Prospecting")
    with db.reading(alice) as session:
        assert len(opportunities.history(session, row.id)) == 1


@pytest.mark.slow
def test_the_timeline_of_the_customer_names_the_stages(alice: Actor) -> None:
    customer = make.customer(alice)
    row = opened(alice, customer)
    moved(alice, row, "Proposal")

    with db.reading(alice) as session:
        latest = timeline(session, customer.id)[0]

    told = [(c.name, c.before, c.after) for c in latest.changes]
    assert told == [("stage_id", "Prospecting", "Proposal")]


def test_a_role_that_only_reads_moves_nothing(alice: Actor, viewer: Actor) -> None:
    row = opened(alice, make.customer())

    with pytest.raises(Forbidden):
        moved(viewer, row, "Won")


def test_it_goes_with_its_customer(alice: Actor, charlie: Actor) -> None:
    row = opened(alice, make.customer(alice))

    with db.reading(charlie) as session:
        with pytest.raises(NotFound):
            opportunities.opportunity(session, row.id)
        assert session.scalar(select(func.count()).select_from(StageChange)) == 0


def test_a_list_filters_by_stage_and_shows_its_name(admin: Actor) -> None:
    customer = make.customer()
    make.opportunity(customer, "Proposal", name="Chairs")
    make.opportunity(customer, "Won", name="Desks")
    rule = {"field": "stage_id", "op": "any", "value": [make_id("Proposal")]}
    query = lists.Query("opportunity", rule={"match": "all", "rules": [rule]})

    with db.reading(admin) as session:
        found = lists.page(session, query, today=date(2026, 3, 1))

    assert [row["name"] for row in found.rows] == ["Chairs"]


def test_a_customer_with_opportunities_is_not_deleted_for_good(admin: Actor) -> None:
    customer = make.customer()
    make.opportunity(customer)
    with db.transaction(admin) as session:
        db.get(session, Customer, customer.id).deleted_at = AT

    with db.transaction(admin) as session:
        assert purging.purge(session, "customer", [customer.id]).done == 0


def test_one_that_is_deleted_for_good_takes_its_moves_along(admin: Actor) -> None:
    row = opened(admin, make.customer())
    lead = make.lead(opportunity_id=row.id)
    with db.transaction(admin) as session:
        opportunities.remove(session, row.id)

    with db.transaction(admin) as session:
        assert purging.purge(session, "opportunity", [row.id]).done == 1

    with db.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(StageChange)) == 0
        assert session.get(type(lead), lead.id).opportunity_id is None  # type: ignore[union-attr]


def test_the_usual_pipeline_is_in_the_log(alice: Actor) -> None:
    opened(alice, make.customer(alice))

    with db.reading(SYSTEM) as session:
        found = select(func.count()).where(Change.entity == "stage")
        assert session.scalar(found) == 6


def test_an_old_currency_that_is_none_does_not_stop_other_changes(
    alice: Actor,
) -> None:
    row = make.opportunity(make.customer(alice), currency="ABC")

    with db.transaction(alice) as session:
        opportunities.update(session, row.id, {"source": "Fair"})
    with pytest.raises(Invalid, match="is not a currency"), db.transaction(alice) as s:
        opportunities.update(s, row.id, {"currency": "XYZ"})

    with db.reading(alice) as session:
        kept = db.get(session, Opportunity, row.id)
    assert (kept.source, kept.currency) == ("Fair", "ABC")
