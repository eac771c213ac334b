"""Analyses: computed by a worker, kept with their day, read by pages and the API.

A stored analysis is never changed: computing again makes another one. Whoever sees
only some customers has analyses of these alone, and sees no others.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import insert, select
from sqlmodel import Session, col

from crm import db
from crm.db.watch import require
from crm.errors import NotFound
from crm.models import (
    Action,
    Actor,
    Analysis,
    AnalysisTable,
    Customer,
    Job,
    JobState,
    Reach,
    Segment,
)
from crm.services import days, jobs, lists
from crm.services.customers import segments

PART = 1024 * 1024  # bytes of Parquet in one row: below every server's packet limit
KEPT = 200  # analyses of one kind that are looked through
SEGMENT = "segment_id"  # the parameter of an analysis of some customers only
MOST = 100_000_000  # customers


@dataclass(frozen=True)
class Made:
    """What an analysis has found: facts in plain data, and tables by name.

    The index of a table is not kept.
    """

    summary: dict[str, Any]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def ask(
    session: Session, kind: str, title: str, parameters: dict[str, Any], *, as_of: date
) -> Job:
    """Have an analysis of `kind` computed as of a day; `title` is shown to the user.

    While one is under way for this actor, that one is the answer.

    Raises:
        Forbidden: the actor may not make analyses.
    """
    require(db.actor_of(session), Action.CREATE, "analysis")
    if (known := under_way(session, kind)) is not None:
        return known
    arguments = {"parameters": parameters, "as_of": as_of.isoformat()}
    return jobs.ask(session, kind, title, arguments)


def under_way(session: Session, kind: str) -> Job | None:
    """The actor's own job of that kind that is not over, the newest."""
    me = db.actor_of(session).user_id
    waiting = [JobState.WAITING, JobState.RUNNING]
    found = jobs.listed(session, kinds=[kind], states=waiting)
    return next((job for job in found if job.owner_id == me), None)


def last_job(session: Session, kind: str) -> Job | None:
    """The actor's newest job of that kind, whatever became of it."""
    me = db.actor_of(session).user_id
    found = jobs.listed(session, kinds=[kind], limit=10)
    return next((job for job in found if job.owner_id == me), None)


def store(
    session: Session, analysis: Analysis, tables: Mapping[str, pd.DataFrame]
) -> int:
    """Keep a new analysis with its tables; its id.

    It belongs to the actor, and is about the customers in the actor's reach.

    Raises:
        Forbidden: the actor may not make analyses.
    """
    actor = db.actor_of(session)
    analysis.owner_id = actor.user_id
    analysis.parameters = analysis.parameters | {"scope": scope_of(actor)}
    session.add(analysis)
    session.flush()
    for name, frame in tables.items():
        _store_table(session, analysis.id, name, frame)
    return analysis.id


def listed(session: Session, kind: str, *, limit: int = 20) -> list[Analysis]:
    """The analyses of that kind about the customers in reach, newest first."""
    statement = _newest(select(Analysis), kind)
    scope = scope_of(db.actor_of(session))
    found = [one for one in session.scalars(statement) if _scope(one) == scope]
    return found[:limit]


def latest(session: Session, kind: str, *, of_its_day: bool = False) -> Analysis | None:
    """The newest analysis of that kind about all the customers in reach.

    With `of_its_day` none that looks back to a day of the past.
    """
    wanted: list[Any] = [
        Analysis.id, Analysis.parameters, Analysis.as_of, Analysis.data_at,
    ]  # fmt: skip
    statement = select(*wanted)  # without the summaries, which can be long
    scope = scope_of(db.actor_of(session))
    for one in session.execute(_newest(statement, kind)):
        if _scope(one) != scope or one.parameters.get(SEGMENT):
            continue
        if not (of_its_day and looks_back(one)):
            return session.get(Analysis, one.id)
    return None


def of_now(session: Session, kind: str) -> Analysis | None:
    """What a record's page tells: the newest of its day, else the newest.

    To whom an analysis of a past day is made, that day is of interest on its own page
    only: elsewhere it would hide what is known of today.
    """
    return latest(session, kind, of_its_day=True) or latest(session, kind)


def _newest(statement: Any, kind: str) -> Any:
    ordered = statement.order_by(
        col(Analysis.created_at).desc(), col(Analysis.id).desc()
    )
    return ordered.where(col(Analysis.kind) == kind).limit(KEPT)


def looks_back(analysis: Any) -> bool:
    """Whether somebody chose the day; a job may begin before midnight and end after."""
    made = analysis.data_at and days.day_of(analysis.data_at)
    return made is not None and made - analysis.as_of > timedelta(days=1)


def analysis(session: Session, analysis_id: int) -> Analysis:
    """One analysis.

    Raises:
        NotFound: there is none, or it is about customers out of reach.
    """
    found = db.get(session, Analysis, analysis_id)
    if _scope(found) != scope_of(db.actor_of(session)):
        raise NotFound(Analysis, analysis_id)
    return found


def table(session: Session, analysis_id: int, name: str) -> pd.DataFrame:
    """A table of an analysis, as it was stored.

    Raises:
        NotFound: there is no such analysis in reach, or it has no such table.
    """
    analysis(session, analysis_id)
    statement = (
        select(col(AnalysisTable.content))
        .where(
            col(AnalysisTable.analysis_id) == analysis_id,
            col(AnalysisTable.name) == name,
        )
        .order_by(col(AnalysisTable.part))
    )
    if not (parts := list(session.scalars(statement))):
        raise NotFound(Analysis, f"{analysis_id}/{name}")
    return pd.read_parquet(io.BytesIO(b"".join(parts)))


def customers_of(
    session: Session, segment_id: int | None, *, today: date
) -> list[int] | None:
    """The ids that an analysis of this actor is about; None for all there are.

    Raises:
        NotFound: there is no such segment.
    """
    if segment_id:
        rule = segments.rule_of(db.get(session, Segment, segment_id))
        query = lists.Query("customer", rule=rule)
        return lists.ids(session, query, today=today, limit=MOST)
    if db.actor_of(session).sees_all:
        return None
    return list(session.scalars(select(col(Customer.id))))


def scope_of(actor: Actor) -> str:
    """Which customers an analysis of `actor` is about, as a word to compare."""
    if actor.sees_all:
        return "all"
    if actor.reach is Reach.TEAM and actor.team_id is not None:
        return f"team {actor.team_id}, user {actor.user_id}"
    return f"user {actor.user_id}"


def _scope(analysis: Any) -> str:
    return str(analysis.parameters.get("scope"))


def _store_table(
    session: Session, analysis_id: int, name: str, frame: pd.DataFrame
) -> None:
    content = io.BytesIO()
    frame.to_parquet(content, index=False, compression="zstd")
    whole = content.getvalue()
    for part, start in enumerate(range(0, len(whole), PART)):
        piece = whole[start : start + PART]
        row = {"analysis_id": analysis_id, "name": name, "part": part, "content": piece}
        session.execute(insert(AnalysisTable), [row])
