"""What a product has sold, on its page."""

import pytest
from streamlit.testing.v1 import AppTest

from crm.models import Actor, OrderKind, Product, utcnow
from crm.services.analyses import Made
from crm.services.documents import sold_lines
from crm.ui.sales import product_sales_view
from tests import make
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import opened, said
from tests.ui.test_association_rules import DAY, kept, products

__all__ = ["products"]

PAGE = "pages/sales/product.py"


@pytest.fixture
def pen(database: str) -> Product:
    return make.product(name="Pen", sku="PEN")


def figures(app: AppTest) -> dict[str, str]:
    return {str(one.label): str(one.value).replace("\\", "") for one in app.metric}


def test_a_product_that_was_never_sold_says_so(app: AppTest, pen: Product) -> None:
    opened(app, PAGE, id=str(pen.id))

    assert "Never sold so far." in said(app)
    assert "Buying customers" not in figures(app)


def test_figures_months_and_the_way_to_the_customers(
    app: AppTest, admin: Actor, pen: Product
) -> None:
    buyer, now = make.customer(name="Buyer"), utcnow()
    make.customer(name="Somebody else")
    make.order(buyer, (pen, 4, "2.5"), ordered_at=now)
    make.order(buyer, (pen, -1, "2.5"), kind=OrderKind.RETURN, ordered_at=now)
    make.order(buyer, (pen, 1, "9"), currency="USD", ordered_at=now)
    opened(app, PAGE, id=str(pen.id))

    shown = figures(app)
    assert (shown["Net sales"], shown["Units"]) == ("€7.50", "4")
    assert (shown["Orders"], shown["Buying customers"], shown["Sent back"]) == (
        "2",
        "1",
        "20.0%",
    )
    assert "1 order in USD has no rate" in said(app)
    table = app.dataframe[0].value
    assert table[["name", "amount", "units"]].to_numpy().tolist() == [["Buyer", 7.5, 4]]
    assert app.get("plotly_chart")

    app.button(key="product_customers").click().run()

    assert not app.exception
    assert list(app.dataframe[0].value["name"]) == ["Buyer"]


def test_who_is_out_of_reach_is_not_named(
    alice: Actor, charlie: Actor, pen: Product
) -> None:
    make.order(make.customer(charlie), (pen, 1, "5"), ordered_at=utcnow())

    page = opened(signed_in(alice).run(), PAGE, id=str(pen.id))

    assert "None of the customers you may see has bought it so far." in said(page)


def test_what_took_long_is_kept_for_a_while(
    app: AppTest, pen: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sold_lines, "QUICK", 0)
    product_sales_view._kept.clear()
    buyer = make.customer()
    make.order(buyer, (pen, 1, "5"), ordered_at=utcnow())
    opened(app, PAGE, id=str(pen.id))
    make.order(buyer, (pen, 1, "5"), ordered_at=utcnow())

    app.run()

    assert figures(app)["Net sales"] == "€5.00"
    assert "Added up" in said(app)


def test_what_is_bought_with_it(
    app: AppTest, admin: Actor, products: list[Product]
) -> None:
    printer, _toner, coffee, _descaler = products
    kept(admin)
    of_categories = {"as_of": DAY, "level": "category"}
    reading.kept(admin, "association_rules", Made({}), **of_categories)

    opened(app, PAGE, id=str(printer.id))

    both = "100 of 100 baskets with Toner have Printer too, 2 times as often"
    assert both in said(app)
    assert "Printer have Toner" not in said(app)  # the same two the other way round

    app.button(key="product_rules").click().run()

    assert app.text_input(key="rules_text").value == printer.sku

    opened(app, PAGE, id=str(coffee.id))

    assert "Bought with it" not in said(app)  # nothing beyond chance
