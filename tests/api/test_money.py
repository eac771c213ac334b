"""/rates and /price-lists over REST."""

from dataclasses import replace

import pytest

from crm.models import Actor
from tests import make
from tests.api.conftest import Clients

MATCH = {"If-Match": '"1"'}


def test_a_rate_is_entered_changed_and_deleted(client: Clients, admin: Actor) -> None:
    there = client(admin)
    body = {"currency": "USD", "rate_on": "2026-03-01", "rate": "0.92216894135"}

    made = there.post("/v1/rates", json=body)

    assert made.status_code == 201
    assert (made.json()["rate"], made.json()["source"]) == ("0.9221689414", None)
    place = made.headers["location"].removeprefix("/api")
    assert there.post("/v1/rates", json=body).status_code == 409
    changed = there.patch(place, json={"rate": "0.9"}, headers=MATCH)
    assert (changed.status_code, changed.json()["rate"]) == (200, "0.9")
    assert there.patch(place, json={"rate": "1"}, headers=MATCH).status_code == 412
    last = {"If-Match": changed.headers["etag"]}
    assert there.delete(place, headers=last).status_code == 204
    assert there.get("/v1/rates").json() == {"items": [], "total": 0}


def test_rates_are_asked_for_by_currency_and_day(client: Clients, alice: Actor) -> None:
    for day in ("01", "02", "03"):
        make.rate("USD", f"2026-03-{day}", "0.9")
    make.rate("CHF", "2026-03-02", "1.05")

    there = client(alice)
    ask = "/v1/rates?currency=USD&since=2026-03-02&limit=1"
    found = there.get(ask).json()

    assert found["total"] == 2
    assert [one["rate_on"] for one in found["items"]] == ["2026-03-03"]
    assert there.get("/v1/rates?currency=dollars").status_code == 422


@pytest.mark.slow
def test_a_price_list_goes_and_comes_with_its_prices(
    client: Clients, admin: Actor
) -> None:
    there, pen, ink = client(admin), make.product(), make.product()
    prices = [
        {"product_id": pen.id, "min_quantity": "1", "price": "2"},
        {"product_id": pen.id, "min_quantity": "10", "price": "1.5"},
    ]
    body = {"name": "Dealers", "currency": "usd", "prices": prices}

    made = there.post("/v1/price-lists", json=body).json()

    assert (made["currency"], made["prices"]) == ("USD", prices)
    place = f"/v1/price-lists/{made['id']}"
    read = there.get(place)
    match = {"If-Match": read.headers["etag"]}
    only = [{"product_id": ink.id, "price": "7"}]
    changes = {"name": "Partners", "prices": only}
    changed = there.patch(place, json=changes, headers=match).json()
    assert changed["prices"] == [only[0] | {"min_quantity": "1"}]
    (listed,) = there.get("/v1/price-lists?q=partners").json()["items"]
    assert (listed["name"], listed["currency"]) == ("Partners", "USD")


def test_what_does_not_fit_leaves_a_price_list_as_it_was(
    client: Clients, admin: Actor
) -> None:
    there, pen = client(admin), make.product()
    body = {"name": "Dealers", "prices": [{"product_id": pen.id, "price": "2"}]}
    made = there.post("/v1/price-lists", json=body)
    place = f"/v1/price-lists/{made.json()['id']}"
    match = {"If-Match": made.headers["etag"]}

    for prices, status in (
        ("all", 422),
        ([{"product_id": pen.id, "price": "-1"}], 422),
        ([{"product_id": 999, "price": "1"}], 404),
    ):
        changes = {"name": "Other", "prices": prices}
        assert there.patch(place, json=changes, headers=match).status_code == status

    assert there.get(place).json() == made.json()


def test_a_token_for_price_lists_writes_their_prices(
    client: Clients, admin: Actor
) -> None:
    pen = make.product()
    body = {"name": "Dealers", "prices": [{"product_id": pen.id, "price": "2"}]}

    codes = []
    for scope in ("price_list:create", "exchange_rate:create"):
        scopes = frozenset({scope, "product:read", "price_list:update"})
        token = replace(admin, kind="token", scopes=scopes)
        codes.append(client(token).post("/v1/price-lists", json=body).status_code)

    assert codes == [201, 403]
