"""/forecast-overrides: what managers say that a period brings; never edited."""

from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import Session

from crm import db
from crm.api import by_id
from crm.api.deps import ActorDep, OnceKey, etag, plain
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.api.resources import Listed
from crm.models import Action, Fields, ForecastCategory, Period
from crm.services.idempotency import Answer
from crm.services.sales import forecast_calls
from crm.services.sales.forecast_calls import Expectation
from crm.services.sales.targets_about import About

router = APIRouter(
    prefix="/forecast-overrides", tags=["forecast-overrides"], responses=ANSWERS
)


class OverrideFields(Fields):
    """For a user, for a team, or for everyone (neither), in the book currency.

    Without an amount the sum of the opportunities counts again.
    """

    owner_id: int | None = None
    team_id: int | None = None
    period: Period
    starts_on: date
    category: ForecastCategory
    amount: Decimal | None = None
    note: str | None = Field(default=None, max_length=500)


@router.get("", response_model=Listed)
def listed(
    actor: ActorDep,
    period: Period | None = None,
    starts_on: date | None = None,
    category: ForecastCategory | None = None,
    limit: int = Query(50, ge=1, le=200),
    cursor: str = Query("", max_length=100),
) -> Listed:
    """Overrides in the order in which they were said; of a period the last counts."""
    db.require(actor, Action.READ, "forecast_override")
    asked: dict[str, Any] = {
        "period": period, "starts_on": starts_on, "category": category,
    }  # fmt: skip
    with db.reading(actor) as session:
        total = forecast_calls.count(session, **asked)
        rows = forecast_calls.listed(
            session, **asked, after=by_id.after(cursor), limit=limit + 1
        )
    return by_id.page(rows, total=total, limit=limit)


@router.post("", status_code=201, response_model=None)
def create(actor: ActorDep, body: OverrideFields, key: OnceKey = None) -> Response:
    """Say what a category of a period will bring, in place of the sum."""
    db.require(actor, Action.CREATE, "forecast_override")

    def work(session: Session) -> Answer:
        said = Expectation(body.category, body.amount, body.note)
        row = forecast_calls.override(
            session, About.of(body), body.period, body.starts_on, said
        )
        session.refresh(row)  # answer what the database holds
        return Answer(201, plain(row), None, etag(row))

    asked = {"post": "/forecast-overrides"} | body.model_dump(mode="json")
    return once(actor, key, asked, work)
