"""Setting pipelines up: stages added, changed and moved; what was ever used stays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Duplicate, Invalid, RuleBroken
from crm.i18n import _
from crm.models import Opportunity, Pipeline, Stage, StageChange, StageKind, exact
from crm.services import records
from crm.services.sales.opportunity_fields import GATES
from crm.services.sales.pipelines import FIRST, listed, stages

COLORS = ("gray", "blue", "violet", "orange", "green", "red", "yellow")
MOST = 20  # stages in a pipeline
DEED = "pipelines"  # two at once could take away the last stage of a kind


@dataclass(frozen=True)
class StageForm:
    """What is filled in about a stage; `probability` is a share of 0 to 1."""

    name: str
    probability: Decimal = Decimal(0)
    color: str = "gray"
    kind: StageKind = StageKind.OPEN
    required: Sequence[str] = field(default_factory=tuple)


def add(session: Session, name: str) -> Pipeline:
    """Add a pipeline with the usual stages.

    Raises:
        Invalid: it has no name.
        Duplicate: there is one of that name.
    """
    name = _named(session, Pipeline, name)
    pipeline = Pipeline(name=name, position=len(listed(session)))
    session.add(pipeline)
    session.flush()
    for position, (label, share, color, kind) in enumerate(FIRST):
        made = Stage(
            pipeline_id=pipeline.id,
            name=_(label),
            position=position,
            color=color,
            probability=Decimal(share),
            kind=kind,
        )
        session.add(made)
    session.flush()
    return pipeline


def rename(
    session: Session, pipeline_id: int, name: str, *, version: int | None = None
) -> Pipeline:
    """Give a pipeline another name.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: it has no name.
        Duplicate: there is one of that name.
    """
    pipeline = db.get(session, Pipeline, pipeline_id)
    records.expect(pipeline, version)
    pipeline.name = _named(session, Pipeline, name, pipeline.id)
    session.flush()
    return pipeline


def remove(session: Session, pipeline_id: int) -> None:
    """Delete a pipeline that no opportunity has ever been in.

    Raises:
        NotFound: it does not exist.
        RuleBroken: opportunities are or were in it, or it is the only one.
    """
    db.alone(session, DEED)
    pipeline = db.get(session, Pipeline, pipeline_id)
    if len(listed(session)) == 1:
        raise RuleBroken(_("The only pipeline stays."))
    held = stages(session, pipeline_id)
    for stage in held:
        _refuse_used(session, stage)
    for stage in held:
        session.delete(stage)
    session.flush()
    session.delete(pipeline)
    session.flush()


def add_stage(session: Session, pipeline_id: int, form: StageForm) -> Stage:
    """Add a stage, behind the others that are open.

    Raises:
        NotFound: the pipeline does not exist.
        Invalid: a value does not fit.
        Duplicate: the pipeline has a stage of that name.
        RuleBroken: it has as many stages as it may.
    """
    db.alone(session, DEED)
    pipeline = db.get(session, Pipeline, pipeline_id)
    there = stages(session, pipeline.id)
    if len(there) >= MOST:
        raise RuleBroken(_("A pipeline has at most {n} stages.").format(n=MOST))
    made = Stage(pipeline_id=pipeline.id, **_checked(session, pipeline.id, form))
    session.add(made)
    is_open = [one for one in there if one.kind is StageKind.OPEN]
    before = is_open if form.kind is StageKind.OPEN else there
    _number([*before, made, *(one for one in there if one not in before)])
    session.flush()
    return made


def change_stage(
    session: Session,
    stage_id: int,
    form: StageForm,
    *,
    position: int | None = None,
    version: int | None = None,
) -> Stage:
    """Change a stage, and its place (from 0) among those of its pipeline.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
        Duplicate: the pipeline has another stage of that name.
        RuleBroken: its kind changes, though opportunities are or were in it, or
            though no other stage has that kind.
    """
    db.alone(session, DEED)
    stage = db.get(session, Stage, stage_id)
    records.expect(stage, version)
    values = _checked(session, stage.pipeline_id, form, stage.id)
    if form.kind is not stage.kind:
        _refuse_last(session, stage)
        _refuse_used(session, stage)
    for name, value in values.items():
        setattr(stage, name, value)
    if position is not None:
        others = [s for s in stages(session, stage.pipeline_id) if s is not stage]
        at = max(0, min(position, len(others)))
        _number([*others[:at], stage, *others[at:]])
    session.flush()
    return stage


def remove_stage(session: Session, stage_id: int) -> None:
    """Delete a stage that no opportunity has ever been in.

    Raises:
        NotFound: it does not exist.
        RuleBroken: opportunities are or were in it, or no other is of its kind.
    """
    db.alone(session, DEED)
    stage = db.get(session, Stage, stage_id)
    _refuse_last(session, stage)
    _refuse_used(session, stage)
    session.delete(stage)
    session.flush()


def _checked(
    session: Session, pipeline_id: int, form: StageForm, own_id: int | None = None
) -> dict[str, Any]:
    """The values of a form, as a stage holds them."""
    if not 0 <= form.probability <= 1:
        raise Invalid(_("A probability lies between 0 and 1."), field="probability")
    if form.color not in COLORS or set(form.required) - set(GATES):
        raise Invalid(_("This is not one of the choices."), field="required")
    return {
        "name": _named(session, Stage, form.name, own_id, pipeline_id),
        "probability": exact(form.probability),
        "color": form.color,
        "kind": form.kind,
        "required": [name for name in GATES if name in form.required],
    }


def _named(
    session: Session,
    table: Any,
    name: str,
    own_id: int | None = None,
    pipeline_id: int | None = None,
) -> str:
    kept = records.text(name, longest=80, missing=_("It needs a name."), field="name")
    same = select(table.id).where(table.name == kept)
    if pipeline_id is not None:
        same = same.where(table.pipeline_id == pipeline_id)
    with session.no_autoflush:
        if any(one != own_id for one in session.scalars(same)):
            raise Duplicate(_("There is one of this name already."))
    return kept


def _number(in_order: Sequence[Stage]) -> None:
    for position, stage in enumerate(in_order):
        stage.position = position


def _refuse_used(session: Session, stage: Stage) -> None:
    """Opportunities in the recycle bin and those that have moved on count, too."""
    connection = session.connection()
    here = select(col(Opportunity.id)).where(col(Opportunity.stage_id) == stage.id)
    passed = select(col(StageChange.id)).where(
        or_(
            col(StageChange.from_stage_id) == stage.id,
            col(StageChange.to_stage_id) == stage.id,
        )
    )
    for found in (here, passed):
        if connection.scalar(found.limit(1)) is not None:
            words = _("Opportunities are or were in stage “{name}”; rename it instead.")
            raise RuleBroken(words.format(name=stage.name))


def _refuse_last(session: Session, stage: Stage) -> None:
    alike = [s for s in stages(session, stage.pipeline_id) if s.kind is stage.kind]
    if len(alike) == 1:
        raise RuleBroken(_("A pipeline needs a stage that is open, won, and lost."))
