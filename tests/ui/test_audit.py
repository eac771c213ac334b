"""The audit page: who did what, and the way back."""

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, Customer
from crm.services.customers import customers
from crm.services.sales import opportunities
from tests import make

PAGE = str(ROOT / "pages/admin/audit.py")


def moved(actor: Actor) -> Customer:
    """A customer that moved from Bonn to Ulm."""
    customer = make.customer(name="Rhine Mills", city="Bonn")
    with db.transaction(actor) as session:
        customers.update(session, customer.id, {"city": "Ulm"})
    return customer


def test_the_newest_operation_comes_first(app: AppTest, admin: Actor) -> None:
    moved(admin)

    app.switch_page(PAGE).run()

    newest = app.dataframe[0].value.iloc[0]
    assert (newest["who"], newest["what"]) == ("Ada", "Edited")
    assert newest["records"] == "Customer: 1"


@pytest.mark.slow
def test_an_operation_shows_what_it_changed(app: AppTest, admin: Actor) -> None:
    moved(admin)
    app.switch_page(PAGE).run()

    app.session_state["audit_table"] = {"selection": {"rows": [0], "columns": []}}
    app.run()

    change = app.dataframe[1].value.iloc[0]
    assert change["record"] == "Customer Rhine Mills"
    assert (change["before"], change["after"]) == ("Bonn", "Ulm")


@pytest.mark.slow
def test_a_move_is_told_by_the_names_of_its_stages(app: AppTest, admin: Actor) -> None:
    row, stage = make.opportunity(make.customer(), name="Chairs"), make.stages()["Won"]
    with db.transaction(admin) as session:
        opportunities.move(session, row.id, stage.id)
    app.switch_page(PAGE).run()

    app.session_state["audit_table"] = {"selection": {"rows": [0], "columns": []}}
    app.run()

    table = app.dataframe[1].value
    told = {c.field: (c.before, c.after) for c in table.itertuples()}
    assert told["Stage"] == ("Prospecting", "Won")
    assert (told["From stage"][1], told["To stage"][1]) == ("Prospecting", "Won")
    assert (told["Opportunity"][1], told["User"][1]) == ("Chairs", "Ada")


@pytest.mark.slow
def test_an_operation_is_undone_from_the_audit(app: AppTest, admin: Actor) -> None:
    customer = moved(admin)
    app.switch_page(PAGE).run()
    app.session_state["audit_table"] = {"selection": {"rows": [0], "columns": []}}
    app.run()

    next(b for b in app.button if str(b.key).startswith("audit_undo_")).click().run()

    assert not app.exception
    with db.reading(admin) as session:
        assert db.get(session, Customer, customer.id).city == "Bonn"


@pytest.mark.slow
def test_a_search_finds_a_changed_value(app: AppTest, admin: Actor) -> None:
    moved(admin)
    app.switch_page(PAGE).run()

    app.text_input(key="audit_q").set_value("ulm").run()
    assert len(app.dataframe[0].value) == 1

    app.text_input(key="audit_q").set_value("nowhere").run()
    assert not app.exception
    assert app.dataframe[0].value.empty
