"""/campaigns and their recipients: added, listed by cursor, marked one by one."""

from dataclasses import replace

import pytest

from crm import db
from crm.models import SYSTEM, Actor, Campaign, Recipient
from crm.services.marketing import recipients
from tests import make
from tests.api.conftest import Clients

MATCH = {"If-Match": '"1"'}
MOMENT = "2026-03-05T09:00:00+00:00"


def planned(hold_out: float = 0.0) -> Campaign:
    campaign: Campaign = make.saved(Campaign(name="Spring fair", hold_out=hold_out))
    return campaign


def test_a_campaign_is_planned_changed_and_deleted(
    client: Clients, admin: Actor
) -> None:
    there = client(admin)
    body = {"name": "Fair", "kind": "event", "cost": "1200", "hold_out": 0.2}

    made = there.post("/v1/campaigns", json=body)
    place = f"/v1/campaigns/{made.json()['id']}"
    changed = there.patch(place, json={"status": "running"}, headers=MATCH)
    listed = there.get("/v1/campaigns").json()["items"]
    gone = there.delete(place, headers={"If-Match": '"2"'})

    assert made.status_code == 201
    assert (made.json()["cost"], made.json()["hold_out"]) == ("1200", 0.2)
    assert (changed.status_code, changed.json()["status"]) == (200, "running")
    assert [one["name"] for one in listed] == ["Fair"]
    assert gone.status_code == 204


def test_more_than_half_is_never_held_out(client: Clients, admin: Actor) -> None:
    body = {"name": "Fair", "hold_out": 0.6}

    assert client(admin).post("/v1/campaigns", json=body).status_code == 422


def test_customers_are_added_once_and_listed_by_cursor(
    client: Clients, admin: Actor
) -> None:
    there = client(admin)
    ids = [make.customer().id for _number in range(3)]
    place = f"/v1/campaigns/{planned().id}/recipients"

    first = there.post(place, json={"customer_ids": ids}, headers=MATCH)
    again = there.post(place, json={"customer_ids": [*ids, 999]}, headers=MATCH)
    page = there.get(place, params={"limit": 2}).json()
    rest = there.get(place, params={"limit": 2, "cursor": page["next"]}).json()

    assert first.json() == {"new": 3, "held_out": 0, "before": 0}
    assert (first.status_code, again.json()["new"]) == (201, 0)
    assert [one["customer_id"] for one in page["items"]] == ids[:2]
    assert [one["customer_id"] for one in rest["items"]] == ids[2:]
    assert rest["next"] is None


def test_the_same_key_is_answered_alike(client: Clients, admin: Actor) -> None:
    there, body = client(admin), {"customer_ids": [make.customer().id]}
    place = f"/v1/campaigns/{planned().id}/recipients"
    key = MATCH | {"Idempotency-Key": "k1"}

    first, second = (there.post(place, json=body, headers=key) for _time in range(2))

    assert first.json() == second.json() == {"new": 1, "held_out": 0, "before": 0}


def test_a_response_is_marked_and_taken_back(client: Clients, admin: Actor) -> None:
    there, customer, campaign = client(admin), make.customer(), planned()
    place = f"/v1/campaigns/{campaign.id}/recipients"
    there.post(place, json={"customer_ids": [customer.id]}, headers=MATCH)
    one = f"{place}/{customer.id}"

    marked = there.patch(one, json={"responded_at": MOMENT}, headers=MATCH)
    stale = there.patch(one, json={"responded_at": None}, headers=MATCH)
    listed = there.get(place, params={"state": "responded"}).json()["items"]
    tag = {"If-Match": there.get(one).headers["etag"]}
    back = there.patch(one, json={"responded_at": None}, headers=tag)

    assert marked.json()["responded_at"] == marked.json()["reached_at"] == MOMENT
    assert stale.status_code == 412
    assert [row["customer_id"] for row in listed] == [customer.id]
    assert back.json()["responded_at"] is None


def test_a_moment_without_its_zone_is_refused(client: Clients, admin: Actor) -> None:
    there, customer, campaign = client(admin), make.customer(), planned()
    make.saved(Recipient(campaign_id=campaign.id, customer_id=customer.id))
    one = f"/v1/campaigns/{campaign.id}/recipients/{customer.id}"

    answer = there.patch(one, json={"reached_at": MOMENT[:19]}, headers=MATCH)

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_a_moment_of_another_age_is_refused(
    client: Clients, admin: Actor, moment: str
) -> None:
    customer, campaign = make.customer(), planned()
    make.saved(Recipient(campaign_id=campaign.id, customer_id=customer.id))
    one = f"/v1/campaigns/{campaign.id}/recipients/{customer.id}"

    answer = client(admin).patch(one, json={"reached_at": moment}, headers=MATCH)

    assert (answer.status_code, answer.json()["field"]) == (422, "reached_at")


def test_to_say_nothing_is_another_request_than_to_take_back(
    client: Clients, admin: Actor
) -> None:
    there, customer, campaign = client(admin), make.customer(), planned()
    make.saved(Recipient(campaign_id=campaign.id, customer_id=customer.id))
    one = f"/v1/campaigns/{campaign.id}/recipients/{customer.id}"
    key = MATCH | {"Idempotency-Key": "k1"}

    nothing = there.patch(one, json={}, headers=key)
    back = there.patch(one, json={"reached_at": None}, headers=key)

    assert (nothing.status_code, back.status_code) == (200, 422)


def test_who_is_held_out_cannot_respond(client: Clients, admin: Actor) -> None:
    customer, campaign = make.customer(), planned()
    make.saved(
        Recipient(campaign_id=campaign.id, customer_id=customer.id, held_out=True)
    )
    place = f"/v1/campaigns/{campaign.id}/recipients/{customer.id}"

    answer = client(admin).patch(place, json={"responded_at": MOMENT}, headers=MATCH)

    assert answer.status_code == 409
    assert "held out by lot" in answer.text


def test_a_recipient_out_of_reach_is_like_none(
    client: Clients, alice: Actor, charlie: Actor
) -> None:
    theirs, campaign = make.customer(alice), planned()
    with db.transaction(SYSTEM) as session:
        recipients.add(session, campaign.id, [theirs.id])
    place = f"/v1/campaigns/{campaign.id}/recipients"
    there = client(charlie)

    assert there.get(place).json() == {"items": [], "next": None}
    foreign, none = there.get(f"{place}/{theirs.id}"), there.get(f"{place}/999")
    assert foreign.status_code == none.status_code == 404
    assert foreign.text.replace(str(theirs.id), "") == none.text.replace("999", "")
    added = there.post(place, json={"customer_ids": [theirs.id]}, headers=MATCH)
    assert added.json() == {"new": 0, "held_out": 0, "before": 0}


def test_a_token_for_campaigns_adds_and_another_does_not(
    client: Clients, admin: Actor
) -> None:
    body, campaign = {"customer_ids": [make.customer().id]}, planned()
    place = f"/v1/campaigns/{campaign.id}/recipients"
    reads = frozenset({"campaign:read", "customer:read"})
    looking = replace(admin, kind="token", scopes=reads)
    working = replace(looking, scopes=reads | {"campaign:update"})

    assert client(looking).post(place, json=body, headers=MATCH).status_code == 403
    assert client(working).post(place, json=body, headers=MATCH).json()["new"] == 1
