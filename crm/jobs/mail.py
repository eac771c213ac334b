"""Mail on its way out: each right after it was written, and what waits every 5 minutes.

These open their own transactions, one before and one after the mail is handed over:
a conversation with a mail server takes too long to keep the database waiting.
"""

from typing import Any

from crm import db
from crm.errors import CRMError, RuleBroken, Stale
from crm.i18n import language
from crm.integrations import smtp
from crm.jobs.context import JobContext, patiently
from crm.jobs.registry import job
from crm.models import SYSTEM, Actor, MailState, OutgoingMail, Reason, utcnow
from crm.services.mail import mail, mail_delivery


@job("mail")
def one(context: JobContext) -> dict[str, Any]:
    """The mail that somebody has just written.

    Raises:
        Refused: the server does not take it.
        RuleBroken: so it was before, and nobody has asked for another try since.
    """
    mail_id = context.arguments["mail_id"]
    try:
        sent = deliver(mail_id)
    except (smtp.Postponed, smtp.Unreachable):
        return {"sent": False}
    if not sent:
        _tell_failure(mail_id)
    return {"sent": sent}


@job("waiting_mail")
def waiting(context: JobContext) -> dict[str, Any]:
    """All that is due: another try after a pause, and what has lost its own job."""
    with db.reading(SYSTEM) as session:
        due = mail_delivery.due(session, at=utcnow()) if mail.is_set_up() else []
    sent = 0
    for number, mail_id in enumerate(due, 1):
        try:
            sent += deliver(mail_id)
        except smtp.Unreachable:  # so it is for all the others
            break
        except (smtp.Refused, smtp.Postponed):
            pass  # the mail itself tells
        context.progress(number / len(due))
    return {"due": len(due), "sent": sent}


def deliver(mail_id: int) -> bool:
    """Try a mail if it is due, and note what came of it; whether it was sent.

    Raises:
        Refused: the server does not take it.
        Postponed: it asks for another try.
        Unreachable: there is no server.
    """
    claimed = patiently(lambda: _claimed(mail_id))
    if claimed is None:
        return False
    with db.reading(SYSTEM) as session:
        actor, spoken = mail_delivery.sender(session, claimed)
    with language(spoken):
        try:
            smtp.send(claimed)
        except (smtp.Refused, smtp.Postponed, smtp.Unreachable) as error:
            failure = error
            patiently(lambda: _note_failure(actor, mail_id, failure))
            raise
        patiently(lambda: _note_sent(actor, mail_id))
    return True


def _claimed(mail_id: int) -> OutgoingMail | None:
    try:
        with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
            return mail_delivery.claim(session, mail_id, at=utcnow())
    except Stale:  # another worker was faster
        return None


def _note_sent(actor: Actor, mail_id: int) -> None:
    with db.transaction(actor, reason=Reason.SYSTEM) as session:
        mail_delivery.note_sent(session, mail_id, at=utcnow())


def _note_failure(actor: Actor, mail_id: int, error: CRMError) -> None:
    for_good = isinstance(error, smtp.Refused)
    with db.transaction(actor, reason=Reason.SYSTEM) as session:
        mail_delivery.note_failure(session, mail_id, error.words, for_good=for_good)


def _tell_failure(mail_id: int) -> None:
    """Fail as the mail has failed before, rather than to be done without a word."""
    with db.reading(SYSTEM) as session:
        found = session.get(OutgoingMail, mail_id)
    if found is not None and found.state is MailState.FAILED:
        raise RuleBroken(found.error or "")
