"""/campaigns/{id}/recipients: whom a campaign is for, and what became of them."""

from typing import Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, Field
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, IfMatch, OnceKey, etag, plain, version_of
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.db.plain import plain as json_value
from crm.models import Action, Campaign, Fields
from crm.services import records
from crm.services.idempotency import Answer
from crm.services.marketing import marks, recipient_lists, recipients
from crm.services.marketing.recipient_lists import State

router = APIRouter(prefix="/campaigns", tags=["campaigns"], responses=ANSWERS)

ENTITY = "recipient"
SHOWN = (
    "customer_id", "held_out", "added_at", "reached_at", "responded_at", "version",
)  # fmt: skip


class AddFields(Fields):
    """The customers to add, at most 10,000; those who are recipients already stay."""

    customer_ids: list[int] = Field(min_length=1, max_length=10_000)


class MarkFields(Fields):
    """When a recipient was reached, and responded; null takes it back."""

    reached_at: AwareDatetime | None = None
    responded_at: AwareDatetime | None = None


@router.get("/{record_id}/recipients", response_model=None)
def listed(
    actor: ActorDep,
    record_id: int,
    state: State | None = None,
    limit: int = Query(50, ge=1, le=200),
    cursor: int = Query(0, ge=0, lt=2**63),
) -> dict[str, Any]:
    """The recipients in reach, by the id of their customer; `next` is the cursor of
    the page after it."""
    with db.reading(actor) as session:
        db.get(session, Campaign, record_id)
        found = recipient_lists.listed(
            session, record_id, state=state, after=cursor, limit=limit + 1
        )
    items = [
        {name: json_value(getattr(one, name)) for name in SHOWN}
        for one in found[:limit]
    ]
    more = len(found) > limit
    return {"items": items, "next": str(found[limit - 1].customer_id) if more else None}


@router.post("/{record_id}/recipients", status_code=201, response_model=None)
def add(
    actor: ActorDep,
    record_id: int,
    body: AddFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Add customers; a share of them is held out by lot. Twice makes no double."""
    db.require(actor, Action.CREATE, ENTITY)
    version = version_of(match)

    def work(session: Session) -> Answer:
        records.expect(db.get(session, Campaign, record_id), version)
        added = recipients.add(session, record_id, body.customer_ids)
        told = {"new": added.new, "held_out": added.held_out, "before": added.before}
        return Answer(201, told)

    said = {"post": f"/campaigns/{record_id}/recipients", "version": str(version)}
    return once(actor, key, said | body.model_dump(mode="json"), work)


@router.get("/{record_id}/recipients/{customer_id}", response_model=None)
def one(actor: ActorDep, record_id: int, customer_id: int) -> Response:
    """One recipient, by the id of its customer."""
    with db.reading(actor) as session:
        row = marks.recipient(session, record_id, customer_id)
    return JSONResponse(plain(row), headers={"ETag": etag(row)})


@router.patch("/{record_id}/recipients/{customer_id}", response_model=None)
def mark(
    actor: ActorDep,
    record_id: int,
    customer_id: int,
    body: MarkFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Say that a recipient was reached, or has responded; who responds was reached."""
    db.require(actor, Action.UPDATE, ENTITY)
    version = version_of(match)
    changes = body.model_dump(exclude_unset=True)

    def work(session: Session) -> Answer:
        row = marks.change(session, record_id, customer_id, changes, version=version)
        return Answer(200, plain(row), None, etag(row))

    said = {"patch": f"/campaigns/{record_id}/recipients/{customer_id}"}
    said |= {"version": str(version)}
    asked = body.model_dump(mode="json", exclude_unset=True)
    return once(actor, key, said | asked, work)
