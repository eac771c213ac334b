"""Opportunities as analyses read them: the tables of `crm.frames`, filled."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import case, func, select
from sqlmodel import Session, col

from crm import frames
from crm.frames import Schema, typed
from crm.models import (
    Activity,
    Customer,
    Estimate,
    Opportunity,
    OpportunityLine,
    Pipeline,
    Product,
    Stage,
    StageChange,
)


@dataclass(frozen=True)
class Deals:
    """Opportunities and all that is known of their past; see `crm.frames`.

    `opportunities` as in OPPORTUNITIES, `stages` STAGES, `changes` STAGE_CHANGES,
    `estimates` ESTIMATES, `contacted` CONTACTED.
    """

    opportunities: pd.DataFrame
    stages: pd.DataFrame
    changes: pd.DataFrame
    estimates: pd.DataFrame
    contacted: pd.DataFrame


def deals(session: Session, *, only: Collection[int] | None = None) -> Deals:
    """What is in the actor's reach, of the customers `only` where they are given.

    Read from the records themselves: they are few beside orders, and have no lines to
    speak of.
    """
    table = _opportunities(session)
    if only is not None:
        table = table[table["customer_id"].isin(set(only))].reset_index(drop=True)
    known = set(table["opportunity_id"])

    def of_known(statement: Any, schema: Schema) -> pd.DataFrame:
        found = _read(session, statement, schema)
        return found[found["opportunity_id"].isin(known)].reset_index(drop=True)

    return Deals(
        table,
        _read(session, _STAGES, frames.STAGES),
        of_known(_CHANGES, frames.STAGE_CHANGES),
        of_known(_ESTIMATES, frames.ESTIMATES),
        of_known(_CONTACTED, frames.CONTACTED),
    )


def next_steps(session: Session) -> pd.DataFrame:
    """What was, or is, to be done by a day for opportunities: `frames.NEXT_STEPS`."""
    a = Activity
    statement = (
        select(col(a.opportunity_id), col(a.at), col(a.done_at))
        .where(col(a.opportunity_id).is_not(None), col(a.due_at).is_not(None))
        .order_by(col(a.opportunity_id), col(a.at), col(a.id))
    )
    return _read(session, statement, frames.NEXT_STEPS)


def _opportunities(session: Session) -> pd.DataFrame:
    o, c = Opportunity, Customer
    statement = (
        select(
            col(o.id),
            col(o.customer_id),
            col(o.pipeline_id),
            col(o.owner_id),
            col(o.stage_id),
            col(o.state),
            col(o.created_at),
            col(o.closed_at),
            col(o.base_amount),
            col(o.close_on),
            col(o.forecast_category),
            col(o.source),
            col(o.competitor),
            col(o.won_reason),
            col(o.lost_reason),
            col(Product.name),
            col(c.kind),
            col(c.sector),
            col(c.country),
            case(
                (col(o.amount).is_not(None) & col(o.base_amount).is_(None), 1), else_=0
            ),
        )
        .join(Customer, col(c.id) == col(o.customer_id))
        .outerjoin(OpportunityLine, _is_first())
        .outerjoin(Product, col(Product.id) == col(OpportunityLine.product_id))
        .order_by(col(o.id))
    )
    return _read(session, statement, frames.OPPORTUNITIES)


def _is_first() -> Any:
    """Whether a line is the first of its opportunity."""
    return (col(OpportunityLine.opportunity_id) == col(Opportunity.id)) & (
        col(OpportunityLine.position) == 1
    )


_STAGES = (
    select(
        col(Stage.id),
        col(Stage.pipeline_id),
        col(Pipeline.name),
        col(Stage.name),
        col(Stage.position),
        col(Stage.kind),
        col(Stage.probability),
    )
    .join(Pipeline, col(Pipeline.id) == col(Stage.pipeline_id))
    .order_by(col(Pipeline.position), col(Pipeline.id), col(Stage.position))
)
_CHANGES = select(
    col(StageChange.opportunity_id),
    col(StageChange.at),
    col(StageChange.from_stage_id),
    col(StageChange.to_stage_id),
).order_by(col(StageChange.opportunity_id), col(StageChange.at), col(StageChange.id))
_ESTIMATES = select(
    col(Estimate.opportunity_id),
    col(Estimate.at),
    col(Estimate.base_amount),
    col(Estimate.close_on),
).order_by(col(Estimate.opportunity_id), col(Estimate.at), col(Estimate.id))
_CONTACTED = (
    select(
        col(Activity.opportunity_id),
        func.coalesce(col(Activity.done_at), col(Activity.at)),
        col(Activity.kind),
    )
    .where(col(Activity.opportunity_id).is_not(None))
    .order_by(col(Activity.opportunity_id), col(Activity.at), col(Activity.id))
)


def _read(session: Session, statement: Any, schema: Schema) -> pd.DataFrame:
    """The rows of `statement`, whose columns are those of `schema` in its order."""
    columns = zip(*session.execute(statement), strict=True)
    values = dict(zip(schema, columns, strict=False)) or dict.fromkeys(schema, ())
    table = {name: _as(kind, values[name]) for name, kind in schema.items()}
    return typed(table, schema)


def _as(kind: str, cells: Any) -> Any:
    """`cells` in a form that pandas turns into `kind`; moments as they are in UTC."""
    if kind == "str":
        return ["" if one is None else str(one) for one in cells]
    if kind.startswith("datetime"):
        times = pd.to_datetime(pd.Series(cells, dtype="object"), utc=True)
        return times.dt.tz_localize(None).astype(kind)
    if kind == "float64":
        return pd.Series(cells, dtype="object").astype("float64")
    return list(cells)
