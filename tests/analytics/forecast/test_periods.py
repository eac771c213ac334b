"""Days added up over whole periods, against sums made by hand."""

import pandas as pd
import pytest

from crm.analytics.forecast import periods
from crm.analytics.forecast.periods import Unit
from tests.analytics.series import day, days

# 2026-06-01 is a Monday.
SOLD = days({"2026-06-01": 10.0, "2026-06-03": 5.0, "2026-06-15": 7.0})


def summed(unit: Unit, first: str, until: str) -> dict[str, float]:
    table = periods.whole(SOLD, unit, first=day(first), until=day(until))
    return {str(one.date()): value for one, value in table["revenue"].items()}


def test_days_without_orders_are_there_with_nothing() -> None:
    assert summed("day", "2026-06-01", "2026-06-04") == {
        "2026-06-01": 10,
        "2026-06-02": 0,
        "2026-06-03": 5,
        "2026-06-04": 0,
    }


def test_weeks_begin_on_monday_and_the_running_one_is_left_out() -> None:
    assert summed("week", "2026-06-01", "2026-06-20") == {
        "2026-06-01": 15,
        "2026-06-08": 0,
    }
    assert summed("week", "2026-06-01", "2026-06-21")["2026-06-15"] == 7


def test_a_month_that_began_before_the_first_day_is_left_out() -> None:
    assert summed("month", "2026-06-02", "2026-07-31") == {"2026-07-01": 0}
    assert summed("month", "2026-06-01", "2026-07-30") == {"2026-06-01": 22}


@pytest.mark.parametrize("unit", periods.UNITS)
def test_before_the_first_whole_period_there_is_none(unit: Unit) -> None:
    assert summed(unit, "2026-06-02", "2026-06-01") == {}


def test_of_a_long_history_the_end_is_kept() -> None:
    old = days({"1900-01-01": 1.0, "2026-06-15": 7.0})

    table = periods.whole(old, "day", first=day("1900-01-01"), until=day("2026-06-15"))

    assert len(table) == periods.LONGEST["day"]
    assert table["revenue"].sum() == 7


def test_the_next_periods_follow_without_a_gap() -> None:
    starts = [pd.Timestamp(text) for text in ("2026-12-31", "2026-12-28", "2026-12-01")]

    following = {
        unit: [str(one.date()) for one in periods.next_ones(start, unit, 2)]
        for unit, start in zip(periods.UNITS, starts, strict=True)
    }

    assert following == {
        "day": ["2027-01-01", "2027-01-02"],
        "week": ["2027-01-04", "2027-01-11"],
        "month": ["2027-01-01", "2027-02-01"],
    }


def test_the_last_day_of_a_february() -> None:
    assert periods.last_day(pd.Timestamp("2028-02-01"), "month") == day("2028-02-29")
