"""The page of lifetime values without a browser: ask, look at a result, act on it."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.lifetime import lifetime_value as analytics
from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.gamma_gamma import GammaGamma
from crm.analytics.lifetime.lifetime_value import LifetimeValue
from crm.jobs.lifetime_value import made
from crm.models import SYSTEM, Actor, Customer, SegmentMember
from crm.ui import charts
from crm.ui.charts import Picked
from crm.ui.insight.lifetime_value import picture
from tests import make
from tests.analytics import buyers
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import asked, kept, put_away, ranking, said

PAGE = "pages/insight/lifetime_value.py"
CUSTOMER = "pages/customers/customer.py"
COUNT = 80

opened = partial(reading.opened, page=PAGE)


@pytest.fixture(scope="module")
def found() -> LifetimeValue:
    shop = buyers.planted(COUNT, BgNbd(0.8, 8, 1, 6), GammaGamma(4, 4, 90))
    return analytics.estimate(
        shop.buyers, shop.past(), as_of=shop.as_of, horizon=365, annual_rate=0.1
    )


@pytest.fixture
def result(admin: Actor, found: LifetimeValue) -> LifetimeValue:
    with db.transaction(SYSTEM) as session:
        session.add_all([Customer(name=f"C{n}") for n in range(1, COUNT + 1)])
    return stored(admin, found)


def stored(actor: Actor, found: LifetimeValue) -> LifetimeValue:
    asked = {"horizon": found.horizon, "annual_rate": found.annual_rate}
    kept(actor, "lifetime_value", made(found), as_of=found.as_of, **asked)
    return found


def test_the_empty_page_says_what_to_do_next(app: AppTest) -> None:
    opened(app)

    assert "Nothing has been computed yet." in said(app)
    assert app.button(key="lifetime_value_compute")


def test_a_year_at_ten_percent_is_asked_for_with_one_click(app: AppTest) -> None:
    opened(app).button(key="lifetime_value_compute").click().run()

    assert asked("lifetime_value")["parameters"] == {"horizon": 365, "annual_rate": 0.1}


@pytest.mark.slow
def test_another_horizon_and_rate_can_be_asked_for(app: AppTest) -> None:
    opened(app).segmented_control(key="lifetime_value_horizon").set_value(730)
    app.number_input(key="lifetime_value_rate").set_value(7.5).run()

    app.button(key="lifetime_value_compute").click().run()

    assert asked("lifetime_value")["parameters"] == {
        "horizon": 730,
        "annual_rate": 0.075,
    }


@pytest.mark.slow
def test_the_conclusion_comes_first_then_its_evidence(
    app: AppTest, result: LifetimeValue
) -> None:
    told = said(opened(app))

    conclusion = app.subheader[0].value.replace("\\", "")
    assert conclusion == (
        f"{COUNT} customers will bring about €{result.total.value:,.0f} in the 365 "
        "days after Jan 31, 2026"
    )
    assert f"between €{result.total.low:,.0f} and €{result.total.high:,.0f}" in told
    assert result.check is not None
    assert f"fitted to {result.check.customers} customers as they were on" in told
    metrics = {one.label: one.value for one in app.metric}
    assert metrics["From the best tenth"] == f"{result.top_share:.0%}"


@pytest.mark.slow
def test_the_most_valuable_stand_first_with_their_interval(
    app: AppTest, result: LifetimeValue
) -> None:
    shown = ranking(opened(app)).iloc[0]

    first = result.customers.iloc[0]
    assert shown["name"] == f"C{first['customer_id']:.0f}"
    for column in ("lifetime_value", "low", "high"):
        assert shown[column] == round(first[column])


@pytest.mark.slow
def test_the_order_can_be_by_value_at_risk(app: AppTest, result: LifetimeValue) -> None:
    opened(app).segmented_control(key="lifetime_value_order").set_value("at_risk").run()

    assert ranking(app)["at_risk"].is_monotonic_decreasing
    assert ranking(app)["at_risk"].iloc[0] == round(result.customers["at_risk"].max())


@pytest.mark.slow
def test_the_slider_leaves_those_of_that_probability(
    app: AppTest, result: LifetimeValue
) -> None:
    opened(app).slider[0].set_range(20, 80).run()

    shown = ranking(app)["alive"]
    assert len(shown) == result.customers["alive"].between(0.2, 0.8).sum() > 0
    assert shown.between(0.2, 0.8).all()


@pytest.mark.slow
def test_who_bought_once_has_no_probability(
    app: AppTest, result: LifetimeValue
) -> None:
    shown = ranking(opened(app))

    assert shown["alive"].isna().sum() == (result.customers["x"] == 0).sum() > 0


@pytest.mark.slow
def test_customers_picked_in_the_picture_are_listed(
    app: AppTest, result: LifetimeValue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pick(*_figure: Any, **_options: Any) -> Picked:
        return Picked(ids=[3, 1])

    monkeypatch.setattr(charts, "pick", pick)

    told = said(opened(app))

    rows = result.customers["customer_id"].iloc[[1, 3]]
    assert ranking(app)["name"].tolist() == [f"C{one}" for one in rows]
    assert "2 customers, picked in the picture" in told


@pytest.mark.slow
def test_where_not_all_are_drawn_a_box_takes_in_everybody(
    app: AppTest, result: LifetimeValue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pick(*_figure: Any, **_options: Any) -> Picked:
        return Picked(ids=[0], boxes=[{"x": [-1, 9], "y": [-1, 99]}])

    monkeypatch.setattr(charts, "pick", pick)
    monkeypatch.setattr(picture, "POINTS", 10)

    told = said(opened(app))

    assert f"10 of {COUNT} customers are drawn, chosen at random" in told
    assert f"{COUNT} customers, picked in the picture" in told


@pytest.mark.slow
def test_those_listed_become_a_segment(app: AppTest, result: LifetimeValue) -> None:
    opened(app).slider[0].set_range(20, 80).run()

    app.button(key="lifetime_value_segment_save").click().run()

    with db.reading(SYSTEM) as session:
        members = session.scalars(select(SegmentMember.customer_id)).all()
    inside = result.customers[result.customers["alive"].between(0.2, 0.8)]
    assert sorted(members) == sorted(inside["customer_id"])


@pytest.mark.slow
def test_who_is_gone_from_the_database_is_gone_from_the_page(
    app: AppTest, admin: Actor, result: LifetimeValue
) -> None:
    first = ranking(opened(app)).iloc[0]["name"]
    put_away(admin, first)

    assert first not in ranking(app.run())["name"].tolist()


@pytest.mark.slow
def test_who_sees_only_some_customers_does_not_see_this_result(
    alice: Actor, result: LifetimeValue
) -> None:
    app = opened(signed_in(alice).run())

    assert "Nothing has been computed yet." in said(app)


@pytest.mark.slow
def test_without_a_test_on_the_past_the_page_says_so(
    app: AppTest, admin: Actor, result: LifetimeValue
) -> None:
    stored(admin, replace(result, check=None, correlation=None))

    told = said(opened(app))

    assert "too little history to put the models to the test" in told
    assert "related cannot be told" in told


@pytest.mark.slow
def test_the_parameters_stand_with_their_intervals(
    app: AppTest, result: LifetimeValue
) -> None:
    opened(app)

    table = app.dataframe[2].value
    assert table["name"].tolist() == ["r", "α", "a", "b", "p", "q", "γ"]
    assert table["value"].iloc[0] == f"{result.models.purchases.r:,.4g}"


@pytest.mark.slow
def test_how_it_was_made_names_models_and_limits(
    app: AppTest, result: LifetimeValue
) -> None:
    told = said(opened(app))

    assert "BG/NBD" in told
    assert "discounted by 10.0% a year" in told
    assert "After a single purchase the model takes nobody for gone" in told


@pytest.mark.slow
def test_a_customer_s_page_has_its_value(app: AppTest, result: LifetimeValue) -> None:
    best = result.customers.dropna().iloc[0]
    app.query_params["id"] = str(int(best["customer_id"]))

    told = said(opened(app, page=CUSTOMER))

    assert f"Worth about €{best['lifetime_value']:,.0f} in 365 days" in told
    assert f"90% interval €{best['low']:,.0f} to €{best['high']:,.0f}" in told
    assert f"Probability alive: {best['alive']:.1%}" in told


@pytest.mark.slow
def test_a_customer_of_one_day_is_told_as_such(
    app: AppTest, result: LifetimeValue
) -> None:
    once = result.customers[result.customers["x"] == 0].iloc[0]
    app.query_params["id"] = str(int(once["customer_id"]))

    assert "Bought on one day only" in said(opened(app, page=CUSTOMER))


def test_a_customer_without_orders_is_told_as_such(
    app: AppTest, result: LifetimeValue
) -> None:
    app.query_params["id"] = str(make.customer().id)

    assert "No orders by then." in said(opened(app, page=CUSTOMER))
