"""Suggestions: one ranked list of whom to act on, and what becomes of it."""

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from crm import db
from crm.db.watch import require
from crm.errors import Invalid, NotFound
from crm.i18n import _
from crm.models import (
    Action,
    ActivityFields,
    ActivityKind,
    Customer,
    Suggestion,
    SuggestionKind,
    SuggestionState,
    exact,
)
from crm.models.suggestions import SHOWN_FOR, WATCHED_FOR
from crm.services import activities

LEFT_ALONE = 0.1  # share of the suggestions, drawn by lot
NOT_AGAIN = timedelta(days=180)  # for a kind that was called wrong for a customer
LONGEST_SNOOZE = timedelta(days=90)


@dataclass(frozen=True)
class Candidate:
    """What an analysis proposes for one customer; `worth` in the book currency."""

    customer_id: int
    kind: SuggestionKind
    worth: float
    facts: dict[str, Any] = field(default_factory=dict)


def make(
    session: Session,
    candidates: Iterable[Candidate],
    *,
    analysis_id: int | None,
    on: date,
    lot: random.Random,
) -> int:
    """Keep candidates as suggestions, a share of them left alone by lot; how many.

    Left out are customers that are gone or out of reach, that have had a suggestion
    of the kind within 28 days, or that one was called wrong for within 180 days.

    Raises:
        Forbidden: the actor may not make suggestions.
    """
    require(db.actor_of(session), Action.CREATE, "suggestion")
    by_key = {(one.customer_id, one.kind): one for one in candidates if one.worth > 0}
    wanted = _there(session, {customer_id for customer_id, _kind in by_key})
    lately = _lately(session, wanted, on=on)
    kept = [
        one
        for (customer_id, kind), one in by_key.items()
        if customer_id in wanted and (customer_id, kind) not in lately
    ]
    for one in kept:
        alone = lot.random() < LEFT_ALONE
        session.add(
            Suggestion(
                customer_id=one.customer_id,
                kind=one.kind,
                made_on=on,
                worth=exact(Decimal(repr(round(one.worth, 2)))),
                facts=one.facts,
                analysis_id=analysis_id,
                state=SuggestionState.LEFT_ALONE if alone else SuggestionState.OPEN,
            )
        )
    session.flush()
    return len(kept)


def listed(
    session: Session,
    *,
    on: date,
    owner_id: int | None = None,
    kind: SuggestionKind | None = None,
    limit: int = 50,
) -> list[Suggestion]:
    """The open suggestions for customers in reach, the greatest worth first.

    `owner_id` has only that user's customers looked at.
    """
    statement = select(Suggestion).where(*_open(on), *_of(owner_id, kind))
    order = col(Suggestion.worth).desc(), col(Suggestion.id)
    joined = statement.join(Customer, col(Customer.id) == col(Suggestion.customer_id))
    return list(session.scalars(joined.order_by(*order).limit(limit)))


def count(
    session: Session,
    *,
    on: date,
    owner_id: int | None = None,
    kind: SuggestionKind | None = None,
) -> int:
    """How many `listed` has in all."""
    statement = (
        select(func.count(col(Suggestion.id)))
        .join(Customer, col(Customer.id) == col(Suggestion.customer_id))
        .where(*_open(on), *_of(owner_id, kind))
    )
    return session.scalar(statement) or 0


def accept(
    session: Session, suggestion_id: int, task: str, *, due_at: datetime, at: datetime
) -> Suggestion:
    """Make a task of it, for the actor; `task` is its subject.

    Raises:
        NotFound: there is no such suggestion in reach.
        RuleBroken: it has been dealt with.
        Forbidden: the actor may not change suggestions, or make tasks.
    """
    found = suggestion(session, suggestion_id)
    user_id = db.actor_of(session).user_id
    found.decide(SuggestionState.ACCEPTED, user_id, at)
    form = ActivityFields(
        kind=ActivityKind.TASK,
        subject=task[:200],
        customer_id=found.customer_id,
        owner_id=user_id,
        due_at=due_at,
    )
    found.activity_id = activities.record(session, form, at=at).id
    session.flush()
    return found


