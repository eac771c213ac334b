"""The pages of price lists, and prices on that of a product, without a browser."""

from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, ListPriceFields, PriceList, Product
from crm.services.prices import list_prices, price_lists
from crm.ui.sales import list_prices_view
from tests import make
from tests.ui.conftest import signed_in


def opened(app: AppTest, page: str, key: int | None = None) -> AppTest:
    if key is not None:
        app.query_params["id"] = str(key)
    app.switch_page(str(ROOT / page)).run()
    assert not app.exception
    return app


def listed(actor: Actor, **details: Any) -> tuple[PriceList, Product]:
    """A list with one price: a pen for 2."""
    pen = make.product(name="Pen", sku="PEN")
    whole = make.saved(PriceList(**{"name": "Dealers", "currency": "USD"} | details))
    with db.transaction(actor) as session:
        form = ListPriceFields(product_id=pen.id, price=Decimal(2))
        list_prices.put(session, whole.id, [form])
    with db.reading(actor) as session:
        return db.get(session, PriceList, whole.id), pen


def held(actor: Actor, whole: PriceList) -> list[tuple[str, Decimal, Decimal]]:
    with db.reading(actor) as session:
        return [
            (one.product.sku, one.price.min_quantity, one.price.price)
            for one in price_lists.prices(session, whole.id)
        ]


def grid(actor: Actor, whole: PriceList) -> str:
    with db.reading(actor) as session:
        return list_prices_view.grid_key(price_lists.prices(session, whole.id))


def said(app: AppTest) -> str:
    kinds = ("markdown", "caption", "warning", "info", "error")
    elements = [one for kind in kinds for one in app.get(kind)]
    return "\n".join(str(one.value) for one in elements).replace("\\", "")


def test_a_list_is_made_and_found_in_the_list(app: AppTest, admin: Actor) -> None:
    opened(app, "pages/sales/price_lists.py")
    assert "No price lists yet." in said(app)

    app.text_input(key="new_price_list_name").set_value("Dealers")  # with the click
    app.button(key="new_price_list_save").click().run()

    assert not app.exception
    table = opened(app, "pages/sales/price_lists.py").dataframe[0].value
    assert table["name"].tolist() == ["Dealers"]
    assert table["currency"].tolist() == ["EUR"]


@pytest.mark.slow
def test_prices_are_added_changed_and_taken_out(admin: Actor) -> None:
    whole, _pen = listed(admin)
    ink = make.product(name="Ink", sku="INK")
    app = opened(signed_in(admin).run(), "pages/sales/price_list.py", whole.id)
    key = f"add_price_{whole.id}_{{}}".format

    app.text_input(key=key("word")).set_value("ink").run()
    app.text_input(key=key("price")).set_value("7").run()
    app.text_input(key=key("price")).set_value("7.25")  # both sent with the click
    app.text_input(key=key("quantity")).set_value("2.5")
    app.button(key=key("save")).click().run()

    assert not app.exception
    prices = [("INK", Decimal("2.5"), Decimal("7.25")), ("PEN", 1, 2)]
    assert held(admin, whole) == prices
    edited = {0: {"remove": True}, "1": {"price": 1.99}, 7: {"price": 1}}
    app.session_state[grid(admin, whole)] = {"edited_rows": edited}
    app.button(key="prices_save").click().run()
    assert not app.exception
    assert held(admin, whole) == [("PEN", 1, Decimal("1.99"))]
    assert ink.id


def test_what_is_no_price_is_said_and_nothing_is_saved(admin: Actor) -> None:
    whole, _pen = listed(admin)
    app = opened(signed_in(admin).run(), "pages/sales/price_list.py", whole.id)

    edited = {"0": {"price": None, "min_quantity": "many"}}
    app.session_state[grid(admin, whole)] = {"edited_rows": edited}
    app.button(key="prices_save").click().run()

    assert not app.exception
    assert app.error
    assert held(admin, whole) == [("PEN", 1, 2)]


@pytest.mark.slow
def test_a_copy_has_other_prices(admin: Actor) -> None:
    whole, pen = listed(admin)
    app = opened(signed_in(admin).run(), "pages/sales/price_list.py", whole.id)

    app.text_input(key=f"copy_{whole.id}_by").set_value("-12.5")  # with the click
    app.button(key=f"copy_{whole.id}_save").click().run()

    assert not app.exception
    with db.reading(admin) as session:
        (old, new) = price_lists.of_product(session, pen.id)
    assert (old[1].price, new[1].price) == (2, Decimal("1.75"))
    assert new[0].name == "Dealers (copy)"


@pytest.mark.slow
def test_a_file_sets_prices_by_sku(admin: Actor) -> None:
    whole, _pen = listed(admin)
    app = opened(signed_in(admin).run(), "pages/sales/price_list.py", whole.id)
    content = b"sku,min_quantity,price\nPEN,1,3\nPEN,10,2.5\nNONE,1,1\n"

    app.get("file_uploader")[0].set_value(("prices.csv", content, "text/csv")).run()
    assert "1 cell is left out" in said(app)
    app.button(key="prices_bring_in").click().run()

    assert not app.exception
    assert held(admin, whole) == [("PEN", 1, 3), ("PEN", 10, Decimal("2.5"))]


@pytest.mark.slow
def test_who_may_only_look_sees_the_prices(admin: Actor, alice: Actor) -> None:
    whole, _pen = listed(admin, active=False)

    app = opened(signed_in(alice).run(), "pages/sales/price_list.py", whole.id)

    keys = {button.key for button in app.button if button.key}
    assert not keys & {"prices_save", f"add_price_{whole.id}_save", "delete"}
    assert "It is not active" in said(app)


@pytest.mark.slow
def test_a_product_shows_its_tax_and_its_prices(admin: Actor) -> None:
    _whole, pen = listed(admin)
    app = opened(signed_in(admin).run(), "pages/sales/product.py", pen.id)

    app.button(key="edit_product").click().run()
    (box,) = [one for one in app.text_input if one.label == "Tax rate, %"]
    box.set_value("7.7").run()
    app.button(key="form_save").click().run()

    assert not app.exception
    with db.reading(admin) as session:
        assert db.get(session, Product, pen.id).tax_rate == Decimal("0.077")
    values = {metric.label: metric.value for metric in app.metric}
    assert values["Tax rate"] == "7.70%"
    assert "$2.00 from a quantity of 1 on" in said(app)
