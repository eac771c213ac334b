"""/targets: what is to be won, and /targets/{id}/attainment: how far it has come."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlmodel import Session

from crm import db
from crm.api import by_id
from crm.api.deps import ActorDep, OnceKey, etag, plain
from crm.api.edits import changing, removing
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.api.resources import Listed
from crm.models import Action, Actor, Period, Target, TargetFields
from crm.services import days
from crm.services.idempotency import Answer
from crm.services.sales import targets, targets_attainment

router = APIRouter(prefix="/targets", tags=["targets"], responses=ANSWERS)


class Attained(BaseModel):
    """What is won of a target today; amounts in the book currency, as text.

    `won` is None where a sum cannot be made: opportunities, by currency, lack a rate.
    """

    target: str
    won: str | None
    opportunities: int
    without_rate: dict[str, int]
    reached: float | None
    pace: float | None
    period_over: float
    needed_each_week: float | None


@router.get("", response_model=Listed)
def listed(
    actor: ActorDep,
    period: Period | None = None,
    starts_on: date | None = None,
    limit: int = Query(50, ge=1, le=200),
    cursor: str = Query("", max_length=100),
) -> Listed:
    """Targets in the order in which they were set."""
    db.require(actor, Action.READ, "target")
    asked: dict[str, Any] = {"period": period, "first": starts_on, "last": starts_on}
    with db.reading(actor) as session:
        total = targets.count(session, **asked)
        rows = targets.listed(
            session, **asked, after=by_id.after(cursor), limit=limit + 1
        )
    return by_id.page(rows, total=total, limit=limit)


@router.post("", status_code=201, response_model=None)
def create(actor: ActorDep, body: TargetFields, key: OnceKey = None) -> Response:
    """Set a target for a user, a team, or everyone."""
    db.require(actor, Action.CREATE, "target")

    def work(session: Session) -> Answer:
        row = targets.create(session, body)
        session.refresh(row)  # answer what the database holds
        return Answer(201, plain(row), f"/api/v1/targets/{row.id}", etag(row))

    return once(actor, key, {"post": "/targets"} | body.model_dump(mode="json"), work)


@router.get("/{record_id}", response_model=None)
def one(actor: ActorDep, record_id: int) -> Response:
    """One target."""
    row = _target(actor, record_id)
    return JSONResponse(plain(row), headers={"ETag": etag(row)})


@router.get("/{record_id}/attainment", response_model=Attained)
def attainment(actor: ActorDep, record_id: int) -> Attained:
    """What is won of it, among what the token sees."""
    row = _target(actor, record_id)
    with db.reading(actor) as session:
        found = targets_attainment.attainment(session, row, today=days.today())
    won, whole = found.won, found.won.is_whole
    return Attained(
        target=f"{found.target:f}",
        won=f"{won.amount:f}" if whole else None,
        opportunities=won.count,
        without_rate=won.unpriced,
        reached=found.reached if whole else None,
        pace=found.pace if whole else None,
        period_over=found.gone,
        needed_each_week=found.a_week if whole else None,
    )


def _change(
    session: Session, record_id: int, body: dict[str, Any], version: int
) -> Answer:
    row = targets.update(session, record_id, body, version=version)
    return Answer(200, plain(row), None, etag(row))


changing(router, "target", _change, "Change a target.")
removing(router, "target", targets.remove, "Take a target away.")


def _target(actor: Actor, record_id: int) -> Target:
    db.require(actor, Action.READ, "target")
    with db.reading(actor) as session:
        return db.get(session, Target, record_id)
