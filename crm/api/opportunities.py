"""/opportunities/{id}/lines: the products of an opportunity, given as a whole."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, IfMatch, OnceKey, etag, plain, version_of
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.models import Action, Opportunity
from crm.services.documents.quotes_lines import Typed
from crm.services.idempotency import Answer
from crm.services.sales import opportunities, opportunity_lines

router = APIRouter(prefix="/opportunities", tags=["opportunities"], responses=ANSWERS)


@router.get("/{record_id}/lines", response_model=None)
def lines(actor: ActorDep, record_id: int) -> Response:
    """The products of an opportunity, and its amount: their sum before tax."""
    with db.reading(actor) as session:
        row = opportunities.opportunity(session, record_id)
    return JSONResponse(_shown(row), headers={"ETag": etag(row)})


@router.put("/{record_id}/lines", response_model=None)
def replace(
    actor: ActorDep,
    record_id: int,
    body: Typed,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Put these lines in the place of those that are there."""
    db.require(actor, Action.UPDATE, "opportunity")
    version = version_of(match)

    def work(session: Session) -> Answer:
        opportunity_lines.replace(session, record_id, body.lines, version=version)
        session.expire_all()  # answer what the database holds
        row = opportunities.opportunity(session, record_id)
        return Answer(200, _shown(row), None, etag(row))

    said = {"put": f"/opportunities/{record_id}/lines", "version": version}
    return once(actor, key, said | body.model_dump(mode="json"), work)


def _shown(row: Opportunity) -> dict[str, Any]:
    held = plain(row)
    return {
        "lines": [plain(line) for line in row.lines],
        "amount": held["amount"],
        "currency": row.currency,
    }
