"""Opportunities: open them, move them from stage to stage, win or lose them.

Reading lies in `opportunity_records`, the rules of moves in `opportunity_moves`, what
they are worth in `opportunity_worth`, their products in `opportunity_lines`; the verbs
and nouns are to be had here.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from crm import db
from crm.models import Opportunity, OpportunityFields, utcnow
from crm.services import days, records
from crm.services.admin import custom_fields
from crm.services.money import exchange
from crm.services.prices.pricing import currency_code
from crm.services.sales.opportunity_lines import keep_sum
from crm.services.sales.opportunity_moves import (
    REASONS,
    check_reasons,
    enter,
    missing,
    stage_or_first,
    step,
)
from crm.services.sales.opportunity_records import (
    Step,
    history,
    next_activity,
    of_customer,
    opportunity,
)
from crm.services.sales.opportunity_worth import Stated, check_amount, estimate, restate

__all__ = [
    "REASONS", "Step", "create", "history", "missing", "move", "next_activity",
    "of_customer", "opportunity", "remove", "update",
]  # fmt: skip


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
    stage = stage_or_first(session, form.stage_id)
    given = records.own(session, form).model_dump(exclude={"stage_id", "currency"})
    row = Opportunity(
        **given,
        currency=currency_code(form.currency),
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
    )
    check_amount(row)
    at = at or utcnow()
    row.created_at = at
    exchange.price(session, row, days.day_of(at))
    with session.no_autoflush:
        enter(session, row, stage, at)
        check_reasons(row, form.model_fields_set)
    session.add(row)
    session.flush()
    session.add_all([step(session, row, None, at), estimate(row, at)])
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
        RuleBroken: the stage asks for a field that is empty, or the amount is the
            sum of its products.
    """
    row = db.get(session, Opportunity, opportunity_id)
    records.expect(row, version)
    before, was = row.stage_id, Stated.of(row)
    with session.no_autoflush:
        records.change(row, OpportunityFields, changes)
        records.check_links(session, row, changes)
        row.stage_id = row.stage_id or before  # no stage is no change
        if "currency" in changes:
            row.currency = currency_code(row.currency)
        keep_sum(session, row, was)
        at = at or utcnow()
        if row.stage_id != before:
            enter(session, row, stage_or_first(session, row.stage_id), at)
            session.add(step(session, row, before, at))
        check_reasons(row, changes)
        restate(session, row, was, at)
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
