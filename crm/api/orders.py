"""/orders: with their lines; what was agreed is cancelled, not edited."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, IfMatch, OnceKey, etag, plain, version_of
from crm.api.errors import ANSWERS
from crm.api.invoices import IssueFields, issue
from crm.api.once import once
from crm.api.resources import listing
from crm.db.plain import plain as json_value
from crm.models import Action, Fields, Order, OrderFields, OrderStatus
from crm.services.documents import orders
from crm.services.documents.order_fields import ORDER_FIELDS
from crm.services.idempotency import Answer

router = APIRouter(prefix="/orders", tags=["orders"], responses=ANSWERS)
ENTITY = "sales_order"


class StatusFields(Fields):
    """The status to set."""

    status: OrderStatus


listing(
    router,
    ENTITY,
    [field.name for field in ORDER_FIELDS if field.name != "import_id"],
    "Orders, latest first, without their lines.",
)


@router.post("", status_code=201, response_model=None)
def create(actor: ActorDep, body: OrderFields, key: OnceKey = None) -> Response:
    """Record an order with its lines."""
    db.require(actor, Action.CREATE, ENTITY)

    def work(session: Session) -> Answer:
        made = orders.create(session, body)
        session.expire_all()  # answer what the database holds
        row = orders.order(session, made.id)
        return Answer(201, _shown(row), f"/api/v1/orders/{row.id}", etag(row))

    return once(actor, key, {"post": "/orders"} | body.model_dump(mode="json"), work)


@router.get("/{record_id}", response_model=None)
def one(actor: ActorDep, record_id: int) -> Response:
    """One order with its lines."""
    with db.reading(actor) as session:
        db.get(session, Order, record_id)
        row = orders.order(session, record_id)
    return JSONResponse(_shown(row), headers={"ETag": etag(row)})


@router.patch("/{record_id}", response_model=None)
def change(
    actor: ActorDep,
    record_id: int,
    body: StatusFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Cancel an order, or confirm it again."""
    db.require(actor, Action.UPDATE, ENTITY)
    version = version_of(match)

    def work(session: Session) -> Answer:
        orders.set_status(session, record_id, body.status, version=version)
        row = orders.order(session, record_id)
        return Answer(200, _shown(row), None, etag(row))

    said = {"patch": f"/orders/{record_id}", "version": version}
    return once(actor, key, said | body.model_dump(mode="json"), work)


@router.post("/{record_id}/invoices", status_code=201, response_model=None)
def invoice(
    actor: ActorDep,
    record_id: int,
    body: IssueFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Invoice an order, whole or in part."""
    return issue(actor, record_id, body, version_of(match), key)


def _shown(row: Order) -> dict[str, Any]:
    lines = [plain(line) for line in row.lines]
    with_tax = {"total_with_tax": json_value(row.total_with_tax)}
    return plain(row) | with_tax | {"lines": lines}
