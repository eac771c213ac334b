"""Who is in a campaign, page by page; and the campaigns of a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from crm.i18n import N_
from crm.models import Campaign, Customer, Recipient

MOST = 200  # rows of a page


class State(StrEnum):
    """Where a recipient stands."""

    HELD_OUT = "held_out"
    WAITING = "waiting"  # neither held out nor reached yet
    REACHED = "reached"
    RESPONDED = "responded"


STATES = {
    State.REACHED.value: N_("Already reached"),
    State.RESPONDED.value: N_("Responded"),
    State.HELD_OUT.value: N_("Held out"),
    State.WAITING.value: N_("Not reached yet"),
}


@dataclass(frozen=True)
class Listed:
    """A recipient as lists show it."""

    customer_id: int
    name: str
    held_out: bool
    added_at: datetime
    reached_at: datetime | None
    responded_at: datetime | None
    version: int

    @property
    def state(self) -> State:
        """The furthest that it has come."""
        if self.held_out:
            return State.HELD_OUT
        if self.responded_at is not None:
            return State.RESPONDED
        return State.WAITING if self.reached_at is None else State.REACHED


@dataclass(frozen=True)
class Figures:
    """How many recipients in reach there are, and how far they have come."""

    recipients: int = 0
    held_out: int = 0
    reached: int = 0
    responded: int = 0

    @property
    def response_share(self) -> float | None:
        """Of those reached, 0 to 1; None of nobody."""
        return self.responded / self.reached if self.reached else None


def figures(session: Session, campaign_id: int) -> Figures:
    """The counts of one campaign."""
    r = Recipient
    conditions = (
        col(r.held_out).is_(True),
        col(r.reached_at).is_not(None),
        col(r.responded_at).is_not(None),
    )
    sums = [func.sum(case((one, 1), else_=0)) for one in conditions]
    statement = _joined(select(func.count(col(r.id)), *sums)).where(
        col(r.campaign_id) == campaign_id
    )
    return Figures(*(int(one or 0) for one in session.execute(statement).one()))


def listed(
    session: Session,
    campaign_id: int,
    *,
    state: State | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[Listed]:
    """At most `limit` (200) recipients in reach, by the id of their customer; those
    after the customer `after`."""
    key = col(Recipient.customer_id)
    found = _rows().where(
        col(Recipient.campaign_id) == campaign_id, key > after, *_in(state)
    )
    rows = session.execute(found.order_by(key).limit(max(1, min(limit, MOST))))
    return [Listed(*row) for row in rows]


def page(
    session: Session,
    campaign_id: int,
    *,
    state: State | None = None,
    number: int = 1,
    size: int = 25,
) -> tuple[list[Listed], int]:
    """Page `number` (from 1) in the order of names, and how many there are in all."""
    conditions = (col(Recipient.campaign_id) == campaign_id, *_in(state))
    total = _joined(select(func.count(col(Recipient.id)))).where(*conditions)
    found = (
        _rows()
        .where(*conditions)
        .order_by(col(Customer.search_key), col(Customer.id))
        .limit(size)
        .offset(max(0, number - 1) * size)
    )
    rows = [Listed(*row) for row in session.execute(found)]
    return rows, int(session.scalar(total) or 0)


def customer_ids(
    session: Session, campaign_id: int, *, state: State | None = None
) -> list[int]:
    """All the customers of a campaign that stand there, in reach."""
    statement = _joined(select(col(Recipient.customer_id))).where(
        col(Recipient.campaign_id) == campaign_id, *_in(state)
    )
    return list(session.scalars(statement))


def of_customer(
    session: Session, customer_id: int, *, limit: int = 100
) -> list[tuple[Campaign, Recipient]]:
    """The campaigns that a customer in reach is in, added last first."""
    statement = (
        select(Campaign, Recipient)
        .join(Recipient, col(Recipient.campaign_id) == col(Campaign.id))
        .join(Customer, col(Customer.id) == col(Recipient.customer_id))
        .where(col(Recipient.customer_id) == customer_id)
        .order_by(col(Recipient.created_at).desc(), col(Recipient.id).desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def _rows() -> Any:
    r = Recipient
    return _joined(
        select(
            col(r.customer_id),
            col(Customer.name),
            col(r.held_out),
            col(r.created_at),
            col(r.reached_at),
            col(r.responded_at),
            col(r.version),
        )
    )


def _joined(statement: Any) -> Any:
    """Without those whose customer is out of reach or in the recycle bin."""
    return statement.select_from(Recipient).join(
        Customer, col(Customer.id) == col(Recipient.customer_id)
    )


def _in(state: State | None) -> Sequence[Any]:
    r = Recipient
    reached, responded = col(r.reached_at), col(r.responded_at)
    conditions: dict[State, tuple[Any, ...]] = {
        State.HELD_OUT: (col(r.held_out).is_(True),),
        State.WAITING: (col(r.held_out).is_(False), reached.is_(None)),
        State.REACHED: (reached.is_not(None),),
        State.RESPONDED: (responded.is_not(None),),
    }
    return conditions[state] if state is not None else ()
