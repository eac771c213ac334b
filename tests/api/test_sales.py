"""/leads and /opportunities: converted, moved and refused over REST."""

from dataclasses import replace

import pytest

from crm.models import Actor, Lead
from tests import make
from tests.api.conftest import Clients

MATCH = {"If-Match": '"1"'}


def test_an_opportunity_begins_in_the_first_stage(
    client: Clients, admin: Actor
) -> None:
    customer = make.customer()
    body = {"name": "Chairs", "customer_id": customer.id, "amount": "900.5"}

    answer = client(admin).post("/v1/opportunities", json=body)

    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/opportunities/{made['id']}"
    assert made["stage_id"] == make.stages()["Prospecting"].id
    assert (made["amount"], made["currency"], made["state"]) == ("900.5", "EUR", "open")


def test_it_moves_by_its_stage_and_is_lost_with_a_reason(
    client: Clients, admin: Actor
) -> None:
    there = client(admin)
    place = f"/v1/opportunities/{make.opportunity(make.customer()).id}"
    lost = {"stage_id": make.stages()["Lost"].id}

    refused = there.patch(place, json=lost, headers=MATCH)
    body = lost | {"lost_reason": "price", "competitor": "Acme"}
    moved = there.patch(place, json=body, headers=MATCH)

    assert refused.status_code == 409
    assert "Reason it was lost" in refused.text
    assert (moved.status_code, moved.json()["state"]) == (200, "lost")


def test_the_second_of_two_moves_meets_412(client: Clients, admin: Actor) -> None:
    there = client(admin)
    place = f"/v1/opportunities/{make.opportunity(make.customer()).id}"
    stages = make.stages()
    first, second = ({"stage_id": stages[n].id} for n in ("Qualified", "Proposal"))

    assert there.patch(place, json=first, headers=MATCH).status_code == 200
    assert there.patch(place, json=second, headers=MATCH).status_code == 412


def test_a_lead_is_converted_by_its_status(client: Clients, admin: Actor) -> None:
    there = client(admin)
    body = {"name": "Jo Weber", "company": "Rhine Mills"}
    lead = there.post("/v1/leads", json=body).json()

    answer = there.patch(
        f"/v1/leads/{lead['id']}", json={"status": "converted"}, headers=MATCH
    )

    assert answer.status_code == 200
    made = answer.json()
    assert made["status"] == "converted"
    customer = there.get(f"/v1/customers/{made['customer_id']}").json()
    deal = there.get(f"/v1/opportunities/{made['opportunity_id']}").json()
    assert customer["name"] == deal["name"] == "Rhine Mills"


def test_a_token_converts_only_if_it_may_make_all_three(
    client: Clients, admin: Actor
) -> None:
    lead = make.lead(company="Rhine Mills")
    place, body = f"/v1/leads/{lead.id}", {"status": "converted"}
    some = {"lead:read", "lead:update", "customer:create", "contact:create"}
    full = some | {"customer:read", "contact:read", "opportunity:create"}
    full |= {"opportunity:read"}

    narrow, wide = (
        client(replace(admin, kind="token", scopes=frozenset(scopes)))
        for scopes in (some, full)
    )

    assert narrow.patch(place, json=body, headers=MATCH).status_code == 403
    assert wide.patch(place, json=body, headers=MATCH).status_code == 200


@pytest.mark.slow
def test_products_are_put_in_as_a_whole(client: Clients, admin: Actor) -> None:
    there, pen = client(admin), make.product(price=5)
    place = f"/v1/opportunities/{make.opportunity(make.customer()).id}"
    body = {"lines": [{"product_id": pen.id, "quantity": "3", "discount": "0.5"}]}

    put = there.put(f"{place}/lines", json=body, headers=MATCH)

    assert put.status_code == 200, put.text
    found = there.get(f"{place}/lines")
    assert found.json() == put.json()
    assert found.headers["etag"] == put.headers["etag"] == '"2"'
    assert (found.json()["amount"], found.json()["currency"]) == ("7.5", "EUR")
    assert there.get(place).json()["amount"] == "7.5"
    (line,) = found.json()["lines"]
    assert (line["unit_price"], line["amount"]) == ("5", "7.5")
    typed = there.patch(place, json={"amount": "9"}, headers={"If-Match": '"2"'})
    assert (typed.status_code, "sum of the products" in typed.text) == (409, True)
    assert there.put(f"{place}/lines", json=body).status_code == 428
    assert there.put(f"{place}/lines", json=body, headers=MATCH).status_code == 412


@pytest.mark.parametrize("path", ["leads", "customers", "contacts"])
def test_a_mail_address_that_is_none_is_refused(
    client: Clients, admin: Actor, path: str
) -> None:
    there, name = client(admin), "last_name" if path == "contacts" else "name"

    bad = there.post(f"/v1/{path}", json={name: "x", "email": "nope"})
    made = there.post(f"/v1/{path}", json={name: "x", "email": "jo@example.com"})
    place = f"/v1/{path}/{made.json()['id']}"
    worse = there.patch(place, json={"email": "no@where"}, headers=MATCH)

    told = {"detail": "“nope” is not an e-mail address.", "field": "email"}
    assert (bad.status_code, bad.json(), made.status_code) == (422, told, 201)
    assert (worse.status_code, worse.json()["field"]) == (422, "email")


def test_an_old_address_that_is_none_does_not_stop_other_changes(
    client: Clients, admin: Actor
) -> None:
    old = make.saved(Lead(name="Old", email="nope"))

    answer = client(admin).patch(
        f"/v1/leads/{old.id}", json={"phone": "1"}, headers=MATCH
    )

    assert (answer.status_code, answer.json()["email"]) == (200, "nope")


@pytest.mark.parametrize("path", ["leads", "customers", "opportunities"])
@pytest.mark.usefixtures("admin")
def test_whoever_makes_a_record_may_give_it_to_somebody_else(
    client: Clients, path: str
) -> None:
    alice = make.actor("Alice", reach="own")
    bob = make.actor("Bob", reach="own")
    body = {"name": "x", "owner_id": bob.user_id}
    if path == "opportunities":
        body["customer_id"] = make.customer(alice).id

    answer = client(alice).post(f"/v1/{path}", json=body)

    assert (answer.status_code, answer.json()["owner_id"]) == (201, bob.user_id)


def test_a_fault_names_the_field_as_the_screen_does(
    client: Clients, admin: Actor
) -> None:
    body = {"name": "x", "customer_id": make.customer().id, "amount": "much"}

    answer = client(admin).post("/v1/opportunities", json=body)

    told = {"detail": "“Amount” is not a number.", "field": "amount"}
    assert (answer.status_code, answer.json()) == (422, told)


def test_three_letters_that_are_no_currency_are_refused(
    client: Clients, admin: Actor
) -> None:
    body = {"name": "x", "customer_id": make.customer().id, "currency": "ABC"}

    answer = client(admin).post("/v1/opportunities", json=body)

    assert (answer.status_code, answer.json()["field"]) == (422, "currency")
