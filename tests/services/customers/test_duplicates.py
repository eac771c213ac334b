"""Duplicates seen while somebody types."""

import pytest

from crm import db
from crm.models import Actor
from crm.services.customers import duplicates
from tests import make


def similar(actor: Actor, name: str, **known: str) -> list[tuple[str, str]]:
    with db.reading(actor) as session:
        found = duplicates.similar(session, name, **known)  # type: ignore[arg-type]  # e-mail and phone
    return [(one.name, one.why) for one in found]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Rhine Mills Ltd", "same name"),
        ("RHINE  MILLS LTD", "same name"),
        ("Rhine Mills Ltd.", "similar name"),
        ("Rhine Mils Ltd", "similar name"),
        ("Rhine Ltd Mills", "same name"),
    ],
)
def test_names_are_compared_whatever_their_case_and_order(
    alice: Actor, typed: str, why: str
) -> None:
    make.customer(name="Rhine Mills Ltd")
    make.customer(name="Rhenish Wool")

    assert similar(alice, typed) == [("Rhine Mills Ltd", why)]


def test_accents_do_not_hide_a_name(alice: Actor) -> None:
    make.customer(name="École Normale")

    assert similar(alice, "ecole normale") == [("École Normale", "same name")]


def test_an_e_mail_or_a_phone_tells_more_than_a_name(alice: Actor) -> None:
    make.customer(name="By mail", email="Office@Example.com")
    make.customer(name="By phone", phone="+49 30 123456")

    found = similar(alice, "Xy", email="office@example.COM", phone="+49 (30) 12-34-56")

    assert found == [("By mail", "same e-mail"), ("By phone", "same phone")]


@pytest.mark.slow
def test_the_same_name_is_found_among_many_alike(alice: Actor) -> None:
    for number in range(250):
        make.customer(name=f"Customer of ours {number:04}")
    make.customer(name="Customer wanted")

    assert similar(alice, "customer wanted") == [("Customer wanted", "same name")]


def test_who_is_out_of_reach_is_not_betrayed(alice: Actor, charlie: Actor) -> None:
    make.customer(alice, name="Rhine Mills", email="a@example.com")

    assert similar(charlie, "Rhine Mills", email="a@example.com") == []


def test_the_one_being_edited_is_no_duplicate(alice: Actor) -> None:
    own = make.customer(name="Rhine Mills")

    with db.reading(alice) as session:
        assert duplicates.similar(session, "Rhine Mills", without=own.id) == []


@pytest.mark.parametrize(
    "name", ["", "x", "%%%", "\x00\x00\x00abc", "\ud800abcd", "\\"]
)
def test_naughty_names_find_nobody(alice: Actor, name: str) -> None:
    make.customer(name="Rhine Mills")

    assert similar(alice, name, email="x" * 300 + "\x00", phone="\x00" * 9) == []
