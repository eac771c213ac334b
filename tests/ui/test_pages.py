"""Every page opens, on an empty database and with something in it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, Contact, Customer, Order, Product, Subscription
from tests import make
from tests.ui.conftest import signed_in

PAGES = sorted(path.relative_to(ROOT) for path in ROOT.glob("pages/*/*.py"))
RECORDS = {
    "customer.py", "contact.py", "order.py", "product.py", "subscription.py",
    "lead.py", "opportunity.py", "quote.py", "invoice.py", "payment.py",
    "price_list.py", "ticket.py", "campaign.py",
}  # fmt: skip
FOLDERS = {
    "customer.py": "customers", "contact.py": "customers", "ticket.py": "support",
    "campaign.py": "marketing",
}  # fmt: skip
HIDDEN = RECORDS | {"import.py"}  # opened with an id
LISTS = [path for path in PAGES if path.name not in HIDDEN]


def at(app: AppTest, page: str) -> AppTest:
    return app.switch_page(str(ROOT / page)).run()


@pytest.mark.parametrize("page", LISTS, ids=str)
@pytest.mark.slow
def test_every_page_opens_on_an_empty_database(app: AppTest, page: Path) -> None:
    at(app, str(page))

    assert not app.exception
    assert app.title


@pytest.mark.slow
@pytest.mark.parametrize("page", LISTS, ids=str)
def test_every_page_opens_on_the_demo_company(demo_app: AppTest, page: Path) -> None:
    at(demo_app.run(), str(page))

    assert not demo_app.exception
    assert not demo_app.error
    assert demo_app.title


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "entity"),
    [
        ("pages/customers/customer.py", Customer),
        ("pages/customers/contact.py", Contact),
        ("pages/sales/order.py", Order),
        ("pages/sales/product.py", Product),
        ("pages/sales/subscription.py", Subscription),
    ],
    ids=["customer", "contact", "order", "product", "subscription"],
)
def test_every_record_of_the_demo_company_opens(
    demo_app: AppTest, page: str, entity: Any
) -> None:
    with db.reading(SYSTEM) as session:
        record = session.scalars(select(entity).order_by(entity.id).limit(1)).one()
    demo_app.query_params["id"] = str(record.id)

    at(demo_app.run(), page)

    assert not demo_app.exception
    assert not demo_app.error
    assert demo_app.title[0].value


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted(RECORDS))
def test_a_record_that_is_not_there_is_told_in_words(app: AppTest, page: str) -> None:
    folder = FOLDERS.get(page, "sales")
    app.query_params["id"] = "404"

    at(app, f"pages/{folder}/{page}")

    assert not app.exception
    assert "does not exist" in app.error[0].value.replace("\\", "")


@pytest.mark.parametrize("page", sorted(RECORDS))
@pytest.mark.parametrize("given", ["abc", ""])
def test_an_address_that_names_no_record_says_so(
    app: AppTest, page: str, given: str
) -> None:
    app.query_params["id"] = given

    at(app, f"pages/{FOLDERS.get(page, 'sales')}/{page}")

    assert not app.exception
    assert app.error[0].value.replace("\\", "") == "The address names no record."


@pytest.mark.slow
def test_a_customer_page_shows_who_it_is(app: AppTest) -> None:
    customer = make.customer(name="Rhine Mills", city="Köln")
    make.contact(customer, last_name="Weber")
    make.order(customer, (make.product(), 2, "12.50"))
    app.query_params["id"] = str(customer.id)

    at(app, "pages/customers/customer.py")

    assert not app.exception
    assert app.title[0].value == "Rhine Mills"
    assert "Köln" in [text.value for text in app.text]


@pytest.mark.slow
def test_a_list_shows_its_records(app: AppTest) -> None:
    make.customer(name="Rhine Mills")

    at(app, "pages/customers/customers.py")

    assert app.dataframe[0].value["name"].tolist() == ["Rhine Mills"]


@pytest.mark.slow
def test_a_search_narrows_the_list(app: AppTest) -> None:
    make.customer(name="Rhine Mills")
    make.customer(name="Elbe Works")
    at(app, "pages/customers/customers.py")

    app.text_input(key="customers_q").set_value("elbe").run()

    assert app.dataframe[0].value["name"].tolist() == ["Elbe Works"]


@pytest.mark.slow
def test_text_that_looks_like_markup_is_shown_as_typed(app: AppTest) -> None:
    customer = make.customer(name="![x](http://127.0.0.1/p.png) :red[y] $a$")
    app.query_params["id"] = str(customer.id)

    at(app, "pages/customers/customer.py")

    assert "![" not in app.title[0].value
    assert "\\!\\[x\\]" in app.title[0].value


def test_a_page_without_the_right_is_not_there(viewer: Actor) -> None:
    app = signed_in(viewer).run()

    with pytest.raises(ValueError, match=r"users\.py"):
        app.switch_page(str(ROOT / "pages/admin/users.py")).run()


def test_an_ended_session_shows_nothing(admin: Actor) -> None:
    make.customer(name="Rhine Mills")
    app = signed_in(admin)
    app.user = {"user_id": str(admin.user_id), "role": "admin", "sid": "999999"}

    app.run()

    assert app.title[0].value == "Your session has ended"
    assert not app.dataframe


@pytest.mark.parametrize(
    "given",
    [
        '{"rules":5}',
        '{"rules":[5]}',
        '{"rules":[{"field":["name"],"op":"contains","value":"x"}]}',
        '{"rules":[{"field":"created_at","op":"on","value":"x"}]}',
        '{"rules":[{"field":"kind","op":"any","value":[[]]}]}',
        "[" * 5000,
    ],
)
def test_a_filter_without_sense_is_left_out_or_told(app: AppTest, given: str) -> None:
    make.customer(name="Rhine Mills")
    app.query_params["customers_f"] = given

    at(app, "pages/customers/customers.py")

    assert not app.exception
    assert app.error or app.dataframe[0].value["name"].tolist() == ["Rhine Mills"]


@pytest.mark.parametrize("given", ["²", "9" * 5000, "-1", "0", "x"])
def test_a_page_number_without_sense_is_the_first_page(
    app: AppTest, given: str
) -> None:
    make.customer(name="Rhine Mills")
    app.query_params["customers_p"] = given

    at(app, "pages/customers/customers.py")

    assert not app.exception
    assert app.dataframe[0].value["name"].tolist() == ["Rhine Mills"]
