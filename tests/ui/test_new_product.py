"""A product made by hand: from the list, from the sidebar, by those who may."""

from decimal import Decimal

from sqlmodel import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, Product, Quote
from crm.services import drafts
from crm.services.documents import quotes
from tests import make
from tests.ui.conftest import signed_in

FORM = "quick_product"


def on_list(actor: Actor) -> AppTest:
    page = str(ROOT / "pages/sales/products.py")
    return signed_in(actor).run().switch_page(page).run()


def fill(app: AppTest, **boxes: str) -> None:
    for name, text in boxes.items():
        app.text_input(f"{FORM}_{name}").input(text)


def products() -> list[Product]:
    with db.reading(SYSTEM) as session:
        return list(session.exec(select(Product).order_by(Product.id)).all())


def test_an_empty_company_makes_a_product_then_a_quote_of_it(admin: Actor) -> None:
    customer = make.customer(name="Rhine Mills")
    app = on_list(admin)
    app.button("products_new").click().run()
    fill(app, name="Pen", sku="PEN-1", category="Office", price="2.5", tax_rate="19")
    app.button(f"{FORM}_create").click().run()

    assert not app.exception
    assert app.title[0].value == "Pen"
    (pen,) = products()
    assert (pen.name, pen.sku, pen.category) == ("Pen", "PEN-1", "Office")
    assert (pen.price, pen.tax_rate) == (Decimal("2.5"), Decimal("0.19"))
    assert pen.active

    app = signed_in(admin).run()
    app.query_params["customer"] = str(customer.id)
    app.switch_page(str(ROOT / "pages/sales/quote.py")).run()
    form = f"quote_new_{customer.id}_"
    app.text_input(f"{form}_word").input("pen").run()
    app.button(f"{form}_add").click().run()
    app.button(f"{form}_save").click().run()

    assert not app.exception
    with db.reading(SYSTEM) as session:
        (made,) = session.exec(select(Quote)).all()
        lines = quotes.quote(session, made.id).lines
    assert [(line.product_id, line.unit_price) for line in lines] == [(pen.id, 2.5)]
    assert (made.net, made.total) == (Decimal("2.5"), Decimal("2.98"))  # 2.975, up


def test_the_sidebar_makes_one_on_every_page(admin: Actor) -> None:
    app = signed_in(admin).run()
    app.button("new_product").click().run()
    fill(app, name="Ink", sku="INK-1")
    app.checkbox(f"{FORM}_active").uncheck()
    app.button(f"{FORM}_create").click().run()

    assert not app.exception
    (ink,) = products()
    assert (ink.name, ink.price, ink.active) == ("Ink", None, False)


def test_an_sku_that_is_taken_is_refused_in_words_and_what_was_typed_stays(
    admin: Actor,
) -> None:
    make.product(name="Pen", sku="PEN-1")
    app = on_list(admin)
    app.button("products_new").click().run()
    fill(app, name="Pencil", sku="PEN-1")
    app.button(f"{FORM}_create").click().run()

    assert not app.exception
    assert "The product “Pen” has this SKU already" in app.error[0].value
    assert app.text_input(f"{FORM}_name").value == "Pencil"
    assert len(products()) == 1


def test_what_is_missing_or_no_number_is_said(admin: Actor) -> None:
    app = on_list(admin)
    app.button("products_new").click().run()
    app.button(f"{FORM}_create").click().run()
    assert "is missing" in app.error[0].value

    fill(app, name="Pen", sku="PEN-1", price="2,50")
    app.button(f"{FORM}_create").click().run()

    assert "This is not a number" in app.error[0].value
    assert products() == []


def test_a_draft_survives_a_closed_tab(admin: Actor) -> None:
    app = on_list(admin)
    app.button("products_new").click().run()
    fill(app, name="Pen", price="2.5")
    app.run()
    with db.reading(admin) as session:
        kept = drafts.load(session, FORM) or {}
    assert (kept["name"], kept["price"]) == ("Pen", "2.5")

    again = on_list(admin)
    again.button("products_new").click().run()

    assert again.text_input(f"{FORM}_name").value == "Pen"
    assert again.checkbox(f"{FORM}_active").value is True


def test_who_may_only_look_has_no_button(alice: Actor) -> None:
    app = on_list(alice)

    keys = {button.key for button in app.button}
    assert not keys & {"products_new", "new_product"}
