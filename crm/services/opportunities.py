"""Opportunities: open them, move them from stage to stage, win or lose them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, NotFound, RuleBroken
from crm.i18n import _
from crm.models import (
    Estimate,
    Opportunity,
    OpportunityFields,
    Stage,
    StageChange,
    StageKind,
    User,
    utcnow,
)
from crm.services import custom_fields, exchange, pipelines, records
from crm.services.opportunity_fields import OPPORTUNITY_FIELDS
from crm.services.pricing import LARGEST, currency_code

REASONS = {StageKind.WON: "won_reason", StageKind.LOST: "lost_reason"}


@dataclass(frozen=True)
class Step:
    """One move of an opportunity, in names; the first comes from nowhere (None)."""

    at: datetime
    from_stage: str | None
    to_stage: str
    who: str


def create(
    session: Session,
    form: OpportunityFields,
    *,
    custom: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """Open an opportunity at `at` (now), owned by the actor unless told.

    Raises:
        NotFound: the customer, the owner or the stage does not exist.
        Invalid: an unknown currency, an amount out of range, a reason that does not
            go with the stage, or a custom value that does not fit.
        RuleBroken: the stage asks for a field that is empty.
    """
    records.check_links(session, form)
    stage = _stage(session, form.stage_id)
    given = records.own(session, form).model_dump(exclude={"stage_id", "currency"})
    row = Opportunity(
        **given,
        currency=currency_code(form.currency),
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
    )
    _check_amount(row)
    at = at or utcnow()
    row.created_at = at
    exchange.price(session, row, at.date())
    with session.no_autoflush:
        _enter(session, row, stage, at)
        _check_reasons(row, form.model_fields_set)
    session.add(row)
    session.flush()
    session.add_all([_step(session, row, None, at), _estimate(row, at)])
    session.flush()
    custom_fields.store(session, "opportunity", row.id, custom or {})
    return row


def update(
    session: Session,
    opportunity_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """Change the fields in `changes`, and custom values; another stage is a move.

    Leaving what is won or lost opens it again, and its reasons go.

    Raises:
        NotFound: it, or what it is to be linked to, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
        RuleBroken: the stage asks for a field that is empty.
    """
    row = db.get(session, Opportunity, opportunity_id)
    records.expect(row, version)
    before, stated = row.stage_id, (row.amount, row.currency, row.close_on)
    with session.no_autoflush:
        records.change(row, OpportunityFields, changes)
        records.check_links(session, row, changes)
        row.stage_id = row.stage_id or before  # no stage is no change
        row.currency = currency_code(row.currency)
        _check_amount(row)
        at = at or utcnow()
        if row.stage_id != before:
            _enter(session, row, _stage(session, row.stage_id), at)
            session.add(_step(session, row, before, at))
        _check_reasons(row, changes)
        if stated != (row.amount, row.currency, row.close_on):
            exchange.price(session, row, at.date())
            session.add(_estimate(row, at))
    custom_fields.change_of(session, row, custom or {})
    session.flush()
    return row


def move(
    session: Session,
    opportunity_id: int,
    stage_id: int,
    *,
    version: int | None = None,
    at: datetime | None = None,
    **outcome: Any,
) -> Opportunity:
    """Move to a stage, with the fields of the `outcome` where it is won or lost.

    Raises:
        NotFound: it, or the stage, does not exist.
        Stale: somebody has changed it since `version`.
        Invalid: a value of the outcome does not fit.
        RuleBroken: the stage asks for a field that is empty.
    """
    changes = {"stage_id": stage_id} | outcome
    return update(session, opportunity_id, changes, version=version, at=at)


def remove(
    session: Session, opportunity_id: int, *, version: int | None = None
) -> Opportunity:
    """Put an opportunity into the recycle bin."""
    row = db.get(session, Opportunity, opportunity_id)
    records.bin_(session, row, version=version)
    return row


def opportunity(session: Session, opportunity_id: int) -> Opportunity:
    """One opportunity with its customer.

    Raises:
        NotFound: it does not exist.
    """
    statement = (
        select(Opportunity)
        .where(col(Opportunity.id) == opportunity_id)
        .options(joinedload(Opportunity.customer))
    )
    if (found := session.scalars(statement).first()) is None:
        raise NotFound(Opportunity, opportunity_id)
    return found


def of_customer(
    session: Session, customer_id: int, *, limit: int = 50
) -> list[Opportunity]:
    """The opportunities with a customer, the latest first."""
    statement = (
        select(Opportunity)
        .where(col(Opportunity.customer_id) == customer_id)
        .order_by(col(Opportunity.created_at).desc(), col(Opportunity.id).desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def history(session: Session, opportunity_id: int) -> list[Step]:
    """Every move of an opportunity, the latest first."""
    found = (
        select(StageChange, col(User.name))
        .outerjoin(User, col(User.id) == col(StageChange.by_id))
        .where(col(StageChange.opportunity_id) == opportunity_id)
        .order_by(col(StageChange.at).desc(), col(StageChange.id).desc())
    )
    names = {stage.id: stage.name for stage in pipelines.stages(session)}
    return [
        Step(
            one.at,
            names.get(one.from_stage_id or 0),
            names[one.to_stage_id],
            who or "",
        )
        for one, who in session.execute(found)
    ]


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


def _enter(session: Session, row: Opportunity, stage: Stage, at: datetime) -> None:
    """Let `row` stand in `stage` from `at` on, if the stage lets it in."""
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


def _check_reasons(row: Opportunity, given: Any) -> None:
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


def _step(
    session: Session, row: Opportunity, before: int | None, at: datetime
) -> StageChange:
    return StageChange(
        opportunity_id=row.id,
        from_stage_id=before,
        to_stage_id=row.stage_id,
        at=at,
        by_id=db.actor_of(session).user_id,
    )


def _estimate(row: Opportunity, at: datetime) -> Estimate:
    return Estimate(
        opportunity_id=row.id,
        at=at,
        base_amount=row.in_base(row.amount),
        close_on=row.close_on,
    )


def _stage(session: Session, stage_id: int | None) -> Stage:
    if stage_id is None:
        return pipelines.first_stage(session)
    return db.get(session, Stage, stage_id)


def _check_amount(row: Opportunity) -> None:
    if row.amount is not None and row.amount > LARGEST:
        words = _("An opportunity is worth at most {amount}.")
        raise Invalid(words.format(amount=f"{LARGEST:,}"), field="amount")
