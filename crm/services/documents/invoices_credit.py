"""Credit an invoice, whole or in part; with the goods, where they came back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import func, inspect, select
from sqlmodel import Session

from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Order,
    OrderKind,
    OrderLine,
)
from crm.services import records
from crm.services.documents import numbers
from crm.services.documents.invoiced import Standing
from crm.services.documents.invoices_balance import locked, settle
from crm.services.documents.invoices_lines import chosen, expect
from crm.services.documents.invoices_sums import closing_tax, family, share
from crm.services.documents.order_flow import free_number, moment
from crm.services.money import exchange

COPIED = {
    "position", "product_id", "description", "unit_price", "discount", "tax_rate",
}  # fmt: skip


def credit(  # noqa: PLR0913  (all but two by their names)
    session: Session,
    invoice_id: int,
    *,
    on: date,
    quantities: Mapping[int, Decimal] | None = None,
    reason: str,
    goods_back: bool = False,
    version: int | None = None,
) -> Invoice:
    """Take an invoice back on a day, all that is not credited yet, by a credit note.

    `quantities` says, by the id of a line of the invoice, how much of it. Its lines
    keep the positions of the lines that they credit, its terms are the `reason`. With
    `goods_back` the return is recorded as an order of its own, which analyses count;
    else the order can be invoiced again.

    Raises:
        NotFound: the invoice, or a line, does not exist.
        Stale: it is no longer at `version`.
        RuleBroken: it is a credit note itself, or less is left of a line.
        Invalid: no reason, or a quantity or day that makes no sense.
    """
    reason = records.text(
        reason, longest=500, missing=_("Say why it is credited."), field="reason"
    )
    records.usual_year(on, field="on")
    _lock_order(session, invoice_id)
    invoice = locked(session, invoice_id)
    records.expect(invoice, version)
    if invoice.kind is not InvoiceKind.INVOICE:
        raise RuleBroken(_("A credit note is not credited."))
    lines = _lines(session, invoice, quantities)
    made = _made(session, invoice, lines)
    made.issued_on, made.terms = on, reason
    exchange.price(session, made, on)
    if goods_back:
        _take_back(session, made)
    made.number = numbers.next_number(session, "credit_note", on)
    session.add(made)
    settle(session, invoice)
    return made


def expect_left(session: Session, invoice_id: int, seen: Mapping[int, Decimal]) -> None:
    """Make sure that no more of an invoice is credited than when it was `seen`.

    Nobody credits it before the transaction ends.

    Raises:
        NotFound: the invoice does not exist.
        Stale: other quantities are left.
    """
    _lock_order(session, invoice_id)
    expect(left_of(session, locked(session, invoice_id)), seen)


def left_of(session: Session, invoice: Invoice) -> dict[int, Decimal]:
    """How much of each line of an invoice is not credited yet, by the line's id."""
    return _left(invoice, _credited(session, invoice.id))


def _left(invoice: Invoice, standing: Mapping[int, Standing]) -> dict[int, Decimal]:
    return {
        line.id: line.quantity - standing.get(line.position, Standing()).quantity
        for line in invoice.lines
    }


def _lock_order(session: Session, invoice_id: int) -> None:
    """Let nobody invoice the order meanwhile: before the invoice, as `issue` does."""
    order, invoice = (inspect(table).local_table.c for table in (Order, Invoice))
    mine = select(invoice.order_id).where(invoice.id == invoice_id)
    connection = session.connection()
    key = connection.scalar(mine) if 0 < invoice_id < 2**63 else None
    if key is not None:
        connection.execute(select(order.id).where(order.id == key).with_for_update())


def _credited(session: Session, invoice_id: int) -> dict[int, Standing]:
    """What is credited of an invoice by the position of its line, above zero."""
    note, line = (inspect(table).local_table.c for table in (Invoice, InvoiceLine))
    found = (
        select(line.position, func.sum(line.quantity), func.sum(line.amount))
        .join_from(line.id.table, note.id.table, note.id == line.invoice_id)
        .where(note.credited_id == invoice_id)
        .group_by(line.position)
    )
    rows = session.connection().execute(found)
    return {place: Standing(-quantity, -amount) for place, quantity, amount in rows}


def _lines(
    session: Session, invoice: Invoice, quantities: Mapping[int, Decimal] | None
) -> list[InvoiceLine]:
    used_up = _("All of it is credited already.")
    standing = _credited(session, invoice.id)
    wanted = chosen(_left(invoice, standing), quantities, InvoiceLine, used_up)
    return [
        InvoiceLine(
            order_line_id=line.order_line_id,
            quantity=-wanted[line.id],
            amount=-share(
                Standing(line.quantity, line.amount),
                standing.get(line.position, Standing()),
                wanted[line.id],
                invoice.currency,
            ),
            **line.model_dump(include=COPIED),
        )
        for line in invoice.lines
        if line.id in wanted
    ]


def _made(session: Session, invoice: Invoice, lines: list[InvoiceLine]) -> Invoice:
    """The credit note without its number, day and reason."""
    table = inspect(Invoice).local_table.c
    kin = family(session, (table.id == invoice.id) | (table.credited_id == invoice.id))
    net = sum((line.amount for line in lines), Decimal(0))
    tax = closing_tax(kin, lines, invoice.currency)
    return Invoice(
        kind=InvoiceKind.CREDIT_NOTE,
        credited_id=invoice.id,
        net=net,
        tax=tax,
        total=net + tax,
        lines=lines,
        **invoice.model_dump(
            include={"customer_id", "order_id", "currency", "language", "recipient"}
        ),
    )


def _take_back(session: Session, note: Invoice) -> None:
    """Record the goods of a credit note as an order of kind return."""
    order = Order(
        number=free_number(session, note.issued_on),
        kind=OrderKind.RETURN,
        ordered_at=moment(note.issued_on),
        total=note.net,
        tax=note.tax,
        lines=[
            OrderLine(
                **line.model_dump(include=COPIED | {"quantity", "amount"}),
            )
            for line in note.lines
        ],
        **note.model_dump(include={"customer_id", "currency", "rate", "rate_on"}),
    )
    session.add(order)
    session.flush()
    note.order_id = order.id
    for line, back in zip(note.lines, order.lines, strict=True):
        line.order_line_id = back.id
