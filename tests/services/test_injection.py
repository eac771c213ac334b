"""Whatever is typed reaches the database as a value, and never as SQL.

C1: each payload is put into each place that takes a text. What the database is asked
must be what it is asked for a plain word, but for the values.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response
from sqlalchemy import event
from starlette.testclient import TestClient

from crm import db
from crm.errors import CRMError
from crm.models import Actor, Customer, CustomKind
from crm.services import bulk, lists, recycle_bin, search, timeline
from crm.services.admin import custom_fields
from crm.services.customers import duplicates, favourites, segments, tags
from tests import make
from tests.api.conftest import As

pytestmark = pytest.mark.slow

PAYLOADS = [
    *("'", '"', "\\", "%", "_", "?", ":name", "%(name)s", "{0}"),
    "' OR '1'='1",
    '" OR ""="',
    "') OR ('1'='1",
    "%' OR '%'='",
    "\\' OR 1=1 #",
    "'/**/OR/**/1=1/**/--",
    "1; DROP TABLE customer; --",
    "' UNION SELECT id, password_hash FROM app_user --",
    "' AND SLEEP(9) AND '1'='1",
    "' || pg_sleep(9) --",
    "'; COPY customer TO PROGRAM 'id' --",
    "CASE WHEN 1=1 THEN name ELSE city END",
    "name DESC, (SELECT password_hash FROM app_user)",
    "Europe/Berlin'; SELECT 1 --",
    "ʼ OR 1=1 --",  # a quote that some databases turn into one
    "💥＇ OR 1=1 --",
]
PLAIN = [" ".join(["zebra"] * words) for words in range(1, 9)]  # a search has words

Place = Callable[[str], Any]


@contextmanager
def asked() -> Iterator[set[str]]:
    """The statements that the block sends to the database, without their values."""
    found: set[str] = set()

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.add(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def surprises(places: dict[str, Place]) -> list[tuple[str, str, str]]:
    """Where a payload makes another statement than a plain word, or is not answered."""
    found = []
    for name, place in places.items():
        with asked() as usual:
            for text in PLAIN if "search" in name else PLAIN[:1]:
                place(text)
        for payload in PAYLOADS:
            with asked() as statements:
                trouble = place(payload)
            found += [(name, payload, one) for one in statements - usual]
            found += [(name, payload, trouble)] if trouble else []
    return found


def troubled(answer: Response) -> str | None:
    """What is wrong with an answer to a payload, which fits no record."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.text}"
    if answer.is_success and answer.json().get("total"):
        return "found something"
    return None


def condition(field: str, op: str, value: Any) -> dict[str, str]:
    rule = {"match": "all", "rules": [{"field": field, "op": op, "value": value}]}
    return {"filter": json.dumps(rule)}


def of_lists(client: TestClient) -> dict[str, Place]:
    """What an address can carry."""

    def page(parameters: Callable[[str], dict[str, str]]) -> Place:
        return lambda text: troubled(
            client.get("/v1/customers", params=parameters(text))
        )

    def cursor(text: str) -> dict[str, str]:
        return {"cursor": base64.urlsafe_b64encode(text.encode()).decode()[:100]}

    return {
        "search": page(lambda text: {"q": text}),
        "sort": page(lambda text: {"sort": text}),
        "limit": page(lambda text: {"limit": text}),
        "cursor": page(cursor),
        "filter": page(lambda text: {"filter": text}),
        "field": page(lambda text: condition(text, "is", "x")),
        "operator": page(lambda text: condition("name", text, "x")),
        "name contains": page(lambda text: condition("name", "contains", text)),
        "city is": page(lambda text: condition("city", "is", text)),
        "city starts": page(lambda text: condition("city", "starts", text)),
        "kind": page(lambda text: condition("kind", "any", [text])),
        "owner": page(lambda text: condition("owner_id", "any", [text])),
        "tag": page(lambda text: condition("tags", "any", [text])),
        "day": page(lambda text: condition("created_at", "on", text)),
        "amount": page(lambda text: condition("order_total", "gt", text)),
        "custom text": page(lambda text: condition("x_size", "contains", text)),
        "id": lambda text: troubled(client.get(f"/v1/customers/{quote(text)}")),
    }


