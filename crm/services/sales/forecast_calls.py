"""Commit, best case, pipeline: what is counted on in a period, and what managers say.

An opportunity counts by its forecast category; where nobody has set one, by the
probability of its stage: from 80 % on as commit, from 50 % on as best case, else as
pipeline. Each includes the ones before it. A manager's override replaces a sum; it is
never edited, only followed by another one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.db.watch import require
from crm.errors import Invalid
from crm.i18n import _
from crm.models import (
    Action,
    ForecastCategory,
    ForecastOverride,
    Opportunity,
    Period,
    User,
    exact,
)
from crm.services import records
from crm.services.prices.pricing import LARGEST
from crm.services.sales import targets
from crm.services.sales.forecast_calls_sums import (
    CALLED,
    Sum,
    open_rule,
    summed,
    undated_rule,
    won_rule,
)
from crm.services.sales.targets_about import About, check, owner_ids, sees
from crm.services.sales.targets_periods import first_day


@dataclass(frozen=True)
class Call:
    """A category: what the open opportunities add up to, and what is said instead."""

    category: ForecastCategory
    sum: Sum
    override: ForecastOverride | None

    @property
    def amount(self) -> Decimal:
        """What counts: the override where there is one."""
        said = self.override.amount if self.override else None
        return self.sum.amount if said is None else said

    @property
    def is_said(self) -> bool:
        return self.override is not None and self.override.amount is not None


@dataclass(frozen=True)
class Calls:
    """A period of somebody: what is won, what is counted on, what is to be won.

    `calls` are empty when the period is over; `undated` have no expected day.
    """

    won: Sum
    calls: list[Call]
    undated: Sum
    target: Decimal | None


@dataclass(frozen=True)
class Expectation:
    """What a manager says of a category; without an amount the sum counts again."""

    category: ForecastCategory
    amount: Decimal | None
    note: str | None = None


@dataclass(frozen=True)
class Said:
    """One override: who said when that a category brings `after` instead of `before`.

    None is the sum of the opportunities.
    """

    at: datetime
    who: str
    category: ForecastCategory
    before: Decimal | None
    after: Decimal | None
    note: str


def calls(
    session: Session, about: About, period: Period, starts_on: date, *, today: date
) -> Calls:
    """What there is for a period, among what the actor sees."""
    owners = owner_ids(session, about)
    last = _latest(session, about, period, starts_on)
    found = []
    for category in CALLED:
        rule = open_rule(period, starts_on, owners, category, today=today)
        if rule is not None:
            total = summed(session, rule, today=today)
            found.append(Call(category, total, last.get(category)))
    won = summed(session, won_rule(period, starts_on, owners), today=today)
    undated = summed(session, undated_rule(owners), today=today)
    target = targets.found(session, about, period, starts_on)
    return Calls(won, found, undated, target.amount if target else None)


def override(
    session: Session,
    about: About,
    period: Period,
    starts_on: date,
    said: Expectation,
) -> ForecastOverride:
    """Say what a category will bring.

    Raises:
        Forbidden: the actor may not, or does not see all that is theirs.
        NotFound: the user or the team does not exist.
        Invalid: no such period or category, an amount out of range, or nothing new.
    """
    actor = db.actor_of(session)
    require(actor, Action.CREATE, "forecast_override")
    check(session, about)
    records.usual_year(starts_on, field="starts_on")
    if starts_on != first_day(period, starts_on):
        raise Invalid(_("This is not the first day of a period."), field="starts_on")
    if said.category not in CALLED:
        words = _("Commit, best case and pipeline can be overridden.")
        raise Invalid(words, field="category")
    row = ForecastOverride(
        owner_id=about.owner_id,
        team_id=about.team_id,
        period=period,
        starts_on=starts_on,
        category=said.category,
        amount=None if said.amount is None else _fit(said.amount),
        note=_note(said.note),
        by_id=actor.user_id,
    )
    last = _latest(session, about, period, starts_on).get(said.category)
    if said.amount is None and (last is None or last.amount is None):
        raise Invalid(_("The sum counts already."), field="amount")
    session.add(row)
    session.flush()
    return row


def history(
    session: Session, about: About, period: Period, starts_on: date
) -> list[Said]:
    """What was said about a period, the latest first."""
    known: dict[ForecastCategory, Decimal | None] = {}
    told = []
    for row, who in _said(session, about, period, starts_on):
        before = known.get(row.category)
        known[row.category] = row.amount
        told.append(
            Said(
                row.created_at, who or "", row.category, before, row.amount,
                row.note or "",
            )
        )  # fmt: skip
    return told[::-1]


def listed(
    session: Session,
    *,
    period: Period | None = None,
    starts_on: date | None = None,
    category: ForecastCategory | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[ForecastOverride]:
    """The overrides in reach by id, from `after` on."""
    f = ForecastOverride
    fit = _asked(period, starts_on, category)
    statement = select(f).where(col(f.id) > after, *fit).order_by(col(f.id))
    return list(session.scalars(statement.limit(limit)))


def count(
    session: Session,
    *,
    period: Period | None = None,
    starts_on: date | None = None,
    category: ForecastCategory | None = None,
) -> int:
    """How many `listed` has in all."""
    fit = _asked(period, starts_on, category)
    return session.scalar(select(func.count(col(ForecastOverride.id))).where(*fit)) or 0


def _asked(
    period: Period | None, starts_on: date | None, category: ForecastCategory | None
) -> list[Any]:
    f = ForecastOverride
    asked = ((f.period, period), (f.starts_on, starts_on), (f.category, category))
    return [col(column) == value for column, value in asked if value is not None]


def may_override(session: Session, about: About) -> bool:
    """Whether the actor may say what they will bring."""
    actor = db.actor_of(session)
    allowed = actor.may(Action.CREATE, "forecast_override")
    return allowed and sees(session, about)


def win_chances(session: Session) -> dict[int, float]:
    """What the model of the win probability gives, by the id of the opportunity."""
    o = Opportunity
    statement = select(col(o.id), col(o.win_chance)).where(
        col(o.win_chance).is_not(None)
    )
    return {int(key): float(chance) for key, chance in session.execute(statement)}


def currencies(session: Session, ids: Sequence[int]) -> dict[str, int]:
    """How many of these opportunities are in which currency."""
    code, count = col(Opportunity.currency), Counter[str]()
    for piece in db.chunked(ids):
        statement = select(code).where(col(Opportunity.id).in_(piece))
        count.update(session.scalars(statement))
    return dict(sorted(count.items()))


def _latest(
    session: Session, about: About, period: Period, starts_on: date
) -> dict[ForecastCategory, ForecastOverride]:
    rows = _said(session, about, period, starts_on)
    return {row.category: row for row, _who in rows}


def _said(
    session: Session, about: About, period: Period, starts_on: date
) -> list[tuple[ForecastOverride, str | None]]:
    """All overrides of a period, the oldest first, with the name of who made each."""
    f = ForecastOverride
    statement = (
        select(ForecastOverride, col(User.name))
        .outerjoin(User, col(User.id) == col(f.by_id))
        .where(
            col(f.period) == period,
            col(f.starts_on) == starts_on,
            targets.same(f.owner_id, about.owner_id),
            targets.same(f.team_id, about.team_id),
        )
        .order_by(col(f.created_at), col(f.id))
    )
    return [(row, who) for row, who in session.execute(statement)]


def _fit(amount: Decimal) -> Decimal:
    try:
        kept = exact(amount)
    except (ValueError, ArithmeticError) as error:
        words = _("An amount has at most four decimal places.")
        raise Invalid(words, field="amount") from error
    if not 0 <= kept <= LARGEST:
        words = _("An amount is from 0 to {amount}.").format(amount=f"{LARGEST:,}")
        raise Invalid(words, field="amount")
    return kept


def _note(note: str | None) -> str | None:
    if not (note or "").strip():
        return None
    return records.text(note or "", longest=500, missing="", field="note")
