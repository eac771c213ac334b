"""Opportunities come in with all that the services would have written about them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.models import (
    SYSTEM,
    Actor,
    Customer,
    Estimate,
    LostReason,
    Opportunity,
    OpportunityLine,
    Product,
    Role,
    Stage,
    StageChange,
    StageKind,
    User,
)
from crm.services.admin import hidden_fields
from crm.services.imports import runs
from crm.services.imports.choices import (
    MissingFields,
    Mode,
    UnknownCustomers,
    WithoutCustomer,
)
from crm.services.imports.headers import likely_target, suggest
from crm.services.imports.meanings import MAKE
from crm.services.imports.targets import OPPORTUNITIES
from crm.services.sales import (
    opportunities,
    opportunity_tables,
    pipeline_setup,
    pipelines,
)
from tests import make
from tests.services.imports.engine import (
    begun,
    brought,
    checked,
    latest,
    only,
    ran,
    rows_of,
    told,
    undone,
)

HEADERS = {
    "Salesforce": "Id,AccountId,Name,Description,StageName,Amount,CloseDate,LeadSource,"
    "OwnerId,CreatedDate,CurrencyIsoCode",
    "Zoho": "Record Id,Deal Name,Account Name.id,Account Name,Deal Owner,Stage,Amount,"
    "Currency,Closing Date,Reason For Loss,Pipeline,Description",
    "HubSpot": "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner,"
    "Create Date,Closed Lost Reason,Associated Company",
    "Pipedrive": "Deal - ID,Deal - Title,Deal - Organization ID,Deal - Pipeline,"
    "Deal - Stage,Deal - Status,Deal - Owner,Deal - Value,Deal - Currency of Value,"
    "Deal - Expected close date,Deal - Lost reason,Deal - Deal created",
    "Odoo": "External ID,Opportunity,Salesperson,Stage,Expected Revenue,"
    "Expected Closing,Customer,Lost Reason,Source,Notes",
}
NOW = datetime.now(UTC)


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_deals_of_other_programs_are_recognised(header: str) -> None:
    columns = header.split(",")
    found = {one.field for one in suggest(columns, OPPORTUNITIES)}

    assert likely_target(columns) is OPPORTUNITIES
    assert found >= {"external_id", "name", "stage", "amount", "closes"}
    assert len(columns) - len(found) <= 1  # the id of an owner


def deals(admin: Actor, rows: str, **choices: Any) -> runs.Report:
    header = "id,name,customer_name,stage,amount,opened,closes\n"
    return brought(admin, header + rows, "opportunities", zone="UTC", **choices)


def removed(undo: runs.UndoReport) -> dict[str, int]:
    return {table: n for table, n in undo.removed.items() if n}


@pytest.mark.slow
def test_an_open_one_stands_in_its_stage_since_it_was_opened(admin: Actor) -> None:
    acme = make.customer(name="Acme")

    deals(admin, "7,Big,ACME,negotiation,1000,2025-03-01,2025-06-30\n")

    row, stage = only(Opportunity), only(Stage, name="Negotiation")
    opened = datetime(2025, 3, 1, tzinfo=UTC)
    assert (row.customer_id, row.stage_id) == (acme.id, stage.id)
    assert (row.pipeline_id, row.state) == (stage.pipeline_id, StageKind.OPEN)
    assert (row.created_at, row.stage_since, row.closed_at) == (opened, opened, None)
    assert (row.amount, row.base_amount, row.rate) == (1000, 1000, 1)
    assert (row.close_on, row.external_key) == (date(2025, 6, 30), "7")
    assert row.search_key == "big\n7"
    assert row.owner_id == admin.user_id
    moves = rows_of(StageChange, "from_stage_id", "to_stage_id", "at")
    assert moves == [(None, stage.id, opened)]
    said = rows_of(Estimate, "at", "base_amount", "close_on")
    assert said == [(opened, Decimal(1000), date(2025, 6, 30))]


@pytest.mark.slow
def test_of_one_that_ended_nothing_is_known_before_its_end(admin: Actor) -> None:
    make.customer(name="Acme")

    deals(admin, "7,Big,Acme,Closed Lost,1000,2025-03-01,2025-06-30\n")

    row = only(Opportunity)
    first, lost = only(Stage, name="Prospecting"), only(Stage, name="Lost")
    opened, ended = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 6, 30, tzinfo=UTC)
    assert (row.state, row.stage_id, row.closed_at) == (StageKind.LOST, lost.id, ended)
    assert rows_of(StageChange, "from_stage_id", "to_stage_id", "at") == [
        (None, first.id, opened), (first.id, lost.id, ended),
    ]  # fmt: skip
    assert rows_of(Estimate, "at", "base_amount", "close_on") == [
        (opened, None, None), (ended, Decimal(1000), date(2025, 6, 30)),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_product_becomes_one_line_and_names_the_opportunity(admin: Actor) -> None:
    cup = make.product(name="Cup", price=Decimal(80), tax_rate=Decimal("0.19"))

    brought(
        admin,
        "customer_name,external_id,product,stage,amount\n"
        f"Acme,1,cup,Proposal,50\nAcme,2,{cup.sku},Proposal,\nAcme,3,Cups,Proposal,9\n",
        "opportunities",
    )

    names = [one[0] for one in rows_of(Opportunity, "name")]
    assert names == ["Cup · Acme", "Cup · Acme", "Acme"]
    assert rows_of(
        OpportunityLine, "product_id", "unit_price", "amount", "tax_rate"
    ) == [
        (cup.id, Decimal(50), Decimal(50), Decimal("0.19")),
        (cup.id, Decimal(80), Decimal(80), Decimal("0.19")),
    ]
    words = "There is no product “Cups”; say which one is meant."
    assert told(admin, latest(admin)) == [(3, "product", words)]


@pytest.mark.slow
def test_what_is_similar_is_offered_and_taken_once_it_is_confirmed(
    admin: Actor,
) -> None:
    pro = make.product(name="GTX Pro")
    file = (
        "id,customer_name,product,stage\n1,Acme,GTXPro,Engaging\n2,Acme,Hat,Engaging\n"
    )
    import_id = begun(admin, file, "opportunities")
    assert checked(admin, import_id).counts.failed == 2  # no such stage

    with db.reading(admin) as session:
        terms = {term.text: term for term in runs.terms(session, import_id)}
    assert list(terms) == ["Sales pipeline: Engaging", "GTXPro", "Hat"]
    assert terms["GTXPro"].likely == str(pro.id)
    assert terms["Hat"].likely is None
    meant = {
        "product": {"GTXPro": str(pro.id), "Hat": MAKE},
        "stage": {"Sales pipeline: Engaging": MAKE},
    }
    with db.transaction(admin) as session:
        choices = runs.get(session, import_id).choices
        runs.choose(
            session, import_id, runs.Choices.of({**choices.plain(), "meant": meant})
        )
    assert checked(admin, import_id).counts.created == 2
    report = ran(admin, import_id)

    assert report.made == {"product": 1, "stage": 1, "customer": 1, "opportunity": 2}
    made = only(Product, name="Hat")
    assert rows_of(OpportunityLine, "product_id") == [(pro.id,), (made.id,)]
    engaging = only(Stage, name="Engaging")
    assert [one[0] for one in rows_of(Opportunity, "stage_id")] == [engaging.id] * 2
    assert (engaging.kind, engaging.probability) == (StageKind.OPEN, Decimal("0.75"))

    undo = undone(admin, import_id)
    assert removed(undo) == {"opportunity": 2, "customer": 1, "product": 1}
    assert rows_of(Product, "id") == [(pro.id,)]


BAD = {
    "1,A,Acme,Nowhere,,,": "“Sales pipeline” has no stage “Nowhere”; say which one is "
    "meant.",
    "1,A,Acme,Won,5,2025-01-01,": "It is won or lost, but no close date says when.",
    "1,A,Acme,Won,5,2025-03-01,2025-02-01": "It ends before it was opened.",
    "1,A,Acme,Won,5,,2150-02-01": "It is won or lost on a day that lies in the future.",
    "1,A,Acme,Proposal,5,2150-02-01,": "It is opened on a day that lies in the future.",
    "1,A,Acme,Proposal,a lot,,": "“a lot” is not a number like 1,234.56.",
    "1,A,Acme,Proposal,-5,,": "An amount is not negative.",
    "1,A,Acme,Proposal,5,,2025-02-31": "“2025-02-31” is not in the calendar; read as "
    "31/12/2026.",
    "1,A,Acme,,5,,": "Nothing here, but it is required.",
    "1,A,Acme,Proposal,2000000000000,,": "An opportunity is worth at most "
    "1,000,000,000,000.",
}


@pytest.mark.slow
@pytest.mark.parametrize(("row", "reason"), BAD.items())
def test_what_cannot_be_is_told_in_words(admin: Actor, row: str, reason: str) -> None:
    report = deals(admin, f"{row}\n")

    assert report.counts.failed == 1
    assert [one[2] for one in told(admin, latest(admin))] == [reason]


@pytest.mark.slow
@pytest.mark.parametrize(
    "written", ["2025-03-04", "04.03.2025", "3/4/2025", "2025年3月4日"]
)
def test_days_in_four_ways_of_writing(admin: Actor, written: str) -> None:
    report = deals(
        admin,
        f"1,A,Acme,Won,5,{written},{written}\n",
        dates={
            "opened": runs.DateOrder.MONTH_FIRST, "closes": runs.DateOrder.MONTH_FIRST,
        } if "/" in written else {},
    )  # fmt: skip

    assert report.counts.created == 1
    assert only(Opportunity).closed_at == datetime(2025, 3, 4, tzinfo=UTC)


@pytest.mark.slow
def test_an_end_on_the_day_of_the_opening_is_not_before_it(admin: Actor) -> None:
    deals(admin, "1,A,Acme,Won,5,2025-03-01 10:00,2025-03-01\n")

    row = only(Opportunity)
    assert row.closed_at == row.created_at == datetime(2025, 3, 1, 10, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "made", "skipped"),
    [
        (UnknownCustomers.MAKE, ["New", "Walk-in customers"], 0),
        (UnknownCustomers.WALK_IN, ["Walk-in customers"], 0),
        (UnknownCustomers.SKIP, ["Walk-in customers"], 1),
    ],
)
def test_a_customer_that_is_not_there(
    admin: Actor, choice: UnknownCustomers, made: list[str], skipped: int
) -> None:
    report = deals(
        admin, "1,A,New,Proposal,,,\n2,B,,Proposal,,,\n", unknown_customers=choice
    )

    assert sorted(one[0] for one in rows_of(Customer, "name")) == made
    assert (report.counts.created, report.counts.skipped) == (2 - skipped, skipped)
    row, _column, reason = told(admin, latest(admin))[-1]
    assert (row, reason) == (2, "No customer is named: the walk-in customer has it.")


@pytest.mark.slow
def test_one_customer_is_made_once_however_rows_name_it(admin: Actor) -> None:
    report = brought(
        admin,
        "id,customer_external_id,customer_name,stage\n"
        "1,,Acme,Proposal\n2,C1,ACME,Proposal\n3,C1,,Proposal\n4,C2,Acme,Proposal\n",
        "opportunities",
    )

    assert report.counts.created == 4
    assert rows_of(Customer, "name", "external_id") == [("Acme", "C1"), ("Acme", "C2")]
    one, other = (row[0] for row in rows_of(Customer, "id"))
    assert rows_of(Opportunity, "customer_id") == [(one,), (one,), (one,), (other,)]


@pytest.mark.slow
def test_without_a_customer_a_row_can_be_left_out(admin: Actor) -> None:
    skip = WithoutCustomer.SKIP
    report = deals(admin, "1,A,,Proposal,,,\n", without_customer=skip)

    assert (report.counts.skipped, report.made) == (1, {})
    reason = told(admin, latest(admin))[0][2]
    assert reason == "The opportunity names no customer."


@pytest.mark.slow
def test_an_agent_that_is_no_user_leaves_it_to_nobody(admin: Actor) -> None:
    gone = make.saved(
        User(name="Gone", email="g@example.com", role=Role.SALES, active=False)
    )

    brought(
        admin,
        "id,customer_name,stage,owner\n1,Acme,Proposal,Gone\n2,Acme,Proposal,Moses\n",
        "opportunities",
    )

    assert rows_of(Opportunity, "owner_id") == [(gone.id,), (None,)]
    words = "There is no user “Moses”; say who is meant."
    assert told(admin, latest(admin)) == [(2, "owner", words)]


@pytest.mark.slow
def test_a_reason_of_others_is_kept_as_a_note(admin: Actor) -> None:
    brought(
        admin,
        "id,customer_name,stage,state,reason,closes\n"
        "1,Acme,Proposal,lost,No budget,2025-01-01\n"
        "2,Acme,Proposal,lost,They moved to Mars,2025-01-01\n"
        "3,Acme,Proposal,open,No budget,\n",
        "opportunities",
    )

    assert rows_of(Opportunity, "lost_reason", "close_note") == [
        (LostReason.NO_BUDGET, None), (LostReason.OTHER, "They moved to Mars"),
        (None, None),
    ]  # fmt: skip


@pytest.mark.slow
def test_another_currency_has_the_rate_of_the_day_it_was_opened(admin: Actor) -> None:
    make.rate("USD", "2025-01-01", "0.8")

    brought(
        admin,
        "id,customer_name,stage,amount,currency,opened\n"
        "1,Acme,Proposal,100,USD,2025-03-01\n2,Acme,Proposal,100,USD,2024-03-01\n",
        "opportunities",
    )

    assert rows_of(Opportunity, "amount", "base_amount", "rate_on") == [
        (Decimal(100), Decimal(80), date(2025, 1, 1)), (Decimal(100), None, None),
    ]  # fmt: skip
    words = "No rate of USD is known for 2024-03-01; its worth in EUR is open."
    assert told(admin, latest(admin)) == [(2, "amount", words)]


def held(admin: Actor) -> Opportunity:
    """One that is open, worth 100 at Acme."""
    acme = make.customer(name="Acme")
    with db.transaction(admin) as session:
        pipelines.ensure(session)
        form = opportunities.OpportunityFields(
            customer_id=acme.id, name="Big", amount=Decimal(100), external_id="7"
        )
        at = datetime(2025, 1, 1, tzinfo=UTC)
        return opportunities.create(session, form, at=at)


@pytest.mark.slow
def test_one_that_is_there_moves_on_and_an_undo_sets_it_back(admin: Actor) -> None:
    row = held(admin)
    before = [rows_of(table, "id") for table in (StageChange, Estimate)]

    file = "7,Big,Acme,Won,120,,2025-02-01\n"
    report = deals(admin, file, mode=Mode.UPDATE)
    assert report.changed == {"opportunity": 1}
    now = only(Opportunity)
    assert (now.state, now.amount, now.base_amount) == (StageKind.WON, 120, 120)
    assert now.closed_at == now.stage_since == datetime(2025, 2, 1, tzinfo=UTC)
    assert len(rows_of(StageChange, "id")) == len(rows_of(Estimate, "id")) == 2
    again = deals(admin, file, mode=Mode.UPDATE)
    assert again.counts.unchanged == 1

    undo = undone(admin, latest(admin) - 1)

    assert undo.n_kept == 0
    back = only(Opportunity)
    names = ("state", "stage_id", "amount", "base_amount", "closed_at", "close_on")
    assert [getattr(back, n) for n in names] == [getattr(row, n) for n in names]
    assert [rows_of(table, "id") for table in (StageChange, Estimate)] == before


@pytest.mark.slow
def test_by_its_name_and_customer_one_is_found_as_well(admin: Actor) -> None:
    held(admin)
    make.customer(name="Globex")

    report = brought(
        admin,
        "name,customer_name,stage,amount\nBig,Acme,Prospecting,5\nBig,Globex,Proposal,5\n",
        "opportunities",
    )

    assert (report.counts.updated, report.counts.created) == (1, 1)


@pytest.mark.slow
def test_what_others_build_on_stays_after_an_undo(admin: Actor) -> None:
    deals(admin, "1,A,Acme,Proposal,,,\n2,B,Globex,Proposal,,,\n")
    first = rows_of(Opportunity, "id", "customer_id")[0]
    quote = make.quote(only(Customer, name="Acme"), opportunity_id=first[0])

    undo = undone(admin, latest(admin))

    assert quote.opportunity_id == first[0]
    assert removed(undo) == {"opportunity": 1, "customer": 1}
    assert rows_of(Opportunity, "name") == [("A",)]
    assert sorted(undo.kept) == [
        "Customer Acme stays: it is in use by now.",
        "Opportunity A stays: it is in use by now.",
    ]


@pytest.mark.slow
def test_a_pipeline_is_chosen_or_named(admin: Actor) -> None:
    with db.transaction(admin) as session:
        pipelines.ensure(session)
        other = pipeline_setup.add(session, "Partners")

    brought(
        admin,
        "id,customer_name,pipeline,stage\n1,Acme,,Proposal\n2,Acme,sales pipeline,Won\n"
        "3,Acme,Elsewhere,Proposal\n4,Acme,Sales pipeline,Proposal\n",
        "opportunities",
        pipeline=other.id,
    )

    names = [
        (name, pid == other.id)
        for name, pid in rows_of(Opportunity, "name", "pipeline_id")
    ]
    assert names == [("Acme", True), ("Acme", False)]
    reasons = [reason for _row, _column, reason in told(admin, latest(admin))]
    assert reasons == [
        "It is won or lost, but no close date says when.",
        "There is no pipeline “Elsewhere”; say which one is meant.",
    ]


def asking(stage: str, *fields: str) -> None:
    """Let a stage ask for fields."""
    with db.transaction(SYSTEM) as session:
        row = db.get(session, Stage, only(Stage, name=stage).id)
        row.required = list(fields)


@pytest.mark.slow
def test_what_a_stage_asks_for_is_asked_of_a_file_too(admin: Actor) -> None:
    make.customer(name="Acme")
    make.stages()
    asking("Qualified", "amount")
    rows = (
        "1,None,Acme,proposal,,2025-03-01,2025-06-30\n"
        "2,Some,Acme,proposal,10,2025-03-01,2025-06-30\n"
        "3,Early,Acme,prospecting,,2025-03-01,2025-06-30\n"
        "4,Gone,Acme,lost,,2025-03-01,2025-06-30\n"
    )

    deals(admin, rows)

    assert rows_of(Opportunity, "name") == [("Some",), ("Early",), ("Gone",)]
    words = "Before “Proposal”, fill in: Amount."
    assert told(admin, latest(admin)) == [(1, "amount", words)]


@pytest.mark.slow
def test_one_may_let_them_in_without(admin: Actor) -> None:
    make.customer(name="Acme")
    make.stages()
    asking("Qualified", "amount")
    row = "1,None,Acme,proposal,,2025-03-01,2025-06-30\n"

    deals(admin, row, missing_fields=MissingFields.KEEP)

    assert only(Opportunity).name == "None"
    words = "“Proposal” asks for Amount: it goes in without."
    assert told(admin, latest(admin)) == [(1, "amount", words)]


@pytest.mark.slow
def test_what_is_hidden_is_not_asked_of_a_file(admin: Actor) -> None:
    """Else nobody of the role could move what has it: it looks empty to them."""
    ann, acme = make.actor("Ann", role="sales"), make.customer(name="Acme")
    make.stages()
    deals(admin, "1,Big,Acme,prospecting,10,2025-03-01,2025-06-30\n")
    with db.transaction(admin) as session:
        db.get(session, Opportunity, only(Opportunity).id).competitor = "Umbrella"
        db.get(session, Customer, acme.id).owner_id = ann.user_id
        hidden_fields.save(session, Role.SALES, "opportunity", ["competitor"])
    asking("Qualified", "competitor")
    hers = replace(ann, hidden=frozenset({"opportunity.competitor"}))

    deals(hers, "1,Big,Acme,proposal,10,2025-03-01,2025-06-30\n", mode=Mode.UPSERT)

    assert told(admin, latest(admin)) == []
    row, proposal = only(Opportunity), only(Stage, name="Proposal")
    assert (row.stage_id, row.competitor) == (proposal.id, "Umbrella")


@pytest.mark.slow
def test_reports_count_what_came_in_closed(admin: Actor) -> None:
    make.customer(name="Acme")

    deals(admin, "7,Big,Acme,won,1000,2025-03-01,2025-06-30\n")

    row = only(Opportunity)
    opened, closed = (datetime(2025, m, d, tzinfo=UTC) for m, d in ((3, 1), (6, 30)))
    with db.reading(admin) as session:
        found = opportunity_tables.deals(session)
    assert rows_of(StageChange, "at", "to_stage_id") == [
        (opened, only(Stage, name="Prospecting").id),
        (closed, only(Stage, name="Won").id),
    ]
    known = rows_of(Estimate, "at", "base_amount")
    assert known == [(opened, None), (closed, Decimal(1000))]
    assert (row.created_at, row.closed_at) == (opened, closed)
    assert len(found.opportunities) == 1
