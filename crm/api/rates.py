"""/rates: what one unit of a currency is worth in the book currency, from a day on."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, OnceKey, etag, plain
from crm.api.edits import changing, removing
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.models import Action, ExchangeRate, ExchangeRateFields
from crm.services.idempotency import Answer
from crm.services.money import exchange_rates

router = APIRouter(prefix="/rates", tags=["rates"], responses=ANSWERS)
ENTITY = "exchange_rate"


@router.get("")
def listed(
    actor: ActorDep,
    currency: str | None = Query(None, pattern="^[A-Z]{3}$"),
    since: date | None = None,
    until: date | None = None,
    limit: int = Query(50, ge=1, le=200),
    offset: int = Query(0, ge=0, le=1_000_000),
) -> dict[str, Any]:
    """Rates of a currency, or of all, between two days; the latest first."""
    ask: dict[str, Any] = {"currency": currency, "since": since, "until": until}
    with db.reading(actor) as session:
        found = exchange_rates.listed(session, **ask, limit=limit, offset=offset)
        total = exchange_rates.count(session, **ask)
    return {"items": [plain(one) for one in found], "total": total}


@router.post("", status_code=201, response_model=None)
def create(actor: ActorDep, body: ExchangeRateFields, key: OnceKey = None) -> Response:
    """Enter a rate; documents keep theirs."""
    db.require(actor, Action.CREATE, ENTITY)

    def work(session: Session) -> Answer:
        row = exchange_rates.create(session, body)
        session.refresh(row)  # answer what the database holds
        return Answer(201, plain(row), f"/api/v1/rates/{row.id}", etag(row))

    return once(actor, key, {"post": "/rates"} | body.model_dump(mode="json"), work)


@router.get("/{record_id}", response_model=None)
def one(actor: ActorDep, record_id: int) -> Response:
    """One rate."""
    with db.reading(actor) as session:
        row = db.get(session, ExchangeRate, record_id)
    return JSONResponse(plain(row), headers={"ETag": etag(row)})


def _change(
    session: Session, record_id: int, body: dict[str, Any], version: int
) -> Answer:
    row = exchange_rates.update(session, record_id, body, version=version)
    session.refresh(row)
    return Answer(200, plain(row), None, etag(row))


changing(router, ENTITY, _change, "Change a rate; documents keep theirs.")
removing(router, ENTITY, exchange_rates.remove, "Delete a rate; documents keep theirs.")
