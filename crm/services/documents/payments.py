"""Payments: money that came in for invoices, or was paid back; never deleted."""

from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, RuleBroken, Stale
from crm.i18n import _
from crm.models import Invoice, InvoiceKind, Payment, PaymentFields, utcnow
from crm.services import days, records
from crm.services.documents.invoices_balance import locked, settle
from crm.services.documents.invoices_lines import digits
from crm.services.money import exchange
from crm.services.prices.pricing import LARGEST, rounded, too_large


def record(
    session: Session, form: PaymentFields, *, balance: Decimal | None = None
) -> Payment:
    """Note money that came in for an invoice, all of it or a part; today unless told.

    More than is left to pay is taken as it came: what is too much stands as a balance
    in the customer's favour, until it is paid back by an amount below zero.
    `balance` is what was left to pay when the form was filled in.

    Raises:
        NotFound: the invoice does not exist.
        Stale: something else was booked since, and another `balance` is left.
        RuleBroken: it is a credit note, or more is paid back than has come in.
        Invalid: nothing, less than the smallest coin, or a day that makes no sense.
    """
    invoice = locked(session, form.invoice_id)
    if invoice.kind is not InvoiceKind.INVOICE:
        raise RuleBroken(
            _("A credit note is not paid; record what is paid back on its invoice.")
        )
    if balance is not None and balance != invoice.balance:
        words = _(
            "Something else was booked meanwhile: {amount} {currency} is left to pay "
            "now. Nothing was recorded."
        )
        left = digits(invoice.balance)
        raise Stale(words.format(amount=left, currency=invoice.currency))
    on = records.usual_year(form.paid_on or days.today(), field="paid_on")
    _check_amount(form.amount, invoice.currency)
    payment = Payment(
        **form.model_dump(exclude={"paid_on"}),
        customer_id=invoice.customer_id,
        currency=invoice.currency,
        paid_on=on,
    )
    exchange.price(session, payment, on)
    session.add(payment)
    _settle(session, invoice)
    return payment


def void(
    session: Session, payment_id: int, reason: str, *, version: int | None = None
) -> Payment:
    """Take back a payment that was entered by mistake; it stays to be seen.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: no reason.
        RuleBroken: it is void already, or part of it was paid back since.
    """
    reason = records.text(
        reason, longest=200, missing=_("Say why it is void."), field="reason"
    )
    invoice = locked(session, db.get(session, Payment, payment_id).invoice_id)
    payment = db.get(session, Payment, payment_id, populate_existing=True)
    records.expect(payment, version)
    if payment.voided_at is not None:
        raise RuleBroken(_("This payment is void already."))
    payment.voided_at, payment.void_reason = utcnow(), reason
    _settle(session, invoice)
    return payment


def of_invoice(session: Session, invoice_id: int) -> list[Payment]:
    """What came in for an invoice, void or not, as it came."""
    statement = (
        select(Payment)
        .where(col(Payment.invoice_id) == invoice_id)
        .order_by(col(Payment.paid_on), col(Payment.id))
    )
    return list(session.scalars(statement))


def payment(session: Session, payment_id: int) -> tuple[Payment, Invoice]:
    """One payment and its invoice.

    Raises:
        NotFound: it does not exist.
    """
    found = db.get(session, Payment, payment_id)
    return found, db.get(session, Invoice, found.invoice_id)


def _check_amount(amount: Decimal, currency: str) -> None:
    if not amount:
        raise Invalid(_("The amount of a payment is not zero."), field="amount")
    if abs(amount) > LARGEST:
        raise too_large("payment", field="amount")
    if rounded(amount, currency) != amount:
        words = _("{currency} has no coins as small as that.")
        raise Invalid(words.format(currency=currency), field="amount")


def _settle(session: Session, invoice: Invoice) -> None:
    settle(session, invoice)
    if invoice.paid < 0:
        raise RuleBroken(_("More would be paid back than has come in."))