def of_writes(client: TestClient, place: str) -> dict[str, Place]:
    """What a body or a header can carry; nothing of it is kept."""

    def patch(body: Callable[[str], Any]) -> Place:
        headers = {"if-match": '"1"'}
        return lambda text: troubled(
            client.patch(place, json=body(text), headers=headers)
        )

    def header(name: str) -> Place:
        return lambda text: troubled(
            client.patch(place, json={}, headers={name: text.encode()})
        )

    return {
        "key": patch(lambda text: {text: "x"}),
        "number": patch(lambda text: {"owner_id": text}),
        "choice": patch(lambda text: {"kind": text}),
        "custom key": patch(lambda text: {"custom": {text: "x"}}),
        "custom number": patch(lambda text: {"custom": {"x_amount": text}}),
        "If-Match": header("if-match"),
        "Idempotency-Key": header("idempotency-key"),
        "Accept-Language": header("accept-language"),
    }


@pytest.fixture
def customer(admin: Actor) -> Customer:
    """One customer, tagged, where customers have custom fields."""
    made = make.customer(name="Rhine Mills", city="Köln")
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Size", CustomKind.TEXT)
        custom_fields.add(session, "customer", "Amount", CustomKind.NUMBER)
        tags.put(session, "customer", [made.id], ["VIP"])
    return made


@pytest.fixture
def there(admin: Actor, customer: Customer) -> TestClient:
    """The API."""
    return TestClient(As(admin), raise_server_exceptions=False)


def test_an_address_changes_no_statement(there: TestClient) -> None:
    assert surprises(of_lists(there)) == []


def test_a_body_changes_no_statement(there: TestClient, customer: Customer) -> None:
    place = f"/v1/customers/{customer.id}"

    assert surprises(of_writes(there, place)) == []
    assert there.get(place).json()["version"] == 1


def test_a_payload_is_kept_as_it_was_typed(there: TestClient) -> None:
    """As a name, a note and a custom value."""
    for payload in PAYLOADS:
        made = there.post("/v1/customers", json={"name": payload, "notes": payload})
        place = made.headers["location"].removeprefix("/api")
        custom = {"custom": {"x_size": payload}}
        answer = there.patch(place, json=custom, headers={"if-match": '"1"'})
        assert answer.status_code == 200, (payload, answer.text)

        held = there.get(place).json()
        assert (held["name"], held["notes"], held["custom"]["x_size"]) == (payload,) * 3


def test_the_services_behind_the_pages_change_no_statement(
    admin: Actor, customer: Customer
) -> None:
    def reads(ask: Callable[..., Any]) -> Place:
        return lambda text: _tried(db.reading(admin), ask, text)

    def writes(ask: Callable[..., Any]) -> Place:
        return lambda text: _tried(db.transaction(admin), ask, text)

    today, place = make.NOON.date(), customer.id
    assert not surprises({
        "search": reads(search.everywhere),
        "duplicates": reads(lambda s, t: duplicates.similar(s, "x", email=t, phone=t)),
        "timeline": reads(lambda s, t: timeline.timeline(s, place, text=t)),
        "page": reads(lambda s, t: timeline.timeline(s, place, before=t)),
        "columns": reads(
            lambda s, t: lists.count(
                s, lists.Query("customer", columns=(t,)), today=today, limit=9
            )
        ),
        "list": reads(lambda s, t: lists.page(s, lists.Query(t), today=today)),
        "bin": reads(recycle_bin.listed),
        "search the bin": reads(
            lambda s, t: recycle_bin.listed(s, "customer", search=t)
        ),
        "bulk field": writes(lambda s, t: bulk.edit(s, "customer", [place], t, "x")),
        "bulk list": writes(lambda s, t: bulk.edit(s, t, [place], "city", "x")),
        "star": writes(lambda s, t: favourites.star(s, t[:40], place)),
        "tag": writes(lambda s, t: tags.take(s, "customer", [place], [t])),
        "segment": writes(
            lambda s, t: segments.save_rule(
                s, t, {"rules": [{"field": t, "op": "is", "value": t}]}, today=today
            )
        ),
    })  # fmt: skip


def _tried(opened: Any, ask: Callable[..., Any], text: str) -> None:
    try:
        with opened as session:
            ask(session, text)
    except CRMError:
        return
