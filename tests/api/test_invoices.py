"""/orders/…/invoices, /invoices and /payments: issued, printed, paid, credited."""

import pytest

from crm.models import Actor
from tests import make
from tests.api.conftest import Clients

ISSUE = {"on": "2026-03-01", "due_on": "2026-03-31"}
MATCH = {"If-Match": '"1"'}


def ordered(owner: Actor | None = None) -> int:
    """An order of ten at 3.50."""
    return make.order(make.customer(owner), (make.product(), 10, "3.5")).id


@pytest.mark.slow
def test_an_order_is_invoiced_paid_and_credited(client: Clients, admin: Actor) -> None:
    there = client(admin)

    answer = there.post(f"/v1/orders/{ordered()}/invoices", json=ISSUE, headers=MATCH)

    assert answer.status_code == 201
    made = answer.json()
    place = f"/v1/invoices/{made['id']}"
    assert answer.headers["location"] == f"/api{place}"
    assert (made["number"], made["balance"], made["state"]) == (
        "INV-2026-00001", "35", "overdue",
    )  # fmt: skip
    paid = there.post("/v1/payments", json={"invoice_id": made["id"], "amount": "30"})
    line = {"line": made["lines"][0]["id"], "quantity": "2"}
    credit = {"reason": "Broken", "lines": [line], "on": "2026-03-02"}
    match = {"If-Match": '"2"'}
    note = there.post(
        f"{place}/credit", json=credit | {"goods_back": True}, headers=match
    )
    assert (paid.status_code, note.status_code) == (201, 201)
    assert note.json()["total"] == "-7"
    now = there.get(place).json()
    assert (now["paid"], now["credited"], now["balance"]) == ("30", "-7", "-2")
    back = there.get(f"/v1/orders/{note.json()['order_id']}").json()
    assert (back["kind"], back["total"]) == ("return", "-7")
    void = there.post(
        f"/v1/payments/{paid.json()['id']}/void", json={"reason": "x"}, headers=MATCH
    )
    assert void.json()["void_reason"] == "x"
    assert there.get(place).json()["balance"] == "28"


@pytest.mark.slow
def test_the_same_request_twice_is_done_once(client: Clients, admin: Actor) -> None:
    there, key = client(admin), MATCH | {"Idempotency-Key": "k"}
    place = f"/v1/orders/{ordered()}/invoices"

    answers = [there.post(place, json=ISSUE, headers=key) for _turn in range(2)]

    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    body = {"invoice_id": answers[0].json()["id"], "amount": "5"}
    for _turn in range(2):
        there.post("/v1/payments", json=body, headers={"Idempotency-Key": "p"})
    assert there.get("/v1/payments").json()["total"] == 1


@pytest.mark.slow
def test_they_are_listed_and_filtered_by_where_they_stand(
    client: Clients, admin: Actor
) -> None:
    there = client(admin)
    for amount in ("35", "1"):
        order = make.order(make.customer(), (make.product(), 10, "3.5"))
        make.payment(make.invoice(order), amount)
    rule = '{"rules":[{"field":"state","op":"any","value":["overdue"]}]}'

    found = there.get("/v1/invoices", params={"filter": rule}).json()["items"]
    received = there.get("/v1/payments", params={"sort": "amount"}).json()["items"]

    assert [(one["number"], one["balance"]) for one in found] == [
        ("INV-2026-00002", "34")
    ]
    assert [one["invoice"] for one in received] == ["INV-2026-00002", "INV-2026-00001"]


@pytest.mark.slow
def test_an_invoice_is_printed(client: Clients, admin: Actor) -> None:
    order = make.order(make.customer(), (make.product(), 10, "3.5"))
    answer = client(admin).get(f"/v1/invoices/{make.invoice(order).id}/pdf")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert 'filename="INV-2026-00001.pdf"' in answer.headers["content-disposition"]


@pytest.mark.slow
def test_what_is_refused_is_told(client: Clients, admin: Actor, viewer: Actor) -> None:
    there, place = client(admin), f"/v1/orders/{ordered()}/invoices"
    made = there.post(place, json=ISSUE, headers=MATCH).json()
    credit = f"/v1/invoices/{made['id']}/credit"

    assert there.post(place, json=ISSUE, headers=MATCH).status_code == 409
    assert there.post(credit, json={}, headers=MATCH).status_code == 422
    lines = [{"line": made["lines"][0]["id"], "quantity": "11"}]
    more = there.post(credit, json={"reason": "x", "lines": lines}, headers=MATCH)
    assert more.status_code == 409
    for method in ("PATCH", "DELETE", "PUT"):
        assert there.request(method, f"/v1/invoices/{made['id']}").status_code == 405
    money = {"invoice_id": made["id"], "amount": "1"}
    for path, body in (
        (place, ISSUE),
        (credit, {"reason": "x"}),
        ("/v1/payments", money),
    ):
        assert client(viewer).post(path, json=body, headers=MATCH).status_code == 403
