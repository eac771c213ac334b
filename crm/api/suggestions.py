"""/suggestions: whom to act on; accepted, put off, or called wrong."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, IfMatch, OnceKey, etag, plain, version_of
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Action, Fields, Suggestion, SuggestionKind, utcnow
from crm.services import days, records
from crm.services.customers import suggestions
from crm.services.idempotency import Answer

router = APIRouter(prefix="/suggestions", tags=["suggestions"], responses=ANSWERS)


class Decision(Fields):
    """What becomes of it: accepted (a task), wrong, or put off until a day.

    `task` is the subject of the task, `due_at` when it is due: tomorrow unless said.
    """

    state: Literal["accepted", "wrong"] | None = None
    snoozed_until: date | None = None
    task: str = Field(default="", max_length=200)
    due_at: datetime | None = None


@router.get("")
def listed(
    actor: ActorDep,
    kind: SuggestionKind | None = None,
    mine: bool = False,
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:
    """The open ones of today, the greatest worth first; `mine`: of own customers."""
    today = days.today()
    owner_id = actor.user_id if mine else None
    with db.reading(actor) as session:
        found = suggestions.listed(
            session, on=today, owner_id=owner_id, kind=kind, limit=limit
        )
        total = suggestions.count(session, on=today, owner_id=owner_id, kind=kind)
    return {"items": [plain(one) for one in found], "total": total}


@router.get("/{record_id}", response_model=None)
def one(actor: ActorDep, record_id: int) -> Response:
    """One suggestion."""
    with db.reading(actor) as session:
        row = suggestions.suggestion(session, record_id)
    return JSONResponse(plain(row), headers={"ETag": etag(row)})


@router.patch("/{record_id}", response_model=None)
def decide(
    actor: ActorDep,
    record_id: int,
    body: Decision,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Accept it, call it wrong, or put it off."""
    db.require(actor, Action.UPDATE, "suggestion")
    version = version_of(match)

    def work(session: Session) -> Answer:
        row = suggestions.suggestion(session, record_id)
        records.expect(row, version)
        _decided(session, row, body)
        session.refresh(row)
        return Answer(200, plain(row), None, etag(row))

    said = {"patch": f"/suggestions/{record_id}", "version": version}
    return once(actor, key, said | body.model_dump(mode="json"), work)


def _decided(session: Session, row: Suggestion, body: Decision) -> None:
    now = utcnow()
    if (body.state is None) == (body.snoozed_until is None):
        raise Invalid(_("Say either a state or a day to put it off to."), field="state")
    if body.snoozed_until is not None:
        suggestions.snooze(
            session, row.id, until=body.snoozed_until, on=days.day_of(now)
        )
    elif body.state == "wrong":
        suggestions.call_wrong(session, row.id, at=now)
    else:
        task = body.task or _("Get in touch before this customer is lost")
        due_at = body.due_at or now + timedelta(days=1)
        suggestions.accept(session, row.id, task, due_at=due_at, at=now)
