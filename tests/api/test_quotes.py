"""/quotes: written, changed, sent, answered, revised and printed over REST."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from crm import db
from crm.config import settings
from crm.models import SYSTEM, Actor, MailState
from crm.services.mail import mail
from tests import make
from tests.api.conftest import Clients

MATCH = {"If-Match": '"1"'}


def made(there: TestClient, **fields: Any) -> dict[str, Any]:
    line = {"product_id": make.product().id, "quantity": "2", "unit_price": "9.99"}
    body = {"customer_id": make.customer(name="Rhine Mills").id, "lines": [line]}
    answer = there.post("/v1/quotes", json=body | fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def place(quote: dict[str, Any], step: str = "") -> str:
    return f"/v1/quotes/{quote['id']}{step}"


def step(there: TestClient, quote: dict[str, Any], name: str, **body: Any) -> Any:
    match = {"If-Match": f'"{quote["version"]}"'}
    return there.post(place(quote, f"/{name}"), json=body, headers=match)


def test_a_quote_is_written_with_its_lines_and_changed(
    client: Clients, admin: Actor
) -> None:
    there = client(admin)
    quote = made(there, terms="30 days net")
    line = {k: quote["lines"][0][k] for k in ("product_id", "unit_price")}

    changed = there.patch(
        place(quote), json={"lines": [line | {"discount": "0.5"}]}, headers=MATCH
    )

    assert (quote["net"], quote["total"], quote["url"]) == ("19.98", "19.98", None)
    assert changed.status_code == 200
    found = there.get(place(quote))
    assert found.json() == changed.json()
    assert found.headers["etag"] == '"2"'
    assert [one["amount"] for one in found.json()["lines"]] == ["5"]  # 4.995
    assert found.json()["terms"] == "30 days net"


@pytest.mark.slow
def test_its_way_from_draft_to_a_new_version(client: Clients, admin: Actor) -> None:
    there = client(admin)

    sent = step(there, made(there), "send").json()
    assert (sent["status"], sent["url"].rpartition("/")[0]) == (
        "sent", f"{settings().base_url}/offer",
    )  # fmt: skip
    declined = step(there, sent, "decline", by="Jo Weber", note="Too dear").json()
    assert (declined["status"], declined["answer_note"]) == ("declined", "Too dear")
    second = step(there, declined, "revise", valid_until="2999-12-31")
    assert second.status_code == 201
    assert second.headers["location"] == f"/api/v1/quotes/{second.json()['id']}"
    sent = step(there, second.json(), "send").json()
    accepted = step(there, sent, "accept", by="Jo Weber").json()

    assert (accepted["revision"], accepted["status"]) == (2, "accepted")
    assert accepted["valid_until"] == "2999-12-31"
    assert step(there, accepted, "accept", by="Jo").status_code == 409
    listed = there.get("/v1/quotes", params={"sort": "revision"}).json()["items"]
    assert [(one["revision"], one["status"]) for one in listed] == [
        (1, "declined"),
        (2, "accepted"),
    ]


@pytest.mark.slow
def test_it_goes_out_by_mail_with_its_file(
    client: Clients, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "require_set_up", lambda: None)
    there = client(admin)
    quote = made(there)

    sent = step(there, quote, "send", to_address="jo@example.com")

    assert sent.status_code == 200
    with db.reading(SYSTEM) as session:
        (one,) = mail.listed(session, quote_id=quote["id"])
        session.refresh(one, ["attachment"])
    assert (one.state, one.to_address) == (MailState.QUEUED, "jo@example.com")
    assert quote["number"] in one.subject
    assert sent.json()["url"] in one.body
    assert one.attachment_name == f"{quote['number']}-v1.pdf"
    assert (one.attachment or b"").startswith(b"%PDF-")


@pytest.mark.slow
def test_what_cannot_be_mailed_is_not_sent(client: Clients, admin: Actor) -> None:
    there = client(admin)
    quote = made(there)

    refused = step(there, quote, "send", to_address="jo@example.com")

    assert refused.status_code == 409  # no mail is set up
    assert there.get(place(quote)).json()["status"] == "draft"


def test_asking_twice_writes_one(client: Clients, admin: Actor) -> None:
    there = client(admin)
    line = {"product_id": make.product().id, "unit_price": "5"}
    body = {"customer_id": make.customer().id, "lines": [line]}

    first, second = (
        there.post("/v1/quotes", json=body, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    )

    assert first.json() == second.json()
    assert there.get("/v1/quotes").json()["total"] == 1


@pytest.mark.slow
def test_it_is_printed_for_who_reads_and_answered_by_who_may(
    client: Clients, admin: Actor, viewer: Actor
) -> None:
    quote = step(client(admin), made(client(admin)), "send").json()
    reads = frozenset({"quote:read"})
    token = client(replace(admin, kind="token", scopes=reads))

    paper = token.get(place(quote, "/pdf"))

    assert paper.headers["content-type"] == "application/pdf"
    assert quote["number"] in paper.headers["content-disposition"]
    assert paper.content.startswith(b"%PDF-")
    assert len(token.get(place(quote)).json()["lines"]) == 1
    for there in (token, client(viewer)):
        assert there.get(place(quote)).json()["url"] is None
        assert step(there, quote, "accept", by="Jo").status_code == 403
