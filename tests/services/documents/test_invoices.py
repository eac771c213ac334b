"""Invoices and credit notes: parts that add up, numbers without gaps, what stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import CRMError, Forbidden, Invalid, NotFound, RuleBroken, Stale
from crm.models import (
    SYSTEM,
    Actor,
    ExchangeRate,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Order,
    OrderKind,
    OrderStatus,
)
from crm.services import bulk, records, undo
from crm.services.admin import company
from crm.services.documents import invoices, invoices_paper, order_flow, orders
from crm.services.documents.invoices_balance import open_sums
from crm.services.documents.invoices_sums import taxes
from crm.services.documents.order_flow import HandOrderFields
from tests import make

DAY = date(2026, 3, 1)
LATER = DAY + timedelta(days=60)


def sale(actor: Actor | None = None, *prices: str, **details: Any) -> Order:
    """Three of something at each price, taxed by a fifth and by a tenth in turn."""
    made = make.order(
        make.customer(actor, name="Rhine Mills"),
        *((make.product(), 3, price) for price in prices or ("10", "5.55")),
        **details,
    )
    with db.transaction(SYSTEM) as session:
        order = orders.order(session, made.id)
        for line in order.lines:
            line.tax_rate = Decimal("0.2") if line.position % 2 else Decimal("0.1")
    return read(made.id)


def read(order_id: int) -> Order:
    with db.reading(SYSTEM) as session:
        return orders.order(session, order_id)


def held(invoice_id: int) -> Invoice:
    with db.reading(SYSTEM) as session:
        return invoices.invoice(session, invoice_id)


def some(order: Order, *quantities: int | str) -> dict[int, Decimal]:
    """So much of each line of an order, one after the other."""
    pairs = zip(order.lines, quantities, strict=False)
    return {line.id: Decimal(quantity) for line, quantity in pairs}


def credited(invoice: Invoice, *quantities: int | str, **details: Any) -> Invoice:
    """A credit note for so much of each line of an invoice, or for all of it."""
    chosen = zip(held(invoice.id).lines, quantities, strict=False)
    wanted = {line.id: Decimal(quantity) for line, quantity in chosen} or None
    given = {"on": DAY, "reason": "Wrong price", "quantities": wanted}
    with db.transaction(SYSTEM) as session:
        return invoices.credit(session, invoice.id, **given | details)


def did(actor: Actor, deed: Callable[..., Any], *args: Any, **more: Any) -> int:
    with db.transaction(actor) as session:
        deed(session, *args, **more)
    return db.operation_of(session) or 0


@pytest.mark.slow
def test_an_invoice_demands_all_of_an_order(alice: Actor) -> None:
    order = sale(alice)
    did(make.actor("Ada", role="admin"), company.save, profile())

    with db.transaction(alice) as session:
        made = invoices.issue(session, order.id, on=DAY)

    found = held(made.id)
    assert (found.number, found.due_on) == ("INV-2026-00001", date(2026, 3, 15))
    assert (found.net, found.tax) == (Decimal("46.65"), Decimal("7.67"))  # 6 + 1.665
    assert (found.total, found.balance) == (Decimal("54.32"), Decimal("54.32"))
    assert found.base_total == found.net
    assert taxes(found) == (
        (Decimal("0.1"), Decimal("1.67")),
        (Decimal("0.2"), Decimal(6)),
    )
    assert found.terms == "Within 14 days.\n\nDE02 1203 0000"
    assert found.recipient.splitlines()[0] == "Rhine Mills"


def profile() -> company.CompanyFields:
    return company.CompanyFields(
        name="We",
        payment_days=14,
        invoice_terms="Within 14 days.",
        bank="DE02 1203 0000",
    )


@pytest.mark.slow
def test_parts_add_up_to_the_order_to_the_cent(alice: Actor) -> None:
    order = sale(alice, "3.33", "0.05")

    parts = [make.invoice(order, quantities=some(order, 1, 1)) for _turn in range(2)]
    parts.append(make.invoice(order))

    whole = make.invoice(sale(alice, "3.33", "0.05"))
    assert sum(part.net for part in parts) == whole.net == order.total
    assert sum(part.tax for part in parts) == whole.tax
    with pytest.raises(RuleBroken, match="invoiced already"):
        make.invoice(order)


@pytest.mark.parametrize(
    ("quantities", "error"),
    [
        ((2,), RuleBroken),  # 1.5 of 3 are left
        ((-1,), Invalid),
        ((0, 0), Invalid),
        (("0.00001",), Invalid),
        (("NaN",), Invalid),
    ],
)
def test_no_more_is_invoiced_than_is_left(
    alice: Actor, quantities: tuple[Any, ...], error: type[CRMError]
) -> None:
    order = sale(alice)
    make.invoice(order, quantities=some(order, "1.5"))

    with pytest.raises(error):
        make.invoice(order, quantities=some(order, *quantities))


@pytest.mark.slow
def test_what_cannot_be_invoiced_is_refused(alice: Actor, charlie: Actor) -> None:
    order = sale(alice)
    back = sale(alice, kind=OrderKind.RETURN)
    gone = sale(alice, status=OrderStatus.CANCELLED)
    for actor, key, more, error in (
        (alice, back.id, {}, RuleBroken),
        (alice, gone.id, {}, RuleBroken),
        (alice, order.id, {"due_on": DAY - timedelta(days=1)}, Invalid),
        (alice, order.id, {"quantities": {404: Decimal(1)}}, NotFound),
        (alice, 404, {}, NotFound),
        (charlie, order.id, {}, NotFound),
    ):
        with pytest.raises(error):
            did(actor, invoices.issue, key, **{"on": DAY} | more)


def test_who_may_only_look_issues_and_credits_nothing(viewer: Actor) -> None:
    order = sale()
    with pytest.raises(Forbidden):
        did(viewer, invoices.issue, order.id, on=DAY)
    invoice = make.invoice(order)
    with pytest.raises(Forbidden):
        did(viewer, invoices.credit, invoice.id, on=DAY, reason="x")


def test_the_rate_is_that_of_the_day_of_issue(alice: Actor) -> None:
    for day, rate in ((1, "0.9"), (10, "0.8")):
        on = date(2026, 3, day)
        make.saved(ExchangeRate(currency="USD", rate_on=on, rate=Decimal(rate)))

    made = make.invoice(sale(alice, "100", currency="USD"), on=date(2026, 3, 12))

    assert (made.rate, made.rate_on) == (Decimal("0.8"), date(2026, 3, 10))
    assert made.base_total == 240


@pytest.mark.slow
def test_a_failed_invoice_leaves_no_gap_and_a_race_neither(alice: Actor) -> None:
    many = [sale(alice).id for _turn in range(6)]

    def failing(session: Session) -> None:
        invoices.issue(session, many[0], on=DAY)
        raise RuleBroken("no")

    with pytest.raises(RuleBroken, match="no"):
        did(alice, failing)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda key: did(alice, invoices.issue, key, on=DAY), many))

    with db.reading(SYSTEM) as session:
        numbers = session.scalars(select(Invoice.number).order_by(Invoice.number)).all()
    assert numbers == [f"INV-2026-{one:05}" for one in range(1, 7)]


def test_of_two_who_invoice_an_order_at_once_one_is_told(alice: Actor) -> None:
    order = sale(alice)

    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(lambda _turn: attempt(alice, order.id), range(3)))

    assert sorted(told) == ["", *["All of it is invoiced already."] * 2]


@pytest.mark.slow
def test_of_two_who_saw_the_same_left_one_invoices_and_one_credits(
    alice: Actor,
) -> None:
    order = sale(alice)
    first, _second = order.lines
    seen = {line.id: Decimal(3) for line in order.lines}
    some = {first.id: Decimal(1)}

    def issue(session: Session) -> None:
        invoices.expect_uninvoiced(session, order.id, seen)
        invoices.issue(session, order.id, on=DAY, quantities=some)

    def credit(session: Session) -> None:
        (line,) = invoices.invoice(session, made.id).lines
        invoices.expect_uncredited(session, made.id, {line.id: Decimal(1)})
        half = {line.id: Decimal("0.5")}
        invoices.credit(session, made.id, on=DAY, reason="Broken", quantities=half)

    told = "Something else was booked meanwhile. Nothing was issued."
    assert at_once(alice, issue) == ["", told]
    with db.reading(SYSTEM) as session:
        (made,) = invoices.of_order(session, order.id)
        assert made.net == 10
    assert at_once(alice, credit) == ["", told]
    assert held(made.id).credited == -6  # a half of 10 and its tax of a fifth


def at_once(actor: Actor, deed: Callable[[Session], None]) -> list[str]:
    """What two are told who do the same at the same moment."""

    def tried(_turn: int) -> str:
        try:
            with db.transaction(actor) as session:
                deed(session)
        except Stale as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(tried, range(2)))


def attempt(actor: Actor, order_id: int) -> str:
    try:
        did(actor, invoices.issue, order_id, on=DAY)
    except RuleBroken as error:
        return str(error)
    return ""


def test_a_credit_note_takes_a_part_back(alice: Actor) -> None:
    invoice = make.invoice(sale(alice))

    note = credited(invoice, 1)

    found = held(note.id)
    assert (found.number, found.kind) == ("CN-2026-00001", InvoiceKind.CREDIT_NOTE)
    assert (found.net, found.tax, found.total) == (-10, -2, -12)
    assert [(line.quantity, line.amount) for line in found.lines] == [(-1, -10)]
    left = held(invoice.id)
    assert (left.credited, left.balance) == (-12, left.total - 12)


@pytest.mark.slow
def test_the_paper_asks_for_what_is_left(alice: Actor) -> None:
    invoice = make.invoice(sale(alice))
    note = credited(invoice, 1)
    make.payment(invoice, "2")

    with db.reading(alice) as session:
        found = invoices_paper.paper(session, invoices.invoice(session, invoice.id))
        back = invoices_paper.paper(session, invoices.invoice(session, note.id))

    assert (found.paid, found.total, found.until) == (14, invoice.total, invoice.due_on)
    assert sum(tax for _rate, tax in found.taxes) == invoice.tax
    assert (found.recipient[0], found.lines[0].quantity) == ("Rhine Mills", 3)
    assert (back.reference, back.intro, back.paid) == (
        invoice.number, "Wrong price", None,
    )  # fmt: skip


def test_parts_of_a_credit_leave_nothing_open(alice: Actor) -> None:
    invoice = make.invoice(sale(alice, "3.33", "0.05"))

    notes = [credited(invoice, 1, 1), credited(invoice, 1), credited(invoice)]

    found = held(invoice.id)
    assert (found.balance, sum(note.total for note in notes)) == (0, -invoice.total)
    with pytest.raises(RuleBroken, match="credited already"):
        credited(invoice)
    with pytest.raises(RuleBroken, match="A credit note"):
        credited(notes[0])


def test_no_more_is_credited_than_was_invoiced_and_not_without_a_reason(
    alice: Actor,
) -> None:
    order = sale(alice)
    invoice = make.invoice(order, quantities=some(order, 2))
    with pytest.raises(RuleBroken, match="Only 2 is left"):
        credited(invoice, 3)
    with pytest.raises(Invalid, match="why"):
        credited(invoice, reason=" ")


@pytest.mark.slow
def test_what_is_credited_without_goods_can_be_invoiced_again(alice: Actor) -> None:
    order = sale(alice, "3.33", "0.05")
    credited(make.invoice(order), 2, 3)

    again = make.invoice(order)

    with db.reading(alice) as session:
        all_of_it = invoices.of_order(session, order.id)
    assert [line.quantity for line in held(again.id).lines] == [2, 3]
    assert sum(one.net for one in all_of_it) == order.total
    whole = make.invoice(sale(alice, "3.33", "0.05"))
    assert sum(one.tax for one in all_of_it) == whole.tax


def test_goods_that_came_back_are_an_order_of_their_own(alice: Actor) -> None:
    order = sale(alice)

    note = credited(make.invoice(order), 1, 2, goods_back=True)

    back = read(note.order_id or 0)
    assert (back.kind, back.total, back.tax) == (OrderKind.RETURN, note.net, note.tax)
    assert [line.quantity for line in back.lines] == [-1, -2]
    with pytest.raises(RuleBroken, match="invoiced already"):
        make.invoice(order)
    with db.reading(alice) as session:
        (_invoice, shown) = invoices.of_order(session, order.id)
    assert shown.id == note.id


def cancel(session: Session, key: int) -> None:
    orders.set_status(session, key, OrderStatus.CANCELLED)


DOORS: dict[str, Callable[[Session, int], Any]] = {
    "cancelled": cancel,
    "deleted": orders.remove,
    "deleted with others": lambda s, key: bulk.remove(s, "sales_order", [key]),
    "cancelled with others": lambda s, key: bulk.edit(
        s, "sales_order", [key], "status", "cancelled"
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_an_invoiced_order_stays_until_it_is_credited(alice: Actor, door: str) -> None:
    order = sale(alice)
    invoice = make.invoice(order, quantities=some(order, 1))

    with pytest.raises(RuleBroken, match="credit its invoices first"):
        did(alice, DOORS[door], order.id)

    credited(invoice)
    did(alice, DOORS[door], order.id)


def test_an_order_is_cancelled_or_invoiced_but_not_both(alice: Actor) -> None:
    order = sale(alice)
    deeds: list[Callable[[Session], Any]] = [
        lambda s: cancel(s, order.id),
        lambda s: invoices.issue(s, order.id, on=DAY),
    ]

    def tried(deed: Callable[[Session], Any]) -> bool:
        try:
            did(alice, deed)
        except CRMError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(tried, deeds)) == 1


def test_undo_takes_no_invoice_back_nor_the_order_under_it(alice: Actor) -> None:
    customer, product = make.customer(alice), make.product(price=Decimal(5))
    form = records.valid(
        HandOrderFields,
        {"customer_id": customer.id, "lines": [{"product_id": product.id}]},
    )
    made = did(alice, order_flow.by_hand, form)
    with db.reading(alice) as session:
        key = session.scalars(select(col(Order.id))).one()
    issued = did(alice, invoices.issue, key, on=DAY)

    with pytest.raises(RuleBroken, match="a credit note takes it back"):
        did(alice, undo.undo, issued)
    with db.transaction(alice) as session:
        (why,) = undo.undo(session, made).skipped
    assert "credit its invoices first" in why
    assert read(key).deleted_at is None


def test_an_invoice_is_never_changed_or_deleted(admin: Actor) -> None:
    invoice = make.invoice(sale())

    def alter(session: Session, name: str, value: Any) -> None:
        setattr(db.get(session, Invoice, invoice.id), name, value)

    changes = {"total": Decimal(1), "recipient": "X", "issued_on": LATER, "number": "9"}
    for name, value in changes.items():
        with pytest.raises(RuleBroken, match="a credit note takes it back"):
            did(admin, alter, name, value)
    with pytest.raises(Forbidden):
        did(admin, lambda session: session.delete(db.get(session, Invoice, invoice.id)))
    with pytest.raises(Invalid):
        did(admin, bulk.remove, "invoice", [invoice.id])


@pytest.mark.slow
def test_what_is_open_is_summed_in_the_book_currency_or_said_to_be_impossible(
    alice: Actor,
) -> None:
    make.saved(ExchangeRate(currency="USD", rate_on=DAY, rate=Decimal("0.5")))
    make.invoice(sale(alice, "10"), due_on=LATER)  # 36 with tax
    make.invoice(sale(alice, "10", currency="USD"))  # 18, due on the 31st
    make.payment(make.invoice(sale(alice, "10")), "40")

    with db.reading(alice) as session:
        sums = open_sums(session, on=LATER)
    assert (sums.open.amount, sums.open.count) == (54, 2)
    assert (sums.overdue.amount, sums.in_favour.amount) == (18, -4)

    make.invoice(sale(alice, "10", currency="GBP"), due_on=LATER)
    with db.reading(alice) as session:
        sums = open_sums(session, on=LATER)
    assert (sums.open.amount, sums.open.missing) == (54, {"GBP": 1})
    assert sums.open.others == {"GBP": 36}
    assert sums.overdue.amount == 18


def test_lines_of_an_invoice_point_at_those_of_the_order(alice: Actor) -> None:
    order = sale(alice)
    made = make.invoice(order, quantities=some(order, 0, 1))
    with db.reading(alice) as session:
        (line,) = session.scalars(
            select(InvoiceLine).where(col(InvoiceLine.invoice_id) == made.id)
        )
    assert (line.position, line.order_line_id) == (1, order.lines[1].id)
