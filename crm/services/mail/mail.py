"""Outgoing mail: written down by whoever sends it, delivered by the worker.

A mail is a row, written in the transaction of what it tells of: both are there, or
neither is. `crm.jobs.mail` delivers it, `mail_delivery` knows when.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import (
    Contact,
    Customer,
    Invoice,
    MailState,
    OutgoingMail,
    Quote,
    User,
)
from crm.services import jobs
from crm.services.customers import addresses
from crm.services.mail import mail_parts

LINKS: dict[str, Any] = {
    "customer_id": Customer,
    "contact_id": Contact,
    "quote_id": Quote,
    "invoice_id": Invoice,
}


def is_set_up() -> bool:
    """Whether this installation can send mail."""
    return bool(settings().smtp_url and settings().mail_from)


def require_set_up() -> None:
    """Make sure that mail can be sent.

    Raises:
        RuleBroken: nobody has said how.
    """
    if not is_set_up():
        words = _("Mail is not set up: CRM_SMTP_URL and CRM_MAIL_FROM are missing.")
        raise RuleBroken(words)


def queue(  # noqa: PLR0913  (what a mail is made of, and what it is about)
    session: Session,
    *,
    to_address: str,
    subject: str,
    body: str,
    customer_id: int | None = None,
    contact_id: int | None = None,
    quote_id: int | None = None,
    invoice_id: int | None = None,
    attachment: tuple[str, bytes] | None = None,
    reply_to: str | None = None,
) -> OutgoingMail:
    """Have a mail sent once this transaction is committed.

    `attachment` is a file's name and content. Answers go to `reply_to`, without one
    to whoever sends it. Once sent, it stands on the customer's timeline.

    Raises:
        RuleBroken: mail is not set up.
        Forbidden: no right to send mail.
        NotFound: what it is about does not exist, or is out of reach.
        Invalid: an address, the subject, the text or the file does not fit.
    """
    require_set_up()
    links: dict[str, Any] = {
        "customer_id": customer_id,
        "contact_id": contact_id,
        "quote_id": quote_id,
        "invoice_id": invoice_id,
    }
    for name, key in links.items():
        if key is not None:
            db.get(session, LINKS[name], key)
    user_id = db.actor_of(session).user_id
    user = session.get(User, user_id) if user_id else None
    file_name, content = mail_parts.file(attachment)
    mail = OutgoingMail(
        **links,
        by_id=user_id,
        to_address=addresses.checked(to_address, field="to_address"),
        reply_to=mail_parts.reply_to(reply_to, user),
        subject=mail_parts.subject(subject),
        body=mail_parts.body(body),
        attachment_name=file_name,
        attachment=content,
        message_id=mail_parts.message_id(),
    )
    session.add(mail)
    session.flush()
    _ask(session, mail)
    return mail


def again(session: Session, mail_id: int) -> OutgoingMail:
    """Try a mail now that has failed, or that waits for another try.

    Raises:
        NotFound: it does not exist, or is out of reach.
        RuleBroken: it was sent, or is on its way, or mail is not set up.
    """
    require_set_up()
    mail = db.get(
        session, OutgoingMail, mail_id, with_for_update=True, populate_existing=True
    )
    if mail.state is MailState.SENT:
        raise RuleBroken(_("This mail was sent."))
    if mail.error is None:
        raise RuleBroken(_("This mail is on its way."))
    mail.state, mail.attempts, mail.error = MailState.QUEUED, 0, None
    session.flush()
    _ask(session, mail)
    return mail


def listed(
    session: Session,
    *,
    states: Collection[MailState] = (),
    limit: int = 50,
    offset: int = 0,
    **about: int,
) -> list[OutgoingMail]:
    """The mails in reach, newest first, without their files; in `states`, if given.

    `about` narrows them by a link: `quote_id=3`.
    """
    newest = col(OutgoingMail.created_at).desc(), col(OutgoingMail.id).desc()
    statement = _chosen(select(OutgoingMail), states, about).order_by(*newest)
    light = statement.options(_without_file())
    return list(session.scalars(light.limit(limit).offset(offset)))


def counted(
    session: Session, *, states: Collection[MailState] = (), **about: int
) -> int:
    """How many mails `listed` has in all."""
    statement = _chosen(select(func.count(col(OutgoingMail.id))), states, about)
    return session.scalar(statement) or 0


def _without_file() -> Any:
    column: Any = OutgoingMail.attachment  # which SQLModel types as its value
    return defer(column, raiseload=True)


def _chosen(
    statement: Any, states: Collection[MailState], about: dict[str, int]
) -> Any:
    if states:
        statement = statement.where(col(OutgoingMail.state).in_(list(states)))
    for name, key in about.items():
        statement = statement.where(getattr(OutgoingMail, name) == key)
    return statement


def _ask(session: Session, mail: OutgoingMail) -> None:
    """Have the worker deliver it. Should the job be lost, the sweep finds the mail."""
    jobs.ask(
        session,
        "mail",
        _("Mail to {address}").format(address=mail.to_address),
        {"mail_id": mail.id},
        key=f"mail:{mail.id}:{mail.version}",
    )
