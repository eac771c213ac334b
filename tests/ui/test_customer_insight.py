"""What the analyses say, on the page of one customer."""

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.churn.churn_learning import SCORES
from crm.config import ROOT
from crm.frames import BUYERS, typed
from crm.jobs import segmentation
from crm.models import Actor, Analysis, Customer
from crm.services import analyses
from tests import make

PAGE = str(ROOT / "pages/customers/customer.py")
DAY = date(2026, 3, 1)


def kept(
    actor: Actor, kind: str, summary: dict[str, Any], tables: dict[str, pd.DataFrame]
) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    made = Analysis(kind=kind, as_of=DAY, data_at=at, summary=summary)
    with db.transaction(actor) as session:
        analyses.store(session, made, tables)


def opened(app: AppTest, customer: Customer) -> AppTest:
    app.query_params["id"] = str(customer.id)
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    texts = [*app.caption, *app.markdown]
    return " | ".join(str(one.value) for one in texts).replace("\\", "")


@pytest.fixture
def customers(database: str) -> list[Customer]:
    return [make.customer() for _number in range(5)]


def test_where_nothing_is_computed_the_page_says_so(
    app: AppTest, customers: list[Customer]
) -> None:
    opened(app, customers[0])

    assert "Nothing has been computed yet." in said(app)


@pytest.mark.slow
def test_the_best_customer_is_a_champion(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    rows = [
        {
            "customer_id": one.id,
            "first_on": "2025-01-01",
            "last_on": "2026-02-01",
            "recency": 10 * number,
            "tenure": 400,
            "frequency": 20 - 4 * number,
            "monetary": 50.0,
            "revenue": 1000.0 - 200 * number,
            "products": 5,
            "returned": 0.0,
            "gap": 20.0,
            "tickets": 0,
        }
        for number, one in enumerate(customers)
    ]
    made = segmentation.made(typed(rows, BUYERS), ["recency", "frequency"])
    kept(admin, "segmentation", made.summary, dict(made.tables))

    text = said(opened(app, customers[0]))

    assert "Champions" in text
    assert "Last order 0 days before, 20 orders, €50 each" in text


def test_churn_is_shown_with_its_base_rate_and_reasons(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    row: dict[str, Any] = dict.fromkeys(SCORES, 0.0)
    for name, kind in SCORES.items():
        if kind == "str":
            row[name] = ""
    row |= {"customer_id": customers[0].id, "probability": 0.75}
    summary = {
        "method": "model",
        "best": "logistic",
        "horizon": 90,
        "judged_from": [200, 80],
    }
    kept(admin, "churn", summary, {"scores_logistic": typed([row], SCORES)})

    text = said(opened(app, customers[0]))

    assert "75% not to order within 90 days" in text
    assert "Of all customers: 40%" in text  # 80 of 200


def test_a_rule_claims_no_probability(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    row = {"customer_id": customers[0].id, "overdue": 2.5}
    summary = {"method": "rule", "best": None, "horizon": 90, "judged_from": [0, 0]}
    kept(admin, "churn", summary, {"scores_rule": pd.DataFrame([row])})

    text = said(opened(app, customers[0]))

    assert "2.5 usual gaps since the last order" in text
    assert "%" not in text


def test_who_has_no_orders_is_told_so(
    app: AppTest, admin: Actor, customers: list[Customer]
) -> None:
    row = {"customer_id": customers[0].id, "overdue": 2.5}
    summary = {"method": "rule", "best": None, "horizon": 90, "judged_from": [0, 0]}
    kept(admin, "churn", summary, {"scores_rule": pd.DataFrame([row])})

    assert "No orders by then." in said(opened(app, customers[1]))
