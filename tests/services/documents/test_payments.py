"""Payments: parts, too much, paid back, void; the balance right whoever writes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import CRMError, Forbidden, Invalid, NotFound, RuleBroken
from crm.models import (
    SYSTEM,
    Actor,
    ExchangeRate,
    Invoice,
    Payment,
    PaymentFields,
    utcnow,
)
from crm.services import lists, records, undo
from crm.services.documents import invoices, payments
from crm.services.documents.invoice_fields import state_of
from tests import make

DAY = make.NOON.date()


def demanded(actor: Actor | None = None, price: str = "100", **details: Any) -> Invoice:
    order = make.order(
        make.customer(actor),
        (make.product(), 1, price),
        currency=details.pop("currency", "EUR"),
    )
    return make.invoice(order, **details)


def paid(actor: Actor, invoice: Invoice, amount: str, **fields: Any) -> Payment:
    form = records.valid(
        PaymentFields, {"invoice_id": invoice.id, "amount": amount} | fields
    )
    with db.transaction(actor) as session:
        return payments.record(session, form)


def void(actor: Actor, payment: Payment, reason: str = "typed twice") -> int:
    with db.transaction(actor) as session:
        payments.void(session, payment.id, reason)
    return db.operation_of(session) or 0


def left(invoice: Invoice) -> tuple[Decimal, Decimal]:
    """What was paid, and what is left."""
    with db.reading(SYSTEM) as session:
        found = invoices.invoice(session, invoice.id)
    return found.paid, found.balance


def test_parts_are_paid_and_then_nothing_is_left(alice: Actor) -> None:
    invoice = demanded(alice)

    paid(alice, invoice, "40")
    assert left(invoice) == (40, 60)

    last = paid(alice, invoice, "60", reference="May")
    assert left(invoice) == (100, 0)
    assert (last.paid_on, last.currency) == (utcnow().date(), "EUR")


def test_too_much_stands_in_favour_of_the_customer_until_it_is_paid_back(
    alice: Actor,
) -> None:
    invoice = demanded(alice)

    paid(alice, invoice, "105")
    assert left(invoice) == (105, -5)

    paid(alice, invoice, "-5")
    assert left(invoice) == (100, 0)
    with pytest.raises(RuleBroken, match="than has come in"):
        paid(alice, invoice, "-101")


@pytest.mark.slow
def test_a_void_payment_counts_no_more_and_stays(alice: Actor) -> None:
    invoice = demanded(alice)
    first = paid(alice, invoice, "40")

    void(alice, first)

    assert left(invoice) == (0, 100)
    with db.reading(alice) as session:
        (kept,) = payments.of_invoice(session, invoice.id)
    assert (kept.amount, kept.void_reason) == (40, "typed twice")
    with pytest.raises(RuleBroken, match="void already"):
        void(alice, first)


def test_what_was_paid_back_is_voided_before_what_came_in(alice: Actor) -> None:
    invoice = demanded(alice)
    first = paid(alice, invoice, "105")
    paid(alice, invoice, "-5")

    with pytest.raises(RuleBroken, match="than has come in"):
        void(alice, first)
    assert left(invoice) == (100, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "0"},
        {"amount": "0.001"},  # no coin
        {"amount": "NaN"},
        {"amount": "1000000000001"},
        {"paid_on": "0200-01-01"},
        {"method": "shells"},
    ],
)
def test_what_makes_no_sense_is_refused(alice: Actor, fields: dict[str, str]) -> None:
    invoice = demanded(alice)
    with pytest.raises(Invalid):
        paid(alice, invoice, **{"amount": "1"} | fields)
    assert left(invoice) == (0, 100)


def test_yen_have_no_cents(alice: Actor) -> None:
    invoice = demanded(alice, currency="JPY")
    with pytest.raises(Invalid, match="JPY"):
        paid(alice, invoice, "0.5")


def test_a_credit_note_is_not_paid(alice: Actor) -> None:
    with db.transaction(alice) as session:
        note = invoices.credit(session, demanded(alice).id, on=DAY, reason="x")
    with pytest.raises(RuleBroken, match="A credit note is not paid"):
        paid(alice, note, "1")


def test_only_who_may_sees_an_invoice_or_takes_money_for_it(
    alice: Actor, charlie: Actor, viewer: Actor
) -> None:
    invoice = demanded(alice)
    first = paid(alice, invoice, "1")

    with pytest.raises(NotFound):
        paid(charlie, invoice, "1")
    with pytest.raises(NotFound):
        void(charlie, first)
    with pytest.raises(Forbidden):
        paid(viewer, invoice, "1")
    with pytest.raises(Forbidden):
        void(viewer, first)


def test_a_payment_keeps_the_rate_of_its_day(alice: Actor) -> None:
    make.saved(ExchangeRate(currency="USD", rate_on=DAY, rate=Decimal("0.5")))
    made = paid(alice, demanded(alice, currency="USD"), "10", paid_on=DAY)
    assert (made.rate, made.base_amount) == (Decimal("0.5"), 5)


def test_undo_touches_no_payment_and_nobody_alters_one(alice: Actor) -> None:
    invoice = demanded(alice)
    first = paid(alice, invoice, "40")
    voided = void(alice, first)

    with (
        pytest.raises(RuleBroken, match="A payment stays"),
        db.transaction(alice) as session,
    ):
        undo.undo(session, voided)
    with (
        pytest.raises(RuleBroken, match="A payment stays"),
        db.transaction(alice) as session,
    ):
        db.get(session, Payment, first.id).amount = Decimal(1)


@pytest.mark.slow
def test_the_balance_is_right_after_many_at_once(alice: Actor) -> None:
    invoice = demanded(alice)
    wrong = [make.payment(invoice, "7") for _turn in range(3)]
    deeds: list[Callable[[], Any]] = [
        *(lambda: paid(alice, invoice, "10") for _turn in range(4)),
        *(lambda one=one: void(alice, one) for one in wrong),
        *(lambda one=one: tried(void, alice, one) for one in wrong),
    ]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tried, deeds))

    assert left(invoice) == (40, 60)


def tried(deed: Callable[..., Any], *args: Any) -> None:
    """Twice void is refused, whichever of the two comes second."""
    try:
        deed(*args)
    except CRMError as error:
        assert "void already" in str(error)  # noqa: PT017  (in a thread)


def test_of_two_who_saw_the_same_balance_one_pays(alice: Actor) -> None:
    invoice = demanded(alice)
    given = {"invoice_id": invoice.id, "amount": "40"}
    form = records.valid(PaymentFields, given)

    def pay(_turn: int) -> str:
        try:
            with db.transaction(alice) as session:
                payments.record(session, form, balance=Decimal(100))
        except CRMError as error:
            return f"{type(error).__name__}: {error}"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(pay, range(4)))

    told = (
        "Stale: Something else was booked meanwhile: 60 EUR is left to pay now. "
        "Nothing was recorded."
    )
    assert answers == [told] * 3 + ["done"]
    assert left(invoice) == (40, 60)


@pytest.mark.slow
def test_a_state_is_the_same_in_sql_and_on_the_page(alice: Actor) -> None:
    today = utcnow().date()
    soon = {"on": today, "due_on": today + timedelta(days=9)}
    ago = {"on": date(2026, 1, 1), "due_on": date(2026, 1, 2)}
    demanded(alice, **soon)
    for amount in ("1", "100", "101"):
        make.payment(demanded(alice, **soon), amount)
    make.payment(demanded(alice, **ago), "1")
    for quantities in (None, True):
        one = demanded(alice, **ago)
        with db.transaction(alice) as session:
            half = {one.lines[0].id: Decimal("0.5")} if quantities else None
            invoices.credit(session, one.id, on=today, reason="x", quantities=half)

    columns = ("state",)
    query = lists.Query("invoice", sort="created_at", columns=columns)
    with db.reading(alice) as session:
        shown = lists.page(session, query, today=today).rows
        told = [
            state_of(invoices.invoice(session, row["id"]), today).value for row in shown
        ]

    assert [row["state"] for row in shown] == told
    assert told == [
        "open", "partly_paid", "paid", "paid", "overdue",
        "credited", "credit_note", "overdue", "credit_note",
    ]  # fmt: skip
