"""The page of a record that lies in the recycle bin says so, and shows the way."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, Campaign, PriceList
from crm.services import bulk
from tests import make
from tests.ui.conftest import signed_in

PAGES = {
    "customer": "customers/customer", "contact": "customers/contact",
    "product": "sales/product", "price_list": "sales/price_list",
    "sales_order": "sales/order", "subscription": "sales/subscription",
    "quote": "sales/quote", "lead": "sales/lead", "opportunity": "sales/opportunity",
    "ticket": "support/ticket", "campaign": "marketing/campaign",
}  # fmt: skip


def made(entity: str) -> Any:
    """A record of that kind, deleted at once."""
    customer = make.customer(name="Rhine Mills")
    line = (make.product(), 1, "5")
    record: Any = {
        "customer": lambda: customer,
        "contact": lambda: make.contact(customer),
        "product": make.product,
        "price_list": lambda: make.saved(PriceList(name="Spring", currency="EUR")),
        "sales_order": lambda: make.order(customer, line),
        "subscription": lambda: make.subscription(customer),
        "quote": lambda: make.quote(customer, line),
        "lead": make.lead,
        "opportunity": lambda: make.opportunity(customer),
        "ticket": make.ticket,
        "campaign": lambda: make.saved(Campaign(name="Spring")),
    }[entity]()
    delete(entity, record.id)
    return record


def delete(entity: str, record_id: int) -> None:
    with db.transaction(SYSTEM) as session:
        bulk.remove(session, entity, [record_id])


def opened(app: AppTest, entity: str, record_id: int) -> AppTest:
    app.query_params["id"] = str(record_id)
    app.switch_page(str(ROOT / f"pages/{PAGES[entity]}.py")).run()
    assert not app.exception
    return app


def words(told: Any) -> str:
    """What the one box of its kind says, without the signs against markup."""
    (box,) = told
    return str(box.value).replace("\\", "")


def ways(app: AppTest) -> list[str]:
    """Where the links to the recycle bin lead."""
    return [
        one.proto.query_string
        for one in app.get("page_link")
        if one.proto.query_string.startswith("bin_entity")
    ]


@pytest.mark.parametrize("entity", sorted(PAGES))
@pytest.mark.slow
def test_a_deleted_record_is_told_to_be_in_the_bin(app: AppTest, entity: str) -> None:
    record = made(entity)

    opened(app, entity, record.id)

    assert not app.error
    assert words(app.warning).endswith("is in the recycle bin.")
    assert ways(app) == [f"bin_entity={entity}"]


def test_it_is_told_by_its_name(app: AppTest) -> None:
    customer = make.customer(name=":red[Rhine]")
    delete("customer", customer.id)

    opened(app, "customer", customer.id)

    assert words(app.warning) == "Customer :red[Rhine] is in the recycle bin."
    assert ":red[" not in app.warning[0].value


def test_who_may_not_open_the_bin_is_shown_no_way(viewer: Actor) -> None:
    record = made("customer")

    app = opened(signed_in(viewer).run(), "customer", record.id)

    assert "in the recycle bin" in words(app.warning)
    assert ways(app) == []


def test_what_was_out_of_reach_does_not_exist(alice: Actor, charlie: Actor) -> None:
    customer = make.customer(alice, name="Rhine Mills")
    delete("customer", customer.id)

    app = opened(signed_in(charlie).run(), "customer", customer.id)

    assert not app.warning
    assert words(app.error).endswith("does not exist.")


def test_an_order_of_a_customer_out_of_reach_does_not_exist(
    alice: Actor, charlie: Actor
) -> None:
    customer = make.customer(alice, name="Rhine Mills")
    order = make.order(customer, (make.product(), 1, "5"))
    delete("sales_order", order.id)

    app = opened(signed_in(charlie).run(), "sales_order", order.id)

    assert not app.warning
    assert words(app.error).endswith("does not exist.")
