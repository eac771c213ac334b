"""Issue an invoice for an order, whole or in part."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, NotFound, RuleBroken
from crm.i18n import _
from crm.models import (
    Customer,
    Invoice,
    InvoiceLine,
    Order,
    OrderKind,
    OrderLine,
    OrderStatus,
    Quote,
)
from crm.services import records
from crm.services.admin import company
from crm.services.documents import invoiced, numbers
from crm.services.documents.invoiced import Standing
from crm.services.documents.invoices_lines import chosen, expect
from crm.services.documents.invoices_paper import recipient
from crm.services.documents.invoices_sums import closing_tax, family, share
from crm.services.money import exchange

COPIED = {"product_id", "description", "unit_price", "discount", "tax_rate"}


def issue(
    session: Session,
    order_id: int,
    *,
    on: date,
    due_on: date | None = None,
    quantities: Mapping[int, Decimal] | None = None,
    version: int | None = None,
) -> Invoice:
    """Demand the money for an order on a day: for all that is not invoiced yet.

    `quantities` says, by the id of an order line, how much of it; lines left out are
    not invoiced. Unless told, it is due when the company usually lets it be.

    Raises:
        NotFound: the order, or a line, does not exist.
        Stale: the order is no longer at `version`.
        RuleBroken: it is no sale, or cancelled, or less is left of a line.
        Invalid: a quantity, or a day, that makes no sense.
    """
    order = _locked(session, order_id)
    records.expect(order, version)
    if order.kind is not OrderKind.SALE:
        raise RuleBroken(_("Only a sale is invoiced."))
    if order.status is OrderStatus.CANCELLED:
        raise RuleBroken(_("A cancelled order is not invoiced."))
    lines = _lines(session, order, quantities)
    made = _made(session, order, lines, records.usual_year(on, field="on"))
    made.due_on = _due(session, due_on, on)
    exchange.price(session, made, on)
    session.add(made)
    session.flush()
    return made


def expect_left(session: Session, order_id: int, seen: Mapping[int, Decimal]) -> None:
    """Make sure that no more of an order is invoiced than when its lines were `seen`.

    Nobody invoices it before the transaction ends.

    Raises:
        NotFound: the order does not exist.
        Stale: other quantities are left.
    """
    expect(left_of(session, _locked(session, order_id)), seen)


def left_of(session: Session, order: Order) -> dict[int, Decimal]:
    """How much of each line of an order is not invoiced yet, by the line's id."""
    return _left(order, invoiced.by_line(session, order.id))


def _left(order: Order, standing: Mapping[int, Standing]) -> dict[int, Decimal]:
    return {
        line.id: line.quantity - standing.get(line.id, Standing()).quantity
        for line in order.lines
    }


def _locked(session: Session, order_id: int) -> Order:
    """An order as it is now; nobody cancels or invoices it meanwhile."""
    statement = (
        select(Order)
        .where(col(Order.id) == order_id)
        .options(selectinload(Order.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(statement).first() if 0 < order_id < 2**63 else None
    if found is None:
        raise NotFound(Order, order_id)
    return found


def _due(session: Session, due_on: date | None, on: date) -> date:
    if due_on is None:
        return on + timedelta(days=company.profile(session).payment_days)
    if records.usual_year(due_on, field="due_on") < on:
        raise Invalid(_("It cannot be due before it is issued."), field="due_on")
    return due_on


def _made(
    session: Session, order: Order, lines: list[InvoiceLine], on: date
) -> Invoice:
    """The invoice, with the next number of its year; when it is due is not said yet."""
    kin = family(session, inspect(Invoice).local_table.c.order_id == order.id)
    net = sum((line.amount for line in lines), Decimal(0))
    tax = closing_tax(kin, lines, order.currency)
    language = _language(session, order)
    customer = db.get(
        session, Customer, order.customer_id, execution_options=db.everything
    )
    return Invoice(
        number=numbers.next_number(session, "invoice", on),
        issued_on=on,
        customer_id=order.customer_id,
        order_id=order.id,
        currency=order.currency,
        language=language,
        recipient=recipient(customer, language),
        terms=_terms(session),
        net=net,
        tax=tax,
        total=net + tax,
        lines=lines,
    )


def _terms(session: Session) -> str | None:
    """What is printed below: our terms, and where to pay."""
    usual = company.profile(session)
    return "\n\n".join(filter(None, [usual.invoice_terms, usual.bank])) or None


def _language(session: Session, order: Order) -> str:
    """That of the offer; without one, of whoever issues it."""
    if order.quote_id is not None:
        found = select(col(Quote.language)).where(col(Quote.id) == order.quote_id)
        if language := session.connection().scalar(found):
            return str(language)
    return db.actor_of(session).language


def _lines(
    session: Session, order: Order, quantities: Mapping[int, Decimal] | None
) -> list[InvoiceLine]:
    used_up = _("All of it is invoiced already.")
    standing = invoiced.by_line(session, order.id)
    wanted = chosen(_left(order, standing), quantities, OrderLine, used_up)
    lines = [line for line in order.lines if line.id in wanted]
    return [
        InvoiceLine(
            position=position,
            order_line_id=line.id,
            quantity=wanted[line.id],
            amount=share(
                Standing(line.quantity, line.amount),
                standing.get(line.id, Standing()),
                wanted[line.id],
                order.currency,
            ),
            **line.model_dump(include=COPIED),
        )
        for position, line in enumerate(lines, 1)
    ]
