"""The page of outgoing mail, and another try from there."""

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, MailState, OutgoingMail, utcnow
from crm.services.mail import mail, mail_delivery
from tests import make, post_office
from tests.ui.conftest import signed_in

PAGE = str(ROOT / "pages/data/mail.py")


def failed(actor: Actor, subject: str) -> OutgoingMail:
    """A mail of `actor` that the server has refused."""
    with db.transaction(actor) as session:
        made = mail.queue(
            session, to_address="lin@example.com", subject=subject, body="Good day"
        )
    with db.transaction(SYSTEM) as session:
        mail_delivery.claim(session, made.id, at=utcnow())
        mail_delivery.note_failure(session, made.id, "550 <b>No", for_good=True)
    return made


def opened(actor: Actor) -> AppTest:
    return signed_in(actor).run().switch_page(PAGE).run()


@pytest.mark.slow
def test_a_mail_that_failed_is_sent_again_by_a_click(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.use(monkeypatch, "smtp://127.0.0.1:1")
    made = failed(alice, "![x](http://x) *Hi*")
    app = opened(alice)

    assert r"\!\[x\]\(http" in "".join(one.value for one in app.markdown)
    assert r"550 &lt;b\>No" in app.error[0].value
    app.button(f"mail_{made.id}_again").click().run()

    assert [one.value for one in app.toast] == [r"The mail is on its way\."]
    with db.reading(alice) as session:
        assert mail.listed(session)[0].state is MailState.QUEUED
    assert not app.error


@pytest.mark.slow
def test_nobody_sees_the_mail_to_customers_of_others(
    alice: Actor, charlie: Actor, viewer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.use(monkeypatch, "smtp://127.0.0.1:1")
    customer = make.customer(alice)
    made = failed(alice, "Canary")
    with db.transaction(SYSTEM) as session:
        db.get(session, OutgoingMail, made.id).customer_id = customer.id

    theirs = opened(charlie)
    looked = opened(viewer)

    assert "Canary" not in "".join(one.value for one in theirs.markdown)
    assert "Canary" in "".join(one.value for one in looked.markdown)
    assert f"mail_{made.id}_again" not in {one.key for one in looked.button}
