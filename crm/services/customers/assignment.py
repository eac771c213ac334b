"""Assignment by rule: hand customers out to owners, in turn or to the least busy."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.i18n import N_, _
from crm.models import SYSTEM, Activity, Customer, User
from crm.services import records


class Rule(StrEnum):
    """How customers find their owner."""

    ROUND_ROBIN = "round_robin"  # one after the other, in the order of their names
    LEAST_BUSY = "least_busy"  # each to whoever has the least to do by then


RULE_LABELS = {
    Rule.ROUND_ROBIN: N_("In turn"),
    Rule.LEAST_BUSY: N_("To the least busy"),
}


def hand_out(
    session: Session, customer_ids: Sequence[int], user_ids: Sequence[int], rule: Rule
) -> dict[int, int]:
    """Give each customer in reach an owner among `user_ids`; how many each got.

    The load of a user is the customers owned and the activities not done yet.

    Raises:
        Invalid: nobody to hand out to, or somebody who is no active user.
        RuleBroken: none of the customers is in reach.
    """
    users = _users(session, user_ids)
    load = _load(users) if rule is Rule.LEAST_BUSY else Counter[int]()
    got: Counter[int] = Counter()
    for row in records.rows(session, Customer, customer_ids):
        # `users` stand by name: of those with equal loads the first is taken
        owner = min(users, key=lambda one: load[one] + got[one])
        row.owner_id = owner
        got[owner] += 1
    if not got:
        raise RuleBroken(_("None of these records is there any more."))
    return {one: got[one] for one in users}


def _users(session: Session, user_ids: Sequence[int]) -> list[int]:
    """The ids, by the users' names."""
    wanted = {one for one in user_ids if 0 < one < 2**63}
    if not wanted:
        raise Invalid(_("Choose whom to hand out to."), field="user_ids")
    active = (
        select(col(User.id))
        .where(db.ids_in(col(User.id), sorted(wanted)), col(User.active))
        .order_by(col(User.name), col(User.id))
    )
    found = list(session.scalars(active))
    if len(found) < len(set(user_ids)):
        raise Invalid(_("Not all of them are active users."), field="user_ids")
    return found


def _load(users: Sequence[int]) -> Counter[int]:
    """What each user has to do: of all records, also those out of the actor's reach."""
    load: Counter[int] = Counter()
    with db.reading(SYSTEM) as session:
        for owner, more in (
            (col(Customer.owner_id), None),
            (col(Activity.owner_id), col(Activity.done_at).is_(None)),
        ):
            count = select(owner, func.count()).where(db.ids_in(owner, users))
            if more is not None:
                count = count.where(more, col(Activity.due_at).is_not(None))
            load.update(
                {
                    int(row[0]): int(row[1])
                    for row in session.execute(count.group_by(owner))
                }
            )
    return load
