"""Send a quote by mail: written into the outbox and noted as sent, or neither."""

from datetime import datetime

from pydantic import Field
from sqlmodel import Session

from crm.models import Fields, Quote
from crm.services.documents.quotes_paper import letter
from crm.services.documents.quotes_steps import mark_sent
from crm.services.mail import mail


class LetterFields(Fields):
    """To whom a quote goes, with which words; without an address it goes otherwise.

    Without subject or text, those of `quotes_paper.letter`.
    """

    to_address: str | None = Field(default=None, max_length=254)
    subject: str | None = Field(default=None, max_length=200)
    body: str | None = Field(default=None, max_length=20_000)


def send(
    session: Session,
    quote_id: int,
    form: LetterFields,
    file: tuple[str, bytes],
    *,
    at: datetime,
    version: int | None = None,
) -> Quote:
    """Send a draft at `at`, with its PDF as `file`: a name and its content.

    The PDF is made before, by `quotes_paper.pdf` of the same `version`, so that the
    transaction stays short.

    Raises:
        NotFound: the quote does not exist.
        Stale: it is no longer at `version`.
        RuleBroken: it cannot be sent (see `mark_sent`), or mail is not set up.
        Invalid: the address, the subject, the text or the file does not fit.
    """
    row = mark_sent(session, quote_id, at=at, version=version)
    if form.to_address is None:
        return row
    subject, body = letter(session, row)
    mail.queue(
        session,
        to_address=form.to_address,
        subject=form.subject or subject,
        body=form.body or body,
        customer_id=row.customer_id,
        contact_id=row.contact_id,
        quote_id=row.id,
        attachment=file,
    )
    return row
