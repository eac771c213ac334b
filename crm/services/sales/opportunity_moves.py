"""The moves of an opportunity: what a stage asks for, and what is noted on entering."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.i18n import _
from crm.models import Actor, Opportunity, Stage, StageChange, StageKind
from crm.services.sales import pipelines
from crm.services.sales.opportunity_fields import OPPORTUNITY_FIELDS

REASONS = {StageKind.WON: "won_reason", StageKind.LOST: "lost_reason"}


def missing(
    row: Opportunity, stage: Stage, before: Sequence[Stage], actor: Actor
) -> list[str]:
    """The fields that are empty and that `stage`, or one `before` it, asks for.

    What is lost may be so without them; but why, is to be said. What is hidden from
    `actor` is not asked of them.
    """
    wanted = asked(stage, before)
    if stage.kind is StageKind.LOST:
        wanted.append("lost_reason")
    return labelled(
        name
        for name in wanted
        if getattr(row, name, None) in (None, "")
        and not actor.hides("opportunity", name)
    )


def asked(stage: Stage, before: Sequence[Stage]) -> list[str]:
    """The fields that `stage` asks for, and those `before` it; what is lost may lack
    those.
    """
    if stage.kind is StageKind.LOST:
        return list(stage.required)
    return list(dict.fromkeys(n for one in (*before, stage) for n in one.required))


def behind(stage: Stage, stages: Iterable[Stage]) -> list[Stage]:
    """Those of `stages` that an opportunity has passed before it enters `stage`."""
    return [
        one
        for one in stages
        if one.pipeline_id == stage.pipeline_id
        and one.kind is StageKind.OPEN
        and one.position < stage.position
    ]


def labelled(names: Iterable[str]) -> list[str]:
    """What fields of opportunities are called on the screen."""
    labels = {field.name: field.label for field in OPPORTUNITY_FIELDS}
    return [_(labels[name]) for name in names]


def enter(session: Session, row: Opportunity, stage: Stage, at: datetime) -> None:
    """Let `row` stand in `stage` from `at` on, if the stage lets it in.

    Raises:
        RuleBroken: a field is empty that the stage asks for.
    """
    passed = behind(stage, pipelines.stages(session, stage.pipeline_id))
    actor = db.actor_of(session)
    if empty := missing(row, stage, passed, actor):
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
