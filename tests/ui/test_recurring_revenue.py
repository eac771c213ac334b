"""The page of recurring revenue without a browser, on stored results."""

from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.mrr import recurring_revenue
from crm.frames import SUBSCRIPTION_PRICES, SUBSCRIPTIONS, typed
from crm.jobs.recurring_revenue import made
from crm.models import SYSTEM, Actor, Analysis, Customer
from crm.services.admin.custom_words import Words
from crm.ui import charts
from crm.ui.charts import Picked
from crm.ui.insight.recurring_revenue import movements
from crm.ui.insight.survival import at_risk, curves
from tests import make
from tests.analytics.survival.test_cox import planted
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import kept, said

PAGE = "pages/insight/recurring_revenue.py"
TODAY = date(2026, 3, 1)

opened = partial(reading.opened, page=PAGE)


def subscriptions(*given: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "auto_renew": True, "no_rate": False, "billing_period": "monthly",
        "product": "", "source": "", "sector": "", "country": "", "kind": "company",
    }  # fmt: skip
    rows = [usual | {"subscription_id": n} | one for n, one in enumerate(given, 1)]
    return typed(pd.DataFrame(rows, columns=list(SUBSCRIPTIONS)), SUBSCRIPTIONS)


def stored(
    actor: Actor,
    table: pd.DataFrame,
    lives: pd.DataFrame,
    amount: float = 100,
    **words: Any,
) -> Analysis:
    prices = typed(
        [(n, day, amount) for n, day in zip(
            table["subscription_id"], table["starts_on"], strict=True
        )],
        SUBSCRIPTION_PRICES,
    )  # fmt: skip
    revenue = recurring_revenue(table, prices, as_of=TODAY)
    made_of = made(revenue, Words(lives, **words))
    return kept(actor, "recurring_revenue", made_of, as_of=TODAY)


@pytest.fixture
def few(admin: Actor) -> Analysis:
    """Two customers, of whom one has left."""
    first, second = make.customer(name="Rhine Mills"), make.customer(name="Elbe Works")
    table = subscriptions(
        {"customer_id": first.id, "starts_on": "2026-01-05", "ends_on": None},
        {"customer_id": second.id, "starts_on": "2026-01-05", "ends_on": "2026-02-10"},
        {"customer_id": second.id, "starts_on": "2026-01-05", "ends_on": None,
         "no_rate": True},
    )  # fmt: skip
    return stored(admin, table, planted(5))


@pytest.fixture
def many(admin: Actor) -> Analysis:
    customer = make.customer()
    table = subscriptions(
        {"customer_id": customer.id, "starts_on": "2026-01-05", "ends_on": None}
    )
    return stored(admin, table, planted(400))


def test_the_empty_page_says_what_to_do_next(app: AppTest) -> None:
    opened(app)

    assert "Nothing has been computed yet." in said(app)


@pytest.mark.usefixtures("few")
@pytest.mark.slow
def test_a_few_subscriptions_are_added_up_and_no_curve_is_made_of_them(
    admin: Actor,
) -> None:
    app = opened(signed_in(admin).run())

    assert "Subscriptions bring €100 a month, €1,200 a year" in said(app)
    assert (
        "1 running subscription in a currency without a rate is not in the sum."
        in said(app)
    )
    assert "takes at least 10 subscriptions" in said(app)
    values = {one.label: one.value for one in app.metric}
    assert values["Running subscriptions"] == "1"
    assert values["Net retention"] == "–"


@pytest.mark.usefixtures("few")
@pytest.mark.slow
def test_a_bar_opens_the_customers_behind_it(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        charts, "pick", lambda *_a, **_k: Picked(ids=["2026-02-01 churned"])
    )

    app = opened(signed_in(admin).run())

    assert "Churned, 2026-02" in said(app)
    (row,) = app.dataframe[0].value.to_dict("records")
    assert row["name"] == "Elbe Works"
    assert (row["before"], row["after"], row["change"]) == (100, 0, -100)
    app.button(key="mrr_subscriptions").click().run()
    assert app.title[0].value == "Subscriptions"
    assert not app.exception


@pytest.mark.usefixtures("many")
@pytest.mark.slow
def test_all_subscriptions_make_a_curve_and_ratios(admin: Actor) -> None:
    app = opened(signed_in(admin).run())

    assert "of 400 subscriptions last longer than a year" in said(app)
    assert "Source “campaign”: subscriptions end" in said(app)


@pytest.mark.usefixtures("many")
@pytest.mark.slow
def test_groups_stand_beside_each_other_with_a_test(admin: Actor) -> None:
    app = signed_in(admin)
    app.query_params["survival_by"] = "source"
    opened(app.run())

    assert "They do not last equally long" in said(app)
    table = next(d.value for d in app.dataframe if "median" in d.value)
    assert sorted(table["name"]) == ["campaign", "fair", "web"]


def test_bars_hold_what_a_click_needs() -> None:
    days = pd.to_datetime(["2026-01-01", "2026-02-01"])
    months = pd.DataFrame(
        {"month": days, "new": [5.0, 0.0], "reactivated": 0.0, "expansion": 0.0,
         "contraction": 0.0, "churned": [0.0, -3.0]}
    )  # fmt: skip

    bars = {bar.name: list(bar.customdata) for bar in movements._bars(months).data}

    assert bars["New customers"] == ["2026-01-01 new"]
    assert bars["Churned"] == ["2026-02-01 churned"]
    assert bars["Expansion"] == []


def test_a_curve_starts_with_all_and_ends_where_few_are_left() -> None:
    from crm.analytics.survival.survival import curve

    one = curve(np.arange(1, 13) * 30, [True] * 12)

    line = curves.figure({"All": one}).data[-1]

    assert (line.x[0], line.y[0]) == (0, 1)
    assert len(line.x) == 1 + 8  # the last of the 8 has 5 still running
    assert at_risk.at_risk(one, 90) == 9


@pytest.mark.slow
def test_a_name_that_looks_like_markup_is_shown_as_typed(admin: Actor) -> None:
    customer = make.customer()
    evil = "![x](http://127.0.0.1/p.png)"
    lives = planted(400).assign(source=evil)
    lives.loc[::2, "source"] = ":red[y]"
    table = subscriptions(
        {"customer_id": customer.id, "starts_on": "2026-01-05", "ends_on": None}
    )
    stored(admin, table, lives)

    app = signed_in(admin)
    app.query_params["survival_by"] = "source"
    opened(app.run())

    texts = [
        str(one.value) for kind in ("markdown", "caption") for one in app.get(kind)
    ]
    assert not [text for text in texts if "![x]" in text or ":red[y]" in text]


@pytest.mark.slow
def test_nobody_is_left_of_a_movement_whose_customers_are_gone(
    admin: Actor, few: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction(SYSTEM) as session:
        for row in session.scalars(select(Customer)):
            row.deleted_at = make.NOON
    monkeypatch.setattr(
        charts, "pick", lambda *_a, **_k: Picked(ids=["2026-02-01 churned"])
    )

    app = opened(signed_in(admin).run())

    assert "None of them is in your reach any more." in said(app)
