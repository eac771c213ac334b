"""The page What if without a browser: assumptions in, a distribution out."""

from dataclasses import asdict
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.what_if import Baseline
from crm.errors import Invalid
from crm.models import Actor, Analysis, Sharing, utcnow
from crm.services import analyses, views
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import said

YEAR = Baseline(
    customers=1000,
    customers_before=900,
    won=200,
    lost=0.3,
    orders=5000,
    revenue=2_000_000.0,
    revenue_won=200_000.0,
)

opened = partial(reading.opened, page="pages/insight/what_if.py")


@pytest.fixture
def counted(admin: Actor) -> None:
    kept = Analysis(
        kind="overview",
        as_of=utcnow().date(),
        data_at=utcnow(),
        summary={"baseline": asdict(YEAR)},
    )
    with db.transaction(admin) as session:
        analyses.store(session, kept, {})


def figures(app: AppTest) -> dict[str, str]:
    return {str(one.label): str(one.value) for one in app.metric}


def test_without_a_count_the_page_says_what_to_do(app: AppTest) -> None:
    assert "The last year has not been counted yet." in said(opened(app))


@pytest.mark.usefixtures("counted")
def test_the_last_year_is_told(app: AppTest) -> None:
    opened(app)

    assert "1,000 customers bought, 200 of them for the first time" in said(app)
    assert "30% did not come back" in said(app)
    assert {"P10", "P50", "P90", "More than last year"} == set(figures(app))


@pytest.mark.usefixtures("counted")
@pytest.mark.slow
def test_a_higher_price_moves_the_picture(app: AppTest) -> None:
    before = figures(opened(app))

    app.slider(key="what_if_elasticity").set_value((0.0, 0.0)).run()
    app.slider(key="what_if_price").set_value((20.0, 20.0)).run()

    assert not app.exception
    assert figures(app)["P50"] > before["P50"]


@pytest.mark.usefixtures("counted")
def test_without_ranges_there_is_one_outcome(app: AppTest) -> None:
    opened(app)
    for slider in app.slider:
        low, _high = slider.value
        slider.set_value((low, low))

    app.run()

    assert not app.exception
    assert "Every assumption is a single number" in said(app)
    assert "Give an assumption a range" in said(app)


@pytest.mark.usefixtures("counted")
@pytest.mark.slow
def test_a_scenario_is_saved_and_used_again(app: AppTest, admin: Actor) -> None:
    opened(app).slider(key="what_if_price").set_value((5.0, 10.0)).run()
    app.text_input(key="what_if_name").set_value("*Dearer*")
    app.button(key="what_if_save").click().run()
    with db.reading(admin) as session:
        [saved] = views.listed(session, "what_if")
    assert (saved.name, saved.content["price"]) == ("*Dearer*", [5.0, 10.0])

    app.slider(key="what_if_price").set_value((0.0, 0.0)).run()
    app.button(key=f"what_if_use_{saved.id}").click().run()

    assert app.slider(key="what_if_price").value == (5.0, 10.0)


@pytest.mark.usefixtures("counted")
@pytest.mark.slow
def test_a_scenario_of_a_larger_business_still_opens(
    app: AppTest, admin: Actor
) -> None:
    content = {"budget": [1e9, 2e9], "price": [-99.0, 99.0]}
    with db.transaction(admin) as session:
        saved = views.save(session, "what_if", "Old", content, sharing=Sharing.ALL)

    opened(app).button(key=f"what_if_use_{saved.id}").click().run()

    assert not app.exception
    assert app.slider(key="what_if_price").value == (-30.0, 30.0)


@pytest.mark.parametrize(
    "content",
    [{"price": 5}, {"price": [1]}, {"price": ["a", "b"]}, {"price": [True, False]}],
)
def test_what_is_no_scenario_is_not_saved(
    admin: Actor, content: dict[str, object]
) -> None:
    with db.transaction(admin) as session, pytest.raises(Invalid):
        views.save(session, "what_if", "Odd", content)


@pytest.mark.usefixtures("counted")
def test_who_sees_some_customers_is_told_why_there_is_nothing(alice: Actor) -> None:
    assert "for those who see all customers" in said(opened(signed_in(alice).run()))
