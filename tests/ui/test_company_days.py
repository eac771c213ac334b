"""Lists and insight go by the company's day, also where the browser has another."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from crm.config import settings
from crm.models import utcnow
from crm.services import days
from crm.ui import filter_builder
from tests import make
from tests.ui import reading

DAY = timedelta(days=1)


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
