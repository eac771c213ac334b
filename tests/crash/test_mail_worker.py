"""The real worker, killed in the middle of a conversation with a mail server."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, inspect, select, update

from crm import db
from crm.models import SYSTEM, Activity, Actor, Job, MailState, OutgoingMail, utcnow
from crm.services import jobs
from crm.services.mail import mail
from tests import make, post_office
from tests.crash.test_worker import worker

pytestmark = pytest.mark.slow


def wait(until: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.1)


def found(mail_id: int) -> OutgoingMail:
    with db.reading(SYSTEM) as session:
        return db.get(session, OutgoingMail, mail_id)


def pass_the_pause() -> None:
    """As if the last try were an hour old; and look for what waits before all else."""
    table = inspect(OutgoingMail).local_table
    with db.transaction(SYSTEM) as session:
        earlier = utcnow() - timedelta(hours=1)
        session.connection().execute(update(table).values(updated_at=earlier))
        session.connection().execute(delete(Job))
        jobs.ask(session, "waiting_mail", "Waiting mail", {})


def test_a_mail_is_taken_twice_under_one_name_and_noted_once(
    alice: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make.customer(alice)
    with post_office.opened() as office:
        post_office.use(monkeypatch, f"smtp://127.0.0.1:{office.port}")
        office.holding = True
        with db.transaction(alice) as session:
            made = mail.queue(
                session,
                to_address="lin@example.com",
                subject="Hi",
                body="you",
                customer_id=customer.id,
            )

        first = worker(tmp_path / "log")
        wait(lambda: len(office.letters) == 1)
        first.kill()
        first.wait()
        office.holding = False
        assert found(made.id).state is MailState.QUEUED
        pass_the_pause()
        second = worker(tmp_path / "log")
        try:
            wait(lambda: found(made.id).state is MailState.SENT)
        finally:
            second.terminate()
            second.wait(60)

    names = [letter["Message-ID"] for letter in office.letters]
    assert names == [made.message_id] * 2
    with db.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Activity)) == 1
