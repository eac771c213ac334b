"""/invoices: issued for orders, credited, printed; never changed or deleted."""

from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field, field_validator
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, IfMatch, OnceKey, etag, plain, version_of
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.api.resources import listing
from crm.models import Action, Actor, Fields, Invoice, exact
from crm.services import days
from crm.services.documents import invoices, invoices_paper
from crm.services.documents.invoice_fields import INVOICE_FIELDS, state_of
from crm.services.idempotency import Answer

router = APIRouter(prefix="/invoices", tags=["invoices"], responses=ANSWERS)
ENTITY = "invoice"
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "The invoice as PDF"}
}


class PartFields(Fields):
    """How much of which line."""

    line: int
    quantity: Decimal

    @field_validator("quantity")
    @classmethod
    def exact_amount(cls, amount: Decimal) -> Decimal:
        """At most four decimal places."""
        return exact(amount)


Parts = list[PartFields] | None


class IssueFields(Fields):
    """What to invoice of an order: without `lines` all that is left; today."""

    on: date | None = None
    due_on: date | None = None
    lines: Parts = Field(default=None, max_length=1000)


class CreditFields(Fields):
    """What to credit of an invoice: without `lines` all that is left; today."""

    reason: str = Field(min_length=1, max_length=500)
    on: date | None = None
    goods_back: bool = False
    lines: Parts = Field(default=None, max_length=1000)


listing(
    router,
    ENTITY,
    [field.name for field in INVOICE_FIELDS],
    "Invoices and credit notes, latest first, without their lines.",
)


@router.get("/{record_id}", response_model=None)
def one(actor: ActorDep, record_id: int) -> Response:
    """One invoice, or credit note, with its lines and where it stands today."""
    with db.reading(actor) as session:
        row = invoices.invoice(session, record_id)
    return JSONResponse(shown(row), headers={"ETag": etag(row)})


@router.get("/{record_id}/pdf", response_class=Response, responses=PDF)
def pdf(actor: ActorDep, record_id: int) -> Response:
    """The invoice as it is sent to the customer."""
    with db.reading(actor) as session:
        row = invoices.invoice(session, record_id)
        name, content = invoices_paper.pdf(session, row)
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=attached)


@router.post("/{record_id}/credit", status_code=201, response_model=None)
def credit(
    actor: ActorDep,
    record_id: int,
    body: CreditFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Credit an invoice, whole or in part; with the goods, where they came back."""
    version = version_of(match)
    db.require(actor, Action.CREATE, "invoice")

    def work(session: Session) -> Answer:
        made = invoices.credit(
            session,
            record_id,
            on=body.on or days.today(),
            quantities=parts(body.lines),
            reason=body.reason,
            goods_back=body.goods_back,
            version=version,
        )
        return created(session, made)

    said = {"post": f"/invoices/{record_id}/credit", "version": version}
    return once(actor, key, said | body.model_dump(mode="json"), work)


def issue(
    actor: Actor, order_id: int, body: IssueFields, version: int, key: str | None
) -> Response:
    """Invoice an order at a version, whole or in part."""
    db.require(actor, Action.CREATE, "invoice")

    def work(session: Session) -> Answer:
        made = invoices.issue(
            session,
            order_id,
            on=body.on or days.today(),
            due_on=body.due_on,
            quantities=parts(body.lines),
            version=version,
        )
        return created(session, made)

    said = {"post": f"/orders/{order_id}/invoices", "version": version}
    return once(actor, key, said | body.model_dump(mode="json"), work)


def created(session: Session, made: Invoice) -> Answer:
    """The answer to a new invoice: what the database holds."""
    session.expire_all()
    row = invoices.invoice(session, made.id)
    return Answer(201, shown(row), f"/api/v1/invoices/{row.id}", etag(row))


def parts(lines: Parts) -> dict[int, Decimal] | None:
    """Quantities by line, those of a line that comes twice together."""
    if lines is None:
        return None
    found: dict[int, Decimal] = {}
    for part in lines:
        found[part.line] = found.get(part.line, Decimal(0)) + part.quantity
    return found


def shown(row: Invoice) -> dict[str, Any]:
    """An invoice as JSON."""
    lines = [plain(line) for line in row.lines]
    state = state_of(row, days.today()).value
    return plain(row) | {"lines": lines, "state": state}
