"""Pipelines and their stages, in their order; the first one is made by itself."""

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from crm import db
from crm.i18n import N_, _
from crm.models import Deed, Pipeline, Record, Stage, StageKind, utcnow

FIRST: tuple[tuple[str, str, str, StageKind], ...] = (
    (N_("Prospecting"), "0.1", "gray", StageKind.OPEN),
    (N_("Qualified"), "0.25", "blue", StageKind.OPEN),
    (N_("Proposal"), "0.5", "violet", StageKind.OPEN),
    (N_("Negotiation"), "0.75", "orange", StageKind.OPEN),
    (N_("Won"), "1", "green", StageKind.WON),
    (N_("Lost"), "0", "red", StageKind.LOST),
)


def listed(session: Session) -> list[Pipeline]:
    """All pipelines, in their order."""
    order = col(Pipeline.position), col(Pipeline.id)
    return list(session.scalars(select(Pipeline).order_by(*order)))


def stages(session: Session, pipeline_id: int | None = None) -> list[Stage]:
    """The stages of a pipeline in their order; of all of them, one after the other."""
    found = select(Stage).join(Pipeline, col(Pipeline.id) == col(Stage.pipeline_id))
    if pipeline_id is not None:
        found = found.where(col(Stage.pipeline_id) == pipeline_id)
    order = col(Pipeline.position), col(Pipeline.id), col(Stage.position), col(Stage.id)
    return list(session.scalars(found.order_by(*order)))


def first_stage(session: Session) -> Stage:
    """Where an opportunity begins unless told: in a pipeline made now if need be."""
    ensure(session)
    return next(one for one in stages(session) if one.kind is StageKind.OPEN)


def ensure(session: Session) -> None:
    """Make the usual pipeline where there is none, past the right to set pipelines up.

    Two at once make one: the unique names decide.
    """
    if listed(session):
        return
    at = utcnow()
    made = {"created_at": at, "updated_at": at, "version": 1}
    name = _("Sales pipeline")
    _insert(session, Pipeline, [made | {"name": name, "position": 0}], ["name"])
    pipeline_id = listed(session)[0].id
    rows = [
        made
        | {"pipeline_id": pipeline_id, "name": _(label), "position": position,
           "color": color, "probability": Decimal(share), "kind": kind, "required": []}
        for position, (label, share, color, kind) in enumerate(FIRST)
    ]  # fmt: skip
    _insert(session, Stage, rows, ["pipeline_id", "name"])


def _insert(
    session: Session, table: type[Record], rows: list[dict[str, Any]], keys: list[str]
) -> None:
    """Insert rows past the session, and log those that are new."""
    local = SQLModel.metadata.tables[str(table.__tablename__)]
    newest = select(func.max(local.c.id))
    connection = session.connection()
    before = connection.scalar(newest) or 0
    db.insert_new(connection, local, rows, keys)
    made = select(local.c.id, local.c.name).where(local.c.id > before)
    for row in connection.execute(made).all():
        entry = {"entity": local.name, "record_id": row.id, "deed": Deed.CREATE}
        db.record_change(session, entry | {"after": {"name": row.name}})
