"""Fields for a day take one of long ago, where Streamlit's own end after ten years."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from crm.ui import filter_builder
from tests.ui import reading

LONG_AGO = date(2010, 12, 1)


def test_cohorts_can_be_as_of_a_day_of_long_ago(app: AppTest) -> None:
    field = reading.opened(app, "pages/insight/cohorts.py").date_input("cohorts_as_of")
    assert field.min <= LONG_AGO

    field.set_value(LONG_AGO).run()

    assert app.date_input("cohorts_as_of").value == LONG_AGO
    assert app.query_params["cohorts_as_of"] == LONG_AGO.isoformat()


def test_orders_can_be_filtered_by_a_day_of_long_ago(app: AppTest) -> None:
    rule = {"field": "ordered_at", "op": "after", "value": "2026-01-31"}
    dumped = filter_builder.dumped({"match": "all", "rules": [rule]})
    reading.opened(app, "pages/sales/orders.py", orders_f=dumped)
    (field,) = app.date_input
    assert field.min <= LONG_AGO

    field.set_value(LONG_AGO).run()

    assert f'"{LONG_AGO.isoformat()}"' in app.query_params["orders_f"]


@pytest.mark.parametrize("held", [date(1850, 1, 2), date(2150, 1, 2)])
def test_a_day_beyond_the_usual_bounds_stays_where_it_is_held(held: date) -> None:
    def show(held):  # type: ignore[no-untyped-def]  # runs by itself
        from crm.ui import day_input

        day_input.date_input("Day", held, key="day")

    app = AppTest.from_function(show, kwargs={"held": held}).run()

    assert not app.exception
    assert app.date_input("day").value == held
