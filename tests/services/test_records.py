"""What holds for records of every kind: words for faults, versions, text that fits."""

from typing import Any

import pytest

from crm import db
from crm.errors import Duplicate, Invalid, NotFound, RuleBroken, Stale
from crm.models import Actor, Contact, ContactFields, Customer, CustomerFields
from crm.services import records
from crm.services.customers import contacts, customers
from tests import make


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "name", "“Name” is missing."),
        ({"name": ""}, "name", "“Name” is missing."),
        ({"name": " \t "}, "name", "“Name” is missing."),
        ({"name": None}, "name", "“Name” is missing."),
        ({"name": 5}, "name", "“Name” is no text."),
        (
            {"name": "x" * 201},
            "name",
            "“Name” is too long: 201 characters, at most 200.",
        ),
        ({"name": "A", "kind": "club"}, "kind", "“Kind” is not one of the choices."),
        ({"name": "A", "owner_id": "x"}, "owner_id", "“Owner” is not a whole"),
        ({"name": "A\x00"}, "name", "“Name” does not fit."),
        ({"name": "\ud800"}, "name", "“Name” does not fit."),
        ({"name": "A", "id": 7}, "id", "There is no field “id” to set."),
        ({"name": "A", "version": 7}, "version", "There is no field “version”"),
    ],
)
def test_a_fault_is_told_with_its_field(
    data: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as told:
        records.valid(CustomerFields, data)

    assert str(told.value).startswith(words)
    assert told.value.field == field


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rhine  Mills ", "Rhine  Mills"),
        ("0\x1f", "0"),
        ("a\x07b\x7f", "ab"),
        ("e\u0301", "é"),
        ("\u202eabc", "\u202eabc"),
        ("张" * 200, "张" * 200),
    ],
)
@pytest.mark.slow
def test_what_is_stored_is_what_was_answered(
    alice: Actor, typed: str, kept: str
) -> None:
    with db.transaction(alice) as session:
        made = customers.create(session, CustomerFields(name=typed))

    assert made.name == kept
    with db.reading(alice) as session:
        assert db.get(session, Customer, made.id).name == kept


def test_long_notes_are_kept_whole(alice: Actor) -> None:
    text = "Zeile\n" * 3333 + "äß"

    with db.transaction(alice) as session:
        made = customers.create(session, CustomerFields(name="A", notes=text))

    with db.reading(alice) as session:
        assert db.get(session, Customer, made.id).notes == text


def test_empty_text_is_nothing(alice: Actor) -> None:
    with db.transaction(alice) as session:
        made = customers.create(session, CustomerFields(name="A", city=" "))

    assert made.city is None


def test_control_characters_do_not_tell_external_ids_apart(alice: Actor) -> None:
    with db.transaction(alice) as session:
        customers.create(session, CustomerFields(name="A", external_id="0"))

    with pytest.raises(Duplicate), db.transaction(alice) as session:
        customers.create(session, CustomerFields(name="B", external_id="0\x1f"))


@pytest.mark.parametrize("key", [0, -1, 2**63, 10**30])
def test_an_id_that_no_database_holds_names_nothing(alice: Actor, key: int) -> None:
    with db.reading(alice) as session, pytest.raises(NotFound):
        db.get(session, Customer, key)


@pytest.mark.parametrize("name", ["parent_id", "owner_id"])
@pytest.mark.parametrize("key", [999_999, 2**63, -1])
def test_a_link_to_nothing_is_refused(alice: Actor, name: str, key: int) -> None:
    customer = make.customer(alice)

    with pytest.raises(NotFound), db.transaction(alice) as session:
        customers.update(session, customer.id, {name: key})


def test_a_link_to_nothing_is_refused_at_birth(alice: Actor) -> None:
    with pytest.raises(NotFound), db.transaction(alice) as session:
        contacts.create(session, ContactFields(last_name="X", customer_id=999_999))


def test_a_link_given_as_text_is_understood(alice: Actor, bob: Actor) -> None:
    customer = make.customer(alice)

    with db.transaction(alice) as session:
        customers.update(session, customer.id, {"owner_id": str(bob.user_id)})

    with db.reading(bob) as session:
        assert db.get(session, Customer, customer.id).owner_id == bob.user_id


def test_a_contact_cannot_move_to_a_customer_out_of_reach(
    alice: Actor, charlie: Actor
) -> None:
    theirs, own = make.customer(alice), make.customer(charlie)
    contact = make.contact(own)

    with pytest.raises(NotFound), db.transaction(charlie) as session:
        contacts.update(session, contact.id, {"customer_id": theirs.id})

    with db.reading(charlie) as session:
        assert db.get(session, Contact, contact.id).customer_id == own.id


def test_a_contact_cannot_be_born_at_a_customer_out_of_reach(
    alice: Actor, charlie: Actor
) -> None:
    theirs = make.customer(alice)

    with pytest.raises(NotFound), db.transaction(charlie) as session:
        contacts.create(session, ContactFields(last_name="X", customer_id=theirs.id))


def test_a_circle_through_a_company_out_of_reach_is_found(
    alice: Actor, charlie: Actor
) -> None:
    """Charlie sees the ends, Alice owns the middle."""
    top = make.customer(charlie)
    middle = make.customer(alice, parent_id=top.id)
    bottom = make.customer(charlie, parent_id=middle.id)

    with pytest.raises(RuleBroken), db.transaction(charlie) as session:
        customers.update(session, top.id, {"parent_id": bottom.id})


def test_a_version_that_has_gone_by_is_refused(alice: Actor) -> None:
    contact = make.contact(make.customer(alice))

    with pytest.raises(Stale), db.transaction(alice) as session:
        contacts.remove(session, contact.id, version=contact.version + 1)


def test_rows_out_of_reach_or_out_of_range_are_left_out(
    alice: Actor, charlie: Actor
) -> None:
    own, theirs = make.customer(charlie), make.customer(alice)
    wanted = [own.id, theirs.id, own.id, 0, -5, 2**63, 10**30]

    with db.reading(charlie) as session:
        found = [row.id for row in records.rows(session, Customer, wanted)]

    assert found == [own.id]


def test_more_than_a_hundred_thousand_at_once_are_refused(alice: Actor) -> None:
    with db.reading(alice) as session, pytest.raises(Invalid, match="100000"):
        list(records.rows(session, Customer, range(100_001)))


@pytest.mark.parametrize("wrong", ["", "  ", "\x00", "\ud800", "x" * 9])
def test_a_short_text_that_does_not_fit_is_told(wrong: str) -> None:
    with pytest.raises(Invalid) as told:
        records.text(wrong, longest=8, missing="What?", field="name")

    assert told.value.field == "name"
