"""Web forms: set up by an administrator, and what they bring becomes a lead."""

from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import Forbidden, Invalid
from crm.models import SYSTEM, Actor, Lead, Operation, WebForm, WebFormFields
from crm.services import records
from crm.services.sales import web_forms
from tests import make


def made(actor: Actor, **fields: Any) -> WebForm:
    given = {"name": "Fair", "title": "Write to us", "source": "fair"}
    form = records.valid(WebFormFields, given | fields)
    with db.transaction(actor) as session:
        return web_forms.create(session, form)


def sent(form: WebForm, once: str = "a", **typed: Any) -> None:
    with db.transaction(web_forms.visitor(form)) as session:
        web_forms.submit(session, form, {"name": "Eva Roth"} | typed, once)


def leads() -> list[Lead]:
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(Lead)))


def test_what_is_sent_becomes_a_lead_with_source_and_owner(
    admin: Actor, alice: Actor
) -> None:
    form = made(admin, owner_id=alice.user_id)

    sent(form, email="eva@example.com", notes="Ten chairs, please.")

    [lead] = leads()
    assert (lead.name, lead.email, lead.source) == (
        "Eva Roth",
        "eva@example.com",
        "fair",
    )
    assert (lead.owner_id, lead.web_form_id) == (alice.user_id, form.id)
    with db.reading(SYSTEM) as session:
        assert "Web form “Fair”" in session.scalars(select(Operation.actor_name)).all()
        assert [count for _form, count in web_forms.listed(session)] == [1]


def test_the_same_page_sent_twice_makes_one_lead(admin: Actor) -> None:
    form = made(admin)
    sent(form, "x")
    sent(form, "x")
    sent(form, "y")

    assert len(leads()) == 2


def test_only_what_the_form_asks_for_is_taken(admin: Actor) -> None:
    form = made(admin, asks=["email"])

    sent(form, company="Forged", owner_id=1, status="converted", email="e@example.com")

    [lead] = leads()
    assert (lead.company, lead.owner_id, lead.status) == (None, None, "new")


@pytest.mark.parametrize("typed", [{"name": ""}, {"name": "x" * 201}])
def test_what_does_not_fit_is_refused(admin: Actor, typed: dict[str, str]) -> None:
    form = made(admin)

    with pytest.raises(Invalid):
        sent(form, **typed)
    assert leads() == []


@pytest.mark.parametrize("fault", [{"asks": ["owner_id"]}, {"language": "tlh"}])
def test_a_form_asks_only_what_it_may(admin: Actor, fault: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        made(admin, **fault)


def test_a_closed_form_is_not_there_and_what_it_brought_stays(admin: Actor) -> None:
    form = made(admin)
    sent(form)
    with db.transaction(admin) as session:
        web_forms.update(session, form.id, {"active": False})
        assert web_forms.open_at(session, form.key) is None
        web_forms.remove(session, form.id)

    assert [lead.web_form_id for lead in leads()] == [None]


def test_who_sells_does_not_set_up_forms(alice: Actor) -> None:
    make.customer(alice)
    with pytest.raises(Forbidden):
        made(alice)
