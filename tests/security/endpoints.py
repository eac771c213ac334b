"""What the API's own OpenAPI says there is, with something to try each of it on."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import httpx2
import pandas as pd
from starlette.testclient import TestClient

from crm import db
from crm.api.app import api
from crm.models import (
    SYSTEM,
    Actor,
    Analysis,
    Campaign,
    Period,
    PriceList,
    Recipient,
    Record,
    Suggestion,
    SuggestionKind,
    Target,
)
from crm.services import analyses, jobs
from tests import make

INSIDE = re.compile(
    rb"traceback|sqlalchemy|sqlite|psycopg|pymysql|select .* from|insert into|"
    rb"\.py\b|/crm/|site-packages|starlette|fastapi|pydantic|uvicorn|argon2|crm_\w{9}",
    re.I,
)
"""What no answer tells: statements, paths, libraries, tokens."""

SCHEMA: dict[str, Any] = api.openapi()
OPERATIONS = [
    (method.upper(), path)
    for path, methods in SCHEMA["paths"].items()
    for method in methods
]
WRITES = [one for one in OPERATIONS if one[0] != "GET"]
WITH_ID = [one for one in OPERATIONS if "{record_id}" in one[1]]


def kind_of(path: str) -> str:
    """“customers” of `/v1/customers/{record_id}`."""
    return path.partition("/v1/")[2].partition("/")[0]


def _order(owner: Actor | None) -> Record:
    return make.order(make.customer(owner), (make.product(), 1, "5"))


def _quote(owner: Actor | None) -> Record:
    return make.quote(make.customer(owner), (make.product(), 1, "5"))


def _invoice(owner: Actor | None) -> Record:
    return make.invoice(make.order(make.customer(owner), (make.product(), 1, "5")))


def _payment(owner: Actor | None) -> Record:
    order = make.order(make.customer(owner), (make.product(), 1, "5"))
    return make.payment(make.invoice(order), "5")


def _analysis(owner: Actor | None) -> Record:
    made = Analysis(kind="churn", as_of=date(2026, 3, 1))
    with db.transaction(owner or SYSTEM) as session:
        analyses.store(session, made, {"scores": pd.DataFrame({"customer_id": [1]})})
    return made


def _job(owner: Actor | None) -> Record:
    with db.transaction(owner or SYSTEM) as session:
        return jobs.ask(session, "churn", "Churn", {})


def _suggestion(owner: Actor | None) -> Record:
    return make.saved(
        Suggestion(
            customer_id=make.customer(owner).id,
            kind=SuggestionKind.WIN_BACK,
            made_on=date(2026, 3, 1),
            worth=Decimal(10),
        )
    )


def _campaign(owner: Actor | None) -> Record:
    """With customer 1 as its recipient."""
    made: Record = make.saved(Campaign(name="Fair"))
    make.customer(owner)
    make.saved(Recipient(campaign_id=made.id, customer_id=1))
    return made


def _target(owner: Actor | None) -> Record:
    whose = owner.user_id if owner else None
    return make.saved(
        Target(
            owner_id=whose,
            period=Period.MONTH,
            starts_on=date(2026, 3, 1),
            amount=Decimal(10),
        )
    )


SAMPLES: dict[str, Callable[[Actor | None], Record]] = {
    "customers": make.customer,
    "contacts": lambda owner: make.contact(make.customer(owner)),
    "products": lambda _owner: make.product(),
    "orders": _order,
    "subscriptions": lambda owner: make.subscription(make.customer(owner)),
    "leads": make.lead,
    "tickets": make.ticket,
    "campaigns": _campaign,
    "opportunities": lambda owner: make.opportunity(make.customer(owner)),
    "quotes": _quote,
    "invoices": _invoice,
    "payments": _payment,
    "price-lists": lambda _owner: make.saved(PriceList(name="Dealers", currency="EUR")),
    "rates": lambda _owner: make.rate("USD", "2026-03-01", "0.9"),
    "insight": _analysis,
    "jobs": _job,
    "suggestions": _suggestion,
    "targets": _target,
}
"""A saved record of each kind, in reach of its owner. A new kind goes in here."""

LINES = [{"product_id": 1, "quantity": "1", "unit_price": "5"}]
FORMS: dict[str, dict[str, Any]] = {
    "customers": {"name": "New"},
    "contacts": {"last_name": "New"},
    "products": {"sku": "NEW", "name": "New"},
    "orders": {
        "number": "NEW",
        "customer_id": 1,
        "ordered_at": "2026-03-01T12:00:00Z",
        "lines": LINES,
    },
    "subscriptions": {
        "number": "NEW",
        "customer_id": 1,
        "starts_on": "2026-03-01",
        "price": "5",
    },
    "leads": {"name": "New"},
    "tickets": {"subject": "New"},
    "campaigns": {"name": "New"},
    "opportunities": {"name": "New", "customer_id": 1},
    "quotes": {"customer_id": 1, "lines": LINES},
    "payments": {"invoice_id": 1, "amount": "1"},
    "price-lists": {"name": "New", "prices": [{"product_id": 1, "price": "5"}]},
    "rates": {"currency": "CHF", "rate_on": "2026-03-01", "rate": "1.05"},
    "insight": {"as_of": "2026-03-01"},
    "targets": {"starts_on": "2026-04-01", "amount": "5"},
    "forecast-overrides": {
        "period": "month",
        "starts_on": "2026-04-01",
        "category": "commit",
        "amount": "5",
    },
}
"""What is enough to create one, where customer 1 and product 1 are there."""

STEPS: dict[str, dict[str, Any]] = {
    "/v1/quotes/{record_id}/send": {},
    "/v1/quotes/{record_id}/accept": {"by": "Jo Weber"},
    "/v1/quotes/{record_id}/decline": {"by": "Jo Weber"},
    "/v1/quotes/{record_id}/revise": {},
    "/v1/orders/{record_id}/invoices": {},
    "/v1/opportunities/{record_id}/lines": {"lines": LINES},
    "/v1/campaigns/{record_id}/recipients": {"customer_ids": [1]},
    "/v1/campaigns/{record_id}/recipients/{customer_id}": {},
    "/v1/invoices/{record_id}/credit": {"reason": "Broken"},
    "/v1/payments/{record_id}/void": {"reason": "Typed twice"},
}
"""What is enough for one step of a record that is there."""

CHANGES: dict[str, dict[str, Any]] = {
    "customers": {"city": "Ulm"},
    "contacts": {"role": "Buyer"},
    "products": {"category": "Pens"},
    "orders": {"status": "cancelled"},
    "subscriptions": {"name": "Service"},
    "leads": {"company": "Acme"},
    "tickets": {"status": "solved"},
    "campaigns": {"cost": "5"},
    "opportunities": {"source": "Fair"},
    "quotes": {"intro": "Dear all,"},
    "suggestions": {"state": "wrong"},
    "targets": {"amount": "6"},
    "price-lists": {"name": "Partners"},
    "rates": {"rate": "0.95"},
}


def ask(
    client: TestClient,
    method: str,
    path: str,
    *,
    key: int = 1,
    match: str | None = '"1"',
    body: Any = None,
    **headers: str,
) -> httpx2.Response:
    """Do what would work on record `key` at version 1, or with another `body`."""
    given = FORMS if method == "POST" else CHANGES
    step = STEPS.get(path.removeprefix("/api"))
    if body is None and method in ("POST", "PATCH", "PUT"):
        body = given[kind_of(path)] if step is None else step
    steps = method == "POST" and step is not None
    if match is not None and (steps or method in ("PATCH", "PUT", "DELETE")):
        headers["if-match"] = match
    url = path.format(record_id=key, kind="churn", name="scores", customer_id=1)
    return client.request(method, url, json=body, headers=headers)
