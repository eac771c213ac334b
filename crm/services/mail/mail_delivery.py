"""When a mail is delivered, and what comes of it.

A try is written down before the mail is handed over, and no other one begins before
a pause is over that is longer than any conversation with a mail server. So two
workers never send the same mail; a worker that dies between the server's answer and
the note of it leads to a second delivery, under the same Message-ID.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from crm.i18n import _
from crm.models import (
    SYSTEM,
    Activity,
    ActivityKind,
    Actor,
    MailState,
    OutgoingMail,
    Quote,
    User,
)

PAUSE = timedelta(minutes=5)  # after the first try; doubles with each further one
MOST = 10  # tries, over 43 hours


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    return PAUSE * 2 ** (min(attempts, MOST) - 1) if attempts else timedelta(0)


def next_try(mail: OutgoingMail) -> datetime | None:
    """When a mail that waits is tried; None for one that does not wait."""
    if mail.state is not MailState.QUEUED:
        return None
    return mail.updated_at + pause(mail.attempts)


def due(session: Session, *, at: datetime, limit: int = 500) -> list[int]:
    """The ids of mails that are to be tried at `at`, the oldest first."""
    statement = (
        select(col(OutgoingMail.id))
        .where(col(OutgoingMail.state) == MailState.QUEUED, _is_over(at))
        .order_by(col(OutgoingMail.created_at), col(OutgoingMail.id))
        .limit(limit)
    )
    return list(session.scalars(statement))


def claim(session: Session, mail_id: int, *, at: datetime) -> OutgoingMail | None:
    """Begin a try; None where the mail is gone, was sent, or is not due at `at`."""
    mail = _locked(session, mail_id)
    if mail is None or mail.state is not MailState.QUEUED:
        return None
    if mail.attempts and mail.updated_at + pause(mail.attempts) > at:
        return None
    mail.attempts += 1
    mail.error = None
    session.flush()
    return mail


def note_sent(session: Session, mail_id: int, *, at: datetime) -> None:
    """The server has taken it: say so, once, and on the customer's timeline."""
    mail = _locked(session, mail_id)
    if mail is None or mail.state is MailState.SENT:
        return
    mail.state, mail.sent_at, mail.error = MailState.SENT, at, None
    if mail.customer_id is not None:
        session.add(_activity(session, mail, at))
    session.flush()


def note_failure(session: Session, mail_id: int, words: str, *, for_good: bool) -> None:
    """Why a try has failed: the mail waits for another one, unless it is over."""
    mail = _locked(session, mail_id)
    if mail is None or mail.state is MailState.SENT:
        return
    mail.error = words
    if for_good or mail.attempts >= MOST:
        mail.state = MailState.FAILED
    session.flush()


def sender(session: Session, mail: OutgoingMail) -> tuple[Actor, str]:
    """In whose name a mail is delivered, and the language to tell that user of it.

    All rights go with it, as a mail that is on its way does not come back when its
    sender loses sight of the customer.
    """
    user = session.get(User, mail.by_id) if mail.by_id else None
    if user is None:
        return SYSTEM, SYSTEM.language
    named = Actor(user_id=user.id, name=user.name, role=SYSTEM.role, kind="job")
    return named, user.language or SYSTEM.language


def _activity(session: Session, mail: OutgoingMail, at: datetime) -> Activity:
    quote = session.get(Quote, mail.quote_id) if mail.quote_id else None
    lines = [_("To {address}").format(address=mail.to_address), "", mail.body]
    if mail.attachment_name:
        lines += ["", _("File: {name}").format(name=mail.attachment_name)]
    return Activity(
        kind=ActivityKind.MAIL,
        subject=mail.subject,
        body="\n".join(lines),
        customer_id=mail.customer_id,
        contact_id=mail.contact_id,
        opportunity_id=quote.opportunity_id if quote else None,
        owner_id=mail.by_id,
        at=at,
    )


def _is_over(at: datetime) -> Any:
    """The condition that the pause after the last try is over."""
    tries, since = col(OutgoingMail.attempts), col(OutgoingMail.updated_at)
    steps = [and_(tries == n, since <= at - pause(n)) for n in range(1, MOST)]
    return or_(tries == 0, *steps, and_(tries >= MOST, since <= at - pause(MOST)))


def _locked(session: Session, mail_id: int) -> OutgoingMail | None:
    return session.get(
        OutgoingMail, mail_id, with_for_update=True, populate_existing=True
    )
