"""Pages go by the clocks of the company, also where the browser has others."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import settings
from crm.i18n import language
from crm.models import SYSTEM, Activity, ActivityKind, Actor, utcnow
from crm.services import days
from crm.ui import filter_builder
from crm.ui.admin import audit_filter
from crm.ui.format import date_column, moment_column, whole_moment
from crm.ui.format import day as shown_day
from tests import make
from tests.ui import reading

DAY = timedelta(days=1)
LATE = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
FIRST = date(2026, 3, 1)


@pytest.fixture
def abroad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The company is where it is another day than in the browser, which is in UTC."""
    is_late = utcnow().hour >= 11  # until midnight it is tomorrow there, else yesterday
    zone = "Pacific/Kiritimati" if is_late else "Pacific/Pago_Pago"
    monkeypatch.setenv("CRM_TIMEZONE", zone)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.slow
def test_the_days_that_a_filter_counts_back_begin_today_there(
    abroad: None, app: AppTest
) -> None:
    there, here = ({day, day - DAY} for day in (days.today(), utcnow().date()))
    due = {}
    for (day,) in (there - here, here - there):
        order = make.order(make.customer(), (make.product(), 1, "9"))
        due[day] = make.invoice(order, due_on=day).number
    rule = {"field": "due_on", "op": "last_days", "value": 1}
    dumped = filter_builder.dumped({"match": "all", "rules": [rule]})

    reading.opened(app, "pages/sales/invoices.py", invoices_f=dumped)

    assert reading.ranking(app)["number"].tolist() == [due[min(there - here)]]


@pytest.mark.slow
def test_an_analysis_is_as_of_the_day_there(abroad: None, app: AppTest) -> None:
    reading.opened(app, "pages/insight/churn.py")

    app.button(key="churn_compute").click().run()

    assert app.date_input(key="churn_as_of").value == days.today()
    assert reading.asked("churn")["parameters"] == {"horizon": 90}


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The company is where the test says."""
    monkeypatch.setenv("CRM_TIMEZONE", request.param)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("elsewhere", "browser", "due_at"),
    [
        ("Asia/Shanghai", "America/New_York", datetime(2026, 7, 1, 9, tzinfo=UTC)),
        ("America/New_York", "Asia/Shanghai", datetime(2026, 7, 1, 21, tzinfo=UTC)),
    ],
    indirect=["elsewhere"],
)
def test_a_task_is_due_when_it_was_typed_to_be(
    elsewhere: None, app: AppTest, admin: Actor, browser: str, due_at: datetime
) -> None:
    customer = make.customer(admin)
    form = f"activity_{customer.id}"
    app.context = {"timezone": browser}
    reading.opened(app, "pages/customers/customer.py", id=str(customer.id))
    app.segmented_control(key=f"{form}_kind").set_value("task").run()
    assert app.date_input(key=f"{form}_due").value == days.today()
    app.text_input(key=f"{form}_subject").set_value("Call back")
    app.date_input(key=f"{form}_due").set_value(date(2026, 7, 1))

    app.button(key=f"{form}_save").click().run()

    with db.reading(SYSTEM) as session:
        assert session.scalars(select(Activity)).one().due_at == due_at
    assert "due 7/1/26, 5:00\u202fPM" in reading.said(app)


@pytest.mark.usefixtures("shanghai")
def test_a_moment_stands_under_the_day_that_the_filter_gives(app: AppTest) -> None:
    order = make.order(make.customer(), (make.product(), 1, "9"), ordered_at=LATE)
    rule = {"field": "ordered_at", "op": "on", "value": FIRST.isoformat()}
    dumped = filter_builder.dumped({"match": "all", "rules": [rule]})
    app.context = {"timezone": "America/New_York"}

    reading.opened(app, "pages/sales/orders.py", orders_f=dumped)

    (row,) = reading.ranking(app).to_dict("records")
    assert row["number"] == order.number
    assert row["ordered_at"] == pd.Timestamp("2026-03-01 00:30")


@pytest.mark.usefixtures("shanghai")
def test_what_is_due_by_tomorrow_night_there_is_on_the_first_page(
    app: AppTest, admin: Actor
) -> None:
    night = days.start_of(days.today() + 2 * DAY)
    customer, minute = make.customer(admin), timedelta(minutes=1)
    task: dict[str, Any] = {"kind": ActivityKind.TASK, "owner_id": admin.user_id}
    make.activity(customer, subject="Tomorrow", due_at=night - minute, **task)
    make.activity(customer, subject="After", due_at=night + minute, **task)
    app.context = {"timezone": "America/New_York"}

    reading.opened(app, "pages/home/start.py")

    texts = [one.value for one in app.text]
    assert "Tomorrow" in texts
    assert "After" not in texts


@pytest.mark.usefixtures("shanghai")
def test_a_moment_is_told_with_its_zone() -> None:
    told = whole_moment(LATE).replace("\\", "").replace("\u202f", " ")

    assert told == "3/1/26, 12:30 AM, time of Asia/Shanghai"
    assert shown_day(LATE) == "Mar 1, 2026"


@pytest.mark.parametrize(
    ("code", "written"),
    [("en", "MMM D, YYYY, h:mm:ss A"), ("zh_CN", "YYYY年M月D日 HH:mm:ss")],
)
def test_a_column_writes_days_and_times_in_the_language(
    code: str, written: str
) -> None:
    with language(code):
        columns = date_column("Day"), moment_column("When")

    day, moment = (one["type_config"]["format"] for one in columns)
    assert moment.replace("\u202f", " ") == written
    assert moment.startswith(day)


@pytest.mark.usefixtures("shanghai")
def test_the_audit_looks_for_days_there() -> None:
    since, until = audit_filter.span([FIRST])

    assert since == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert until == since + DAY
