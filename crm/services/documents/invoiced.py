"""What of orders is invoiced: as long as anything is, they stay as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, inspect, select
from sqlmodel import Session

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import InvoiceLine, Order, OrderLine

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """What stands of one line after credit notes: quantity, and amount before tax."""

    quantity: Decimal = NOTHING
    amount: Decimal = NOTHING


def by_line(session: Session, order_id: int) -> dict[int, Standing]:
    """What is invoiced of an order, by the id of its line; lines without are missing.

    Goods that came back stay invoiced: they are an order of their own.
    """
    charged, ordered = (inspect(t).local_table.c for t in (InvoiceLine, OrderLine))
    found = (
        select(
            charged.order_line_id, func.sum(charged.quantity), func.sum(charged.amount)
        )
        .join_from(charged.id.table, ordered.id.table)
        .where(ordered.order_id == order_id)
        .group_by(charged.order_line_id)
    )
    rows = session.connection().execute(found)
    return {int(line): Standing(quantity, amount) for line, quantity, amount in rows}


def require_free(session: Session, order_ids: Sequence[int]) -> None:
    """Make sure that nothing is invoiced of these orders until the transaction ends.

    Raises:
        RuleBroken: something is.
    """
    if why := held(session, order_ids):
        raise RuleBroken(why)


def held(session: Session, order_ids: Sequence[int]) -> str | None:
    """Why orders cannot be cancelled or deleted, in words; None where they can.

    Their rows stay locked: nobody issues an invoice meanwhile.
    """
    session.flush()
    for piece in db.chunked(sorted({one for one in order_ids if 0 < one < 2**63})):
        if number := _first_invoiced(session, piece):
            words = _("Order {number} is invoiced: credit its invoices first.")
            return words.format(number=number)
    return None


def _first_invoiced(session: Session, order_ids: Sequence[int]) -> str | None:
    order, ordered, charged = (
        inspect(table).local_table for table in (Order, OrderLine, InvoiceLine)
    )
    connection = session.connection()
    wanted = db.ids_in(order.c.id, order_ids)
    lock = select(order.c.id).where(wanted).order_by(order.c.id).with_for_update()
    connection.execute(lock)
    standing = (
        select(order.c.number)
        .join(ordered, ordered.c.order_id == order.c.id)
        .join(charged, charged.c.order_line_id == ordered.c.id)
        .where(wanted)
        .group_by(ordered.c.id, order.c.number)
        .having(func.sum(charged.c.quantity) != NOTHING)
        .limit(1)
    )
    number: str | None = connection.scalar(standing)
    return number
