"""Renewals: the next term, and one task before each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.i18n import current
from crm.models import SYSTEM, Activity, Actor, Subscription, User
from crm.services import activities
from crm.services.subscriptions import renewals
from tests import make

START = date(2026, 1, 1)


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


def yearly(owner: Actor, **details: Any) -> Subscription:
    """It renews on the first of January, and is to be told of 30 days before."""
    defaults = {"term_months": 12, "renewal_on": date(2027, 1, 1), "number": "S-1"}
    return make.subscription(make.customer(owner), **defaults | details)


def kept_up(moment: datetime) -> int:
    with db.transaction(SYSTEM) as session:
        due = renewals.due(session, on=moment.date())
        return renewals.keep_up(session, due, at=moment)


def tasks() -> list[Activity]:
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(Activity)))


def test_the_owner_gets_one_task_before_a_renewal(alice: Actor) -> None:
    row = yearly(alice)

    made = [
        kept_up(at(day))
        for day in ("2026-12-01", "2026-12-02", "2026-12-03", "2026-12-31")
    ]

    assert made == [0, 1, 0, 0]
    (task,) = tasks()
    assert task.subject == "Subscription S-1 renews on 2027-01-01"
    assert (task.owner_id, task.customer_id) == (alice.user_id, row.customer_id)
    with db.reading(alice) as session:
        soon = activities.agenda(session, alice.user_id or 0, before=at("2026-12-03"))
    assert [one.id for one in soon] == [task.id]


def test_the_next_term_brings_the_next_task(alice: Actor) -> None:
    row = yearly(alice)
    kept_up(at("2026-12-15"))

    assert kept_up(at("2027-01-01")) == 0

    with db.reading(alice) as session:
        found = db.get(session, Subscription, row.id)
    assert (found.renewal_on, found.ends_on) == (date(2028, 1, 1), None)
    assert kept_up(at("2027-12-15")) == 1


def test_a_term_that_ends_is_told_of_as_one_that_ends(alice: Actor) -> None:
    yearly(alice, auto_renew=False)

    kept_up(at("2026-12-15"))

    (task,) = tasks()
    assert task.subject == (
        "Subscription S-1 ends before 2027-01-01 unless it is renewed"
    )
    assert kept_up(at("2027-01-02")) == 0


def test_the_task_speaks_the_language_of_its_owner(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction(SYSTEM) as session:
        db.get(session, User, alice.user_id or 0).language = "zh_CN"
    yearly(alice)
    spoken: list[str] = []
    monkeypatch.setattr(renewals, "_", lambda text: spoken.append(current()) or text)
    kept_up(at("2026-12-15"))

    assert spoken == ["zh_CN"]


@pytest.mark.parametrize(
    "details",
    [
        {"cancelled_on": START, "ends_on": date(2026, 12, 31)},
        {"remind_days": 0},
        {"term_months": None, "renewal_on": None},
        {"deleted_at": make.NOON},
    ],
)
def test_what_does_not_renew_or_is_not_to_be_told_of_makes_no_task(
    alice: Actor, details: dict[str, Any]
) -> None:
    yearly(alice, **details)

    days = [at("2026-11-25") + timedelta(days=n) for n in range(45)]
    assert sum(map(kept_up, days)) == 0
    assert tasks() == []
