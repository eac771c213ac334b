"""The page of churn by subscription, on stored results of recurring revenue."""

from datetime import date
from functools import partial

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm.config import ROOT
from crm.models import Actor
from crm.services.days import today
from crm.ui.insight.churn import contract
from crm.ui.insight.survival.names import Names
from tests import make
from tests.analytics.survival.test_cox import planted
from tests.ui import reading
from tests.ui.reading import said
from tests.ui.test_recurring_revenue import stored, subscriptions

opened = partial(
    reading.opened, page="pages/insight/churn.py", churn_of="subscriptions"
)


def kept(admin: Actor) -> None:
    """Four hundred lifetimes; of two customers one has left in February."""
    table = subscriptions(
        {"customer_id": 1, "starts_on": "2025-01-05", "ends_on": None},
        {"customer_id": 2, "starts_on": "2025-01-05", "ends_on": "2026-02-10"},
    )
    lives = planted(400)
    size = lives["source"].map({"web": "big", "campaign": "small", "fair": ""})
    sized = lives.assign(**{"customer.x_size": size})
    stored(admin, table, sized, labels={"customer.x_size": "*Size*"}, truths=[])


def test_one_click_leads_from_orders_to_subscriptions(app: AppTest) -> None:
    app.switch_page(str(ROOT / "pages/insight/churn.py")).run()
    app.segmented_control(key="churn_of").set_value("subscriptions").run()

    assert not app.exception
    assert app.query_params["churn_of"] == "subscriptions"
    assert app.button(key="recurring_revenue_compute")
    assert "Nothing has been computed yet." in said(app)


@pytest.mark.slow
def test_who_left_and_how_long_subscriptions_last(app: AppTest, admin: Actor) -> None:
    kept(admin)

    opened(app)

    told = said(app)
    assert "1 customer has ended the last subscription within the year" in told
    assert "of 400 subscriptions last longer than a year" in told
    assert "Source “campaign”: subscriptions end" in told
    values = {one.label: one.value for one in app.metric}
    assert values["MRR lost, 12 months"] == "€100"
    assert "No subscription ends within this time." in told


@pytest.mark.slow
def test_a_custom_field_is_one_to_compare_by(app: AppTest, admin: Actor) -> None:
    kept(admin)

    opened(app, survival_by="customer.x_size")

    assert app.selectbox(key="survival_by").options[-1] == "*Size* (Customer)"
    table = next(d.value for d in app.dataframe if "median" in d.value)
    assert sorted(table["name"]) == ["Not given", "big", "small"]


@pytest.mark.slow
def test_those_that_end_soon_are_listed_with_the_way_to_all(
    app: AppTest, admin: Actor
) -> None:
    kept(admin)
    customer = make.customer(name="Rhine Mills")
    soon, later = (today() + pd.Timedelta(days=days) for days in (20, 100))
    for number, day in (("S-1", soon), ("S-2", later)):
        make.subscription(customer, number=number, cancelled_on=today(), ends_on=day)

    opened(app)

    table = next(d.value for d in app.dataframe if "ends_on" in d.value)
    assert table["number"].tolist() == ["S-1"]
    assert table["customer_id"].tolist() == ["Rhine Mills"]
    app.button(key="churn_ending_all").click().run()
    assert not app.exception
    assert app.title[0].value == "Subscriptions"
    assert app.dataframe[0].value["number"].tolist() == ["S-1"]


def test_those_lost_are_of_twelve_months() -> None:
    months = pd.to_datetime(["2025-03-01", "2025-04-01", "2026-03-01", "2026-03-01"])
    kinds = ["churned", "churned", "churned", "new"]
    movements = pd.DataFrame({"customer_id": range(4), "month": months, "kind": kinds})

    left = contract.lost(movements, pd.Timestamp(date(2026, 3, 1)))

    assert left["customer_id"].tolist() == [1, 2]


@pytest.mark.usefixtures("database")
def test_values_are_called_as_people_call_them() -> None:
    names = Names({"subscription.x_site": "On site"}, ["subscription.x_site"])

    assert names.field("subscription.x_site") == "On site (Subscription)"
    assert names.level("subscription.x_site", "yes") == "Yes"
    assert names.level("subscription.x_site", "") == "Not given"
    assert names.level("country", "DE") == "Germany"
    assert names.level("product", "yes") == "yes"
