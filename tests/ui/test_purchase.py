"""The page of next purchases without a browser: ask, look at a result, act on it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.notes import Note
from crm.analytics.purchase import purchase_amounts
from crm.analytics.purchase.purchase import Purchase
from crm.analytics.rules.next_product import OFFERS
from crm.frames import typed
from crm.jobs.purchase import made
from crm.models import SYSTEM, Actor, Customer, Job, SegmentMember
from crm.services.analyses import Made
from tests import make
from tests.analytics import spenders
from tests.analytics.leavers import HORIZON, TODAY, small_forests
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import kept, put_away, ranking, said

PAGE = "pages/insight/purchase.py"
CUSTOMER = "pages/customers/customer.py"
COUNT = 60

opened = partial(reading.opened, page=PAGE)


@pytest.fixture(scope="module")
def found() -> Iterator[Purchase]:
    """Learned from many, of the first few customers of a new database."""
    train, test, now = spenders.cuts(600)
    few = replace(now, features=now.features.head(COUNT))
    with small_forests(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(purchase_amounts, "TREES", 20)
        yield spenders.predicted([train, test, few])


@pytest.fixture
def result(admin: Actor, found: Purchase) -> Purchase:
    with db.transaction(SYSTEM) as session:
        session.add_all([Customer(name=f"C{n}") for n in range(1, COUNT + 1)])
    kept(admin, "purchase", made(found), as_of=TODAY, horizon=HORIZON)
    return found


def test_the_empty_page_says_what_to_do_next(app: AppTest) -> None:
    opened(app)

    assert "Nothing has been computed yet." in said(app)
    assert app.button(key="purchase_compute")


def test_thirty_days_are_asked_for_with_one_click(app: AppTest) -> None:
    opened(app).button(key="purchase_compute").click().run()

    with db.reading(SYSTEM) as session:
        job = session.scalars(select(Job).where(Job.kind == "purchase")).one()
    assert job.arguments["parameters"] == {"horizon": 30}


def test_another_horizon_can_be_asked_for(app: AppTest) -> None:
    opened(app).segmented_control(key="purchase_horizon").set_value(90).run()
    app.button(key="purchase_compute").click().run()

    with db.reading(SYSTEM) as session:
        job = session.scalars(select(Job).where(Job.kind == "purchase")).one()
    assert job.arguments["parameters"] == {"horizon": 90}


@pytest.mark.slow
def test_the_conclusion_comes_first_beside_what_was_said_last_time(
    app: AppTest, result: Purchase
) -> None:
    told = said(opened(app))

    spending = result.spending
    total = spending.totals[spending.best]
    assert app.subheader[0].value.replace("\\", "") == (
        f"About {result.buyers.value:.0f} of {COUNT} customers will buy in the 60 days "
        f"after Jan 31, 2026, and bring about €{total.value:,.0f}"
    )
    judged = spending.accuracies[spending.best]
    assert f"expected {result.expected_then:.0f} buyers" in told
    assert f"€{judged.predicted:,.0f}. Then {result.judged_from[1]} bought" in told
    assert f"€{total.low:,.0f} to €{total.high:,.0f} (90% intervals)" in told


@pytest.mark.slow
def test_who_brings_most_stands_first_with_an_interval_and_reasons(
    app: AppTest, result: Purchase
) -> None:
    first = ranking(opened(app)).iloc[0]

    best = result.spending.best
    amounts = result.spending.amounts
    at = int(amounts[best].argmax())
    assert first["name"] == f"C{result.customers['customer_id'][at]}"
    assert first["expected"] == pytest.approx(amounts[best][at], abs=0.51)
    assert first["low"] <= first["expected"] <= first["high"]
    assert first["first"][0] in "▲▼"


@pytest.mark.slow
def test_the_order_can_be_by_probability(app: AppTest, result: Purchase) -> None:
    opened(app).segmented_control(key="purchase_order").set_value("probability").run()

    assert ranking(app)["probability"].is_monotonic_decreasing


@pytest.mark.slow
def test_amounts_of_another_model_can_be_looked_at(
    app: AppTest, result: Purchase
) -> None:
    opened(app).selectbox(key="purchase_model").set_value("svm").run()

    assert not app.exception
    total = result.spending.totals["svm"].value
    assert f"€{total:,.0f}" in app.subheader[0].value.replace("\\", "")
    shown = ranking(app)["expected"].iloc[0]
    assert shown == pytest.approx(result.spending.amounts["svm"].max(), abs=0.51)


@pytest.mark.slow
def test_only_the_likely_ones_can_be_kept_and_saved_as_a_segment(
    app: AppTest, result: Purchase
) -> None:
    [slider] = opened(app).slider
    slider.set_value((50, 100)).run()
    likely = result.customers.query("probability >= 0.5")["customer_id"]
    assert f"{len(likely)} of {COUNT} customers" in said(app)

    app.button(key="purchase_segment_save").click().run()

    with db.reading(SYSTEM) as session:
        members = session.scalars(select(SegmentMember.customer_id)).all()
    assert sorted(members) == sorted(likely)


@pytest.mark.slow
def test_limits_that_leave_nobody_are_told(app: AppTest, result: Purchase) -> None:
    [slider] = opened(app).slider
    slider.set_value((100, 100)).run()

    assert "Nobody is within these limits." in said(app)


@pytest.mark.slow
def test_the_first_next_product_stands_beside_each_customer(
    app: AppTest, admin: Actor, result: Purchase
) -> None:
    rows = [{"customer_id": n, "product_1": 7} for n in range(1, COUNT)]
    offers = typed(pd.DataFrame(rows, columns=list(OFFERS)).fillna(0), OFFERS)
    offered = pd.DataFrame([{"product_id": 7, "name": "**Tea**", "sku": "T"}])
    summary = {"next_product": {"customers": COUNT}}
    rules = Made(summary, {"offers": offers, "offered": offered})
    kept(admin, "association_rules", rules, as_of=TODAY)

    shown = ranking(opened(app)).set_index("name")["offer"]

    assert (shown.drop(f"C{COUNT}") == "**Tea**").all()
    assert shown[f"C{COUNT}"] == ""
    assert "from the association rules of Jan 31, 2026" in said(app)


@pytest.mark.slow
def test_without_association_rules_the_page_says_how_to_have_products(
    app: AppTest, result: Purchase
) -> None:
    assert "Compute association rules" in said(opened(app))
    assert "offer" not in ranking(app)


@pytest.mark.slow
def test_all_models_stand_beside_each_other(app: AppTest, result: Purchase) -> None:
    opened(app)
    amounts, chances = (one.value for one in app.dataframe[1:3])

    figures = result.spending.accuracies
    assert len(amounts) == len(figures)
    best = amounts["model"].str.contains("(best)", regex=False)
    assert list(amounts["deviance"][best]) == [amounts["deviance"].min()]
    svm = amounts[amounts["model"] == "Linear SVM of the logarithm"].iloc[0]
    assert svm["ratio"].startswith(f"{figures['svm'].ratio.value:.2f} (")
    assert len(chances) == len(result.chances.evaluations)


@pytest.mark.slow
def test_notes_are_shown_as_text(app: AppTest, admin: Actor, found: Purchase) -> None:
    noted = replace(
        found, notes=(Note("Look <b>here</b> {share:.0%}", {"share": 0.5}),)
    )
    with db.transaction(SYSTEM) as session:
        session.add_all([Customer(name=f"C{n}") for n in range(1, COUNT + 1)])
    kept(admin, "purchase", made(noted), as_of=TODAY, horizon=HORIZON)

    [warning] = opened(app).warning

    assert warning.value.replace("\\", "") == "Look &lt;b>here&lt;/b> 50%"


@pytest.mark.slow
def test_who_is_gone_from_the_database_is_gone_from_the_page(
    app: AppTest, admin: Actor, result: Purchase
) -> None:
    first = ranking(opened(app)).iloc[0]["name"]
    put_away(admin, first)

    assert first not in ranking(app.run())["name"].tolist()


@pytest.mark.slow
def test_the_page_of_a_customer_tells_its_next_purchase(
    app: AppTest, result: Purchase
) -> None:
    app.query_params["id"] = "1"

    told = said(opened(app, page=CUSTOMER))

    p = result.customers["probability"][0]
    amount = result.spending.amounts[result.spending.best][0]
    assert f"{p:.0%} to buy within 60 days" in told
    assert f"Expected revenue €{amount:,.0f}; 90% interval" in told


@pytest.mark.slow
def test_a_customer_without_orders_is_told_so(app: AppTest, result: Purchase) -> None:
    app.query_params["id"] = str(make.customer().id)

    assert "No orders by then." in said(opened(app, page=CUSTOMER))


@pytest.mark.slow
def test_who_sees_other_customers_does_not_see_this_result(
    result: Purchase, alice: Actor
) -> None:
    told = said(opened(signed_in(alice).run()))

    assert "Nothing has been computed yet." in told
