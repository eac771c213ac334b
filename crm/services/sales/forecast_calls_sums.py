"""Sums over opportunities in the book currency, and the filter that lists the same.

One rule makes both the sum and the list that it opens, so that they cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col

from crm.models import ForecastCategory, Opportunity, Period, StageKind
from crm.services import filters
from crm.services.fields import entity_of, fields_of
from crm.services.money.exchange_sums import Sum as Total
from crm.services.money.exchange_sums import summed_by
from crm.services.sales.targets_periods import last_day, shifted

CALLED = {  # what each category takes in
    ForecastCategory.COMMIT: ("commit",),
    ForecastCategory.BEST_CASE: ("commit", "best_case"),
    ForecastCategory.PIPELINE: ("commit", "best_case", "pipeline"),
}
NOBODY = 2**62  # no user has this id


@dataclass(frozen=True)
class Sum:
    """What some opportunities are worth.

    Attributes:
        amount: of those that have one and a rate, in the book currency.
        rule: the filter that lists them.
        unpriced: how many have an amount but no rate, by currency.
    """

    amount: Decimal
    count: int
    rule: filters.Rule
    unpriced: dict[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing for want of a rate."""
        return not self.unpriced


def summed(session: Session, rule: filters.Rule, *, today: date) -> Sum:
    """Add up what `rule` finds in the actor's reach."""
    return told(sum(by_owner(session, rule, today=today).values(), Total()), rule)


def by_owner(
    session: Session, rule: filters.Rule, *, today: date
) -> dict[int | None, Total]:
    """What `rule` finds in the actor's reach, added up for each owner."""
    entity = entity_of("opportunity")
    fields = fields_of(session, entity.name)
    found = filters.where(entity, fields, rule, today=today)
    return summed_by(session, Opportunity, col(Opportunity.owner_id), found)


def told(total: Total, rule: filters.Rule) -> Sum:
    """`total` with the filter that lists what is in it."""
    unpriced = dict(sorted(total.missing.items()))
    return Sum(total.amount, total.count, rule, unpriced)


def won_rule(
    period: Period, starts_on: date, owners: Sequence[int] | None
) -> filters.Rule:
    """What was won in a period, by the days of the company."""
    closed = _between("closed_at", starts_on, last_day(period, starts_on))
    return _all(_is("state", StageKind.WON), closed, *_owned(owners))


def open_rule(
    period: Period,
    starts_on: date,
    owners: Sequence[int] | None,
    category: ForecastCategory,
    *,
    today: date,
) -> filters.Rule | None:
    """What is open and expected to close in a period; None when it is over.

    What is overdue counts in the period of `today`.
    """
    after = shifted(period, starts_on, 1)
    if after <= today:
        return None
    due = {"field": "close_on", "op": "before", "value": after.isoformat()}
    if starts_on > today:
        due = _between("close_on", starts_on, after - timedelta(days=1))
    counts = {"field": "counts_as", "op": "any", "value": list(CALLED[category])}
    return _all(_is("state", StageKind.OPEN), due, counts, *_owned(owners))


def everything_open(owners: Sequence[int] | None) -> filters.Rule:
    """All that is open."""
    return _all(_is("state", StageKind.OPEN), *_owned(owners))


def undated_rule(owners: Sequence[int] | None) -> filters.Rule:
    """What is open and has no day on which it is expected to close."""
    undated = {"field": "close_on", "op": "empty"}
    return _all(_is("state", StageKind.OPEN), undated, *_owned(owners))


def unpriced_rule(rule: filters.Rule) -> filters.Rule:
    """Of what `rule` finds, that with an amount but no rate."""
    conditions = (
        {"field": "amount", "op": "filled"},
        {"field": "base_amount", "op": "empty"},
    )
    return _all(*rule["rules"], *conditions)


def _all(*rules: dict[str, Any]) -> filters.Rule:
    return {"match": "all", "rules": list(rules)}


def _is(name: str, value: Any) -> dict[str, Any]:
    return {"field": name, "op": "any", "value": [str(value)]}


def _between(name: str, first: date, last: date) -> dict[str, Any]:
    days = [first.isoformat(), last.isoformat()]
    return {"field": name, "op": "between", "value": days}


def _owned(owners: Sequence[int] | None) -> list[dict[str, Any]]:
    if owners is None:
        return []
    return [{"field": "owner_id", "op": "any", "value": list(owners) or [NOBODY]}]
