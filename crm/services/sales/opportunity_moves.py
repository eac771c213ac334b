"""The moves of an opportunity: what a stage asks for, and what is noted on entering."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.i18n import _
from crm.models import Opportunity, Stage, StageChange, StageKind
from crm.services.sales import pipelines
from crm.services.sales.opportunity_fields import OPPORTUNITY_FIELDS

REASONS = {StageKind.WON: "won_reason", StageKind.LOST: "lost_reason"}


def missing(row: Opportunity, stage: Stage, before: Sequence[Stage]) -> list[str]:
    """The fields that are empty and that `stage`, or one `before` it, asks for.

    What is lost may be so without them; but why, is to be said.
    """
    if stage.kind is StageKind.LOST:
        wanted = [*stage.required, "lost_reason"]
    else:
        wanted = [name for one in (*before, stage) for name in one.required]
    empty = [n for n in dict.fromkeys(wanted) if getattr(row, n, None) in (None, "")]
    labels = {field.name: field.label for field in OPPORTUNITY_FIELDS}
    return [_(labels[name]) for name in empty]


def enter(session: Session, row: Opportunity, stage: Stage, at: datetime) -> None:
    """Let `row` stand in `stage` from `at` on, if the stage lets it in.

    Raises:
        RuleBroken: a field is empty that the stage asks for.
    """
    behind = [
        one
        for one in pipelines.stages(session, stage.pipeline_id)
        if one.kind is StageKind.OPEN and one.position < stage.position
    ]
    if empty := missing(row, stage, behind):
        words = _("Before “{stage}”, fill in: {fields}.")
        told = words.format(stage=stage.name, fields=", ".join(empty))
        raise RuleBroken(told)
    row.pipeline_id, row.stage_id = stage.pipeline_id, stage.id
    row.stage_since = at
    if stage.kind is not row.state or row.closed_at is None:
        row.closed_at = None if stage.kind is StageKind.OPEN else at
    row.state = stage.kind


def check_reasons(row: Opportunity, given: Any) -> None:
    """Keep only the reason of how it ended.

    Raises:
        Invalid: a reason was given that does not go with the stage.
    """
    for state, name in REASONS.items():
        if row.state is state or getattr(row, name) is None:
            continue
        if name in given:
            raise Invalid(
                _("A reason goes with what is won or lost accordingly."), field=name
            )
        setattr(row, name, None)
    if row.state is StageKind.OPEN:
        row.close_note = None


def step(
    session: Session, row: Opportunity, before: int | None, at: datetime
) -> StageChange:
    """The move from the stage `before` to where `row` is, made by the actor at `at`."""
    return StageChange(
        opportunity_id=row.id,
        from_stage_id=before,
        to_stage_id=row.stage_id,
        at=at,
        by_id=db.actor_of(session).user_id,
    )


def stage_or_first(session: Session, stage_id: int | None) -> Stage:
    """That stage; without one the first of the first pipeline.

    Raises:
        NotFound: it does not exist.
    """
    if stage_id is None:
        return pipelines.first_stage(session)
    return db.get(session, Stage, stage_id)
