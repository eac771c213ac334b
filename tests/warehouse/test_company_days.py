"""Days in the warehouse are the company's, as those of the lists that figures open.

In Shanghai it is half past midnight of the new year, in UTC still the old one.
"""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from crm import db, warehouse
from crm.analytics import overview
from crm.config import settings
from crm.errors import Unavailable
from crm.models import SYSTEM, Campaign, Recipient, TicketKind, TicketStatus
from crm.services import lists
from tests import make
from tests.warehouse.copies import ANEW, FOLLOWED, frame, stages

AT = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
BEFORE = AT - timedelta(minutes=31)  # one minute to midnight
NEW_YEAR = pd.Timestamp("2026-01-01")


pytestmark = pytest.mark.usefixtures("shanghai")


def elsewhere(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TIMEZONE", zone)
    settings.cache_clear()


def test_an_order_is_of_the_day_there(database: str) -> None:
    who, what = make.customer(created_at=BEFORE), make.product()
    make.order(who, (what, 1, "5"), ordered_at=BEFORE)
    make.order(who, (what, 1, "9"), ordered_at=AT)

    days = frame("orders")["ordered_on"].tolist()

    assert days == [NEW_YEAR - pd.Timedelta(days=1), NEW_YEAR]
    by_day = frame("revenue_by_day", date(2025, 12, 31))
    assert by_day["revenue"].tolist() == [5]
    assert frame("customers")["created_on"].tolist() == days[:1]


def test_a_month_holds_the_orders_that_its_list_shows(database: str) -> None:
    who, what = make.customer(), make.product()
    make.order(who, (what, 1, "5"), ordered_at=BEFORE)
    late = make.order(who, (what, 1, "9"), ordered_at=AT)

    months = overview.monthly(frame("orders"), as_of=date(2026, 1, 20), months=2)
    days = ["2026-01-01", "2026-01-31"]
    rule = {"field": "ordered_at", "op": "between", "value": days}
    query = lists.Query("sales_order", rule={"match": "all", "rules": [rule]})
    with db.reading(SYSTEM) as session:
        listed = lists.ids(session, query, today=date(2026, 1, 20), limit=9)

    assert months.set_index("month")["revenue"][NEW_YEAR] == 9
    assert listed == [late.id]


def test_tickets_are_of_the_days_there_and_no_time_stays_none(database: str) -> None:
    over = {"status": TicketStatus.SOLVED, "solved_at": AT}
    make.ticket(kind=TicketKind.PROBLEM, opened_at=BEFORE, **over)
    make.ticket(opened_at=AT)

    table = frame("tickets")

    assert table["opened_on"].dt.day.tolist() == [31, 1]
    assert table["solved_on"].tolist()[0] == NEW_YEAR
    assert pd.isna(table["solved_on"].tolist()[1])


def test_what_is_stored_as_a_day_stays_that_day(database: str) -> None:
    who = make.customer()
    about = make.saved(
        Campaign(name="Spring", kind="email", starts_on=date(2026, 1, 1))
    )
    make.saved(Recipient(campaign_id=about.id, customer_id=who.id, created_at=BEFORE))

    outcomes = frame("campaign_outcomes", date(2026, 2, 1), about.id, 28)

    assert outcomes["day"].tolist() == [NEW_YEAR]


@pytest.mark.parametrize(
    ("zone", "days"),
    [("Europe/Berlin", [25, 26, 29, 30]), ("Pacific/Honolulu", [25, 25, 29, 29])],
)
def test_the_clocks_of_the_day_count(
    database: str, zone: str, days: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Berlin midnight comes at 22:00 UTC from the 26th of October 2025 back."""
    elsewhere(zone, monkeypatch)
    who = make.customer()
    for day, hour, minute in ((25, 21, 59), (25, 22, 0), (29, 22, 59), (29, 23, 0)):
        at = datetime(2025, 10, day, hour, minute, tzinfo=UTC)
        make.order(who, (make.product(), 1, "9"), ordered_at=at)

    assert frame("orders")["ordered_on"].dt.day.tolist() == days


def test_a_company_that_moves_has_it_made_anew(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.order(make.customer(), (make.product(), 1, "9"), ordered_at=AT)
    warehouse.refresh()
    assert stages() == {FOLLOWED}

    elsewhere("Europe/Berlin", monkeypatch)

    with pytest.raises(Unavailable), warehouse.reading():
        pass
    assert stages() == {ANEW}
    assert frame("orders")["ordered_on"].dt.day.tolist() == [31]
