"""What was won or sold at a moment is of one day, wherever it is counted or listed.

In Shanghai it is half past midnight of the new year, in UTC still the old one.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from crm import db, warehouse
from crm.analytics.deals.sales_back_test import back_test
from crm.analytics.deals.sales_book import Book, book, ended
from crm.config import settings
from crm.jobs import sales_report
from crm.models import SYSTEM, Actor, Period, Target
from crm.services import days, lists
from crm.services.sales import (
    forecast_calls,
    forecast_calls_sums,
    opportunity_tables,
    targets_attainment,
)
from crm.services.sales.targets_about import EVERYONE
from tests import make

BEFORE = datetime(2025, 11, 1, tzinfo=UTC)
AT = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
DECEMBER, JANUARY = date(2025, 12, 1), date(2026, 1, 1)
TODAY = date(2026, 2, 14)


pytestmark = pytest.mark.usefixtures("shanghai")


def found(entity: str, rule: dict[str, Any]) -> list[int]:
    """Those whom the list finds."""
    if "rules" not in rule:
        rule = {"match": "all", "rules": [rule]}
    with db.reading(SYSTEM) as session:
        query = lists.Query(entity, rule=rule)
        return lists.ids(session, query, today=TODAY, limit=9)


def book_of(given: opportunity_tables.Deals) -> Book:
    tables = given.opportunities, given.stages, given.changes, given.estimates
    return book(*tables, zone=days.zone())


@pytest.fixture
def won(admin: Actor) -> int:
    """An opportunity that was won at `AT`."""
    details = {"amount": Decimal(70), "rate": Decimal(1), "created_at": BEFORE}
    return make.opportunity(make.customer(), "Won", closed_at=AT, **details).id


def test_it_counts_for_the_target_of_its_month_there(admin: Actor, won: int) -> None:
    for day in (DECEMBER, JANUARY):
        make.saved(
            Target(period=Period.MONTH, starts_on=day, amount=Decimal(100), whose="")
        )

    with db.reading(admin) as session:
        december, january = (
            targets_attainment.attainments(session, Period.MONTH, day, today=TODAY)
            for day in (DECEMBER, JANUARY)
        )

    assert [one.won.amount for one in december] == [0]
    assert [one.won.amount for one in january] == [70]


@pytest.mark.parametrize(
    ("period", "start", "count"),
    [
        (Period.MONTH, DECEMBER, 0), (Period.MONTH, JANUARY, 1),
        (Period.QUARTER, date(2025, 10, 1), 0), (Period.QUARTER, JANUARY, 1),
        (Period.YEAR, date(2025, 1, 1), 0), (Period.YEAR, JANUARY, 1),
    ],
)  # fmt: skip
def test_the_list_that_a_number_opens_holds_what_it_counts(
    admin: Actor, won: int, period: Period, start: date, count: int
) -> None:
    with db.reading(admin) as session:
        calls = forecast_calls.calls(session, EVERYONE, period, start, today=TODAY)

    assert calls.won.count == count
    assert found("opportunity", calls.won.rule) == [won] * count
    rule = forecast_calls_sums.won_rule(period, start, None)
    assert found("opportunity", rule) == [won] * count


def test_the_simulation_counts_it_in_the_same_month(admin: Actor, won: int) -> None:
    with db.reading(admin) as session:
        given = opportunity_tables.deals(session)

    known = book_of(given)
    assert ended(known, pd.Timestamp(JANUARY)).empty
    closed = ended(known, pd.Timestamp("2026-02-01"))
    assert closed["closed_at"].tolist() == [pd.Timestamp("2025-12-31 16:30")]
    assert closed["closed_on"].tolist() == [pd.Timestamp(JANUARY)]


def test_a_day_that_was_stated_stays_that_day(admin: Actor, won: int) -> None:
    make.opportunity(make.customer(), close_on=JANUARY)
    with db.reading(admin) as session:
        table = opportunity_tables.deals(session).opportunities

    assert table["close_on"].tolist()[-1] == pd.Timestamp("2026-01-01")


@pytest.mark.slow
def test_the_past_of_a_forecast_is_compared_by_the_same_months(
    admin: Actor, won: int
) -> None:
    who = make.customer()
    for number in range(40):
        day = datetime(2025, 1, 5 + number % 20, tzinfo=UTC)
        details = {"created_at": day, "amount": Decimal(5), "rate": Decimal(1)}
        make.opportunity(who, "Won", closed_at=day, **details)
    with db.reading(admin) as session:
        given = opportunity_tables.deals(session)

    tried = back_test(book_of(given), pd.Timestamp("2026-02-01"), draws=20).tried

    single = tried[tried["months"] == 1].set_index("period")["actual"]
    assert single[pd.Timestamp(DECEMBER)] == 0
    assert single[pd.Timestamp(JANUARY)] == 70


@pytest.mark.slow
def test_the_copy_for_analysis_has_it_on_the_same_day(admin: Actor) -> None:
    who = make.customer()
    make.order(who, (make.product(), 1, "9"), ordered_at=AT)
    warehouse.refresh()

    with warehouse.reading() as house:
        assert house.orders()["ordered_on"].tolist() == [pd.Timestamp(JANUARY)]
        assert house.revenue_by_day(date(2025, 12, 31)).empty


@pytest.mark.slow
def test_a_report_as_of_the_evening_before_has_it_open(admin: Actor, won: int) -> None:
    with db.reading(admin) as session:
        given = opportunity_tables.deals(session)
    names = pd.DataFrame(
        {"opportunity_id": [won], "name": "x", "customer": "x", "owner": ""}
    )

    states = {
        day: sales_report.made(given, names, as_of=day)
        .tables["deals"]["state"]
        .tolist()
        for day in (date(2025, 12, 31), JANUARY)
    }

    assert states == {date(2025, 12, 31): ["open"], JANUARY: ["won"]}


@pytest.mark.parametrize(
    ("op", "value", "is_found"),
    [
        ("on", "2026-01-01", True),
        ("on", "2025-12-31", False),
        ("before", "2026-01-01", False),
        ("after", "2025-12-31", True),
        ("between", ["2026-01-01", "2026-01-31"], True),
        ("between", ["2025-12-01", "2025-12-31"], False),
        ("last_days", 44, True),
        ("last_days", 43, False),
        ("older_days", 44, False),
        ("older_days", 43, True),
    ],
)
def test_filters_by_a_moment_go_by_the_days_there(
    admin: Actor, op: str, value: Any, is_found: bool
) -> None:
    order = make.order(make.customer(), (make.product(), 1, "9"), ordered_at=AT)

    rule = {"field": "ordered_at", "op": op, "value": value}
    assert found("sales_order", rule) == [order.id] * is_found


def test_a_filter_by_the_first_day_of_all_is_refused_in_words(admin: Actor) -> None:
    with pytest.raises(Exception, match="does not fit"):
        found("sales_order", {"field": "ordered_at", "op": "on", "value": "0001-01-01"})


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("Asia/Shanghai", "2026-01-01", "2025-12-31T16:00"),
        ("America/New_York", "2026-01-01", "2026-01-01T05:00"),
        ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00"),  # the clocks went ahead
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00"),
        ("America/Havana", "2025-03-09", "2025-03-09T05:00"),  # it begins at one
        ("America/Havana", "2025-11-02", "2025-11-02T04:00"),  # midnight comes twice
    ],
)
def test_a_day_begins_where_the_company_is(
    zone: str, day: str, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_TIMEZONE", zone)
    settings.cache_clear()

    begins = days.start_of(date.fromisoformat(day))

    assert begins == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert days.day_of(begins) == date.fromisoformat(day)
    before = begins - pd.Timedelta(microseconds=1)
    assert days.day_of(before) < date.fromisoformat(day)
