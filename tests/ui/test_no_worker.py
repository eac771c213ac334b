"""Pages say that nobody does what waits, where no worker is alive."""

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.models import (
    SYSTEM,
    Actor,
    Job,
    JobState,
    MailState,
    OutgoingMail,
    WorkerBeat,
    utcnow,
)
from crm.services import jobs, workers
from tests import make
from tests.ui.conftest import signed_in
from tests.ui.test_imports import WIZARD, at, begun

WORDS = "No worker is running: what waits stays waiting until one starts"


def told(app: AppTest) -> bool:
    assert not app.exception
    return any(WORDS in one.value.replace("\\", "") for one in app.warning)


def seen(seconds: float) -> None:
    with db.transaction(SYSTEM) as session:
        workers.beat(session, "w", at=utcnow() - timedelta(seconds=seconds))


def letter(**details: Any) -> OutgoingMail:
    given = {"to_address": "a@example.com", "subject": "Hi", "body": "Hi"}
    return OutgoingMail(**given | details, message_id="<m@example.com>")


def waiting_job(_admin: Actor) -> tuple[str, dict[str, int]]:
    make.saved(Job(key="k", kind="churn", title="Churn", owner_id=1))
    return "pages/data/jobs.py", {}


def waiting_mail(_admin: Actor) -> tuple[str, dict[str, int]]:
    make.saved(letter())
    return "pages/data/mail.py", {}


def waiting_import(admin: Actor) -> tuple[str, dict[str, int]]:
    import_id = begun(admin)
    app = at(signed_in(admin).run(), WIZARD, id=import_id, step="map")
    app.button(key="import_check").click().run()
    return WIZARD, {"id": import_id, "step": "check"}


def waiting_analysis(admin: Actor) -> tuple[str, dict[str, int]]:
    with db.transaction(admin) as session:
        jobs.ask(session, "churn", "Churn", {"as_of": "2026-03-01", "parameters": {}})
    return "pages/insight/churn.py", {}


@pytest.mark.parametrize(
    "waiting", [waiting_job, waiting_mail, waiting_import, waiting_analysis]
)
def test_a_page_with_something_that_waits_tells_when_nobody_works(
    app: AppTest, admin: Actor, waiting: object
) -> None:
    page, address = waiting(admin)  # type: ignore[operator]  # one of the above
    seen(70)
    assert told(at(app, page, **address))

    seen(5)

    assert not told(app.run())


def test_where_nothing_waits_nothing_is_said(app: AppTest, admin: Actor) -> None:
    make.saved(
        Job(key="k", kind="churn", title="Churn", owner_id=1, state=JobState.DONE)
    )
    make.saved(letter(state=MailState.SENT))
    make.saved(WorkerBeat(worker="w", seen_at=make.NOON))

    assert not told(at(app, "pages/data/jobs.py"))
    assert not told(at(app, "pages/data/mail.py"))
