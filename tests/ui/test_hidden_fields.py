"""The part of “Users and teams” where fields are hidden from a role."""

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, Role
from crm.services import audit
from crm.services.admin import hidden_fields
from crm.services.admin.hidden_from import hidden_from
from tests import make
from tests.ui.conftest import signed_in

pytestmark = pytest.mark.slow
PAGE = "pages/admin/users.py"
BOX = "hidden_sales_customer"


def test_an_administrator_hides_fields_and_shows_them_again(
    app: AppTest, admin: Actor
) -> None:
    app.switch_page(str(ROOT / PAGE)).run()
    app.selectbox("hidden_role").set_value(Role.SALES).run()
    app.multiselect(BOX).set_value(["email", "tax_number"]).run()

    app.button("hidden_save").click().run()

    assert not app.exception
    assert hidden_from(Role.SALES) == {"customer.email", "customer.tax_number"}
    assert hidden_from(Role.MANAGER) == frozenset()
    with db.reading(admin) as session:
        (first, *_rest) = audit.operations(session, audit.Query()).entries
        told = audit.changes(session, first.id)
    assert first.counts == {"hidden_field": 2}
    assert ("field", "email") in [(one.name, one.after) for one in told]

    app.multiselect(BOX).set_value(["email"]).run()
    app.button("hidden_save").click().run()
    assert hidden_from(Role.SALES) == {"customer.email"}


def test_the_boxes_show_what_is_hidden(app: AppTest, admin: Actor) -> None:
    with db.transaction(admin) as session:
        hidden_fields.save(session, Role.SERVICE, "product", ["price"])

    app.switch_page(str(ROOT / PAGE)).run()
    app.selectbox("hidden_role").set_value(Role.SERVICE).run()

    assert app.multiselect("hidden_service_product").value == ["price"]
    assert app.multiselect("hidden_service_customer").value == []


def test_a_form_does_not_ask_for_a_hidden_field(admin: Actor) -> None:
    mona = make.actor("Mona", role="manager")
    customer = make.customer(email="a@example.com")
    with db.transaction(admin) as session:
        hidden_fields.save(session, Role.MANAGER, "customer", ["email"])
    app = signed_in(mona)
    app.query_params["id"] = str(customer.id)

    app.run().switch_page(str(ROOT / "pages/customers/customer.py")).run()
    app.button("edit_customer").click().run()

    labels = [box.label for box in app.text_input]
    assert "Phone" in labels
    assert "Website" in labels
    assert not app.exception
    keys = [str(box.key) for box in app.text_input]
    assert not any("_email_" in key for key in keys)


def test_fields_are_named_as_they_are_everywhere(app: AppTest) -> None:
    """No Markdown is read in the options of a box: a backslash would be seen."""
    app.switch_page(str(ROOT / PAGE)).run()

    assert "E-mail" in app.multiselect("hidden_manager_customer").options
