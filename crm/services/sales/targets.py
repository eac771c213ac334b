"""Targets: what is to be won in a period, by a user, a team, or everyone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from crm import db
from crm.errors import Duplicate, Invalid, Stale
from crm.i18n import N_, _
from crm.models import Action, Period, Target, TargetFields
from crm.services import records
from crm.services.prices.pricing import LARGEST
from crm.services.sales.targets_about import About, check, sees
from crm.services.sales.targets_periods import first_day

TAKEN = N_("There is a target of theirs for this period already.")


def create(session: Session, form: TargetFields) -> Target:
    """Set a target.

    Raises:
        NotFound: the user or the team does not exist.
        Invalid: the day is not the first of such a period, or the amount too large.
        Duplicate: there is a target of theirs for the period.
        Forbidden: the actor may not set targets, or none for them.
    """
    row = Target(**form.model_dump())
    _check(session, row)
    session.add(row)
    _flush(session)
    return row


def update(
    session: Session,
    target_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
) -> Target:
    """Change the fields in `changes`.

    Raises:
        NotFound: the target, or whom it is for, does not exist.
        Stale: it is no longer at `version`.
        Invalid, Duplicate, Forbidden: as for a new one.
    """
    row = db.get(session, Target, target_id)
    records.expect(row, version)
    check(session, About.of(row))
    with session.no_autoflush:
        records.change(row, TargetFields, changes)
        _check(session, row)
    _flush(session)
    return row


def remove(session: Session, target_id: int, *, version: int | None = None) -> Target:
    """Take a target away.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Forbidden: the actor may not.
    """
    row = db.get(session, Target, target_id)
    records.expect(row, version)
    check(session, About.of(row))
    session.delete(row)
    session.flush()
    return row


@dataclass(frozen=True)
class Cell:
    """A target as a table has it: what it was when it was read, and what it is to be.

    None is no target.
    """

    about: About
    period: Period
    starts_on: date
    before: Decimal | None
    after: Decimal | None


def write(session: Session, cells: Iterable[Cell]) -> int:
    """Set, change and take away targets, all or none; how many.

    Raises:
        Stale: somebody has changed one of them since it was read.
        Invalid, Forbidden: as for a new one.
    """
    count = 0
    for cell in cells:
        row = found(session, cell.about, cell.period, cell.starts_on)
        if (row.amount if row else None) != cell.before:
            raise Stale(_("Somebody has changed these targets since you opened them."))
        if row is None and cell.after is not None:
            fields = {
                "owner_id": cell.about.owner_id, "team_id": cell.about.team_id,
                "period": cell.period, "starts_on": cell.starts_on,
                "amount": cell.after,
            }  # fmt: skip
            create(session, records.valid(TargetFields, fields))
        elif row is not None and cell.after is None:
            remove(session, row.id)
        elif row is not None:
            update(session, row.id, {"amount": cell.after})
        count += 1
    return count


def listed(
    session: Session,
    *,
    period: Period | None = None,
    first: date | None = None,
    last: date | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[Target]:
    """The targets in reach by id, from `after` on; those that begin in a time."""
    statement = (
        select(Target)
        .where(col(Target.id) > after, *_fit(period, first, last))
        .order_by(col(Target.id))
        .limit(limit)
    )
    return list(session.scalars(statement))


def count(
    session: Session,
    *,
    period: Period | None = None,
    first: date | None = None,
    last: date | None = None,
) -> int:
    """How many `listed` has in all."""
    fit = _fit(period, first, last)
    return session.scalar(select(func.count(col(Target.id))).where(*fit)) or 0


def found(
    session: Session, about: About, period: Period, starts_on: date
) -> Target | None:
    """Their target for a period."""
    statement = (
        select(Target)
        .where(
            col(Target.period) == period,
            col(Target.starts_on) == starts_on,
            same(Target.owner_id, about.owner_id),
            same(Target.team_id, about.team_id),
        )
        .order_by(col(Target.id).desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def may_set(session: Session, about: About) -> bool:
    """Whether the actor may set a target for them."""
    actor = db.actor_of(session)
    return actor.may(Action.CREATE, "target") and sees(session, about)


def _check(session: Session, row: Target) -> None:
    check(session, About.of(row))
    records.usual_year(row.starts_on, field="starts_on")
    if row.starts_on != (day := first_day(row.period, row.starts_on)):
        words = _("This period begins on {day}.").format(day=day.isoformat())
        raise Invalid(words, field="starts_on")
    if row.amount > LARGEST:
        words = _("A target is at most {amount}.").format(amount=f"{LARGEST:,}")
        raise Invalid(words, field="amount")
    with session.no_autoflush:
        other = found(session, About.of(row), row.period, row.starts_on)
    if other is not None and other.id != row.id:
        raise Duplicate(_(TAKEN))


def _flush(session: Session) -> None:
    """Of two at the same moment, the unique key lets one through."""
    try:
        session.flush()
    except IntegrityError as error:
        if db.is_duplicate(error):
            raise Duplicate(_(TAKEN)) from error
        raise


def _fit(period: Period | None, first: date | None, last: date | None) -> list[Any]:
    wanted: list[Any] = []
    if period is not None:
        wanted.append(col(Target.period) == period)
    if first is not None:
        wanted.append(col(Target.starts_on) >= first)
    if last is not None:
        wanted.append(col(Target.starts_on) <= last)
    return wanted


def same(column: Any, key: int | None) -> Any:
    """Whether a column holds `key`, or nothing where that is None."""
    return col(column).is_(None) if key is None else col(column) == key
