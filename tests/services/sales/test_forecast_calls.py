"""Commit, best case, pipeline, and what managers say instead."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import Forbidden, Invalid
from crm.models import (
    SYSTEM,
    Actor,
    ForecastCategory,
    ForecastOverride,
    Opportunity,
    Period,
)
from crm.services import lists
from crm.services.admin import users
from crm.services.sales import forecast_calls
from crm.services.sales.forecast_calls import Calls, Expectation
from crm.services.sales.forecast_calls_sums import unpriced_rule
from crm.services.sales.targets_about import EVERYONE, About
from tests import make

TODAY = date(2026, 2, 14)
FEBRUARY = (Period.MONTH, date(2026, 2, 1))
COMMIT, BEST, PIPELINE = (
    ForecastCategory.COMMIT,
    ForecastCategory.BEST_CASE,
    ForecastCategory.PIPELINE,
)


def deal(amount: int | None, stage: str = "Prospecting", **details: Any) -> Opportunity:
    usual = {
        "amount": amount,
        "close_on": date(2026, 2, 20),
        "rate": Decimal(1),
    }
    return make.opportunity(make.customer(), stage, **usual | details)


def called(
    actor: Actor, about: About = EVERYONE, span: tuple[Period, date] = FEBRUARY
) -> Calls:
    with db.reading(actor) as session:
        return forecast_calls.calls(session, about, *span, today=TODAY)


def sums(found: Calls) -> list[int]:
    return [int(call.sum.amount) for call in found.calls]


def said(
    actor: Actor,
    amount: int | None,
    category: ForecastCategory = COMMIT,
    about: About = EVERYONE,
    note: str | None = None,
) -> ForecastOverride:
    told = Expectation(category, None if amount is None else Decimal(amount), note)
    with db.transaction(actor) as session:
        return forecast_calls.override(session, about, *FEBRUARY, told)


@pytest.mark.slow
def test_the_category_counts_and_else_the_probability_of_the_stage(
    admin: Actor,
) -> None:
    deal(1, forecast_category=COMMIT)
    deal(20, "Negotiation")  # 75 %: best case
    deal(300, "Proposal")  # 50 %
    deal(4000, "Qualified")  # 25 %
    deal(50000, "Negotiation", forecast_category=ForecastCategory.OMITTED)
    deal(600000, "Proposal", forecast_category=PIPELINE)

    found = called(admin)

    assert sums(found) == [1, 321, 604321]
    assert [call.sum.count for call in found.calls] == [1, 3, 5]


@pytest.mark.slow
def test_what_is_overdue_counts_now_and_the_rest_when_it_is_due(admin: Actor) -> None:
    deal(1, close_on=date(2024, 1, 1))
    deal(20, close_on=date(2026, 2, 28))
    deal(300, close_on=date(2026, 3, 1))
    deal(4000, close_on=None)

    now, next_month, before = (
        called(admin, span=(Period.MONTH, day))
        for day in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 1, 1))
    )

    assert (sums(now)[-1], sums(next_month)[-1], before.calls) == (21, 300, [])
    assert now.undated.count == 1
    whole = called(admin, span=(Period.QUARTER, date(2026, 1, 1)))
    assert sums(whole)[-1] == 321


@pytest.mark.slow
def test_every_sum_lists_what_it_is_made_of(admin: Actor, alice: Actor) -> None:
    mine = {"owner_id": alice.user_id}
    deal(5, **mine)
    deal(7, currency="USD", rate=None, **mine)
    deal(9)
    make.opportunity(
        make.customer(), "Won", closed_at=datetime(2026, 2, 28, 23, tzinfo=UTC), **mine
    )

    found = called(admin, About(owner_id=alice.user_id))

    with db.reading(admin) as session:
        for total in (found.won, *(call.sum for call in found.calls), found.undated):
            query = lists.Query("opportunity", rule=total.rule)
            page = lists.page(session, query, today=TODAY)
            assert page.total == total.count
        last = found.calls[-1].sum
        missing = lists.Query("opportunity", rule=unpriced_rule(last.rule))
        assert lists.count(session, missing, today=TODAY, limit=9) == 1
    assert (last.count, last.amount, last.unpriced) == (2, 5, {"USD": 1})
    assert found.won.count == 1


def test_nobody_of_a_team_without_users_sells_anything(admin: Actor) -> None:
    deal(5)
    empty = About(team_id=_empty_team())

    assert sums(called(admin, empty)) == [0, 0, 0]


def _empty_team() -> int:
    with db.transaction(SYSTEM) as session:
        return users.create_team(session, "Nobody").id


@pytest.mark.slow
def test_an_override_stands_in_for_the_sum_until_it_is_taken_back(
    admin: Actor,
) -> None:
    deal(10, forecast_category=COMMIT)
    manager = make.actor("Mara", role="manager")

    said(manager, 50, note=" As good as signed ")
    first = called(admin).calls
    said(admin, 70)
    said(admin, None)
    last = called(admin).calls

    assert [int(call.amount) for call in first] == [50, 10, 10]
    assert [call.is_said for call in first] == [True, False, False]
    assert [int(call.amount) for call in last] == [10, 10, 10]
    with db.reading(admin) as session:
        told = forecast_calls.history(session, EVERYONE, *FEBRUARY)
    assert [(one.who, one.before, one.after, one.note) for one in told] == [
        ("Ada", 70, None, ""),
        ("Ada", 50, 70, ""),
        ("Mara", None, 50, "As good as signed"),
    ]  # fmt: skip


@pytest.mark.slow
def test_an_override_is_of_one_period_and_of_somebody(
    admin: Actor, alice: Actor
) -> None:
    hers = About(owner_id=alice.user_id)
    said(admin, 50, BEST, hers)

    assert [call.is_said for call in called(admin, hers).calls] == [False, True, False]
    assert not any(call.is_said for call in called(admin).calls)
    later = called(admin, hers, (Period.MONTH, date(2026, 3, 1)))
    assert not any(call.is_said for call in later.calls)


@pytest.mark.slow
def test_who_sells_overrides_nothing_and_sees_what_is_said(
    admin: Actor, alice: Actor
) -> None:
    hers = About(owner_id=alice.user_id)
    said(admin, 50, about=hers)

    with pytest.raises(Forbidden):
        said(alice, 60, about=hers)

    assert called(alice, hers).calls[0].amount == 50
    with db.reading(alice) as session:
        assert not forecast_calls.may_override(session, hers)
        assert len(forecast_calls.history(session, hers, *FEBRUARY)) == 1


def test_a_manager_of_a_team_says_nothing_of_others(charlie: Actor) -> None:
    manager = make.actor("Mara", role="manager", reach="team", team="North")

    for about in (EVERYONE, About(owner_id=charlie.user_id)):
        with pytest.raises(Forbidden):
            said(manager, 60, about=about)
    assert said(manager, 60, about=About(team_id=manager.team_id)).id


@pytest.mark.parametrize(
    ("amount", "category"),
    [
        (Decimal(-1), COMMIT),
        (Decimal("0.00001"), COMMIT),
        (Decimal(10**13), COMMIT),
        (Decimal("NaN"), COMMIT),
        (Decimal(1), ForecastCategory.OMITTED),
        (None, COMMIT),  # nothing was said that could be taken back
    ],
)
def test_odd_overrides_are_refused(
    admin: Actor, amount: Decimal | None, category: ForecastCategory
) -> None:
    told = Expectation(category, amount)

    with db.transaction(admin) as session, pytest.raises(Invalid):
        forecast_calls.override(session, EVERYONE, *FEBRUARY, told)


def test_an_override_begins_with_a_period(admin: Actor) -> None:
    span = Period.QUARTER, date(2026, 2, 1)
    told = Expectation(COMMIT, Decimal(1))

    with db.transaction(admin) as session, pytest.raises(Invalid, match="first day"):
        forecast_calls.override(session, EVERYONE, *span, told)


def test_an_override_is_of_a_year_that_has_a_next_one(admin: Actor) -> None:
    span = Period.YEAR, date(9999, 1, 1)
    told = Expectation(COMMIT, Decimal(1))

    with db.transaction(admin) as session, pytest.raises(Invalid, match="year"):
        forecast_calls.override(session, EVERYONE, *span, told)
