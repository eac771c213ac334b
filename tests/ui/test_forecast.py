"""The pages of forecast and alerts without a browser, on stored results."""

from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm.analytics.forecast import anomalies, forecasts, surprise
from crm.jobs import anomalies as alert_job
from crm.jobs import forecast as forecast_job
from crm.models import Actor
from crm.services.analyses import Made
from crm.ui import filter_builder
from tests.analytics.series import series
from tests.ui import reading
from tests.ui.reading import asked, kept, said

FORECAST, ALERTS = "pages/insight/forecast.py", "pages/insight/alerts.py"
UNTIL = date(2026, 1, 31)
WEEKDAYS = np.array([150.0, 140, 130, 130, 110, 20, 20])
NAMES = {1: "Coffee & *cocoa*", 2: "", 0: ""}  # by rank

opened = partial(reading.opened, page=FORECAST)
stored = partial(kept, as_of=UNTIL)


def days(count: int) -> pd.DataFrame:
    """Rows as in `crm.frames.REVENUE_BY_DAY`."""
    random = np.random.default_rng(1)
    dates = pd.date_range(end=UNTIL, periods=count).astype("datetime64[s]")
    revenue = WEEKDAYS[dates.day_of_week] * 10 + random.normal(0, 50, count)
    return pd.DataFrame({"day": dates, "revenue": revenue, "orders": 3})


def groups(whole: pd.DataFrame) -> pd.DataFrame:
    """Rows as in `crm.frames.GROUPS_BY_DAY`: three, a third of the whole each."""
    return pd.concat(
        [
            whole.assign(rank=rank, group=name, revenue=whole["revenue"] / 3, orders=1)
            for rank, name in NAMES.items()
        ]
    )


@pytest.fixture(scope="module")
def forecast() -> Made:
    whole = days(130)
    found = forecasts.every(whole, {"category": groups(whole)}, until=UNTIL)
    products = pd.DataFrame({"product_id": [], "name": [], "sku": []}, dtype="str")
    return forecast_job.made(found, products, UNTIL)


def watched(*, planted: bool, count: int = 250) -> Made:
    random = np.random.default_rng(2)
    found = []
    for unit in surprise.LOOKED_AT:
        names = ("revenue", "orders", "category:Coffee & *cocoa*", "country:DE")
        columns = {
            name: series(random.normal(20_000, 900, count), unit) for name in names
        }
        table = pd.DataFrame(columns)
        table.iloc[-surprise.LOOKED_AT[unit] :] = 20_000
        if planted:
            table.iloc[-2, 2] = 9_000
        found.append(anomalies.watch(table, unit))
    return alert_job.made(found, UNTIL)


@pytest.mark.parametrize(("page", "kind"), [(FORECAST, "forecast"), (ALERTS, "alerts")])
def test_the_empty_page_says_what_to_do_next(
    app: AppTest, page: str, kind: str
) -> None:
    opened(app, page=page)
    assert "Nothing has been computed yet." in said(app)

    app.button(key=f"{kind}_compute").click().run()

    assert asked(kind)["parameters"] == {}


@pytest.mark.slow
def test_the_sum_to_come_stands_first_with_its_interval(
    app: AppTest, admin: Actor, forecast: Made
) -> None:
    stored(admin, "forecast", forecast)

    opened(app).segmented_control(key="forecast_unit").set_value("day").run()

    headline = app.subheader[0].value.replace("\\", "")
    # Two weeks of 7,000 each, in three digits.
    assert headline == "About €14,000 of revenue in the next 14 days"
    told = said(app)
    assert "Feb 1, 2026 to Feb 14, 2026: between €13" in told
    assert "the last one known ended on Jan 31, 2026" in told
    assert "The method used: Exponential smoothing" in told


@pytest.mark.slow
def test_looking_less_far_ahead_is_shown_at_once(
    app: AppTest, admin: Actor, forecast: Made
) -> None:
    stored(admin, "forecast", forecast)
    opened(app).segmented_control(key="forecast_unit").set_value("day").run()

    app.slider(key="forecast_days_ahead").set_value(7).run()

    assert not app.exception
    assert "the next 7 days" in app.subheader[0].value


