"""What was planned about opportunities, written: with their moves and estimates."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.models import (
    Customer,
    Estimate,
    InCurrency,
    Opportunity,
    OpportunityLine,
    StageChange,
    utcnow,
)
from crm.services import days
from crm.services.admin import custom_fields
from crm.services.imports import bulk, order_links
from crm.services.imports.attached import add_custom
from crm.services.imports.meanings import ways
from crm.services.imports.opportunity_plan import (
    Moved,
    NewOpportunity,
    OpportunityPlan,
    Values,
)
from crm.services.imports.record_writing import Tally
from crm.services.money import exchange

Move = tuple[int | None, int, datetime]  # from and to which stage, when
Numbered = Sequence[tuple[int, NewOpportunity]]


def write_opportunities(
    session: Session, plan: OpportunityPlan, import_id: int
) -> tuple[Tally, Tally]:
    """Write what is planned; records made and changed, by table.

    Raises:
        Forbidden: the actor may not make or change such records.
        Duplicate: somebody else has just taken a unique value.
    """
    customers, walk_ins = _customers(session, plan, import_id)
    at = db.pending_of(session).at
    given = [_values(one, customers) | {"import_id": import_id} for one in plan.made]
    rows = [bulk.prepared(Opportunity, values, at) for values in given]
    ids = bulk.insert_records(session, Opportunity, rows, import_id)
    made = list(zip(ids, plan.made, strict=True))
    bulk.insert_rows(session, OpportunityLine, _lines(made))
    bulk.insert_attached(session, StageChange, _moves(session, made))
    bulk.insert_attached(session, Estimate, _estimates(made))
    add_custom(session, "opportunity", ids, [one.custom for one in plan.made])
    for edit in plan.edits:
        _change(session, edit)
    session.flush()
    n_customers = len(plan.customers) + walk_ins
    return (
        {"customer": n_customers, "opportunity": len(ids)},
        {"opportunity": len(plan.edits)},
    )


def _customers(
    session: Session, plan: OpportunityPlan, import_id: int
) -> tuple[dict[str | None, int], int]:
    """The ids of those that are made, by key, None the walk-in customer; whether that
    had to be made.
    """
    at = db.pending_of(session).at
    shared = {"import_id": import_id, "owner_id": db.actor_of(session).user_id}
    rows = [
        bulk.prepared(Customer, values | shared, at)
        for values in plan.customers.values()
    ]
    ids = bulk.insert_records(session, Customer, rows, import_id)
    found: dict[str | None, int] = dict(zip(plan.customers, ids, strict=True))
    if not any(_is_of_nobody(one) for one in plan.made):
        return found, 0
    found[None], made = order_links.walk_in_of(session, import_id)
    return found, int(made)


def _is_of_nobody(one: NewOpportunity) -> bool:
    return one.customer is None and "customer_id" not in one.values


def _values(one: NewOpportunity, customers: dict[str | None, int]) -> Values:
    if "customer_id" in one.values:
        return one.values
    return one.values | {"customer_id": customers[one.customer]}


def _lines(made: Numbered) -> list[Values]:
    """One line per product: at what the whole is worth, else at the product's price."""
    rows = []
    for opportunity_id, one in made:
        if one.product is None:
            continue
        price = one.values.get("amount")
        if not price and one.values["currency"] == settings().currency:
            price = one.product.price
        worth = price or Decimal(0)
        rows.append(
            {
                "opportunity_id": opportunity_id,
                "position": 1,
                "product_id": one.product.id,
                "quantity": Decimal(1),
                "unit_price": worth,
                "discount": Decimal(0),
                "tax_rate": one.product.tax_rate or Decimal(0),
                "amount": worth,
                "description": None,
            }
        )
    return rows


def _moves(session: Session, made: Numbered) -> list[Values]:
    """Into its stage; what has ended came by way of the first stage. Nobody here did
    it, so nobody is named.
    """
    known, rows = ways(session, {}), []
    for opportunity_id, one in made:
        stage_id, when = one.values["stage_id"], one.times
        steps: list[Move] = [(None, stage_id, when.opened_at)]
        if when.closed_at is not None:
            first = known.first_open(one.values["pipeline_id"]).id
            steps = [(None, first, when.opened_at), (first, stage_id, when.closed_at)]
        rows += [
            {
                "opportunity_id": opportunity_id,
                "from_stage_id": before,
                "to_stage_id": to,
                "at": at,
                "by_id": None,
            }
            for before, to, at in steps
        ]
    return rows


def _estimates(made: Numbered) -> list[Values]:
    """What was expected. Of what has ended a file tells how it ended, which nobody
    knew before: until then nothing was expected, so that no analysis looks ahead.
    """
    rows = []
    for opportunity_id, one in made:
        when, last = one.times, _estimate(one)
        nothing = {"base_amount": None, "close_on": None}
        if when.closed_at is None:
            told = [(when.opened_at, last)]
        else:
            told = [(when.opened_at, nothing), (when.closed_at, last)]
        rows += [{"opportunity_id": opportunity_id, "at": at} | s for at, s in told]
    return rows


def _estimate(one: NewOpportunity) -> Values:
    money = InCurrency(currency=one.values["currency"], rate=one.values["rate"])
    base = money.in_base(one.values.get("amount"))
    return {"base_amount": base, "close_on": one.times.close_on}


def _change(session: Session, edit: Any) -> None:
    """Through the session, so that the change log keeps what was there before."""
    row, before = edit.row, edit.row.stage_id
    stated = _stated(row)
    for name, value in edit.values.items():
        setattr(row, name, value)
    if row.stage_id != before:
        session.add(_step(row, before, _at(edit)))
    if stated[:2] != _stated(row)[:2]:
        exchange.price(session, row, days.today())
    if stated != _stated(row):
        session.add(
            Estimate(
                opportunity_id=row.id,
                at=utcnow(),
                base_amount=row.in_base(row.amount),
                close_on=row.close_on,
            )
        )
    custom_fields.change_of(session, row, edit.custom)


def _stated(row: Opportunity) -> tuple[Any, ...]:
    return row.amount, row.currency, row.close_on


def _at(edit: Moved) -> datetime:
    return edit.at


def _step(row: Opportunity, before: int, at: datetime) -> StageChange:
    return StageChange(
        opportunity_id=row.id, from_stage_id=before, to_stage_id=row.stage_id, at=at
    )
