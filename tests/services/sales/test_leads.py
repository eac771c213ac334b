"""Leads: one transaction makes customer, contact and opportunity, or nothing."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid, NotFound, RuleBroken, Stale
from crm.models import (
    SYSTEM,
    Actor,
    Contact,
    Customer,
    CustomerKind,
    Lead,
    LeadFields,
    LeadStatus,
    Opportunity,
    Stage,
    Unfit,
)
from crm.services import records, undo
from crm.services.documents import quotes_proposal
from crm.services.sales import leads
from crm.services.sales.leads import Deal
from tests import make
from tests.make import NOON


def written(actor: Actor, **fields: Any) -> Lead:
    given = {
        "name": "Jo Ann Weber",
        "company": "Rhine Mills",
        "email": "jo@example.com",
        "phone": "+49 30 123456",
        "source": "referral",
    }
    with db.transaction(actor) as session:
        return leads.create(session, records.valid(LeadFields, given | fields))


def converted(actor: Actor, lead: Lead, **more: Any) -> Lead:
    with db.transaction(actor) as session:
        return leads.convert(session, lead.id, **more)


def one(table: type, key: int | None) -> Any:
    with db.reading(SYSTEM) as session:
        return db.get(session, table, key or 0)


def counts() -> tuple[int, ...]:
    with db.reading(SYSTEM) as session:
        tables = (Customer, Contact, Opportunity)
        found = [session.scalar(select(func.count()).select_from(t)) for t in tables]
        return tuple(int(number or 0) for number in found)


def test_a_company_becomes_customer_contact_and_opportunity(alice: Actor) -> None:
    lead = converted(alice, written(alice), deal=Deal("Chairs", Decimal(900)))

    customer = one(Customer, lead.customer_id)
    contact = one(Contact, lead.contact_id)
    deal = one(Opportunity, lead.opportunity_id)
    assert (customer.name, customer.kind) == ("Rhine Mills", CustomerKind.COMPANY)
    assert (contact.first_name, contact.last_name) == ("Jo Ann", "Weber")
    assert contact.customer_id == deal.customer_id == customer.id
    assert (deal.name, deal.amount, deal.source) == ("Chairs", 900, "referral")
    assert {customer.owner_id, contact.owner_id, deal.owner_id} == {alice.user_id}
    assert lead.status is LeadStatus.CONVERTED
    assert lead.converted_at is not None


def test_somebody_without_a_company_becomes_a_person(alice: Actor) -> None:
    lead = converted(alice, written(alice, company=None))

    customer = one(Customer, lead.customer_id)
    assert (customer.name, customer.kind) == ("Jo Ann Weber", CustomerKind.PERSON)
    assert customer.email == "jo@example.com"
    assert lead.contact_id is None


def test_a_name_in_one_word_is_a_last_name(alice: Actor) -> None:
    lead = converted(alice, written(alice, name="王小明"))

    contact = one(Contact, lead.contact_id)
    assert (contact.first_name, contact.last_name) == (None, "王小明")


def test_it_joins_a_customer_who_is_there(alice: Actor) -> None:
    customer = make.customer(alice)
    known = make.contact(customer, email="JO@example.com", email_key="jo@example.com")

    lead = converted(alice, written(alice), customer_id=customer.id)

    assert (lead.customer_id, lead.contact_id) == (customer.id, known.id)
    assert counts() == (1, 1, 1)


def test_who_may_be_the_same_is_told_before(alice: Actor) -> None:
    customer = make.customer(alice, name="Rhine Mils")
    lead = written(alice)

    with db.reading(alice) as session:
        (found,) = leads.similar(session, db.get(session, Lead, lead.id))

    assert found.customer_id == customer.id


def test_a_person_with_the_e_mail_of_a_customer_is_no_second_one(alice: Actor) -> None:
    make.customer(alice, name="Jo", email="jo@example.com")
    lead = written(alice, company=None)

    with pytest.raises(Duplicate, match="Jo"):
        converted(alice, lead)

    assert counts() == (1, 0, 0)


def test_where_the_stage_asks_for_more_nothing_is_made(alice: Actor) -> None:
    first = make.stages()["Prospecting"]
    with db.transaction(SYSTEM) as session:
        db.get(session, Stage, first.id).required = ["amount"]
    lead = written(alice)

    with pytest.raises(RuleBroken, match="Amount"):
        converted(alice, lead)

    assert counts() == (0, 0, 0)
    assert one(Lead, lead.id).status is LeadStatus.NEW


def test_it_is_converted_once(alice: Actor) -> None:
    lead = written(alice)
    converted(alice, lead)

    with pytest.raises(RuleBroken):
        converted(alice, lead)

    assert counts() == (1, 1, 1)


def test_of_two_who_convert_it_the_second_is_told(alice: Actor) -> None:
    lead = written(alice)
    with db.transaction(alice) as session:
        leads.update(session, lead.id, {"phone": "1"}, version=1)

    with pytest.raises(Stale):
        converted(alice, lead, version=1)


def test_the_status_converts_it_too(alice: Actor) -> None:
    lead = written(alice)

    with db.transaction(alice) as session:
        leads.update(session, lead.id, {"status": "converted"})

    assert one(Lead, lead.id).customer_id is not None
    assert counts() == (1, 1, 1)


@pytest.mark.parametrize("change", [{"status": "new"}, {"customer_id": None}])
def test_what_is_converted_stays_so(alice: Actor, change: dict[str, Any]) -> None:
    lead = converted(alice, written(alice))

    with pytest.raises(RuleBroken), db.transaction(alice) as session:
        leads.update(session, lead.id, change)


def test_undoing_takes_all_of_it_back(alice: Actor) -> None:
    lead = written(alice)
    make.stages()
    with db.transaction(alice) as session:
        leads.convert(session, lead.id)
    operation = db.operation_of(session)

    with db.transaction(alice) as session:
        undone = undo.undo(session, operation or 0)

    assert undone.skipped == []
    found = one(Lead, lead.id)
    assert (found.status, found.customer_id) == (LeadStatus.NEW, None)
    assert counts() == (0, 0, 0)


def test_disqualifying_says_why(alice: Actor) -> None:
    lead = written(alice)

    with db.transaction(alice) as session:
        leads.disqualify(session, lead.id, Unfit.NO_BUDGET)

    found = one(Lead, lead.id)
    assert found.status is LeadStatus.DISQUALIFIED
    assert found.unfit_reason is Unfit.NO_BUDGET


def test_without_a_reason_it_is_not_disqualified(alice: Actor) -> None:
    lead = written(alice)

    with pytest.raises(Invalid), db.transaction(alice) as session:
        leads.update(session, lead.id, {"status": "disqualified"})


def test_taking_it_up_again_drops_the_reason(alice: Actor) -> None:
    lead = written(alice, status="disqualified", unfit_reason="other")

    with db.transaction(alice) as session:
        leads.update(session, lead.id, {"status": "working"})

    assert one(Lead, lead.id).unfit_reason is None


def test_a_lead_is_not_born_converted(alice: Actor) -> None:
    with pytest.raises(Invalid):
        written(alice, status="converted")


def test_a_lead_of_somebody_else_is_not_there(alice: Actor, charlie: Actor) -> None:
    lead = written(alice)

    with pytest.raises(NotFound):
        converted(charlie, lead)


def test_once_converted_it_goes_with_its_customer(alice: Actor, charlie: Actor) -> None:
    lead = written(alice)
    theirs = make.customer(charlie)
    with db.transaction(SYSTEM) as session:
        leads.convert(session, lead.id, customer_id=theirs.id)

    with db.reading(alice) as session, pytest.raises(NotFound):
        db.get(session, Lead, lead.id)
    with db.reading(charlie) as session:
        assert db.get(session, Lead, lead.id).customer_id == theirs.id


def test_who_may_not_open_opportunities_converts_nothing(database: str) -> None:
    maria = make.actor("Maria", role="marketing")
    lead = written(maria)
    make.stages()

    with pytest.raises(Forbidden):
        converted(maria, lead)

    assert counts() == (0, 0, 0)


@pytest.mark.slow
def test_a_quote_for_what_a_lead_became_goes_to_its_contact(alice: Actor) -> None:
    lead = converted(alice, written(alice))
    other = make.opportunity(make.customer(alice))

    with db.reading(alice) as session:
        mine = quotes_proposal.proposal(
            session, opportunity_id=lead.opportunity_id, on=NOON.date()
        )
        on = NOON.date()
        none = quotes_proposal.proposal(session, opportunity_id=other.id, on=on)

    assert mine["contact_id"] == lead.contact_id is not None
    assert none["contact_id"] is None
