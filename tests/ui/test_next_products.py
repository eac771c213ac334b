"""The tab of next products: its words, its products, their customers; the card."""

from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.rules.next_product import OFFERS
from crm.config import ROOT
from crm.frames import typed
from crm.jobs.association_rules import rules
from crm.models import Actor, Analysis, Customer, Segment, SegmentMember, utcnow
from crm.services import analyses
from crm.ui.insight.rules import next_words
from tests import make
from tests.analytics.baskets import baskets
from tests.jobs.test_association_rules import named
from tests.ui.test_association_rules import ASKED, DAY, ORDERS, told

PRINTER, TONER = 1, 2
FACTS: dict[str, Any] = {
    "customers": 2,
    "method": "similar",
    "judged": 200,
    "judged_from": "2026-03-01",
    "hit_rates": {"similar": [0.1, 0.2, 0.25, 0.3, 0.4], "popular": [0.05] * 5},
    "gains": {"similar": [0.35, 0.25, 0.45]},
}
POPULAR: dict[str, Any] = FACTS | {
    "method": "popular",
    "gains": {"similar": [0.012, -0.02, 0.044], "rules": [-0.1, -0.2, -0.05]},
}


@pytest.fixture
def customers(database: str) -> list[Customer]:
    make.product(id=PRINTER, name="Printer *")
    make.product(id=TONER, name="Toner")
    return [make.customer(name="Ann"), make.customer(name="Bill")]


def kept(actor: Actor, facts: dict[str, Any] | None, who: list[Customer]) -> int:
    """A result of which Ann is offered both, Bill toner only; its id."""
    found = rules(baskets(*ORDERS), named(1, 2, 3, 4), ASKED)
    ann, bill = (one.id for one in who)
    offers = typed(
        [
            (ann, PRINTER, TONER, 0, 0, 0, 0.5, 0.25, 0, 0, 0),
            (bill, TONER, 0, 0, 0, 0, 0.5, 0, 0, 0, 0),
        ],
        OFFERS,
    )
    offered = pd.DataFrame(
        {
            "product_id": [TONER, PRINTER],
            "customers": [2, 1],
            "first": [1, 1],
            "name": ["Toner", "Printer *"],
            "sku": ["TN", "PR"],
        }
    )
    summary = found.summary | ({"next_product": facts} if facts else {})
    tables = {**found.tables, "offers": offers, "offered": offered}
    with db.transaction(actor) as session:
        shown = Analysis(
            kind="association_rules",
            as_of=DAY,
            data_at=utcnow(),
            parameters=ASKED,
            summary=summary,
        )
        return analyses.store(session, shown, tables)


def at(app: AppTest, **session: Any) -> AppTest:
    app.session_state["rules_part"] = "Next product"
    for name, value in session.items():
        app.session_state[name] = value
    app.switch_page(str(ROOT / "pages/insight/association_rules.py")).run()
    assert not app.exception
    return app


def table(app: AppTest, column: str) -> pd.DataFrame:
    return next(one.value for one in app.dataframe if column in one.value)


def test_offers_that_beat_popularity_are_told(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    kept(admin, FACTS, customers)

    text = told(at(app))

    assert "Next products for 2 customers" in text
    assert "200 customers bought something new to them" in text
    assert "finds +35 percentage points more (95% interval +25 to +45)" in text


@pytest.mark.slow
def test_that_nothing_is_added_over_popularity_is_told(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    kept(admin, POPULAR, customers)

    text = told(at(app))

    assert "adds nothing over popularity, as far as these sales can tell: +1.2" in text
    assert "So everybody is offered what most customers have" in text
    assert "The rules find less than popularity: −10 points (−20 to −5)" in text


def test_that_too_few_were_judged_is_told(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    kept(admin, {"customers": 2, "method": "popular", "judged": 0}, customers)

    assert "Only 0 customers bought something new to them" in told(at(app))


@pytest.mark.parametrize(
    ("facts", "text"),
    [(None, "holds no next products"), ({"customers": 0}, "nothing to offer")],
)
def test_without_offers_the_page_says_what_to_do(
    app: AppTest, admin: Actor, customers: list[Customer], facts: Any, text: str
) -> None:
    kept(admin, facts, customers)

    at(app)

    assert text in told(app)
    assert "press “Compute”" in told(app).replace("Press", "press")


@pytest.mark.slow
def test_products_are_listed_with_their_numbers_of_customers(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    kept(admin, FACTS, customers)

    found = table(at(app), "first")

    assert found["name"].tolist() == ["Toner", "Printer *"]
    assert found["customers"].tolist() == [2, 1]


@pytest.mark.slow
def test_a_product_leads_to_its_customers_the_best_offer_first(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    kept(admin, FACTS, customers)

    found = table(at(app, rules_offered=str(TONER)), "place")

    assert found["name"].tolist() == ["Bill", "Ann"]
    assert found["place"].tolist() == [1, 2]
    assert found["others"].tolist() == ["", "Printer *"]


@pytest.mark.slow
def test_a_product_in_the_address_is_chosen(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    kept(admin, FACTS, customers)
    app.query_params["rules_offered"] = str(PRINTER)

    assert table(at(app), "place")["name"].tolist() == ["Ann"]


@pytest.mark.slow
def test_its_customers_become_a_segment(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    analysis_id = kept(admin, FACTS, customers)
    at(app, rules_offered=str(TONER))

    app.button(key="rules_offers_segment_save").click().run()

    with db.reading(admin) as session:
        segment = session.scalars(select(Segment)).one()
        members = set(session.scalars(select(SegmentMember.customer_id)))
    assert segment.name == "Offer Toner, Mar 31, 2026"
    assert segment.analysis_id == analysis_id
    assert members == {one.id for one in customers}


@pytest.mark.slow
def test_the_page_of_a_customer_names_what_to_offer(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    kept(admin, FACTS, customers)
    app.query_params["id"] = str(customers[0].id)

    app.switch_page(str(ROOT / "pages/customers/customer.py")).run()

    assert not app.exception
    labels = [one.proto.label for one in app.get("page_link")]
    assert [one for one in labels if one in ("Printer \\*", "Toner")] == [
        "Printer \\*",
        "Toner",
    ]
    assert "customers with similar purchases have them" in told(app)


@pytest.mark.slow
def test_the_page_of_a_customer_without_orders_says_so(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    kept(admin, FACTS, customers)
    app.query_params["id"] = str(make.customer().id)

    app.switch_page(str(ROOT / "pages/customers/customer.py")).run()

    assert "No orders by then." in told(app)


def test_points_have_their_sign() -> None:
    assert [next_words.points(one) for one in (0.123, 0, -0.005)] == [
        "+12.3",
        "0",
        "−0.5",
    ]
