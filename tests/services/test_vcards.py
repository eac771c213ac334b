"""vCards: contacts out, and in again."""

import pytest

from crm import db
from crm.errors import Invalid
from crm.models import Actor
from crm.services import vcards
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
