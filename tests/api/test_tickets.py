"""/tickets over REST: opened, listed, moved, closed and deleted."""

import json

from crm.models import Actor
from tests import make
from tests.api.conftest import Clients

MATCH = {"If-Match": '"1"'}


def test_a_ticket_is_opened_and_read(client: Clients, admin: Actor) -> None:
    there, contact = client(admin), make.contact(make.customer())
    body = {
        "subject": "Grinder squeaks",
        "kind": "problem",
        "priority": "high",
        "contact_id": contact.id,
    }

    answer = there.post("/v1/tickets", json=body)

    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/tickets/{made['id']}"
    assert answer.headers["etag"] == '"1"'
    assert made["customer_id"] == contact.customer_id
    assert (made["status"], made["owner_id"]) == ("new", admin.user_id)
    assert made["opened_at"] is not None
    assert made["solved_at"] is None
    read = there.get(f"/v1/tickets/{made['id']}")
    assert (read.status_code, read.json()) == (200, made)


def test_sent_twice_with_a_key_it_is_opened_once(client: Clients, admin: Actor) -> None:
    there, key = client(admin), {"Idempotency-Key": "one"}

    answers = [
        there.post("/v1/tickets", json={"subject": "Once"}, headers=key)
        for _time in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert there.get("/v1/tickets").json()["total"] == 1


def test_it_is_solved_and_then_closed_for_good(client: Clients, admin: Actor) -> None:
    there = client(admin)
    place = f"/v1/tickets/{make.ticket().id}"

    solved = there.patch(place, json={"status": "solved"}, headers=MATCH)
    match = {"If-Match": solved.headers["etag"]}
    closed = there.patch(place, json={"status": "closed"}, headers=match)
    match = {"If-Match": closed.headers["etag"]}
    again = there.patch(place, json={"status": "open"}, headers=match)

    assert solved.json()["solved_at"] == closed.json()["solved_at"] is not None
    assert (again.status_code, closed.json()["status"]) == (409, "closed")


def test_it_is_taken_from_its_customer_with_its_contact(
    client: Clients, admin: Actor
) -> None:
    there, contact = client(admin), make.contact(make.customer())
    ticket = make.ticket(customer_id=contact.customer_id, contact_id=contact.id)
    place = f"/v1/tickets/{ticket.id}"

    answer = there.patch(place, json={"customer_id": None}, headers=MATCH)

    assert answer.status_code == 200
    read = there.get(place).json()
    assert (read["customer_id"], read["contact_id"]) == (None, None)


def test_the_second_of_two_changes_meets_412(client: Clients, admin: Actor) -> None:
    there = client(admin)
    place = f"/v1/tickets/{make.ticket().id}"

    answers = [
        there.patch(place, json={"priority": one}, headers=MATCH).status_code
        for one in ("high", "low")
    ]

    assert answers == [200, 412]


def test_a_list_is_filtered_sorted_and_turned(client: Clients, admin: Actor) -> None:
    there = client(admin)
    for priority in ("low", "urgent", "normal", "high"):
        make.ticket(subject=priority, priority=priority)
    rule = {"field": "priority", "op": "none", "value": ["low"]}
    asked = {
        "filter": json.dumps({"match": "all", "rules": [rule]}),
        "sort": "-priority",
        "limit": 2,
    }

    first = there.get("/v1/tickets", params=asked).json()
    second = there.get("/v1/tickets", params=asked | {"cursor": first["next"]}).json()

    pages = [[one["subject"] for one in page["items"]] for page in (first, second)]
    assert pages == [["urgent", "high"], ["normal"]]
    assert (first["total"], second["next"]) == (3, None)


def test_it_goes_to_the_recycle_bin(client: Clients, admin: Actor) -> None:
    there = client(admin)
    place = f"/v1/tickets/{make.ticket().id}"

    assert there.delete(place, headers={"If-Match": '"7"'}).status_code == 412
    assert there.delete(place, headers=MATCH).status_code == 204
    assert there.get(place).status_code == 404


def test_what_does_not_fit_is_refused_in_words(client: Clients, admin: Actor) -> None:
    there, contact = client(admin), make.contact(make.customer())
    other = make.customer()

    stranger = {"subject": "x", "customer_id": other.id, "contact_id": contact.id}
    answers = [
        there.post("/v1/tickets", json=body)
        for body in ({}, {"subject": "x", "kind": "wish"}, stranger)
    ]

    assert [one.status_code for one in answers] == [422, 422, 422]
    assert "another customer" in answers[2].text


def test_who_does_not_see_the_customer_does_not_see_the_ticket(
    client: Clients, alice: Actor, charlie: Actor
) -> None:
    place = f"/v1/tickets/{make.ticket(alice).id}"

    assert client(alice).get(place).status_code == 200
    assert client(charlie).get(place).status_code == 404
    assert client(charlie).get("/v1/tickets").json()["items"] == []
    answer = client(charlie).patch(place, json={"status": "solved"}, headers=MATCH)
    assert answer.status_code == 404
