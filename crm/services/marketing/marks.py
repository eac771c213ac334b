"""Marks: recipients of a campaign that were reached, or have responded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _, ngettext
from crm.models import Campaign, Customer, Recipient
from crm.services import records
from crm.services.marketing import spans

REACHED, RESPONDED = "reached_at", "responded_at"
MARKS = {REACHED: (REACHED,), RESPONDED: (REACHED, RESPONDED)}
"""What is set with what: who responds has been reached."""


@dataclass(frozen=True)
class Marked:
    """What came of marking recipients: how many are new to it; how many of those who
    were named are held out, and so not marked."""

    new: int
    held_out: int = 0


def mark(
    session: Session,
    campaign_id: int,
    name: str,
    customer_ids: Sequence[int] | None = None,
) -> Marked:
    """Note that recipients were reached, or have responded, at the moment of the
    operation.

    `name` is `REACHED` or `RESPONDED`; who responds was reached. Who is held out is
    never marked. Without `customer_ids` all the others.

    Raises:
        NotFound: there is no such campaign.
        Forbidden: the actor may not change recipients.
        RuleBroken: all of `customer_ids` are held out, or none is a recipient.
    """
    db.get(session, Campaign, campaign_id)
    found = _recipients(session, campaign_id, customer_ids)
    held_out = 0 if customer_ids is None else sum(row.held_out for row in found)
    if customer_ids is not None and not found:
        raise RuleBroken(_("None of these records is there any more."))
    if held_out and held_out == len(found):
        _refuse_held_out(held_out)
    missing = [r.id for r in found if not r.held_out and getattr(r, name) is None]
    new = spans.mark(session, campaign_id, missing, MARKS[name]) if missing else 0
    return Marked(new, held_out)


def change(
    session: Session,
    campaign_id: int,
    customer_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
) -> Recipient:
    """Set, or take back, when one recipient was reached or has responded.

    `changes` has `reached_at` or `responded_at`: moments (aware), or None.

    Raises:
        NotFound: the customer is no recipient of that campaign, or out of reach.
        Stale: it is no longer at `version`.
        Invalid: a moment of another age.
        RuleBroken: the customer is held out.
    """
    row = recipient(session, campaign_id, customer_id)
    records.expect(row, version)
    if row.held_out and any(value is not None for value in changes.values()):
        _refuse_held_out(1)
    for name, value in changes.items():
        setattr(row, name, records.usual_year(value, field=name))
    session.flush()
    return row


def recipient(session: Session, campaign_id: int, customer_id: int) -> Recipient:
    """A customer in a campaign.

    Raises:
        NotFound: one of them is not there, or out of reach, or not in the other.
    """
    db.get(session, Campaign, campaign_id)
    db.get(session, Customer, customer_id)
    statement = select(col(Recipient.id)).where(
        col(Recipient.campaign_id) == campaign_id,
        col(Recipient.customer_id) == customer_id,
    )
    return db.get(session, Recipient, session.scalar(statement) or 0)


def _refuse_held_out(count: int) -> None:
    words = ngettext(
        "{n} of these customers is held out by lot and must not be reached.",
        "{n} of these customers are held out by lot and must not be reached.",
        count,
    )
    raise RuleBroken(words.format(n=count))


def _recipients(
    session: Session, campaign_id: int, customer_ids: Sequence[int] | None
) -> Sequence[Any]:
    """Rows of id, held_out and both moments, of customers in reach."""
    r = Recipient
    statement = (
        select(
            col(r.id),
            col(r.customer_id),
            col(r.held_out),
            col(r.reached_at),
            col(r.responded_at),
        )
        .join(Customer, col(Customer.id) == col(r.customer_id))
        .where(col(r.campaign_id) == campaign_id)
    )
    if customer_ids is None:
        return session.execute(statement).all()
    wanted = set(customer_ids)
    if len(wanted) <= db.IN_LIMIT:
        statement = statement.where(col(r.customer_id).in_(sorted(wanted)))
    return [row for row in session.execute(statement) if row.customer_id in wanted]