@pytest.mark.slow
def test_groups_stand_beside_the_whole(
    app: AppTest, admin: Actor, forecast: Made
) -> None:
    stored(admin, "forecast", forecast)
    opened(app).segmented_control(key="forecast_unit").set_value("day").run()

    app.selectbox(key="forecast_by").set_value("category").run()

    assert not app.exception
    rows = app.dataframe[0].value
    assert rows["group"].tolist() == ["Coffee & *cocoa*", "Not known", "Others"]
    assert rows["expected"].sum() == pytest.approx(14_000, rel=0.02)
    assert "the forecast of the whole is €14,000" in said(app)


@pytest.mark.slow
def test_a_group_can_be_in_the_chart(
    app: AppTest, admin: Actor, forecast: Made
) -> None:
    stored(admin, "forecast", forecast)
    app.query_params["forecast_by"] = "category"
    app.query_params["forecast_category"] = "1"

    opened(app)

    assert "Coffee & *cocoa*: about" in said(app)
    assert "*cocoa*" not in app.subheader[0].value  # no emphasis


@pytest.mark.slow
def test_orders_with_several_categories_are_not_added_up(
    app: AppTest, admin: Actor, forecast: Made
) -> None:
    stored(admin, "forecast", forecast)
    app.query_params["forecast_by"] = "category"

    opened(app).segmented_control(key="forecast_measure").set_value("orders").run()

    assert "the groups do not add up to the whole" in said(app)


@pytest.mark.slow
def test_a_unit_without_a_forecast_says_why(
    app: AppTest, admin: Actor, forecast: Made
) -> None:
    stored(admin, "forecast", forecast)

    opened(app).segmented_control(key="forecast_unit").set_value("month").run()

    assert not app.exception
    assert "8 whole months at least; there are 4" in said(app)


@pytest.mark.parametrize("value", [0.0, -40.0])
@pytest.mark.slow
def test_dull_histories_are_shown_without_a_fault(
    app: AppTest, admin: Actor, value: float
) -> None:
    whole = days(60).assign(revenue=value)
    found = forecasts.every(whole, {}, until=UNTIL)
    products = pd.DataFrame({"product_id": [], "name": [], "sku": []}, dtype="str")
    stored(admin, "forecast", forecast_job.made(found, products, UNTIL))

    opened(app)

    assert "nan" not in said(app).lower()
    app.segmented_control(key="forecast_unit").set_value("day").run()
    assert not app.exception
    assert "mase" not in app.dataframe[0].value  # every season was the same


@pytest.mark.slow
def test_nothing_unusual_is_said(app: AppTest, admin: Actor) -> None:
    stored(admin, "alerts", watched(planted=False))

    told = said(opened(app, page=ALERTS))

    assert "4 series are watched, over the last 13 weeks." in told
    assert "Nothing unusual." in told


@pytest.mark.slow
def test_an_alert_is_told_in_words(app: AppTest, admin: Actor) -> None:
    stored(admin, "alerts", watched(planted=True))

    told = said(opened(app, page=ALERTS))

    # The last of 250 weeks from 1 January 2024 begins on 9 October 2028.
    assert "Revenue of Coffee & *cocoa*, week of Oct 2, 2028: €9,000, expected €" in (
        told.replace("&amp;", "&")
    )


@pytest.mark.slow
def test_the_orders_behind_an_alert_open(
    app: AppTest, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The switch of pages itself is for the browser: here, what it is asked for."""
    rules: list[Any] = []
    monkeypatch.setattr(
        filter_builder, "dumped", lambda rule: rules.append(rule) or "null"
    )
    stored(admin, "alerts", watched(planted=True))
    opened(app, page=ALERTS)

    app.button(key="alert_orders_0").click().run()

    days_asked = rules[0]["rules"][0]["value"]
    assert days_asked == ["2028-10-02", "2028-10-08"]


def test_too_little_history_to_watch_is_told(app: AppTest, admin: Actor) -> None:
    stored(admin, "alerts", watched(planted=False, count=20))

    told = said(opened(app, page=ALERTS))

    assert "There are 20 whole weeks; watching takes 47." in told


def test_a_rare_budget_that_cannot_be_kept_is_refused_in_words(
    app: AppTest, admin: Actor
) -> None:
    """47 weeks less the 13 looked at and the 8 to begin with are 6 months."""
    stored(admin, "alerts", watched(planted=False, count=47))
    app.query_params["alerts_budget"] = "0.25"

    assert "choose 0.5 a month or more" in said(opened(app, page=ALERTS))
