"""Invoices and credit notes on paper, and the letter that they are sent with."""

from babel import Locale
from sqlalchemy import inspect, select
from sqlmodel import Session

from crm.i18n import _, language
from crm.models import Customer, Invoice, InvoiceKind, Order
from crm.services.admin import company
from crm.services.documents import paper_parts, papers
from crm.services.documents.invoices_sums import taxes
from crm.services.documents.papers import Paper
from crm.services.documents.papers.figures import day, money


def paper(session: Session, invoice: Invoice) -> Paper:
    """The paper of an invoice with its lines, from what was kept when it was issued.

    The reason of a credit note stands above its lines; what was credited counts as
    paid, as it is not to be paid any more. Whoever may read an invoice may
    read what is on it: products are looked up past the actor's reach.
    """
    usual = company.profile(session)
    is_invoice = invoice.kind is InvoiceKind.INVOICE
    return Paper(
        kind=invoice.kind.value,
        number=invoice.number,
        revision=None,
        language=invoice.language,
        currency=invoice.currency,
        issued_on=invoice.issued_on,
        until=invoice.due_on,
        sender=usual.letterhead,
        recipient=tuple(invoice.recipient.splitlines()),
        reference=_reference(session, invoice),
        lines=paper_parts.lines(session, invoice.lines),
        net=invoice.net,
        taxes=taxes(invoice),
        total=invoice.total,
        intro=None if is_invoice else invoice.terms,
        terms=invoice.terms if is_invoice else None,
        paid=invoice.paid - invoice.credited if is_invoice else None,
    )


def pdf(session: Session, invoice: Invoice) -> tuple[str, bytes]:
    """Name and content of the file of an invoice with its lines.

    Raises:
        Invalid: a text holds a character that cannot be printed.
    """
    return f"{invoice.number}.pdf", papers.pdf(paper(session, invoice))


def letter(session: Session, invoice: Invoice) -> tuple[str, str]:
    """Subject and text of a mail with an invoice, in its language."""
    with language(invoice.language):
        ours = company.profile(session).name
        subject, told = _invoice_words()
        if invoice.kind is InvoiceKind.CREDIT_NOTE:
            subject, told = _credit_note_words()
        elif invoice.due_on is not None:
            told += " " + _("It is due on {day}.").format(day=day(invoice.due_on))
        facts = {
            "number": invoice.number,
            "total": money(abs(invoice.total), invoice.currency),
        }
        parts = (_("Good day,"), told.format(**facts))
        return paper_parts.letter(subject.format(**facts), parts, ours)


def _invoice_words() -> tuple[str, str]:
    told = _("please find our invoice {number} over {total} attached.")
    return _("Invoice {number}"), told


def _credit_note_words() -> tuple[str, str]:
    told = _("please find our credit note {number} over {total} attached.")
    return _("Credit note {number}"), told


def recipient(customer: Customer, code: str) -> str:
    """Name and address of a customer, line by line, in a language."""
    with language(code):
        place = " ".join(filter(None, [customer.postal_code, customer.city]))
        tax = _("Tax number: {number}").format(number=customer.tax_number)
        lines = [
            customer.name,
            customer.street,
            place,
            customer.region,
            _country(customer.country, code),
            tax if customer.tax_number else None,
        ]
    return "\n".join(line for line in lines if line)


def _country(iso: str | None, code: str) -> str | None:
    names = Locale.parse(code).territories
    return str(names.get(iso.upper(), iso)) if iso else None


def _reference(session: Session, invoice: Invoice) -> str | None:
    """The number of the order, or of the invoice that is credited."""
    table, key = inspect(Order).local_table.c, invoice.order_id
    if invoice.credited_id is not None:
        table, key = inspect(Invoice).local_table.c, invoice.credited_id
    found: str | None = session.connection().scalar(
        select(table.number).where(table.id == key)
    )
    return found
