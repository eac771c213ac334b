"""What is hidden is empty on every database, for the ORM and for Core."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm import db
from crm.db import masks
from crm.db.portable import locked
from crm.errors import Forbidden
from crm.models import (
    SYSTEM,
    Activity,
    ActivityKind,
    Actor,
    Change,
    Contact,
    ContactPoint,
    Customer,
    Product,
)
from crm.services import lists
from crm.services.fields import ENTITIES
from tests import make

TODAY = date(2026, 3, 2)


@pytest.fixture
def blind(alice: Actor) -> Actor:
    """Alice, from whom a text and an amount are hidden."""
    hidden = {"customer.email", "customer.street", "product.price"}
    return replace(alice, hidden=frozenset(hidden), reach=alice.reach.ALL)


def mills(**details: object) -> Customer:
    """A customer with something to hide."""
    return make.customer(
        **{"name": "Mills", "email": "a@x.example", "city": "Bonn"} | details
    )


def test_a_hidden_column_is_empty_whatever_reads_it(blind: Actor) -> None:
    made = mills()
    table, other = inspect(Customer).local_table, aliased(Customer)

    with db.reading(blind) as session:
        row = db.get(session, Customer, made.id)
        plain = session.connection().execute(select(table)).mappings().one()
        again = session.scalars(select(other).join(Customer, other.id == Customer.id))
        assert (row.email, row.email_key, row.city) == (None, None, "Bonn")
        assert (plain["email"], plain["name"]) == (None, "Mills")
        assert again.one().email is None
        for found in (
            select(func.count()).where(col(Customer.email).is_not(None)),
            select(func.count()).where(col(Customer.email) == "a@x.example"),
            select(func.count(func.distinct(col(Customer.email_key)))),
            select(func.count()).where(db.contains(col(Customer.search_key), "x.exa")),
        ):
            assert session.scalar(found) == 0


def test_amounts_are_neither_compared_nor_added_up(blind: Actor) -> None:
    for price in ("3", "5"):
        make.product(price=Decimal(price))
    price = col(Product.price)

    with db.reading(blind) as session:
        assert session.scalar(select(func.sum(price))) is None
        assert session.scalars(select(price).order_by(price)).all() == [None, None]
        assert session.scalars(select(Product.id).where(price > 1)).all() == []


def test_names_are_found_and_sorted_as_before(blind: Actor) -> None:
    for name in ("Zeta", "alpha", "Beta"):
        mills(name=name, email=f"{name}@x.example", city=f"{name}town")

    with db.reading(blind) as session:
        query = lists.Query("customer", columns=("name",))
        rows = lists.page(session, query, today=TODAY).rows
        assert [row["name"] for row in rows] == ["alpha", "Beta", "Zeta"]
        for word, count in (("beta", 1), ("zetatown", 1), ("x.example", 0)):
            query = lists.Query("customer", search=word)
            assert lists.count(session, query, today=TODAY, limit=9) == count


def test_the_log_says_nothing_of_it(blind: Actor) -> None:
    made = mills()
    for changes in ({"email": "b@x.example"}, {"email": "c@x.example", "city": "Rom"}):
        with db.transaction(SYSTEM) as session:
            db.get(session, Customer, made.id).sqlmodel_update(changes)
    make.saved(
        ContactPoint(
            entity="customer", record_id=made.id, kind="email", type="work", content="d"
        )
    )

    found = select(Change).where(col(Change.customer_id) == made.id)
    with db.reading(blind) as session:
        seen = session.scalars(found.order_by(col(Change.id))).all()
    assert [(one.before, one.after) for one in seen] == [
        (None, {"name": "Mills", "city": "Bonn", "kind": "company", "walk_in": False}),
        ({"city": "Bonn"}, {"city": "Rom"}),
    ]
    with db.reading(SYSTEM) as session:
        assert len(session.scalars(found).all()) == 4


def test_what_is_written_keeps_what_is_hidden(blind: Actor) -> None:
    made = mills(street="Long Road 1")

    with db.transaction(blind) as session:
        row = db.get(session, Customer, made.id, with_for_update=True)
        row.name, row.email = "Works", None
        session.flush()
        assert (row.email, row.search_key) == (None, "works\n")

    with db.reading(SYSTEM) as session:
        kept = db.get(session, Customer, made.id)
    assert (kept.name, kept.email, kept.street) == (
        "Works",
        "a@x.example",
        "Long Road 1",
    )
    assert kept.email_key == "a@x.example"
    assert kept.search_key == "works\na@x.example bonn"


@pytest.mark.servers
def test_rows_are_locked_through_a_mask(blind: Actor, database: str) -> None:
    made, other = make.product(), make.product()
    table = inspect(Product).local_table
    ids = select(table.c.id).where(table.c.id == made.id)

    with db.transaction(blind) as session:
        session.connection().execute(ids.with_for_update())
        assert (is_locked(made), is_locked(other)) == (True, False)

    with db.transaction(blind) as session:
        db.get(session, Product, made.id, with_for_update=True)
        assert (is_locked(made), is_locked(other)) == (True, False)


def is_locked(row: Product) -> bool:
    table = inspect(Product).local_table
    wanted = select(table.c.id).where(table.c.id == row.id)
    with db.engine().connect() as connection:
        try:
            connection.execute(wanted.with_for_update(nowait=True)).all()
        except OperationalError:
            return True
    return False


def test_a_note_is_written_where_mails_are_hidden(blind: Actor) -> None:
    made = mills()
    note = make.activity(made, body="old")
    mail = make.activity(made, kind=ActivityKind.MAIL, body="To a@x.example")

    with db.transaction(blind) as session:
        for key in (note.id, mail.id):
            row = db.get(session, Activity, key)
            row.subject = "new"
        db.get(session, Activity, note.id).body = "new"
        session.flush()
        assert db.get(session, Activity, note.id).body == "new"
        assert row.body is None

    with db.reading(SYSTEM) as session:
        assert db.get(session, Activity, note.id).body == "new"
        assert db.get(session, Activity, mail.id).body == "To a@x.example"


def test_what_failed_to_be_written_is_covered_again(blind: Actor) -> None:
    made = mills()

    with db.transaction(blind) as session:
        row = db.get(session, Customer, made.id)
        with pytest.raises(Forbidden):
            _set_email(session, row)
        assert row.email is None
        row.city = "Rom"

    with db.reading(SYSTEM) as session:
        kept = db.get(session, Customer, made.id)
    assert (kept.email, kept.city) == ("a@x.example", "Rom")


def _set_email(session: Session, row: Customer) -> None:
    with db.savepoint(session):
        row.email = "b@x.example"
        session.flush()


def test_a_new_record_is_made_without_it(blind: Actor) -> None:
    with db.transaction(blind) as session:
        session.add(Contact(last_name="Weber", email="w@x.example"))  # not hidden here
        session.add(Customer(name="New"))

    other = Customer(name="Other", email="o@x.example")
    with pytest.raises(Forbidden), db.transaction(blind) as session:
        session.add(other)


@pytest.mark.parametrize("dialect", [sqlite, postgresql, mysql, oracle, mssql])
def test_masks_can_be_written_for_every_database(dialect: object) -> None:
    made = dialect.dialect()  # type: ignore[attr-defined]  # a module of dialects
    names = {
        f"{entity.name}.{field.name}"
        for entity in ENTITIES.values()
        for field in entity.fields
        if field.name in inspect(entity.table).local_table.c and field.name != "id"
    }

    written = masks._masks(made, frozenset(names | {"custom_field.3"}))

    assert len(written) > 10
    assert all("%(" not in one and ":" not in one for one in written.values())


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        (mysql, "FROM product FOR UPDATE) AS product"),
        (mssql, "FROM product WITH (UPDLOCK, ROWLOCK)) AS product"),
    ],
)
def test_a_mask_says_itself_that_its_rows_are_locked(dialect: Any, said: str) -> None:
    made = dialect.dialect()
    kinds = (masks._Masked, made.statement_compiler)
    made.statement_compiler = type("Blind", kinds, {})
    made.masks = masks._masks(dialect.dialect(), frozenset({"product.category"}))
    ids = select(inspect(Product).local_table.c.id)

    assert said in str(locked(ids.with_for_update()).compile(dialect=made))
    assert said not in str(locked(ids).compile(dialect=made))
