"""/insight: ask for an analysis, follow its job, read what it has found."""

import json
from datetime import date
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Path, Query, Response
from pydantic import Field
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, OnceKey
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.errors import NotFound
from crm.models import Action, Analysis, Customer, Fields, Job
from crm.services import analyses, analysis_files, analysis_kinds, days, jobs
from crm.services.idempotency import Answer

router = APIRouter(tags=["insight"], responses=ANSWERS)

Kind = Annotated[str, Path(max_length=40)]
Id = Annotated[int, Path(gt=0, lt=2**63)]


class AnalysisFields(Fields):
    """What to compute: as of a day, today unless said; parameters by name."""

    as_of: date | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)


@router.get("/insight")
def kinds(actor: ActorDep) -> list[dict[str, Any]]:
    """The kinds of analysis, each with what is asked of it as usual."""
    db.require(actor, Action.READ, "analysis")
    return [
        {"kind": kind, "parameters": analysis_kinds.usual(kind)}
        for kind in analysis_kinds.kinds()
    ]


@router.get("/jobs/{record_id}")
def job(actor: ActorDep, record_id: Id) -> dict[str, Any]:
    """How far a computation is; `analysis_id` once it is done."""
    with db.reading(actor) as session:
        return _job(jobs.job(session, record_id))


@router.get("/customers/{record_id}/insight")
def customer(actor: ActorDep, record_id: Id) -> dict[str, Any]:
    """What the latest analyses say of one customer: by kind, rows by table."""
    with db.reading(actor) as session:
        db.get(session, Customer, record_id)
        found = {
            kind: analyses.of_now(session, kind) for kind in analysis_kinds.kinds()
        }
        return {
            kind: analysis_files.about(shown)
            | {"tables": _about(session, shown, record_id)}
            for kind, shown in found.items()
            if shown is not None
        }


@router.get("/insight/{kind}")
def listed(
    actor: ActorDep, kind: Kind, limit: int = Query(20, ge=1, le=200)
) -> list[dict[str, Any]]:
    """The stored analyses of a kind, newest first."""
    with db.reading(actor) as session:
        found = analyses.listed(session, _known(kind), limit=limit)
    return [analysis_files.about(one) for one in found]


@router.post("/insight/{kind}", status_code=202, response_model=None)
def ask(
    actor: ActorDep, kind: Kind, body: AnalysisFields, key: OnceKey = None
) -> Response:
    """Have one computed; while one is under way for you, that one is the answer."""
    db.require(actor, Action.CREATE, "analysis")
    as_of = body.as_of or days.today()

    def work(session: Session) -> Answer:
        asked = analysis_kinds.ask(session, kind, body.parameters, as_of=as_of)
        return Answer(202, _job(asked), f"/api/v1/jobs/{asked.id}")

    said = {"post": f"/insight/{kind}"} | body.model_dump(mode="json")
    return once(actor, key, said, work)


@router.get("/insight/{kind}/latest")
def latest(actor: ActorDep, kind: Kind) -> dict[str, Any]:
    """The newest about all the customers in reach."""
    with db.reading(actor) as session:
        if (shown := analyses.latest(session, _known(kind))) is None:
            raise NotFound(Analysis, kind)
        names = analysis_files.table_names(session, shown.id)
        return analysis_files.about(shown) | {"tables": names}


@router.get("/insight/{kind}/{record_id}")
def one(actor: ActorDep, kind: Kind, record_id: Id) -> dict[str, Any]:
    """What was asked, what came out, and the names of its tables."""
    with db.reading(actor) as session:
        shown = _of_kind(analyses.analysis(session, record_id), kind)
        names = analysis_files.table_names(session, record_id)
        return analysis_files.about(shown) | {"tables": names}


@router.get("/insight/{kind}/{record_id}/tables/{name}")
def table(
    actor: ActorDep,
    kind: Kind,
    record_id: Id,
    name: Annotated[str, Path(max_length=60)],
    limit: int = Query(1_000, ge=1, le=10_000),
    offset: int = Query(0, ge=0, lt=2**31),
) -> dict[str, Any]:
    """Rows of a table; `total` is how many there are."""
    with db.reading(actor) as session:
        _of_kind(analyses.analysis(session, record_id), kind)
        found = analyses.table(session, record_id, name)
    items = _rows(found.iloc[offset : offset + limit])
    return {"items": items, "total": len(found)}


def _known(kind: str) -> str:
    if kind not in analysis_kinds.kinds():
        raise NotFound(Analysis, kind)
    return kind


def _of_kind(shown: Analysis, kind: str) -> Analysis:
    if shown.kind != kind:
        raise NotFound(Analysis, shown.id)
    return shown


def _job(asked: Job) -> dict[str, Any]:
    return {
        "id": asked.id,
        "kind": asked.kind,
        "state": asked.state.value,
        "progress": asked.progress,
        "stage": asked.stage,
        "error": asked.error,
        "analysis_id": (asked.result or {}).get("analysis_id"),
    }


def _about(
    session: Session, shown: Analysis, customer_id: int
) -> dict[str, list[dict[str, Any]]]:
    """The rows about a customer, of those tables that have some."""
    rows = {}
    for name in analysis_files.table_names(session, shown.id):
        found = analyses.table(session, shown.id, name)
        if "customer_id" in found:
            rows[name] = _rows(found[found["customer_id"] == customer_id].head(100))
    return {name: some for name, some in rows.items() if some}


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """As JSON: what is not there is null, days are in ISO 8601."""
    text = table.to_json(orient="records", date_format="iso", double_precision=15)
    rows: list[dict[str, Any]] = json.loads(text)
    return rows
