"""Quotes on paper, and the letter that they are sent with."""

from typing import Any

from sqlmodel import Session

from crm.i18n import _, language
from crm.models import Contact, Customer, Quote
from crm.services.admin import company
from crm.services.documents import paper_parts, papers, quote_links
from crm.services.documents.invoices_paper import recipient as address_of
from crm.services.documents.paper_parts import lines, rows
from crm.services.documents.papers import Paper
from crm.services.documents.papers.figures import day, money
from crm.services.prices.pricing import totals


def paper(session: Session, quote: Quote) -> Paper:
    """A quote (with its lines) as it is printed, in its own language.

    Whoever may read a quote may read what is on it: customer and products are looked
    up past the actor's reach.
    """
    sums = totals(quote.lines, quote.currency)
    return Paper(
        kind="quote",
        number=quote.number,
        revision=quote.revision,
        language=quote.language,
        currency=quote.currency,
        issued_on=quote.issued_on,
        until=quote.valid_until,
        sender=company.profile(session).letterhead,
        recipient=recipient(session, quote),
        reference=None,
        lines=lines(session, quote.lines),
        net=sums.net,
        taxes=sums.taxes,
        total=sums.total,
        intro=quote.intro,
        terms=quote.terms,
    )


def pdf(session: Session, quote: Quote) -> tuple[str, bytes]:
    """Name and content of the file.

    Raises:
        Invalid: a text holds a character that cannot be printed.
    """
    return file_name(quote), papers.pdf(paper(session, quote))


def file_name(quote: Quote) -> str:
    """“Q-2026-00001-v2.pdf”."""
    safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in quote.number)
    return f"{safe}-v{quote.revision}.pdf"


def recipient(session: Session, quote: Quote) -> tuple[str, ...]:
    """The address of whom a quote is for, line by line, the name first."""
    name, *rest = address_of(_customer(session, quote), quote.language).splitlines()
    contact = _contact(session, quote)
    return (name, *([_person(contact)] if contact else []), *rest)


def address(session: Session, quote: Quote) -> str | None:
    """The e-mail address to send a quote to: the contact's, else the customer's."""
    contact = _contact(session, quote)
    theirs: str | None = contact.email if contact else None
    return theirs or _customer(session, quote).email


def letter(session: Session, quote: Quote) -> tuple[str, str]:
    """Subject and text of a mail with a quote, in its language; with its address."""
    contact = _contact(session, quote)
    with language(quote.language):
        ours = company.profile(session).name
        subject = _("Quote {number}").format(number=quote.number)
        greeting = _("Good day,")
        if contact:
            greeting = _("Good day {name},").format(name=_person(contact))
        offer = _("please find attached our quote {number} for {total}.")
        told = offer.format(
            number=quote.number, total=money(quote.total, quote.currency)
        )
        until = None
        if quote.valid_until:
            valid = _("It is valid until {day}.")
            until = valid.format(day=day(quote.valid_until))
        link = _("Read it and answer it here: {url}")
        parts = (
            greeting,
            " ".join(filter(None, (told, until))),
            link.format(url=quote_links.url(quote)),
        )
        return paper_parts.letter(subject, parts, ours)


def _customer(session: Session, quote: Quote) -> Any:
    return rows(session, Customer, [quote.customer_id])[quote.customer_id]


def _contact(session: Session, quote: Quote) -> Any:
    if quote.contact_id is None:
        return None
    return rows(session, Contact, [quote.contact_id]).get(quote.contact_id)


def _person(contact: Any) -> str:
    return " ".join(filter(None, (contact.first_name, contact.last_name)))
