"""What is refused leaves no trace, and nobody sets what only the server sets."""

from typing import Any

import pytest
from sqlalchemy import inspect

from crm import db
from crm.api.app import RESOURCES
from crm.errors import Invalid
from crm.models import Actor, OrderFields, QuoteFields, User, utcnow
from crm.services import naming
from crm.services.admin import sessions, users
from crm.services.admin.sessions import Visit
from tests import make
from tests.api.conftest import Clients
from tests.security.endpoints import (
    CHANGES,
    FORMS,
    LINES,
    SAMPLES,
    WRITES,
    ask,
)
from tests.security.house import bearer, visitor
from tests.state import fingerprint

ONCE = {"idempotency-key": "k"}  # a refusal must not be remembered either
KINDS = {one.path.strip("/"): (one.entity, one.form) for one in RESOURCES}
KINDS |= {"orders": ("sales_order", OrderFields), "quotes": ("quote", QuoteFields)}
TABLES = {kind: entity for kind, (entity, _form) in KINDS.items()}
FORM_FIELDS = {kind: set(form.model_fields) for kind, (_entity, form) in KINDS.items()}


@pytest.fixture
def seeded(database: str) -> None:
    """A record of every kind under id 1, with what must be unique."""
    make.customer(email="a@example.com")
    make.product(sku="S-1")
    make.order(make.customer(), (make.product(), 1, "5"), number="O-1")
    make.contact(external_id="E-1")
    make.subscription(make.customer(), number="S-1")
    SAMPLES["suggestions"](None)
    make.lead()
    make.ticket()
    SAMPLES["campaigns"](None)
    make.opportunity(make.customer())
    SAMPLES["quotes"](None)
    SAMPLES["payments"](None)
    SAMPLES["targets"](None)
    SAMPLES["price-lists"](None)
    SAMPLES["rates"](None)


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_refused_call_changes_nothing(
    client: Clients, admin: Actor, viewer: Actor, method: str, path: str
) -> None:
    """A2: on every endpoint that writes."""
    refusals: list[tuple[int, Actor | None, dict[str, Any]]] = [
        (401, None, {}),
        (403, viewer, {}),
    ]
    if "{record_id}" in path:
        refusals += [
            (404, admin, {"key": 999}),
            (404, admin, {"key": 2**63}),
            (412, admin, {"match": '"7"'}),
            (428, admin, {"match": None}),
            (422, admin, {"match": "seven"}),
        ]
    if method != "DELETE":
        refusals.append((422, admin, {"body": {"nothing": 1}}))
    before = fingerprint()

    codes = [
        ask(client(actor), method, path, **how, **ONCE).status_code
        for _status, actor, how in refusals
    ]

    assert codes == [status for status, _actor, _how in refusals]
    assert fingerprint() == before


TAKEN = [
    ("customers", {"name": "x", "email": "A@example.com"}),
    ("contacts", {"last_name": "x", "external_id": "E-1"}),
    ("products", {"name": "x", "sku": "S-1"}),
    ("orders", FORMS["orders"] | {"number": "O-1"}),
    ("subscriptions", FORMS["subscriptions"] | {"number": "S-1"}),
]


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize(("kind", "body"), TAKEN)
def test_what_is_taken_changes_nothing(
    client: Clients, admin: Actor, kind: str, body: dict[str, Any]
) -> None:
    """A2: 409."""
    before = fingerprint()

    answer = ask(client(admin), "POST", f"/v1/{kind}", body=body, **ONCE)

    assert answer.status_code == 409
    assert fingerprint() == before


def test_a_refusal_by_the_whole_house_changes_nothing(
    alice: Actor, charlie: Actor
) -> None:
    """A2: not even when a token or a session was seen last."""
    foreign, own = make.customer(alice).id, make.customer(charlie).id
    token = bearer(charlie, "customer:read", "customer:update")
    with db.transaction(charlie) as session:
        user = db.get(session, User, charlie.user_id or 0)
        cookie = sessions.begin(session, user, Visit(), at=utcnow())
    web, place = visitor(), "/api/v1/customers"
    stale = {"if-match": '"9"'}
    evil = {"cookie": f"crm_session={cookie}", "origin": "https://evil.example"}
    before = fingerprint()

    codes = [
        web.get(place).status_code,
        web.get(place, headers={"authorization": "Bearer crm_guess"}).status_code,
        web.post("/customers", json={"name": "x"}).status_code,
        web.post(place, json={"name": "x"}, headers=token).status_code,
        web.post(place, json={"name": "x"}, headers=evil).status_code,
        web.get(f"{place}/{foreign}", headers=token).status_code,
        web.patch(f"{place}/{own}", json={}, headers=token | stale).status_code,
        web.post(place, content=b"x" * 2_100_000, headers=token).status_code,
    ]

    assert codes == [401, 401, 401, 403, 403, 404, 412, 413]
    assert fingerprint() == before


FORGED = {"is_admin": True, "tenant_id": 1, "password_hash": "x", "created_by": 1}


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.slow
def test_what_the_server_owns_is_refused(
    client: Clients, admin: Actor, kind: str
) -> None:
    """A7: every column that is in no form, and what other systems have fallen for."""
    columns = set(inspect(naming.table_of(TABLES[kind])).columns.keys())
    owned = FORGED | dict.fromkeys(columns - FORM_FIELDS[kind], 1)
    there, before = client(admin), fingerprint()

    codes = {}
    for key, value in owned.items():
        made = ask(there, "POST", f"/v1/{kind}", body=FORMS[kind] | {key: value})
        place = f"/v1/{kind}/{{record_id}}"
        changed = ask(there, "PATCH", place, body=CHANGES[kind] | {key: value})
        codes[key] = made.status_code, changed.status_code

    assert {"id", "version", "created_at", "deleted_at"} <= set(codes)
    assert codes == dict.fromkeys(codes, (422, 422))
    assert fingerprint() == before


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("key", ["id", "order_id", "position", "amount", "is_admin"])
def test_what_the_server_owns_of_a_line_is_refused(
    client: Clients, admin: Actor, key: str
) -> None:
    """A7."""
    before = fingerprint()
    body = FORMS["orders"] | {"lines": [LINES[0] | {key: 1}]}

    assert ask(client(admin), "POST", "/v1/orders", body=body).status_code == 422

    assert fingerprint() == before


@pytest.mark.parametrize("key", ["id", "version", "active", "password_hash"])
def test_an_administrator_sets_no_more_of_a_user_than_the_form_has(
    admin: Actor, alice: Actor, key: str
) -> None:
    """A7."""
    before = fingerprint()

    with pytest.raises(Invalid), db.transaction(admin) as session:
        users.update(session, alice.user_id or 0, {key: 1}, at=utcnow())

    assert fingerprint() == before
