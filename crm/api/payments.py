"""/payments: money that came in for invoices; what was entered wrongly is voided."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, IfMatch, OnceKey, etag, plain, version_of
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.api.resources import listing
from crm.models import Action, Fields, Payment, PaymentFields
from crm.services.documents import payments
from crm.services.documents.invoice_fields import PAYMENT_FIELDS
from crm.services.idempotency import Answer

router = APIRouter(prefix="/payments", tags=["payments"], responses=ANSWERS)
ENTITY = "payment"


class VoidFields(Fields):
    """Why a payment is void."""

    reason: str = Field(min_length=1, max_length=200)


listing(
    router,
    ENTITY,
    [field.name for field in PAYMENT_FIELDS],
    "Payments, latest first, void ones too; `invoice` is the invoice's number.",
)


@router.post("", status_code=201, response_model=None)
def create(actor: ActorDep, body: PaymentFields, key: OnceKey = None) -> Response:
    """Record money that came in; below zero, money paid back."""
    db.require(actor, Action.CREATE, "payment")

    def work(session: Session) -> Answer:
        made = payments.record(session, body)
        session.refresh(made)  # answer what the database holds
        return Answer(201, plain(made), f"/api/v1/payments/{made.id}", etag(made))

    return once(actor, key, {"post": "/payments"} | body.model_dump(mode="json"), work)


@router.get("/{record_id}", response_model=None)
def one(actor: ActorDep, record_id: int) -> Response:
    """One payment."""
    with db.reading(actor) as session:
        row = db.get(session, Payment, record_id)
    return JSONResponse(plain(row), headers={"ETag": etag(row)})


@router.post("/{record_id}/void", response_model=None)
def void(
    actor: ActorDep,
    record_id: int,
    body: VoidFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Take back a payment that was entered by mistake."""
    db.require(actor, Action.UPDATE, "payment")
    version = version_of(match)

    def work(session: Session) -> Answer:
        row = payments.void(session, record_id, body.reason, version=version)
        return Answer(200, plain(row), None, etag(row))

    said = {"post": f"/payments/{record_id}/void", "version": version}
    return once(actor, key, said | body.model_dump(mode="json"), work)
