"""The worker hands mails over: once, again after a pause, or never."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from crm import db, i18n
from crm.integrations import smtp
from crm.jobs import mail as mail_jobs
from crm.jobs import run_here
from crm.jobs.schedule import EVERY
from crm.models import (
    SYSTEM,
    Activity,
    Actor,
    Customer,
    Job,
    JobState,
    MailState,
    OutgoingMail,
    User,
)
from crm.services import jobs
from crm.services.mail import mail, mail_delivery
from tests import make, post_office
from tests.post_office import PostOffice


@pytest.fixture
def office(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office.opened() as made:
        post_office.use(monkeypatch, f"smtp://127.0.0.1:{made.port}")
        yield made


@pytest.fixture
def customer(alice: Actor) -> Customer:
    return make.customer(alice)


def queued(actor: Actor, customer: Customer, to: str = "lin@example.com") -> int:
    with db.transaction(actor) as session:
        made = mail.queue(
            session, to_address=to, subject="Hi", body="you", customer_id=customer.id
        )
    return made.id


def worked() -> Job:
    """The latest job, done as the worker does it."""
    with db.reading(SYSTEM) as session:
        latest = select(Job).order_by(col(Job.id).desc()).limit(1)
        job = session.scalars(latest).one()
    run_here(job.id)
    with db.reading(SYSTEM) as session:
        return jobs.job(session, job.id)


def swept() -> Job:
    """The periodic look for what waits, once."""
    with db.transaction(SYSTEM) as session:
        jobs.ask(session, "waiting_mail", "Waiting mail", {})
    return worked()


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause any more."""
    monkeypatch.setattr(mail_delivery, "PAUSE", timedelta(0))


def found(mail_id: int) -> OutgoingMail:
    with db.reading(SYSTEM) as session:
        return db.get(session, OutgoingMail, mail_id)


def mails_on_timelines() -> int:
    with db.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(Activity)) or 0


def test_a_mail_is_sent_and_noted_once_however_often_its_job_runs(
    alice: Actor, customer: Customer, office: PostOffice
) -> None:
    mail_id = queued(alice, customer)

    first = worked()
    with db.transaction(alice) as session:
        jobs.ask(session, "mail", "Mail", {"mail_id": mail_id})
    second = worked()

    assert (first.state, first.result) == (JobState.DONE, {"sent": True})
    assert (second.state, second.result) == (JobState.DONE, {"sent": False})
    assert len(office.letters) == mails_on_timelines() == 1
    assert found(mail_id).state is MailState.SENT


def test_a_server_that_says_later_gets_it_later(
    alice: Actor,
    customer: Customer,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office.answers = ["450 4.2.0 Greylisted"]
    mail_id = queued(alice, customer)

    assert worked().result == {"sent": False}
    waits = found(mail_id)
    early = swept()
    later(monkeypatch)
    swept()

    assert (waits.state, waits.attempts) == (MailState.QUEUED, 1)
    assert "450 4.2.0 Greylisted" in (waits.error or "")
    assert early.result == {"due": 0, "sent": 0}
    assert found(mail_id).state is MailState.SENT
    assert found(mail_id).error is None
    assert [one["Message-ID"] for one in office.letters] == [waits.message_id]


def test_a_server_that_says_no_is_not_asked_again(
    alice: Actor,
    customer: Customer,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office.answers = ["550 5.1.1 No such user"]
    mail_id = queued(alice, customer)

    job = worked()
    later(monkeypatch)
    again = swept()

    assert (job.state, found(mail_id).state) == (JobState.FAILED, MailState.FAILED)
    assert "550 5.1.1 No such user" in (job.error or "")
    assert again.result == {"due": 0, "sent": 0}
    assert (office.letters, mails_on_timelines()) == ([], 0)


def test_a_failure_is_told_in_the_language_of_the_sender(
    alice: Actor,
    customer: Customer,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_mail: OutgoingMail) -> None:
        raise smtp.Refused(i18n.current())

    monkeypatch.setattr(smtp, "send", refuse)
    with db.transaction(SYSTEM) as session:
        db.get(session, User, alice.user_id or 0).language = "zh_CN"
    mail_id = queued(alice, customer)

    worked()

    assert found(mail_id).error == "zh_CN"


def test_a_server_that_is_away_keeps_nothing_else_waiting(
    alice: Actor,
    customer: Customer,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = queued(alice, customer), queued(alice, customer)
    post_office.use(monkeypatch, "smtp://127.0.0.1:1")

    assert swept().result == {"due": 2, "sent": 0}

    assert [found(one).attempts for one in (first, second)] == [1, 0]
    post_office.use(monkeypatch, f"smtp://127.0.0.1:{office.port}")
    later(monkeypatch)
    assert swept().result == {"due": 2, "sent": 2}


def test_a_mail_whose_job_was_lost_is_found(
    alice: Actor, customer: Customer, office: PostOffice
) -> None:
    mail_id = queued(alice, customer)
    with db.transaction(alice) as session:
        jobs.cancel(session, jobs.listed(session)[0].id)

    assert swept().result == {"due": 1, "sent": 1}
    assert found(mail_id).state is MailState.SENT


def test_a_mail_goes_out_though_its_sender_sees_the_customer_no_more(
    alice: Actor, charlie: Actor, customer: Customer, office: PostOffice
) -> None:
    mail_id = queued(alice, customer)
    with db.transaction(SYSTEM) as session:
        db.get(session, Customer, customer.id).owner_id = charlie.user_id

    worked()

    assert found(mail_id).state is MailState.SENT
    assert mails_on_timelines() == 1


def test_a_worker_that_dies_after_the_hand_over_sends_it_again_as_the_same_mail(
    alice: Actor,
    customer: Customer,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one gap that SMTP leaves: whoever receives both can tell they are one."""
    mail_id = queued(alice, customer)
    with monkeypatch.context() as patch:
        patch.setattr(mail_jobs, "_note_sent", _die)
        with pytest.raises(KeyboardInterrupt):
            mail_jobs.deliver(mail_id)

    assert swept().result == {"due": 0, "sent": 0}
    later(monkeypatch)
    swept()

    first, second = (one["Message-ID"] for one in office.letters)
    assert first == second == found(mail_id).message_id
    assert mails_on_timelines() == 1


def test_nothing_is_tried_while_mail_is_not_set_up(
    alice: Actor,
    customer: Customer,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mail_id = queued(alice, customer)
    post_office.use(monkeypatch, "")

    assert swept().result == {"due": 0, "sent": 0}
    assert found(mail_id).attempts == 0


def test_what_waits_is_looked_for_every_five_minutes() -> None:
    assert EVERY["waiting_mail"][0] == mail_delivery.PAUSE == timedelta(minutes=5)


def test_no_conversation_outlasts_the_pause() -> None:
    assert timedelta(seconds=11 * smtp.SECONDS) < mail_delivery.PAUSE


def _die(*_args: object) -> None:
    raise KeyboardInterrupt
