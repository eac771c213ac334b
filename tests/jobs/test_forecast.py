"""Forecasts and alerts, from orders in the database to stored results."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.jobs import schedule
from crm.jobs.run import run_here
from crm.models import (
    SYSTEM,
    Actor,
    Analysis,
    Customer,
    Job,
    JobState,
    Order,
    OrderLine,
    Product,
    utcnow,
)
from crm.services import analyses
from tests import make

TODAY = date(2026, 1, 31)


def sell(
    customer: Customer, days: int, product: Product | None = None, *, amount: int = 100
) -> None:
    """An order on each of the last `days` days up to `TODAY`."""
    with db.transaction(SYSTEM) as session:
        for back in range(days):
            session.add(
                order(customer.id, TODAY - timedelta(days=back), product, amount)
            )


def order(customer_id: int, day: date, product: Product | None, amount: int) -> Order:
    price = Decimal(amount)
    line = {"position": 1, "quantity": Decimal(1), "unit_price": price, "amount": price}
    return Order(
        number=f"F-{next(make.numbers)}",
        customer_id=customer_id,
        ordered_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        currency="EUR",
        total=price,
        lines=[OrderLine(**line, product_id=product.id)] if product else [],
    )


def computed(actor: Actor, kind: str = "forecast", as_of: date = TODAY) -> Job:
    with db.transaction(actor) as session:
        job = analyses.ask(session, kind, kind, {}, as_of=as_of)
    run_here(job.id)
    with db.reading(actor) as session:
        return db.get(session, Job, job.id)


def latest(actor: Actor, kind: str = "forecast") -> Analysis:
    with db.reading(actor) as session:
        found = analyses.latest(session, kind)
    assert found is not None
    return found


def table(actor: Actor, name: str, kind: str = "forecast") -> pd.DataFrame:
    with db.reading(actor) as session:
        return analyses.table(session, latest(actor, kind).id, name)


@pytest.mark.slow
def test_orders_become_forecasts_of_the_whole_and_of_groups(admin: Actor) -> None:
    desk = make.product(name="Desk", sku="D-1", category="Furniture")
    pen = make.product(name="Pen", sku="P-1", category="Paper")
    sell(make.customer(country="DE"), 70, desk)
    sell(make.customer(country="FR"), 70, pen, amount=10)

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    series = table(admin, "series")
    by_day = series[(series["unit"] == "day") & (series["measure"] == "revenue")]
    assert by_day["label"].tolist() == [
        *("", "Furniture", "Paper", "Desk · D-1", "Pen · P-1", "DE", "FR")
    ]
    expected = table(admin, "expected").merge(by_day, on="series")
    next_day = expected[expected["step"] == 1].set_index("label")
    assert next_day["expected"].tolist() == [110, 100, 10, 100, 10, 100, 10]
    assert next_day.loc["", "period"] == pd.Timestamp("2026-02-01")
    summary = latest(admin).summary
    assert summary["until"] == "2026-01-31"
    assert list(summary["refused"]) == ["month"]


@pytest.mark.slow
def test_what_happens_after_the_day_changes_nothing(admin: Actor) -> None:
    customer = make.customer()
    sell(customer, 70)
    computed(admin)
    before = table(admin, "expected")

    make.saved(order(customer.id, TODAY + timedelta(days=1), None, 10**6))
    computed(admin)

    pd.testing.assert_frame_equal(table(admin, "expected"), before)


@pytest.mark.slow
def test_today_is_not_over(admin: Actor) -> None:
    now = utcnow()
    customer, product = make.customer(), make.product()
    for back in range(20):
        at = now - timedelta(days=back)
        make.order(customer, (product, 1, "10"), ordered_at=at)

    computed(admin, as_of=now.date())

    history = table(admin, "history")
    yesterday = pd.Timestamp(now.date() - timedelta(days=1))
    assert history["period"].max() == yesterday


@pytest.mark.parametrize(
    ("days", "words"), [(0, "There are no orders"), (3, "8 whole days at least")]
)
def test_what_cannot_be_forecast_is_told(admin: Actor, days: int, words: str) -> None:
    sell(make.customer(), days)

    job = computed(admin)

    assert job.state is JobState.FAILED
    assert words in (job.error or "")


@pytest.mark.slow
def test_who_sees_only_some_customers_has_the_forecast_of_these_alone(
    admin: Actor, alice: Actor
) -> None:
    sell(make.customer(alice), 20, amount=5)
    sell(make.customer(admin), 20)

    computed(alice)

    assert table(alice, "expected")["expected"].iloc[0] == pytest.approx(5)


@pytest.mark.slow
def test_a_day_without_orders_is_an_alert(admin: Actor) -> None:
    customer, product = make.customer(country="DE"), make.product(category="Paper")
    with db.transaction(SYSTEM) as session:
        for back in range(200):
            if back != 10:
                day, amount = TODAY - timedelta(days=back), 100 + back * 37 % 11
                session.add(order(customer.id, day, product, amount))

    job = computed(admin, "alerts")

    assert (job.state, job.error) == (JobState.DONE, None)
    facts = latest(admin, "alerts").summary["units"]["day"]
    assert facts["series"] == ["revenue", "category:Paper", "country:DE"]
    assert facts["left_out"] == ["orders", "new_customers"]  # one a day, and one
    scores = table(admin, "scores", "alerts")
    revenue = scores[(scores["unit"] == "day") & (scores["series"] == "revenue")]
    least = revenue.loc[revenue["p_value"].idxmin()]
    assert least["period"] == pd.Timestamp(TODAY - timedelta(days=10))
    assert (least["actual"], least["expected"]) == (0, pytest.approx(105, abs=6))


@pytest.mark.parametrize("days", [0, 3])
@pytest.mark.slow
def test_too_little_to_watch_is_no_failure(admin: Actor, days: int) -> None:
    sell(make.customer(), days)

    job = computed(admin, "alerts")

    assert (job.state, job.error) == (JobState.DONE, None)
    for facts in latest(admin, "alerts").summary["units"].values():
        assert facts["series"] == []
        assert "watching takes" in facts["why_none"]["text"]


@pytest.mark.slow
def test_the_clock_asks_for_alerts_of_all_customers_each_day(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "_asked", {})
    at = utcnow()

    schedule.ask_due(at=at)
    schedule.ask_due(at=at)

    with db.reading(SYSTEM) as session:
        (job,) = session.scalars(select(Job).where(col(Job.kind) == "alerts"))
    run_here(job.id)
    assert latest(admin, "alerts").as_of == at.date()


def test_what_only_the_clock_asked_for_is_not_kept_for_ever(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = utcnow() - schedule.KEPT - timedelta(days=1)
    for owner in (None, admin.user_id):
        parameters = {"scope": "all"}
        make.saved(
            Analysis(
                kind="alerts",
                as_of=TODAY,
                data_at=old,
                created_at=old,
                owner_id=owner,
                parameters=parameters,
                summary={},
            )
        )
    monkeypatch.setattr(schedule, "_asked", {})

    schedule.ask_due(at=utcnow())

    with db.reading(admin) as session:
        left = analyses.listed(session, "alerts")
    assert [one.owner_id for one in left] == [admin.user_id]
