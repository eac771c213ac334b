"""How far targets have come, and how fast they are approached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from crm.models import Period, Target
from crm.services.money.exchange_sums import Sum as Total
from crm.services.sales import targets
from crm.services.sales.forecast_calls_sums import Sum, by_owner, told, won_rule
from crm.services.sales.targets_about import About, owner_ids, sees
from crm.services.sales.targets_periods import first_day, share_gone, weeks_left


@dataclass(frozen=True)
class Attainment:
    """What was won of a target, on a day.

    `gone` is the share of the period that is over, `weeks` what is left of it.
    """

    about: About
    target: Decimal
    won: Sum
    gone: float
    weeks: float

    @property
    def reached(self) -> float | None:
        """Won / target; None without a target to speak of."""
        return float(self.won.amount / self.target) if self.target else None

    @property
    def pace(self) -> float | None:
        """What is reached against the share of the period that is over: 1 is on time.

        None before the period begins, or without a target to speak of.
        """
        if self.reached is None or not self.gone:
            return None
        return self.reached / self.gone

    @property
    def missing(self) -> Decimal:
        return max(self.target - self.won.amount, Decimal(0))

    @property
    def a_week(self) -> float | None:
        """What is to be won each week from now on; None when the period is over."""
        return float(self.missing) / self.weeks if self.weeks else None


def attainments(
    session: Session, period: Period, starts_on: date, *, today: date
) -> list[Attainment]:
    """How far the targets for a period have come, of those whom the actor sees in full.

    Everyone's first, then those of teams, then those of users.
    """
    day = first_day(period, starts_on)
    rows = targets.listed(session, period=period, first=day, last=day)
    rows = [row for row in rows if sees(session, About.of(row))]
    rows.sort(key=lambda row: (row.owner_id or 0, row.team_id or 0))
    if not rows:
        return []
    won = by_owner(session, won_rule(period, day, None), today=today)
    return [_attained(session, row, won, today) for row in rows]


def attainment(session: Session, row: Target, *, today: date) -> Attainment:
    """How far a target has come."""
    rule = won_rule(row.period, row.starts_on, None)
    return _attained(session, row, by_owner(session, rule, today=today), today)


def _attained(
    session: Session, row: Target, by_whom: Mapping[int | None, Total], today: date
) -> Attainment:
    """How far a target has come, by what was won in its period, by owner."""
    about, span = About.of(row), (row.period, row.starts_on)
    owners = owner_ids(session, about)
    mine = by_whom if owners is None else by_whom.keys() & set(owners)
    total = sum((by_whom[one] for one in mine), Total())
    won = told(total, won_rule(*span, owners))
    return Attainment(
        about, row.amount, won, share_gone(*span, today), weeks_left(*span, today)
    )
