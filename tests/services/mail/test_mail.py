"""Mail is written down whole or not at all, and tried when it is due."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken
from crm.models import (
    SYSTEM,
    Activity,
    ActivityKind,
    Actor,
    Job,
    MailState,
    OutgoingMail,
    Quote,
    utcnow,
)
from crm.services import timeline, undo
from crm.services.mail import mail, mail_delivery, mail_parts
from tests import make, post_office


@pytest.fixture(autouse=True)
def set_up(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    post_office.use(monkeypatch, "smtp://127.0.0.1:1")


def queued(actor: Actor, **details: Any) -> OutgoingMail:
    letter = {"to_address": "lin@example.com", "subject": "Hello", "body": "Good day"}
    with db.transaction(actor) as session:
        return mail.queue(session, **letter | details)


def found(actor: Actor, mail_id: int) -> OutgoingMail:
    with db.reading(actor) as session:
        return db.get(session, OutgoingMail, mail_id)


def claimed(mail_id: int, at: datetime) -> bool:
    with db.transaction(SYSTEM) as session:
        return mail_delivery.claim(session, mail_id, at=at) is not None


def failed(mail_id: int, *, for_good: bool = False) -> OutgoingMail:
    with db.transaction(SYSTEM) as session:
        mail_delivery.note_failure(session, mail_id, "Why", for_good=for_good)
    return found(SYSTEM, mail_id)


def count(table: Any) -> int:
    with db.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_mail_waits_with_its_job_for_the_worker(alice: Actor) -> None:
    customer = make.customer(alice)

    made = queued(
        alice,
        customer_id=customer.id,
        body="Good day\r\n\r\nyours",
        attachment=("../a\\b.pdf", b"%PDF"),
    )

    held = found(alice, made.id)
    assert (held.state, held.attempts, held.by_id) == ("queued", 0, alice.user_id)
    assert (held.body, held.attachment_name) == ("Good day\n\nyours", "..-a-b.pdf")
    assert held.attachment == b"%PDF"
    assert held.reply_to == "alice@example.com"
    assert held.message_id.endswith("@meyer.example>")
    with db.reading(alice) as session:
        (job,) = session.scalars(select(Job))
    assert (job.kind, job.arguments) == ("mail", {"mail_id": made.id})


@pytest.mark.parametrize(
    "harm",
    [
        {"to_address": "lin@example.com\nBcc: eve@example.com"},
        {"to_address": "lin@example.com, eve@example.com"},
        {"reply_to": "lin@example.com\r\nBcc: eve@example.com"},
        {"subject": "Hello\nBcc: eve@example.com"},
        {"subject": "Hello\u2028Bcc: eve@example.com"},
        {"subject": " "},
        {"subject": "x" * 201},
        {"body": "\n"},
        {"attachment": ("x" * 121, b"")},
        {"attachment": ("a.pdf", b"x" * (mail_parts.LARGEST + 1))},
    ],
)
def test_what_would_harm_is_refused_before_anything_is_written(
    alice: Actor, harm: dict[str, Any]
) -> None:
    """C4."""
    with pytest.raises(Invalid):
        queued(alice, **harm)

    assert (count(OutgoingMail), count(Job)) == (0, 0)


def test_without_a_mail_server_it_is_said_before_anything_is_written(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.use(monkeypatch, "")

    with pytest.raises(RuleBroken, match="Mail is not set up"):
        queued(alice)
    assert (count(OutgoingMail), count(Job)) == (0, 0)


@pytest.mark.slow
def test_nobody_writes_about_what_is_out_of_reach(
    alice: Actor, charlie: Actor, viewer: Actor
) -> None:
    """A3."""
    customer = make.customer(alice)
    contact = make.contact(customer)
    for about in ({"customer_id": customer.id}, {"contact_id": contact.id}):
        with pytest.raises(NotFound):
            queued(charlie, **about)
    with pytest.raises(Forbidden):
        queued(viewer)
    made = queued(alice, customer_id=customer.id)

    with db.reading(charlie) as session:
        assert (mail.listed(session), mail.counted(session)) == ([], 0)
    with pytest.raises(NotFound), db.transaction(charlie) as session:
        mail.again(session, made.id)


def test_mails_are_listed_newest_first_by_state_and_by_what_they_are_about(
    alice: Actor,
) -> None:
    customer = make.customer(alice)
    first, second = queued(alice), queued(alice, customer_id=customer.id)
    claimed(first.id, utcnow())
    failed(first.id, for_good=True)

    with db.reading(alice) as session:
        assert [m.id for m in mail.listed(session)] == [second.id, first.id]
        about = mail.listed(session, customer_id=customer.id)
        assert [m.id for m in about] == [second.id]
        assert mail.counted(session, states=[MailState.FAILED]) == 1


def test_one_try_at_a_time_with_growing_pauses(alice: Actor) -> None:
    made, now = queued(alice), utcnow()
    minutes = []
    for _attempt in range(mail_delivery.MOST):
        assert claimed(made.id, now)
        assert not claimed(made.id, now)
        held = failed(made.id)
        due_at = mail_delivery.next_try(held)
        if due_at is not None:
            minutes.append(round((due_at - held.updated_at) / timedelta(minutes=1)))
            now = due_at

    assert minutes == [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    assert (held.state, held.error) == (MailState.FAILED, "Why")
    assert not claimed(made.id, now + timedelta(days=100))


def test_the_sweep_finds_what_is_due_and_nothing_else(alice: Actor) -> None:
    lost, tried, over, sent = (queued(alice).id for _number in range(4))
    now = utcnow()
    for one in (tried, over, sent):
        claimed(one, now)
    failed(over, for_good=True)
    with db.transaction(SYSTEM) as session:
        mail_delivery.note_sent(session, sent, at=now)

    with db.reading(SYSTEM) as session:
        assert mail_delivery.due(session, at=now) == [lost]
        later = utcnow() + mail_delivery.PAUSE
        assert mail_delivery.due(session, at=later) == [lost, tried]


def test_a_mail_that_was_sent_is_on_the_timeline_once(alice: Actor) -> None:
    customer = make.customer(alice)
    made = queued(alice, customer_id=customer.id, attachment=("Q-1.pdf", b"%PDF"))
    assert claimed(made.id, utcnow())
    actor, _language = _sender(made)

    for _note in range(2):
        with db.transaction(actor) as session:
            mail_delivery.note_sent(session, made.id, at=make.NOON)

    with db.reading(alice) as session:
        (mailed,) = session.scalars(select(Activity))
        entries = timeline.timeline(session, customer.id)
        told = [(one.kind, one.who) for one in entries]
    assert (mailed.kind, mailed.subject) == (ActivityKind.MAIL, "Hello")
    assert mailed.body == "To lin@example.com\n\nGood day\n\nFile: Q-1.pdf"
    assert (mailed.at, mailed.owner_id) == (make.NOON, alice.user_id)
    assert told.count(("mail", "Alice")) == 1
    assert found(alice, made.id).sent_at == make.NOON


def test_it_stands_with_the_opportunity_of_its_quote(alice: Actor) -> None:
    customer = make.customer(alice)
    deal = make.opportunity(customer)
    quote = make.saved(
        Quote(
            number="Q-1",
            customer_id=customer.id,
            opportunity_id=deal.id,
            currency="EUR",
            issued_on=make.NOON.date(),
            lines=[],
        )
    )
    made = queued(alice, customer_id=customer.id, quote_id=quote.id)

    with db.transaction(SYSTEM) as session:
        mail_delivery.note_sent(session, made.id, at=make.NOON)

    with db.reading(alice) as session:
        (mailed,) = session.scalars(select(Activity))
    assert mailed.opportunity_id == deal.id


def test_what_has_failed_is_tried_again_on_request_once(alice: Actor) -> None:
    made = queued(alice)
    with pytest.raises(RuleBroken, match="on its way"):
        _again(alice, made.id)
    claimed(made.id, utcnow())
    failed(made.id, for_good=True)

    again = _again(alice, made.id)

    assert (again.state, again.attempts, again.error) == (MailState.QUEUED, 0, None)
    assert again.message_id == made.message_id
    assert count(Job) == 2
    with pytest.raises(RuleBroken, match="on its way"):
        _again(alice, made.id)
    assert claimed(made.id, utcnow())
    with db.transaction(SYSTEM) as session:
        mail_delivery.note_sent(session, made.id, at=make.NOON)
    with pytest.raises(RuleBroken, match="was sent"):
        _again(alice, made.id)


def test_what_was_handed_to_the_post_cannot_be_undone(alice: Actor) -> None:
    """Or else a mail that was sent would be sent a second time."""
    with db.transaction(alice) as session:
        mail.queue(session, to_address="a@b.example", subject="x", body="y")
    operation = db.operation_of(session)
    assert operation is not None

    with pytest.raises(RuleBroken), db.transaction(alice) as session:
        undo.undo(session, operation)


def _again(actor: Actor, mail_id: int) -> OutgoingMail:
    with db.transaction(actor) as session:
        return mail.again(session, mail_id)


def _sender(made: OutgoingMail) -> tuple[Actor, str]:
    with db.reading(SYSTEM) as session:
        return mail_delivery.sender(session, made)