def snooze(
    session: Session, suggestion_id: int, *, until: date, on: date
) -> Suggestion:
    """Show it again on the day `until`.

    Raises:
        NotFound: there is no such suggestion in reach.
        RuleBroken: it has been dealt with.
        Invalid: the day is not after `on`, or more than 90 days after it.
    """
    found = suggestion(session, suggestion_id)
    if not on < until <= on + LONGEST_SNOOZE:
        raise Invalid(_("Choose a day within the next 90."), field="until")
    found.decide(SuggestionState.OPEN, None, found.created_at)
    found.decided_at, found.snoozed_until = None, until
    session.flush()
    return found


def call_wrong(session: Session, suggestion_id: int, *, at: datetime) -> Suggestion:
    """Say that it does not fit; none of its kind comes for the customer for long.

    Raises:
        NotFound: there is no such suggestion in reach.
        RuleBroken: it has been dealt with.
    """
    found = suggestion(session, suggestion_id)
    found.decide(SuggestionState.WRONG, db.actor_of(session).user_id, at)
    session.flush()
    return found


def watched(session: Session, *, on: date) -> pd.DataFrame:
    """Customers whose 28 days after a suggestion are over, at most a year ago.

    Returns:
        `customer_id`, `kind`, `made_on` (date) and `left_alone` (bool), a row for
        each suggestion.
    """
    key = (col(Suggestion.customer_id), col(Suggestion.kind), col(Suggestion.made_on))
    made = col(Suggestion.made_on)
    statement = select(*key, col(Suggestion.state)).where(
        made <= on - WATCHED_FOR, made > on - timedelta(days=365)
    )
    rows = [
        (row[0], row[1].value, row[2], row[3] is SuggestionState.LEFT_ALONE)
        for row in session.execute(statement)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "kind", "made_on", "left_alone"])


def suggestion(session: Session, suggestion_id: int) -> Suggestion:
    """One suggestion; those left alone are shown to nobody.

    Raises:
        NotFound: there is none for a customer in reach.
    """
    found = db.get(session, Suggestion, suggestion_id)
    db.get(session, Customer, found.customer_id)
    if found.state is SuggestionState.LEFT_ALONE:
        raise NotFound(Suggestion, suggestion_id)
    return found


def _open(on: date) -> list[ColumnElement[bool]]:
    until = col(Suggestion.snoozed_until)
    fresh = col(Suggestion.made_on) > on - SHOWN_FOR
    awake = until.is_(None) & fresh
    back = (until <= on) & (until > on - SHOWN_FOR)
    return [col(Suggestion.state) == SuggestionState.OPEN, or_(awake, back)]


def _of(owner_id: int | None, kind: SuggestionKind | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if owner_id is not None:
        found.append(col(Customer.owner_id) == owner_id)
    if kind is not None:
        found.append(col(Suggestion.kind) == kind)
    return found


def _there(session: Session, ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for piece in db.chunked(sorted(ids)):
        alive = select(col(Customer.id)).where(
            col(Customer.id).in_(piece), col(Customer.walk_in).is_(False)
        )
        found.update(session.scalars(alive))
    return found


def _lately(
    session: Session, ids: Collection[int], *, on: date
) -> set[tuple[int, SuggestionKind]]:
    """Customers and kinds for which nothing new is to be suggested now."""
    made, state = col(Suggestion.made_on), col(Suggestion.state)
    recent = made > on - WATCHED_FOR
    wrong = (state == SuggestionState.WRONG) & (made > on - NOT_AGAIN)
    waiting = (state == SuggestionState.OPEN) & (col(Suggestion.snoozed_until) >= on)
    found: set[tuple[int, SuggestionKind]] = set()
    for piece in db.chunked(sorted(ids)):
        key = col(Suggestion.customer_id)
        statement = select(key, col(Suggestion.kind)).where(
            key.in_(piece), or_(recent, wrong, waiting)
        )
        found.update((row[0], row[1]) for row in session.execute(statement))
    return found
