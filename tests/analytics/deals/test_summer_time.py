"""Where clocks change, spans have the hours that passed, and days are those there.

In Berlin the 29th of March 2026 has 23 hours, and on the 25th of October the clocks
show the hour from two to three twice.
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from crm.analytics.deals import deal_facts
from crm.analytics.deals.sales_book import Book, book, ended, standing
from crm.analytics.deals.stage_times import passages
from crm.analytics.deals.win_features import described
from crm.analytics.deals.win_landmarks import known, today
from crm.frames import ESTIMATES, STAGE_CHANGES, empty
from tests.analytics import closed_deals
from tests.analytics.opportunities import made, moved, stages

BERLIN = ZoneInfo("Europe/Berlin")
APRIL = pd.Timestamp("2026-04-01")
OPENED = "2026-03-28T11:00"  # noon there
IN_APRIL = "2026-03-31T22:30"  # half past midnight there
DAY = pd.Timedelta(days=1)


def one(opened: str, closed: str | None = None, **more: Any) -> pd.DataFrame:
    """An opportunity; it was won where it is closed."""
    ends = {"state": ["won"], "stage_id": [2], "closed_at": [pd.Timestamp(closed)]}
    return made(opened_at=[pd.Timestamp(opened)], **(ends if closed else {}), **more)


def in_berlin(table: pd.DataFrame) -> Book:
    nothing = empty(STAGE_CHANGES), empty(ESTIMATES)
    return book(table, stages("First"), *nothing, zone=BERLIN)


@pytest.mark.parametrize(
    ("opened", "closed", "hours"),
    [
        (OPENED, "2026-03-30T10:00", 47),  # from noon to noon
        ("2026-10-25T00:30", "2026-10-25T01:15", 0.75),  # from 2:30 to 2:15 there
    ],
)
def test_it_took_the_hours_that_passed(opened: str, closed: str, hours: float) -> None:
    table = one(opened, closed)
    moves = moved((1, opened, 1), (1, closed, 2))

    facts = deal_facts.facts(table, moves, stages("First"))
    stays = passages(table, moves, stages("First"), as_of=pd.Timestamp(closed))

    assert facts["days"].tolist() == pytest.approx([hours / 24])
    assert stays["days"].tolist() == pytest.approx([hours / 24])


def test_it_is_open_for_the_hours_that_passed_and_due_in_whole_days() -> None:
    known = in_berlin(one(OPENED, close_on=APRIL + 10 * DAY))

    now = standing(known, APRIL).iloc[0]

    assert (now["age"] * 24, now["ahead"]) == (pytest.approx(83), 10)


def test_it_was_won_on_the_day_there() -> None:
    known = in_berlin(one(OPENED, IN_APRIL))

    assert ended(known, APRIL).empty
    assert ended(known, APRIL + DAY)["closed_on"].tolist() == [APRIL]


def test_at_the_end_of_a_day_there_it_is_open() -> None:
    table, moves = one(OPENED, IN_APRIL), moved((1, OPENED, 1), (1, IN_APRIL, 2))

    states = [
        deal_facts.as_of_day(table, moves, day, BERLIN)[0]["state"].tolist()
        for day in (date(2026, 3, 31), date(2026, 4, 1))
    ]

    assert states == [["open"], ["won"]]


@pytest.mark.slow
def test_the_expected_close_has_passed_by_the_days_there() -> None:
    said = {"opportunity_id": 1, "at": pd.Timestamp(OPENED), "close_on": APRIL - DAY}
    past = closed_deals.past(
        one(OPENED), changes=moved((1, OPENED, 1)), estimates=[said], zone=BERLIN
    )
    found = known(past, pd.Timestamp(IN_APRIL))

    late = described(today(found), past, found)["close_passed"]

    assert late.tolist() == [1]
