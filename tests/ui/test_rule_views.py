"""Rules of customers and of categories; the heat map; what each view costs."""

from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm.frames import PRODUCTS, typed
from crm.jobs.association_rules import rules
from crm.models import Actor, Product
from crm.ui.chart_look import dressed
from crm.ui.insight.rules import heat_map, scatter
from crm.ui.insight.rules.customers import who
from crm.ui.insight.rules.result import Found
from tests.analytics.baskets import baskets
from tests.ui.test_association_rules import (
    ASKED,
    ORDERS,
    A,
    B,
    C,
    D,
    at,
    bought,
    kept,
    many,
    names,
    pick,
    products,
    told,
)

__all__ = ["products"]


@pytest.mark.slow
def test_a_rule_about_customers_is_told_as_one(
    app: AppTest, admin: Actor, products: list[Product]
) -> None:
    kept(admin, unit="customer")
    at(app)

    assert "A basket here is all that one customer bought in this time." in told(app)

    pick(app, "Printer → Toner")

    assert (
        "Of 100 customers who bought Printer, 80 bought Toner too; of all customers it "
        "is 40 of 100. That is 2 times as often. 40 customers (40% of all) bought both."
    ) in told(app)


@pytest.mark.slow
def test_from_a_rule_about_customers_to_those_with_a_not_b(
    app: AppTest, admin: Actor, products: list[Product]
) -> None:
    bought(None, "Only A", products[0])
    bought(None, "Both", *products[:2])
    kept(admin, unit="customer")
    at(app)

    pick(app, "Printer → Toner")

    assert names(app) == ["Only A"]
    assert app.button(key="rules_segment_save")


def of_categories() -> tuple[Any, dict[str, Any]]:
    """A and B are of one category, C and D of another; what was found, and asked."""
    rows = [
        (one, f"S-{one}", f"P {one}", "Office" if one in (A, B) else "Café")
        for one in (A, B, C, D)
    ]
    asked = ASKED | {"level": "category"}
    return rules(baskets([A, C], [B], [B, D], [C]), typed(rows, PRODUCTS), asked), asked


def test_customers_of_categories_have_any_product_of_them() -> None:
    made, _asked = of_categories()
    goods = made.tables["products"]
    found = Found(
        (1, pd.Timestamp(0)),
        made.tables["rules"],
        goods,
        is_checked=False,
        members=made.tables["members"],
    )
    number = {found.label(at): at for at in found.rules.index}["Office → Café"]

    query = who(found, found.rules.loc[number])

    assert query.rule == {
        "match": "all",
        "rules": [
            {"field": "products", "op": "any", "value": [A, B]},
            {"field": "products", "op": "none", "value": [C, D]},
        ],
    }


@pytest.mark.slow
def test_holm_is_told_beside_the_share_of_false_discoveries(
    app: AppTest, admin: Actor, products: list[Product]
) -> None:
    kept(admin)
    at(app, rules_q=1)

    pick(app, "Printer → Toner")
    assert "It stays even if not one in all may be there by chance" in told(app)

    pick(app, "Coffee → Descaler")
    assert "If not one in all may be there by chance, it is left out" in told(app)


def test_the_heat_map_has_a_cell_for_each_rule_of_two_products() -> None:
    few = rules(baskets(*ORDERS), many(1).products, ASKED)
    found = Found(
        (1, pd.Timestamp(0)), few.tables["rules"], few.tables["products"], False
    )

    fig = heat_map.figure(found, heat_map.between(found, found.rules))

    [cells] = fig.data
    picked = {
        label: (row[0], round(row[1], 4))
        for label, row in zip(cells.hovertext, cells.customdata, strict=True)
    }
    assert picked["Product 1 → Product 2"] == (
        next(n for n in found.rules.index if found.label(n) == "Product 1 → Product 2"),
        2.0,
    )
    assert len(picked) == len(found.rules) == 4


def test_a_name_that_looks_like_markup_stays_text_in_the_heat_map() -> None:
    few = rules(baskets(*ORDERS), many(1).products, ASKED)
    goods = few.tables["products"].assign(name="<b>&lt;x")
    found = Found((1, pd.Timestamp(0)), few.tables["rules"], goods, False)

    fig = dressed(heat_map.figure(found, heat_map.between(found, found.rules)))

    assert fig.data[0].hovertext[0] == "&lt;b>&amp;lt;x → &lt;b>&amp;lt;x"
    labels = [*fig.layout.yaxis.ticktext, *fig.layout.xaxis.labelalias.values()]
    assert set(labels) == {"&lt;b>&amp;lt;x"}


def test_only_long_rules_leave_the_heat_map_empty_in_words(
    app: AppTest, admin: Actor
) -> None:
    kept(admin, [[A, B, C]] * 9 + [[A], [B], [C], [D]] * 9)

    at(app, rules_view="Heat map", rules_q=1, rules_lift=2, rules_shorter=True)

    assert not app.exception


@pytest.mark.parametrize(
    ("lifts", "ticks"),
    [([1.01, 1.76], ["1.01", "1.76"]), ([0.9, 6], ["1", "2", "3", "5"]), ([4], ["4"])],
)
def test_the_legend_of_lift_has_its_ends_where_no_round_number_fits(
    lifts: list[float], ticks: list[str]
) -> None:
    assert scatter.lift_bar(pd.Series(lifts))["ticktext"] == ticks
