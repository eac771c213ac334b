"""/targets over REST: set, listed, changed, how far they have come."""

import base64
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.models import Actor, utcnow
from tests import make
from tests.api.conftest import Clients

MATCH = {"If-Match": '"1"'}
FORM = {"period": "year", "starts_on": "2026-01-01", "amount": "1000.5"}


def test_a_target_is_set_read_changed_and_taken_away(
    client: Clients, admin: Actor, alice: Actor
) -> None:
    there = client(admin)
    made = there.post("/v1/targets", json=FORM | {"owner_id": alice.user_id})
    place = f"/v1/targets/{made.json()['id']}"

    changed = there.patch(place, json={"amount": "7"}, headers=MATCH)
    stale = there.patch(place, json={"amount": "8"}, headers=MATCH)
    read = client(alice).get(place).json()

    assert made.status_code == 201
    assert made.headers["location"] == f"/api{place}"
    assert made.json()["amount"] == "1000.5"
    assert (changed.status_code, stale.status_code) == (200, 412)
    assert (read["amount"], read["owner_id"]) == ("7", alice.user_id)
    gone = there.delete(place, headers={"If-Match": '"2"'})
    assert (gone.status_code, there.get(place).status_code) == (204, 404)


def test_a_day_that_begins_no_year_is_refused(client: Clients, admin: Actor) -> None:
    answer = client(admin).post("/v1/targets", json=FORM | {"starts_on": "2026-02-01"})

    assert answer.status_code == 422
    assert "2026-01-01" in answer.text


def test_the_second_for_the_same_is_refused(client: Clients, admin: Actor) -> None:
    there = client(admin)

    codes = [there.post("/v1/targets", json=FORM).status_code for _n in range(2)]

    assert codes == [201, 409]


def test_who_sells_reads_targets_and_sets_none(
    client: Clients, admin: Actor, alice: Actor
) -> None:
    client(admin).post("/v1/targets", json=FORM)
    hers = client(alice)

    assert hers.get("/v1/targets").json()["total"] == 1
    assert hers.post("/v1/targets", json=FORM).status_code == 403


@pytest.mark.slow
def test_a_list_goes_on_where_it_ended(client: Clients, admin: Actor) -> None:
    there = client(admin)
    for month in (1, 2, 3):
        body = FORM | {"period": "month", "starts_on": f"2026-0{month}-01"}
        there.post("/v1/targets", json=body)
    there.post("/v1/targets", json=FORM)

    first = there.get("/v1/targets?period=month&limit=2").json()
    second = there.get(
        f"/v1/targets?period=month&limit=2&cursor={first['next']}"
    ).json()

    assert [row["starts_on"] for row in first["items"]] == ["2026-01-01", "2026-02-01"]
    assert [row["starts_on"] for row in second["items"]] == ["2026-03-01"]
    assert (first["total"], second["next"]) == (3, None)
    only = there.get("/v1/targets?starts_on=2026-01-01").json()
    assert only["total"] == 2
    assert there.get("/v1/targets?cursor=%C3%A4").status_code == 422
    for beyond in (b"-1", str(2**63).encode()):
        cursor = base64.urlsafe_b64encode(beyond).decode()
        found = there.get("/v1/targets", params={"cursor": cursor})
        assert found.status_code == 422


def test_attainment_refuses_a_sum_without_rates(client: Clients, admin: Actor) -> None:
    year = utcnow().year
    body = FORM | {"starts_on": f"{year}-01-01", "amount": "400"}
    place = f"/v1/targets/{client(admin).post('/v1/targets', json=body).json()['id']}"
    details: dict[str, Any] = {"closed_at": datetime(year, 1, 1, 12, tzinfo=UTC)}
    make.opportunity(
        make.customer(), "Won", amount=Decimal(100), rate=Decimal(1), **details
    )

    found = client(admin).get(f"{place}/attainment").json()
    make.opportunity(make.customer(), "Won", currency="USD", **details)
    lacking = client(admin).get(f"{place}/attainment").json()

    assert (found["won"], found["reached"], found["opportunities"]) == ("100", 0.25, 1)
    assert 0 < found["period_over"] <= 1
    assert (lacking["won"], lacking["reached"]) == (None, None)
    assert lacking["without_rate"] == {"USD": 1}


SAID = {"period": "month", "starts_on": "2026-03-01", "category": "commit"}


def test_what_managers_say_is_written_down_and_listed(
    client: Clients, admin: Actor, alice: Actor
) -> None:
    there, path = client(admin), "/v1/forecast-overrides"
    mine = {"owner_id": alice.user_id}
    first = there.post(path, json=SAID | mine | {"amount": "900.5", "note": "Sure"})
    second = there.post(path, json=SAID | mine | {"amount": None})
    there.post(path, json=SAID | {"category": "pipeline", "amount": "1"})

    page = there.get(path, params={"category": "commit", "limit": 1}).json()
    rest = there.get(path, params={"category": "commit", "cursor": page["next"]}).json()

    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json()["amount"], first.json()["note"]) == ("900.5", "Sure")
    assert first.json()["by_id"] == admin.user_id
    assert (page["total"], [one["amount"] for one in page["items"]]) == (2, ["900.5"])
    assert ([one["amount"] for one in rest["items"]], rest["next"]) == ([None], None)


def test_what_cannot_be_said_is_refused(client: Clients, admin: Actor) -> None:
    path, there = "/v1/forecast-overrides", client(admin)
    seller = client(make.actor("Sam", reach="own"))

    late = there.post(path, json=SAID | {"starts_on": "2026-03-02", "amount": "1"})
    again = there.post(path, json=SAID)
    forbidden = seller.post(path, json=SAID | {"amount": "1"})

    assert (late.status_code, late.json()["field"]) == (422, "starts_on")
    assert (again.status_code, again.json()["field"]) == (422, "amount")
    assert again.json()["detail"] == "The sum counts already."
    assert forbidden.status_code == 403
