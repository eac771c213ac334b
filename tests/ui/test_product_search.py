"""The filter by products bought, of a company with more products than fit a menu."""

import json
from typing import Any

import pytest
from sqlalchemy import event, insert
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Product, utcnow
from crm.ui.product_search import MOST
from tests import make


@pytest.fixture
def catalogue(database: str) -> list[int]:
    """120 products, the last of which a customer has bought; their ids."""
    rows = []
    for number in range(120):
        one = Product(sku=f"S{number:03}", name=f"Part {number:03}")
        one.created_at = one.updated_at = utcnow()
        one.prepare()
        rows.append(one.model_dump(exclude={"id"}))
    with db.engine().execution_options(crm_writes=True).begin() as connection:
        connection.execute(insert(Product), rows)
    last = make.product(sku="LAST", name="Zither")
    make.order(make.customer(name="Musicians"), (last, 1, "9"))
    make.customer(name="Others")
    return [*range(1, 121), last.id]


def listed(app: AppTest, *ids: int) -> AppTest:
    """The list of customers that have bought one of the products."""
    rule = {"field": "products", "op": "any", "value": list(ids)}
    app.query_params["customers_f"] = json.dumps({"match": "all", "rules": [rule]})
    return app.switch_page(str(ROOT / "pages/customers/customers.py")).run()


def menu(app: AppTest) -> Any:
    return next(box for box in app.multiselect if "_products_any" in str(box.key))


def search(app: AppTest) -> Any:
    return next(box for box in app.text_input if box.label == "Search products")


def asked(app: AppTest) -> list[int]:
    held = json.loads(str(app.query_params["customers_f"]))
    value: list[int] = held["rules"][0]["value"]
    return value


def test_a_menu_holds_the_first_products_and_what_is_chosen(
    app: AppTest, catalogue: list[int]
) -> None:
    listed(app, catalogue[-1])

    assert not app.exception
    assert len(menu(app).options) == MOST + 1
    assert menu(app).value == [catalogue[-1]]
    assert "Products bought has any of Zither" in [
        caption.value.replace("\\", "") for caption in app.caption
    ]


@pytest.mark.slow
def test_a_typed_search_finds_others_and_keeps_what_is_chosen(
    app: AppTest, catalogue: list[int]
) -> None:
    listed(app, catalogue[-1])

    search(app).set_value("s11").run()
    assert len(menu(app).options) == 11
    menu(app).select("Part 117 · S117").run()
    search(app).set_value("").run()

    assert not app.exception
    assert sorted(menu(app).value) == [118, catalogue[-1]]
    assert sorted(asked(app)) == [118, catalogue[-1]]


def test_a_search_that_finds_nothing_says_so(
    app: AppTest, catalogue: list[int]
) -> None:
    listed(app, catalogue[-1])

    search(app).set_value("no such product").run()

    assert menu(app).value == [catalogue[-1]]
    assert "No product fits." in [caption.value for caption in app.caption]


def test_a_few_products_need_no_search(app: AppTest, database: str) -> None:
    pen = make.product(sku="A", name="Pen")
    make.product(sku="B", name="Pen")

    listed(app, pen.id)

    assert menu(app).options == ["Pen · A", "Pen · B"]
    assert not [box for box in app.text_input if box.label == "Search products"]


def test_a_list_without_that_filter_reads_no_products(
    app: AppTest, catalogue: list[int]
) -> None:
    asked_for: list[str] = []
    event.listen(
        db.engine(), "before_cursor_execute", lambda *a: asked_for.append(a[2])
    )

    app.switch_page(str(ROOT / "pages/customers/customers.py")).run()

    assert not app.exception
    assert [one for one in asked_for if "FROM customer" in one]
    assert not [one for one in asked_for if "FROM product" in one]
