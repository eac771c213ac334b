"""What is typed last and saved by the same click is what is saved."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import (
    SYSTEM,
    Actor,
    ApiToken,
    Customer,
    CustomField,
    CustomKind,
    ExchangeRate,
    ImportRun,
    Lead,
    ListPrice,
    Opportunity,
    Pipeline,
    PriceList,
    Product,
    Segment,
    Stage,
    Tag,
    Tagging,
    Team,
    WebForm,
)
from tests import make
from tests.ui.conftest import signed_in


def names(table: type[ApiToken] | type[Team]) -> list[str]:
    with db.reading(SYSTEM) as session:
        return [one.name for one in session.exec(select(table)).all()]


def test_the_name_of_a_token(admin: Actor) -> None:
    app = signed_in(admin).run()
    app.switch_page(str(ROOT / "pages/admin/tokens.py")).run()
    app.text_input("token_name").input("Shop")
    app.multiselect("token_scopes").select("customer:read").run()
    app.text_input("token_name").input("Web shop")
    app.button("token_make").click().run()

    assert not app.exception
    assert names(ApiToken) == ["Web shop"]


def test_the_name_of_a_team(admin: Actor) -> None:
    team = make.saved(Team(name="North"))
    app = signed_in(admin).run()
    app.switch_page(str(ROOT / "pages/admin/users.py")).run()
    app.text_input(f"team_{team.id}").input("South")
    app.button(f"team_{team.id}_save").click().run()

    assert not app.exception
    assert "South" in names(Team)


def on(actor: Actor, page: str, **address: int) -> AppTest:
    """The app as `actor` sees it, on a page."""
    app = signed_in(actor).run()
    for name, value in address.items():
        app.query_params[name] = str(value)
    return app.switch_page(str(ROOT / f"pages/{page}.py")).run()


def clicked(app: AppTest, key: str) -> None:
    """A click that also ends what was typed."""
    app.button(key=key).click().run()
    assert not app.exception


def rows(table: type[Any]) -> list[Any]:
    with db.reading(SYSTEM) as session:
        return list(session.exec(select(table).order_by(table.id)).all())


def test_the_name_of_a_new_pipeline(admin: Actor) -> None:
    app = on(admin, "admin/pipelines")
    app.text_input("pipeline_name").input("Renew").run()
    app.text_input("pipeline_name").input("Renewals")
    clicked(app, "pipeline_add")

    assert [one.name for one in rows(Pipeline)] == ["Sales pipeline", "Renewals"]


def test_the_other_name_of_a_pipeline(admin: Actor) -> None:
    app = on(admin, "admin/pipelines")
    (first,) = rows(Pipeline)
    app.text_input(f"pipeline_{first.id}_1").input("Renewals")
    clicked(app, f"pipeline_{first.id}_1_rename")

    assert [one.name for one in rows(Pipeline)] == ["Renewals"]


def test_a_new_stage(admin: Actor) -> None:
    stages = len(make.stages())
    app = on(admin, "admin/pipelines")
    (first,) = rows(Pipeline)
    form = f"new_stage_{first.id}_{stages}"
    app.text_input(f"{form}_name").input("Trial")
    app.number_input(f"{form}_share").set_value(35)
    app.multiselect(f"{form}_required").select("amount")
    clicked(app, f"new_stage_{first.id}")

    made = rows(Stage)[-1]
    assert (made.name, made.probability) == ("Trial", Decimal("0.35"))
    assert made.required == ["amount"]


def test_a_stage_that_is_changed(admin: Actor) -> None:
    stage = make.stages()["Proposal"]
    app = on(admin, "admin/pipelines")
    form = f"stage_{stage.id}_1"
    app.text_input(f"{form}_name").input("Offer")
    app.number_input(f"{form}_place").set_value(1)
    clicked(app, f"{form}_save")

    (changed,) = [one for one in rows(Stage) if one.id == stage.id]
    assert (changed.name, changed.position) == ("Offer", 0)


def test_a_custom_field_and_what_it_becomes(admin: Actor) -> None:
    app = on(admin, "admin/custom_fields")
    app.text_input("custom_label").input("Siz")
    app.selectbox("custom_kind").select(CustomKind.CHOICE).run()
    app.text_input("custom_label").input("Size")
    app.text_area("custom_choices").input("S\nM")
    clicked(app, "custom_add")
    (made,) = rows(CustomField)
    assert (made.label, made.choices) == ("Size", ["S", "M"])

    app.text_input(f"custom_{made.id}_label").input("Measure")
    app.text_area(f"custom_{made.id}_choices").input("S\nM\nL")
    clicked(app, f"custom_{made.id}_save")

    (changed,) = rows(CustomField)
    assert (changed.label, changed.choices) == ("Measure", ["S", "M", "L"])


def test_a_web_form(admin: Actor) -> None:
    app = on(admin, "admin/web_forms")
    for part in ("name", "title", "source"):
        app.text_input(f"web_form_new_{part}").input("Fair")
    app.run()
    app.text_input("web_form_new_source").input("Fair in May")
    clicked(app, "web_form_new_save")

    assert [one.source for one in rows(WebForm)] == ["Fair in May"]


def picked(app: AppTest, record: str) -> AppTest:
    """The first row of the list of `record` is picked in the coming run."""
    selection = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.session_state[f"{record}_table"] = selection
    return app


def test_a_value_for_many_records(admin: Actor) -> None:
    make.customer(name="Rhine Mills")
    app = picked(on(admin, "customers/customers"), "customers").run()
    picked(app, "customers").selectbox("customers_bulk_field").select("city").run()
    picked(app, "customers").text_input("customers_bulk_city").input("Bon").run()
    app.text_input("customers_bulk_city").input("Bonn")
    clicked(picked(app, "customers"), "customers_bulk_change")

    assert [one.city for one in rows(Customer)] == ["Bonn"]


def test_another_field_by_the_same_click_empties_nothing(admin: Actor) -> None:
    make.customer(name="Rhine Mills", city="Bonn")
    app = picked(on(admin, "customers/customers"), "customers").run()
    app.selectbox("customers_bulk_field").select("city")
    clicked(picked(app, "customers"), "customers_bulk_change")

    assert [one.city for one in rows(Customer)] == ["Bonn"]


def test_the_name_of_a_segment_of_many_records(admin: Actor) -> None:
    make.customer(name="Rhine Mills")
    app = picked(on(admin, "customers/customers"), "customers").run()
    picked(app, "customers").text_input("customers_bulk_segment").input("Mill").run()
    app.text_input("customers_bulk_segment").input("Mills")
    clicked(picked(app, "customers"), "customers_bulk_segment_save")

    assert [one.name for one in rows(Segment)] == ["Mills"]


def test_the_tags_of_many_records(admin: Actor) -> None:
    make.saved(Tag(name="north"))
    make.saved(Tag(name="south"))
    make.customer(name="Rhine Mills")
    app = picked(on(admin, "customers/customers"), "customers").run()
    picked(app, "customers").multiselect("customers_bulk_tags").select("north").run()
    app.multiselect("customers_bulk_tags").select("south")
    clicked(picked(app, "customers"), "customers_bulk_tag_False")

    assert len(rows(Tagging)) == 2


def test_why_a_lead_does_not_fit(admin: Actor) -> None:
    lead = make.lead()
    app = on(admin, "sales/lead", id=lead.id)
    app.selectbox(f"unfit_{lead.id}_1").select("no_answer").run()
    app.selectbox(f"unfit_{lead.id}_1").select("no_need")
    clicked(app, "lead_disqualify")

    assert [one.unfit_reason for one in rows(Lead)] == ["no_need"]


def test_a_customer_who_is_searched_anew_gets_no_opportunity_of_another(
    admin: Actor,
) -> None:
    make.customer(name="Rhine Mills")
    make.customer(name="Elbe Works")
    app = on(admin, "sales/opportunities")
    app.text_input("new_opportunity_word").input("Rhine").run()
    app.text_input("new_opportunity_name").input("Fleet")
    app.text_input("new_opportunity_word").input("Elbe")
    clicked(app, "new_opportunity_save")
    assert rows(Opportunity) == []
    assert "Choose one of those" in app.error[0].value

    clicked(app, "new_opportunity_save")

    (made,) = rows(Opportunity)
    assert made.customer_id == rows(Customer)[1].id


def test_a_product_that_is_searched_anew_is_no_line_of_another(admin: Actor) -> None:
    customer = make.customer()
    make.product(name="Pen")
    make.product(name="Ink")
    app = on(admin, "sales/quote", customer=customer.id)
    form = f"quote_new_{customer.id}_"
    app.text_input(f"{form}_word").input("pen").run()
    app.text_input(f"{form}_word").input("ink")
    clicked(app, f"{form}_add")

    assert "Choose one of those" in app.error[0].value
    assert not app.get("data_editor")


def test_the_rate_of_the_day_in_the_form_is_deleted(admin: Actor) -> None:
    make.rate("USD", "2026-03-01", "0.9")
    make.rate("USD", "2026-03-02", "0.8")
    app = on(admin, "admin/currencies")
    app.date_input("rate_USD_day").set_value(date(2026, 3, 1)).run()
    app.date_input("rate_USD_day").set_value(date(2026, 3, 2))
    clicked(app, "rate_USD_drop")

    assert [one.rate_on for one in rows(ExchangeRate)] == [date(2026, 3, 1)]


@pytest.mark.parametrize(
    ("page", "form", "button"),
    [
        ("quotes", "new_quote", "new_quote_go"),
        ("orders", "order_new", "order_new_begin"),
    ],
)
def test_a_customer_who_is_searched_anew_gets_no_document_of_another(
    admin: Actor, page: str, form: str, button: str
) -> None:
    make.customer(name="Rhine Mills")
    make.customer(name="Elbe Works")
    app = on(admin, f"sales/{page}")
    title = app.title[0].value
    app.text_input(f"{form}_word").input("Rhine").run()
    app.text_input(f"{form}_word").input("Elbe")
    clicked(app, button)

    assert "Choose one of those" in app.error[0].value
    assert app.title[0].value == title


def test_what_an_import_is_said_to_hold(admin: Actor) -> None:
    app = on(admin, "data/imports")
    app.get("file_uploader")[0].set_value(("a.csv", b"x,y\n1,2\n", "text/csv"))
    app.run()
    app.selectbox[0].set_value("products").run()
    app.selectbox[0].set_value("contacts")
    clicked(app, "import_begin")

    assert [one.target for one in rows(ImportRun)] == ["contacts"]


def test_a_price_of_a_product_that_is_searched_anew(admin: Actor) -> None:
    make.product(name="Pen")
    make.product(name="Ink")
    listed = make.saved(PriceList(name="Dealers", currency="EUR"))
    app = on(admin, "sales/price_list", id=listed.id)
    form = f"add_price_{listed.id}_"
    app.text_input(f"{form}word").input("pen").run()
    app.text_input(f"{form}price").input("2").run()
    app.text_input(f"{form}word").input("ink")
    clicked(app, f"{form}save")
    assert rows(ListPrice) == []

    clicked(app, f"{form}save")

    assert [one.product_id for one in rows(ListPrice)] == [rows(Product)[1].id]
