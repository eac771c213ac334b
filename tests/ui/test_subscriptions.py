"""The pages of subscriptions without a browser."""

from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, Subscription, utcnow
from crm.services.subscriptions import subscriptions
from tests import make
from tests.ui.conftest import signed_in

TODAY = utcnow().date()
START = TODAY - timedelta(days=100)


def opened(app: AppTest, page: str, key: int | None = None) -> AppTest:
    if key is not None:
        app.query_params["id"] = str(key)
    app.switch_page(str(ROOT / page)).run()
    assert not app.exception
    return app


def one(admin: Actor, row: Subscription) -> AppTest:
    return opened(signed_in(admin).run(), "pages/sales/subscription.py", row.id)


def read(actor: Actor, key: int) -> Subscription:
    with db.reading(actor) as session:
        return subscriptions.subscription(session, key)


def made(**details: Any) -> Subscription:
    customer = make.customer(name="Rhine Mills")
    return make.subscription(customer, **{"starts_on": START} | details)


def test_a_subscription_shows_what_it_brings(admin: Actor) -> None:
    app = one(admin, made(number="S-7", name="Service"))

    values = {metric.label: metric.value for metric in app.metric}
    assert app.title[0].value == "Service"
    assert values["Monthly amount"] == "€100.00"
    assert values["Term"] == "Open-ended"


def test_a_new_price_is_saved(admin: Actor) -> None:
    row = made()
    app = one(admin, row)

    app.text_input(key=f"price_{row.id}_1_price").set_value("120.50")  # with the click
    app.button(key=f"price_{row.id}_1_save").click().run()

    assert not app.exception
    found = read(admin, row.id)
    assert [str(price.price) for price in found.price_list] == ["100", "120.5000"]
    assert found.price_from == TODAY


def test_what_is_no_price_is_said_and_nothing_is_saved(admin: Actor) -> None:
    row = made()
    app = one(admin, row)

    app.text_input(key=f"price_{row.id}_1_price").set_value("dear").run()
    app.button(key=f"price_{row.id}_1_save").click().run()

    assert not app.exception
    assert app.error
    assert len(read(admin, row.id).prices) == 1


@pytest.mark.slow
def test_it_is_cancelled_and_the_cancellation_taken_back(admin: Actor) -> None:
    row = made(term_months=12, renewal_on=START + timedelta(days=365))
    app = one(admin, row)

    app.selectbox(key=f"cancel_{row.id}_1_reason").select("price").run()
    app.button(key=f"cancel_{row.id}_1_save").click().run()

    cancelled = read(admin, row.id)
    assert (cancelled.cancelled_on, cancelled.cancel_reason) == (TODAY, "price")
    assert not app.exception
    app.button(key="subscription_reactivate").click().run()
    assert read(admin, row.id).cancelled_on is None


def test_a_term_that_ends_is_renewed(admin: Actor) -> None:
    ends = START + timedelta(days=365)
    row = made(term_months=12, auto_renew=False, renewal_on=ends)
    app = one(admin, row)

    app.button(key="subscription_renew").click().run()

    assert not app.exception
    assert (read(admin, row.id).ends_on or date.min) > ends


def test_who_may_only_look_is_offered_nothing(viewer: Actor) -> None:
    app = one(viewer, made())

    keys = {button.key for button in app.button}
    assert not [key for key in keys if key and key.startswith(("price_", "cancel_"))]


@pytest.mark.slow
def test_a_customer_gets_one_more(admin: Actor) -> None:
    customer = make.customer()
    app = opened(signed_in(admin).run(), "pages/customers/customer.py", customer.id)
    key = f"new_subscription_{customer.id}_{{}}".format

    app.text_input(key=key("number")).set_value("S-9")
    app.text_input(key=key("price")).set_value("12")  # both sent with the click
    app.button(key=key("save")).click().run()

    assert not app.exception
    assert not app.error
    with db.reading(admin) as session:
        (found,) = subscriptions.of_customer(session, customer.id)
    assert (found.number, found.monthly, found.starts_on) == ("S-9", 12, TODAY)


def test_the_list_shows_them(app: AppTest) -> None:
    made(number="S-7")

    opened(app, "pages/sales/subscriptions.py")

    table = app.dataframe[0].value
    assert table["number"].tolist() == ["S-7"]
    assert table["customer_id"].tolist() == ["Rhine Mills"]
    assert table["state"].tolist() == ["Active"]
