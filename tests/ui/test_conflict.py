"""E5: two edit one record; the second is told, sees both versions, loses nothing."""

from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, Customer, CustomKind, Product
from crm.services.admin import custom_fields
from tests import make
from tests.ui.conftest import signed_in


def opened(actor: Actor, page: str, record_id: int) -> AppTest:
    """The form of a record, as `actor` has just opened it."""
    app = signed_in(actor).run()
    app.query_params["id"] = str(record_id)
    app.switch_page(str(ROOT / "pages" / page)).run()
    entity = page.rpartition("/")[2].removesuffix(".py")
    return app.button(key=f"edit_{entity}").click().run()


def typed(app: AppTest, **values: str) -> AppTest:
    """Fill in fields of the open form, and save."""
    for name, value in values.items():
        box(app, name).set_value(value)
    return app.button(key="form_save").click().run()


def box(app: AppTest, name: str) -> object:
    return next(one for one in app.text_input if f"_{name}_" in str(one.key))


def said(app: AppTest) -> str:
    return app.warning[0].value.replace("\\", "")


def versions(app: AppTest) -> list[str]:
    """The three versions of the first field that clashes."""
    texts = [one.value for one in app.text]
    return texts[-3:]


@pytest.fixture
def customer(alice: Actor) -> Customer:
    """A customer that Alice and Bob may both change."""
    return make.customer(alice, name="Rhine Mills", city="Köln", phone="1")


@pytest.mark.slow
def test_the_second_is_told_who_it_was_and_sees_both_versions(
    alice: Actor, bob: Actor, customer: Customer
) -> None:
    hers = opened(alice, "customers/customer.py", customer.id)
    his = opened(bob, "customers/customer.py", customer.id)
    typed(his, city="Bonn")

    typed(hers, city="Ulm")

    assert not hers.exception
    assert "Bob has changed this record since you opened it" in said(hers)
    assert "Nothing was saved" in said(hers)
    assert versions(hers) == ["Köln", "Bonn", "Ulm"]
    with db.reading(alice) as session:
        assert db.get(session, Customer, customer.id).city == "Bonn"


@pytest.mark.slow
def test_saving_again_keeps_what_was_typed(
    alice: Actor, bob: Actor, customer: Customer
) -> None:
    hers = opened(alice, "customers/customer.py", customer.id)
    typed(opened(bob, "customers/customer.py", customer.id), city="Bonn")
    typed(hers, city="Ulm")

    typed(hers)

    with db.reading(alice) as session:
        assert db.get(session, Customer, customer.id).city == "Ulm"


@pytest.mark.slow
def test_what_is_there_now_can_be_taken_field_by_field(
    alice: Actor, bob: Actor, customer: Customer
) -> None:
    hers = opened(alice, "customers/customer.py", customer.id)
    typed(opened(bob, "customers/customer.py", customer.id), city="Bonn", phone="2")
    typed(hers, city="Ulm", phone="3")

    hers.button(key="form_take_city").click().run()
    assert box(hers, "city").value == "Bonn"
    typed(hers)

    with db.reading(alice) as session:
        found = db.get(session, Customer, customer.id)
    assert (found.city, found.phone) == ("Bonn", "3")


@pytest.mark.slow
def test_what_only_the_other_has_changed_is_not_overwritten(
    alice: Actor, bob: Actor, customer: Customer
) -> None:
    hers = opened(alice, "customers/customer.py", customer.id)
    typed(opened(bob, "customers/customer.py", customer.id), city="Bonn")

    typed(hers, phone="3")
    assert "City is now “Bonn”." in [
        one.value.replace("\\", "") for one in hers.caption
    ]
    typed(hers)

    with db.reading(alice) as session:
        found = db.get(session, Customer, customer.id)
    assert (found.city, found.phone) == ("Bonn", "3")


@pytest.mark.slow
def test_a_price_that_was_not_touched_is_not_overwritten(admin: Actor) -> None:
    product = make.product(name="Lamp", price=Decimal("12.50"))
    mine = opened(admin, "sales/product.py", product.id)
    other = make.actor("Ben", role="admin")
    typed(opened(other, "sales/product.py", product.id), price="15")

    typed(mine, name="Desk lamp")
    typed(mine)

    with db.reading(admin) as session:
        found = db.get(session, Product, product.id)
    assert (found.name, found.price) == ("Desk lamp", Decimal(15))


@pytest.mark.slow
def test_a_custom_value_has_two_versions_and_an_editor_too(
    admin: Actor, alice: Actor, bob: Actor, customer: Customer
) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Size", CustomKind.TEXT)
    hers = opened(alice, "customers/customer.py", customer.id)
    typed(opened(bob, "customers/customer.py", customer.id), x_size="L")

    typed(hers, x_size="S")

    assert "Bob has changed" in said(hers)
    assert versions(hers) == ["–", "L", "S"]


@pytest.mark.slow
def test_a_box_that_nobody_ticked_is_not_written(
    admin: Actor, alice: Actor, customer: Customer
) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Key account", CustomKind.YES_NO)

    typed(opened(alice, "customers/customer.py", customer.id), city="Ulm")

    with db.reading(alice) as session:
        assert custom_fields.values(session, "customer", customer.id) == {}


@pytest.mark.slow
def test_a_name_like_markup_is_shown_as_it_is(
    alice: Actor, bob: Actor, customer: Customer
) -> None:
    hers = opened(alice, "customers/customer.py", customer.id)
    name = "![x](http://127.0.0.1:9/n.png)"
    typed(opened(bob, "customers/customer.py", customer.id), name=name)

    typed(hers, name="Mine")

    assert versions(hers)[1] == name
    assert name not in "".join(one.value for one in [*hers.markdown, *hers.caption])
