"""Following the change log gives what copying everything gives, whatever happens."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlmodel import Session, col

from crm import db
from crm.errors import CRMError, NotFound
from crm.models import (
    Actor,
    Binned,
    Customer,
    Operation,
    Order,
    OrderFields,
    OrderKind,
    OrderLine,
    OrderLineFields,
    OrderStatus,
    Product,
    utcnow,
)
from crm.services import bulk, purging, recycle_bin, undo
from crm.services.documents import orders
from crm.warehouse.tables import ORDER_LINES, ORDERS
from tests.make import NOON, numbers
from tests.warehouse.copies import ANEW, FOLLOWED, contents, path, stages

pytestmark = pytest.mark.slow

TABLES = (Customer, Product, Order)

Act = Callable[[Session, int], Any]


def one_of(
    session: Session, table: type[Binned], number: int, *, binned: bool = False
) -> Any:
    """One of the rows there are, or of those in the recycle bin."""
    there = col(table.deleted_at).is_not(None) if binned else True
    found = select(table).where(there).order_by(col(table.id))
    rows = session.scalars(found, execution_options=db.everything if binned else {})
    if not (known := rows.all()):
        raise NotFound(table, number)
    return known[number % len(known)]


def one_customer(session: Session, number: int) -> None:
    session.add(Customer(name=f"Customer {number}", walk_in=number % 7 == 0))


def one_product(session: Session, number: int) -> None:
    session.add(Product(sku=f"S-{next(numbers)}", name=f"Product {number}"))


def one_order(session: Session, number: int) -> None:
    sale = number % 3 > 0
    product = one_of(session, Product, number).id
    line = OrderLineFields(
        product_id=product, quantity=Decimal(1 if sale else -1), unit_price=Decimal(9)
    )
    form = OrderFields(
        number=f"P-{next(numbers)}",
        customer_id=one_of(session, Customer, number).id,
        kind=OrderKind.SALE if sale else OrderKind.RETURN,
        ordered_at=NOON + timedelta(days=number),
        currency="EUR" if number % 5 else "USD",
        lines=[line] * (1 + number % 3),
    )
    orders.create(session, form)


def other_status(session: Session, number: int) -> None:
    order = one_of(session, Order, number)
    other = {OrderStatus.CONFIRMED, OrderStatus.CANCELLED} - {order.status}
    orders.set_status(session, order.id, other.pop())


def rated(session: Session, number: int) -> None:
    """As a rate that is entered later does."""
    one_of(session, Order, number).rate = Decimal(1 + number % 3)


def other_customer(session: Session, number: int) -> None:
    """As a merge of duplicates does."""
    order = one_of(session, Order, number)
    order.customer_id = one_of(session, Customer, number + 1).id


def edited(session: Session, number: int) -> None:
    ids = [one_of(session, Customer, number + step).id for step in range(3)]
    bulk.edit(session, "customer", ids, "sector", f"Sector {number}")


def binned(session: Session, number: int) -> None:
    one_of(session, TABLES[number % 3], number).deleted_at = utcnow()


def restored(session: Session, number: int) -> None:
    table = TABLES[number % 3]
    row = one_of(session, table, number, binned=True)
    recycle_bin.restore(session, str(table.__tablename__), [row.id])


def purged(session: Session, _number: int) -> None:
    purging.purge_expired(session, at=utcnow() + timedelta(days=1), days=0)


def undone(session: Session, number: int) -> None:
    newest = select(Operation).order_by(col(Operation.id).desc())
    undo.undo(session, session.scalars(newest.offset(number % 4)).first().id)


def batch(session: Session, number: int) -> None:
    """Orders past the session, as an import writes them."""
    order, lines = one_of(session, Order, number), inserted_lines(session, number)
    connection, key = session.connection(), ORDERS.source.c.id
    copy = order.model_dump(exclude={"id", "number", "number_key", "lines"})
    rows = [copy | {"number": f"B-{next(numbers)}"} for _number in range(3)]
    before = connection.scalar(select(key).order_by(key.desc()))
    connection.execute(insert(ORDERS.source), rows)
    made = connection.scalars(select(key).where(key > before)).all()
    values = [line | {"order_id": one} for one in made for line in lines]
    connection.execute(insert(ORDER_LINES.source), values)
    db.record_batch(session, "sales_order", min(made), max(made), 3)


def inserted_lines(session: Session, number: int) -> list[dict[str, Any]]:
    line = OrderLine(
        position=1,
        product_id=one_of(session, Product, number).id,
        quantity=Decimal(2),
        unit_price=Decimal(3),
        amount=Decimal(6),
    )
    return [line.model_dump(exclude={"id", "order_id"})]


def tried(actor: Actor, act: Act, number: int) -> None:
    """What the rules forbid at this point does not happen."""
    with suppress(CRMError), db.transaction(actor) as session:
        act(session, number)


ACTS: list[Act] = [
    one_customer, one_product, one_order, one_order, other_status, other_customer,
    edited, rated, binned, binned, restored, purged, undone, batch,
]  # fmt: skip


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],  # a try goes on where the last one ended: none to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(st.sampled_from([*ACTS, None, None]), st.integers(0, 99)),
        min_size=10,
        max_size=30,
    )
)
def test_following_is_copying(
    admin: Actor, history: list[tuple[Act | None, int]]
) -> None:
    """`None` is a refresh in between."""
    for act in (one_customer, one_product, one_order):
        tried(admin, act, 1)
    stages()

    told = [
        tried(admin, act, number) if act else stages()
        for act, number in [*history, (None, 0)]
    ]

    followed = contents()
    path().unlink()
    assert all(one in (None, {FOLLOWED}) for one in told)
    assert stages() == {ANEW}
    assert followed == contents()
