"""F4, search over everything: what is in reach, alike on every database."""

from dataclasses import replace

import pytest

from crm import db
from crm.models import Actor
from crm.services import search
from tests import make


def found(actor: Actor, text: str) -> list[tuple[str, str]]:
    with db.reading(actor) as session:
        return [(hit.entity, hit.name) for hit in search.everywhere(session, text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("école", "École Normale"),
        ("ECOLE", "École Normale"),
        ("normale ecole", "École Normale"),
        ("STRASSE", "Straße 7"),
        ("straße", "Straße 7"),
        ("张三", "张三"),
        ("zhangsan", "张三"),
        ("zs", "张三"),
        ("100%_", "100%_ Wool"),
    ],
)
def test_one_word_finds_the_same_on_every_database(
    alice: Actor, text: str, name: str
) -> None:
    for known in ("École Normale", "Straße 7", "张三", "100%_ Wool", "1000 Wools"):
        make.customer(alice, name=known)

    assert found(alice, text) == [("customer", name)]


def test_every_kind_of_record_is_found(alice: Actor) -> None:
    customer = make.customer(alice, name="Blue Mill")
    make.contact(customer, last_name="Bluemenfeld", email="x@blue.example")
    product = make.product(name="Blue pen", sku="B-1")
    make.order(customer, (product, 1, "5"), number="BLUE-7")

    assert found(alice, "blue") == [
        ("customer", "Blue Mill"),
        ("contact", "Bluemenfeld"),
        ("sales_order", "BLUE-7"),
        ("product", "Blue pen"),
    ]


def test_what_is_out_of_reach_is_not_found(alice: Actor, charlie: Actor) -> None:
    customer = make.customer(alice, name="Secret Mill")
    make.contact(customer, last_name="Secret")
    make.order(customer, (make.product(), 1, "5"), number="SECRET-1")

    assert found(charlie, "secret") == []


def test_a_token_finds_what_its_scopes_let_it_read(admin: Actor) -> None:
    customer = make.customer(name="Blue Mill")
    make.contact(customer, last_name="Blue")
    token = replace(admin, kind="token", scopes=frozenset({"contact:read"}))

    assert found(token, "blue") == [("contact", "Blue")]


@pytest.mark.parametrize("text", ["", " ", "x", "\x00\x00", "\ud800\ud800", "' or 1=1"])
def test_too_little_or_nonsense_finds_nothing(alice: Actor, text: str) -> None:
    make.customer(alice, name="Rhine Mills")

    assert found(alice, text) == []


def test_six_of_each_kind_are_enough(alice: Actor) -> None:
    for number in range(9):
        make.customer(alice, name=f"Blue {number}")

    assert len(found(alice, "blue")) == 6
