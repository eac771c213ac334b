"""vCards: contacts out, and in again."""

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import Invalid
from crm.models import Actor, Contact
from crm.services.customers import vcards
from tests import make


def test_a_vcard_comes_back_as_it_went(alice: Actor) -> None:
    contact = make.contact(
        make.customer(alice),
        first_name="三",
        last_name="张; Sohn, Co",
        notes="one\ntwo \\ three",
        email="z@example.cn",
    )

    with db.reading(alice) as session:
        text = vcards.contact(session, contact.id)
    [again] = vcards.read(text)

    assert (again.last_name, again.first_name) == ("张; Sohn, Co", "三")
    assert (again.notes, again.email) == ("one\ntwo \\ three", "z@example.cn")


def test_what_is_no_vcard_is_told(alice: Actor) -> None:
    with pytest.raises(Invalid):
        vcards.read("hello")


CARDS = """BEGIN:VCARD
VERSION:3.0
N:Weber;Anna
FN:Anna Weber
EMAIL:anna@example.com
END:VCARD
BEGIN:VCARD
VERSION:3.0
{second}
FN:
END:VCARD
"""


def test_all_contacts_of_a_file_come_in_at_a_customer(alice: Actor) -> None:
    customer = make.customer(alice)

    with db.transaction(alice) as session:
        text = CARDS.format(second="N:李;明")
        made = vcards.bring_in(session, text, customer_id=customer.id)

    assert [(one.last_name, one.customer_id) for one in made] == [
        ("Weber", customer.id),
        ("李", customer.id),
    ]


def test_a_card_without_a_name_lets_none_in(alice: Actor) -> None:
    with pytest.raises(Invalid), db.transaction(alice) as session:
        vcards.bring_in(session, CARDS.format(second="NOTE:nobody"))

    with db.reading(alice) as session:
        assert session.scalars(select(Contact)).all() == []
