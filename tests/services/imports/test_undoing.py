"""An import is taken back: what it made, what it changed, and nothing else."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import RuleBroken
from crm.models import (
    SYSTEM,
    Actor,
    Change,
    Contact,
    Customer,
    CustomKind,
    Deed,
    ImportState,
    Order,
    OrderLine,
    OrderStatus,
    Product,
    Ticket,
)
from crm.services import recycle_bin
from crm.services.admin import custom_fields
from crm.services.customers import customers, tags
from crm.services.imports import runs
from tests import make
from tests.services.imports.engine import (
    begun,
    brought,
    done,
    latest,
    only,
    ran,
    rows_of,
    undone,
)

ORDERS = (
    "order_number,ordered_at,customer_external_id,sku,quantity,unit_price\n"
    "1,2026-03-01,C1,A,2,3\n1,2026-03-01,C1,B,-1,3\n2,2026-03-02,,A,1,3\n"
)
DEALS = (
    "id,name,customer_name,stage,amount,opened,closes\n"
    "1,A,Acme,Proposal,,,\n2,B,,Proposal,,,\n"
)


def binned(table: type[Any]) -> int:
    """How many records of a kind lie in the recycle bin."""
    found = select(table).where(table.deleted_at.is_not(None))
    with db.reading(SYSTEM) as session:
        return len(session.scalars(found, execution_options=db.everything).all())


@pytest.mark.slow
def test_what_was_made_goes_to_the_recycle_bin(admin: Actor) -> None:
    brought(admin, "external_id,name,email\nK1,A,a@b.example\nK2,B,\n", "customers")

    undo = undone(admin, latest(admin))

    assert (undo.removed["customer"], undo.n_kept) == (2, 0)
    assert rows_of(Customer, "id") == []
    assert binned(Customer) == 2


@pytest.mark.slow
def test_orders_go_with_all_that_came_with_them(admin: Actor) -> None:
    brought(admin, ORDERS, "orders")

    undo = undone(admin, latest(admin))

    removed = {name: count for name, count in undo.removed.items() if count}
    assert removed == {"sales_order": 3, "customer": 2, "product": 2}
    assert rows_of(Order, "id") == rows_of(Product, "id") == []
    assert rows_of(Customer, "walk_in") == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "content"),
    [
        ("orders", ORDERS),
        ("opportunities", DEALS),
    ],
)
def test_all_that_an_import_says_it_made_goes(
    admin: Actor, target: str, content: str
) -> None:
    report = brought(admin, content, target)

    undo = undone(admin, latest(admin))

    assert report.made["customer"] == undo.removed["customer"] == 2
    assert (undo.n_kept, rows_of(Customer, "id")) == (0, [])


@pytest.mark.slow
def test_a_walk_in_customer_with_other_orders_stays_and_is_told(admin: Actor) -> None:
    brought(admin, ORDERS, "orders")
    first = latest(admin)
    brought(admin, ORDERS.replace("2,2026", "9,2026").replace("1,2026", "8,2026"))

    undo = undone(admin, first)

    said = "Customer Walk-in customers stays: it is in use by now."
    assert said in undo.kept
    assert rows_of(Customer, "walk_in").count((True,)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("what", ["order", "quote", "subscription"])
def test_a_walk_in_customer_that_somebody_sells_to_stays(
    admin: Actor, what: str
) -> None:
    brought(admin, ORDERS, "orders")
    walk_in, line = only(Customer, walk_in=True), (make.product(), 1, "5")
    if what == "subscription":
        make.subscription(walk_in)
    else:
        getattr(make, what)(walk_in, line)

    undo = undone(admin, latest(admin))

    assert undo.kept == ("Customer Walk-in customers stays: it is in use by now.",)
    assert rows_of(Customer, "id") == [(walk_in.id,)]


@pytest.mark.slow
def test_a_walk_in_customer_that_was_there_is_not_of_the_import(admin: Actor) -> None:
    there = make.customer(name="Unknown buyers", walk_in=True)
    brought(admin, ORDERS, "orders")

    undo = undone(admin, latest(admin))

    assert (undo.removed["customer"], undo.n_kept) == (1, 0)
    assert rows_of(Customer, "id") == [(there.id,)]


@pytest.mark.slow
def test_what_came_back_out_can_come_in_again(admin: Actor) -> None:
    first = brought(admin, ORDERS, "orders")
    undone(admin, latest(admin))

    again = brought(admin, ORDERS, "orders")

    assert again.counts == first.counts
    assert again.made["sales_order"] == 3
    assert sorted(rows_of(Order, "number")) == [("1",), ("1/R",), ("2",)]


@pytest.mark.slow
def test_what_came_back_out_can_be_restored(admin: Actor) -> None:
    brought(admin, ORDERS, "orders")
    order = only(Order, number="1")
    undone(admin, latest(admin))

    with db.transaction(admin) as session:
        recycle_bin.restore(session, "sales_order", [order.id])

    found = only(Order)
    assert (found.number_key, found.total) == ("1", Decimal(6))
    with db.reading(SYSTEM) as session:
        lines = select(OrderLine).where(OrderLine.order_id == order.id)
        assert len(session.scalars(lines).all()) == 1


@pytest.mark.slow
def test_what_was_changed_is_set_back(admin: Actor) -> None:
    make.customer(name="Old", external_id="K1", city="Bonn", email="a@b.example")
    brought(
        admin,
        "external_id,name,city,email,sector\nK1,New,Ulm,c@d.example,Trade\n",
        "customers",
    )

    undo = undone(admin, latest(admin))

    assert (undo.set_back, undo.n_kept) == (1, 0)
    found = only(Customer)
    assert (found.name, found.city, found.email, found.sector) == (
        "Old", "Bonn", "a@b.example", None,
    )  # fmt: skip
    assert (found.email_key, found.search_key) == (
        "a@b.example", "old\na@b.example bonn k1",
    )  # fmt: skip


@pytest.mark.slow
def test_what_somebody_has_changed_since_stays_and_is_told(
    admin: Actor, alice: Actor
) -> None:
    there = make.customer(name="Acme", external_id="K1", city="Bonn", sector="IT")
    brought(admin, "external_id,name,city,sector\nK1,Acme,Ulm,Trade\n", "customers")
    with db.transaction(alice) as session:
        customers.update(session, there.id, {"city": "Köln"})

    undo = undone(admin, latest(admin))

    assert undo.kept == (
        "“City” of Customer Acme was changed since by Alice, and stays.",
    )
    found = only(Customer)
    assert (found.city, found.sector) == ("Köln", "IT")


@pytest.mark.slow
def test_an_order_gets_its_old_status_back(admin: Actor) -> None:
    make.order(make.customer(), (make.product(), 1, "1"), number="1")
    brought(
        admin,
        "order_number,ordered_at,sku,quantity,unit_price,status\n"
        "1,2026-03-01,A,1,1,cancelled\n",
        "orders",
    )

    undo = undone(admin, latest(admin))

    assert undo.set_back == 1
    assert only(Order).status is OrderStatus.CONFIRMED


@pytest.mark.slow
def test_tags_and_custom_values_are_set_back(admin: Actor) -> None:
    there = make.customer(name="Acme")
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Fleet", CustomKind.NUMBER)
        custom_fields.add(session, "customer", "Area", CustomKind.TEXT)
        custom_fields.store(session, "customer", there.id, {"x_fleet": 3})
    brought(admin, "name,tags,Fleet,Area\nAcme,vip,9,North\n", "customers")

    undone(admin, latest(admin))

    with db.reading(admin) as session:
        assert custom_fields.values(session, "customer", there.id) == {"x_fleet": 3}
        assert tags.tags_of(session, "customer", [there.id]) == {}


@pytest.mark.slow
def test_what_others_build_on_stays_and_is_told(admin: Actor) -> None:
    brought(admin, ORDERS, "orders")
    buyer, sold = only(Customer, external_id="C1"), only(Product, sku="A")
    make.order(buyer, (sold, 1, "1"), number="later")

    undo = undone(admin, latest(admin))

    assert undo.kept == (
        "Customer Customer C1 stays: it is in use by now.",
        "Product A stays: it is in use by now.",
    )
    assert rows_of(Order, "number") == [("later",)]
    assert rows_of(Product, "sku") == [("A",)]


@pytest.mark.slow
@pytest.mark.parametrize("what", ["quote", "subscription"])
def test_what_is_offered_or_agreed_stays(admin: Actor, what: str) -> None:
    brought(admin, "sku,name,price\nA,Pen,5\nB,Ink,5\n", "products")
    pen = only(Product, sku="A")
    if what == "quote":
        make.quote(make.customer(), (pen, 1, "5"))
    else:
        make.subscription(make.customer(), product_id=pen.id)

    undo = undone(admin, latest(admin))

    assert undo.kept == ("Product Pen stays: it is in use by now.",)
    assert rows_of(Product, "sku") == [("A",)]


@pytest.mark.slow
def test_a_contact_whom_a_quote_names_stays(admin: Actor) -> None:
    customer = make.customer(external_id="K1")
    brought(admin, "last_name,customer\nLee,K1\nKim,K1\n", "contacts")
    make.quote(customer, contact_id=only(Contact, last_name="Lee").id)

    undo = undone(admin, latest(admin))

    assert undo.kept == ("Contact Lee stays: it is in use by now.",)
    assert rows_of(Contact, "last_name") == [("Lee",)]


@pytest.mark.slow
def test_a_customer_with_a_contact_of_another_import_stays(admin: Actor) -> None:
    brought(admin, "external_id,name\nK1,Acme\n", "customers")
    first = latest(admin)
    brought(admin, "last_name,customer\nLee,K1\n", "contacts")
    second = latest(admin)

    assert undone(admin, first).n_kept == 1
    assert undone(admin, second).removed["contact"] == 1
    assert rows_of(Contact, "id") == []


@pytest.mark.slow
def test_who_has_a_ticket_stays(admin: Actor) -> None:
    brought(admin, "external_id,name\nK1,Acme\nK2,Bolt\nK3,Core\n", "customers")
    ids = {name: only(Customer, external_id=name).id for name in ("K1", "K2")}
    make.saved(Ticket(subject="Help", customer_id=ids["K1"]))
    make.saved(Ticket(subject="Old", customer_id=ids["K2"], deleted_at=make.NOON))

    undo = undone(admin, latest(admin))

    assert undo.kept == ("Customer Acme stays: it is in use by now.",)
    assert rows_of(Customer, "name") == [("Acme",)]


@pytest.mark.slow
def test_only_its_own_changes_are_set_back(admin: Actor) -> None:
    make.customer(name="Acme", external_id="K1", city="Bonn")
    brought(admin, "external_id,name,city\nK1,Acme,Ulm\n", "customers")
    first = latest(admin)
    brought(admin, "external_id,name,sector\nK1,Acme,IT\n", "customers")

    undone(admin, first)

    assert rows_of(Customer, "city", "sector") == [("Bonn", "IT")]


@pytest.mark.slow
def test_it_goes_in_pieces(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.services.imports.undoing.AT_ONCE", 2)
    for number in range(5):
        make.product(sku=f"S{number}", name="Old")
    rows = "".join(f"S{n},New\n" for n in range(8))
    brought(admin, f"sku,name\n{rows}", "products")

    undo = undone(admin, latest(admin))

    assert (undo.removed["product"], undo.set_back) == (3, 5)
    assert rows_of(Product, "name") == [("Old",)] * 5


@pytest.mark.slow
def test_it_is_done_once(admin: Actor) -> None:
    make.customer(name="Acme", external_id="K1", city="Bonn")
    brought(admin, "external_id,name,city\nK1,Acme,Ulm\nK2,B,\n", "customers")
    import_id = latest(admin)
    first = done(admin, runs.ask_undo, import_id)

    second = done(admin, runs.ask_undo, import_id)

    assert first.id == second.id
    with db.reading(admin) as session:
        report = runs.report(session, import_id)
        assert runs.get(session, import_id).state is ImportState.UNDONE
    assert report.undo is not None
    assert (report.undo.set_back, report.undo.removed["customer"]) == (1, 1)
    deletions = select(Change).where(Change.deed == Deed.UPDATE)
    with db.reading(SYSTEM) as session:
        changes = session.scalars(deletions.where(Change.entity == "customer")).all()
    assert len(changes) == 3  # the update, its way back, and one into the bin


def test_what_has_not_been_run_cannot_be_undone(admin: Actor) -> None:
    import_id = begun(admin, "name\nA\n", "customers")

    with db.transaction(admin) as session, pytest.raises(RuleBroken):
        runs.ask_undo(session, import_id)


@pytest.mark.slow
def test_what_was_undone_cannot_be_run_again(admin: Actor) -> None:
    import_id = begun(admin, "name\nA\n", "customers")
    ran(admin, import_id)
    undone(admin, import_id)

    with db.transaction(admin) as session, pytest.raises(RuleBroken, match="undone"):
        runs.ask_run(session, import_id)
