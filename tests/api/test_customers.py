"""/customers: created, read, changed, deleted; refused without a trace."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from crm import db
from crm.models import SYSTEM, Actor, CustomKind
from crm.services.admin import custom_fields
from tests import make
from tests.api.conftest import Clients

URL = "/v1/customers"


def state() -> str:
    """A hash over every row of every table."""
    digest = hashlib.sha256()
    with db.engine().connect() as connection:
        for table in sorted(sa.inspect(connection).get_table_names()):
            rows = connection.exec_driver_sql(f"select * from {table}").fetchall()
            digest.update(repr((table, sorted(map(repr, rows)))).encode())
    return digest.hexdigest()


def test_a_customer_is_created_and_read(client: Clients, alice: Actor) -> None:
    made = client(alice).post(URL, json={"name": "Rhine Mills", "city": "Köln"})

    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'
    place = made.headers["location"].removeprefix("/api")
    read = client(alice).get(place)
    assert read.json() == made.json()
    assert (read.json()["name"], read.json()["custom"]) == ("Rhine Mills", {})


def test_a_change_needs_the_version_it_is_about(client: Clients, alice: Actor) -> None:
    place = f"{URL}/{make.customer(alice).id}"
    there = client(alice)

    assert there.patch(place, json={"city": "Ulm"}).status_code == 428
    match = {"If-Match": '"1"'}
    assert there.patch(place, json={"city": "Ulm"}, headers=match).status_code == 200
    assert there.patch(place, json={"city": "Bonn"}, headers=match).status_code == 412
    assert there.get(place).json()["city"] == "Ulm"


def test_a_deleted_customer_is_gone(client: Clients, alice: Actor) -> None:
    place = f"{URL}/{make.customer(alice).id}"

    gone = client(alice).delete(place, headers={"If-Match": '"1"'})

    assert gone.status_code == 204
    assert client(alice).get(place).status_code == 404


def test_a_foreign_customer_and_none_are_the_same(
    client: Clients, alice: Actor, charlie: Actor
) -> None:
    theirs = make.customer(alice).id
    for method in ("GET", "PATCH", "DELETE"):
        answers = [
            client(charlie).request(
                method,
                f"{URL}/{key}",
                headers={"If-Match": '"1"'},
                **({"json": {"name": "Mine"}} if method == "PATCH" else {}),
            )
            for key in (theirs, 999_999)
        ]
        assert [one.status_code for one in answers] == [404, 404]
        texts = [
            one.text.replace(str(key), "#")
            for one, key in zip(answers, (theirs, 999_999), strict=True)
        ]
        assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", URL, {"name": ""}),
        ("POST", URL, {"name": "x", "id": 7}),
        ("POST", URL, {"name": "x", "version": 3}),
        ("POST", URL, {"name": "x", "owner_id": 999_999}),
        ("POST", URL, {"name": "x", "parent_id": 999_999}),
        ("POST", URL, {"name": "x\x00"}),
        ("POST", URL, {"name": "x" * 20_000}),
        ("PATCH", f"{URL}/1", {"created_at": "2020-01-01"}),
        ("PATCH", f"{URL}/1", {"name": None}),
        ("PATCH", f"{URL}/{2**63}", {"name": "x"}),
        ("GET", f"{URL}/{2**63}", None),
        ("GET", f"{URL}/-1", None),
        ("GET", f"{URL}/abc", None),
        ("GET", f"{URL}?sort=password_hash", None),
        ("GET", f"{URL}?filter=%7B", None),
        ("GET", f"{URL}?cursor=%21", None),
        ("GET", f"{URL}?limit=100000", None),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    client: Clients, alice: Actor, method: str, path: str, body: Any
) -> None:
    make.customer(alice)
    before = state()

    answer = client(alice).request(method, path, json=body, headers={"If-Match": '"1"'})

    assert 400 <= answer.status_code < 500
    assert state() == before
    for word in ("Traceback", "SELECT", "sqlalchemy", "/crm/"):
        assert word not in answer.text


def test_nobody_gets_anything(client: Clients, database: str) -> None:
    assert client(None).get(URL).status_code == 401


def test_a_reader_may_not_write(client: Clients, viewer: Actor) -> None:
    assert client(viewer).post(URL, json={"name": "x"}).status_code == 403


def test_a_token_does_what_its_scopes_say(client: Clients, alice: Actor) -> None:
    make.customer(alice)
    token = replace(alice, kind="token", scopes=frozenset({"customer:read"}))

    assert client(token).get(URL).json()["total"] == 1
    assert client(token).post(URL, json={"name": "x"}).status_code == 403
    assert client(token).get("/v1/contacts").json()["total"] == 0


def test_the_same_key_is_done_once_and_answered_alike(
    client: Clients, alice: Actor
) -> None:
    key = {"Idempotency-Key": "k1"}
    first = client(alice).post(URL, json={"name": "Once"}, headers=key)
    again = client(alice).post(URL, json={"name": "Once"}, headers=key)
    other = client(alice).post(URL, json={"name": "Other"}, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json(), first.headers["location"]) == (
        again.json(),
        again.headers["location"],
    )
    assert other.status_code == 422
    assert client(alice).get(URL).json()["total"] == 1


@pytest.mark.slow
def test_twenty_at_once_with_one_key_make_one(client: Clients, alice: Actor) -> None:
    def post(_number: int) -> int:
        headers = {"Idempotency-Key": "same"}
        return (
            client(alice).post(URL, json={"name": "One"}, headers=headers).status_code
        )

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(post, range(20)))

    assert codes == [201] * 20
    assert client(alice).get(URL).json()["total"] == 1


@pytest.mark.slow
def test_twenty_at_once_with_one_e_mail_make_one(client: Clients, alice: Actor) -> None:
    def post(number: int) -> int:
        body = {"name": f"C{number}", "email": "a@example.com"}
        return client(alice).post(URL, json=body).status_code

    with ThreadPoolExecutor(20) as pool:
        codes = sorted(pool.map(post, range(20)))

    assert codes == [201] + [409] * 19


@pytest.mark.slow
def test_of_twenty_changes_of_one_version_one_wins(
    client: Clients, alice: Actor
) -> None:
    place = f"{URL}/{make.customer(alice).id}"

    def patch(number: int) -> int:
        return (
            client(alice)
            .patch(place, json={"city": f"C{number}"}, headers={"If-Match": '"1"'})
            .status_code
        )

    with ThreadPoolExecutor(20) as pool:
        codes = sorted(pool.map(patch, range(20)))

    assert codes == [200] + [412] * 19


def test_pages_follow_by_cursor(client: Clients, alice: Actor) -> None:
    for number in range(5):
        make.customer(alice, name=f"C{number}")

    first = client(alice).get(URL, params={"limit": 2}).json()
    second = client(alice).get(URL, params={"limit": 2, "cursor": first["next"]}).json()
    third = client(alice).get(URL, params={"limit": 2, "cursor": second["next"]}).json()

    found = [row["name"] for page in (first, second, third) for row in page["items"]]
    assert found == [f"C{number}" for number in range(5)]
    assert third["next"] is None


def test_an_order_comes_with_its_lines(client: Clients, alice: Actor) -> None:
    customer, product = make.customer(alice), make.product()
    body = {
        "number": "O-1",
        "customer_id": customer.id,
        "ordered_at": "2026-03-01T12:00:00+08:00",
        "lines": [{"product_id": product.id, "quantity": "3", "unit_price": "0.1"}],
    }

    made = client(alice).post("/v1/orders", json=body)

    assert made.status_code == 201
    assert made.json()["total"] == "0.3"
    read = client(alice).get(made.headers["location"].removeprefix("/api")).json()
    assert read == made.json()
    assert read["lines"][0]["quantity"] == "3"
    assert read["ordered_at"] == "2026-03-01T04:00:00+00:00"


@pytest.mark.slow
def test_custom_fields_come_with_a_new_record(client: Clients, alice: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        custom_fields.add(session, "customer", "Size", CustomKind.NUMBER)

    sent = {"name": "A", "custom": {"x_size": 3}}
    made = client(alice).post(URL, json=sent)

    assert made.status_code == 201
    place = made.headers["location"].removeprefix("/api")
    assert float(client(alice).get(place).json()["custom"]["x_size"]) == 3


def test_an_unknown_custom_field_is_refused(client: Clients, alice: Actor) -> None:
    before = state()

    answer = client(alice).post(URL, json={"name": "A", "custom": {"x_no": 3}})

    assert answer.status_code == 422
    assert state() == before
