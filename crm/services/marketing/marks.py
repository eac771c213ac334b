"""Marks: recipients of a campaign that were reached, or have responded."""

from collections.abc import Sequence
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


def mark(
    session: Session,
    campaign_id: int,
    name: str,
    customer_ids: Sequence[int] | None = None,
) -> int:
    """Note that recipients were reached, or have responded, at the moment of the
    operation; how many are new to it.

    `name` is `REACHED` or `RESPONDED`; who responds was reached. Without
    `customer_ids` all that are not held out.

    Raises:
        NotFound: there is no such campaign.
        Forbidden: the actor may not change recipients.
        RuleBroken: one of `customer_ids` is held out, or none is a recipient.
    """
    db.get(session, Campaign, campaign_id)
    found = _recipients(session, campaign_id, customer_ids)
    if customer_ids is not None:
        if not found:
            raise RuleBroken(_("None of these records is there any more."))
        _refuse_held_out(sum(row.held_out for row in found))
    missing = [r.id for r in found if not r.held_out and getattr(r, name) is None]
    return spans.mark(session, campaign_id, missing, MARKS[name]) if missing else 0


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
    if count:
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
