"""The settings page: our own company, and whether mail goes out."""

from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor
from crm.services import records
from crm.services.admin import company
from crm.services.admin.company import Company, CompanyFields
from crm.services.mail import mail
from tests import post_office
from tests.ui.conftest import signed_in

pytestmark = pytest.mark.slow


def opened(actor: Actor) -> AppTest:
    page = str(ROOT / "pages/admin/settings.py")
    return signed_in(actor).run().switch_page(page).run()


def profile() -> Company:
    with db.reading(SYSTEM) as session:
        return company.profile(session)


def box(app: AppTest, name: str) -> Any:
    """The widget of a field, whatever turn it is at."""
    widgets = (*app.text_input, *app.text_area, *app.number_input)
    return next(one for one in widgets if str(one.key).endswith(f"_{name}"))


def save(app: AppTest) -> AppTest:
    return app.button("company_save").click().run()


def test_the_company_is_filled_in_once_and_stands_there(admin: Actor) -> None:
    app = opened(admin)
    assert "Fill this in" in app.info[0].value

    box(app, "name").set_value("Meyer GmbH")
    box(app, "address").set_value("Hafenstraße 1\n20457 Hamburg")
    box(app, "rate").set_value(19.0)
    box(app, "payment").set_value(14)
    save(app.run())

    found = profile()
    assert (found.name, found.address) == (
        "Meyer GmbH",
        ("Hafenstraße 1", "20457 Hamburg"),
    )
    assert (found.tax_rate, found.payment_days) == (Decimal("0.19"), 14)
    assert not app.info
    assert box(app, "name").value == "Meyer GmbH"


def test_what_was_typed_stays_when_somebody_else_was_faster(admin: Actor) -> None:
    app = opened(admin)
    box(app, "name").set_value("Meyer & Co")
    app.run()
    with db.transaction(admin) as session:
        other = records.valid(CompanyFields, {"name": "Meyer AG"})
        company.save(session, other)

    save(app)

    assert "has changed since you opened it" in app.error[0].value
    assert profile().name == "Meyer AG"
    assert box(app, "name").value == "Meyer & Co"
    save(app)
    assert profile().name == "Meyer & Co"


def test_what_somebody_else_has_saved_is_shown(admin: Actor) -> None:
    app = opened(admin)
    with db.transaction(admin) as session:
        company.save(session, records.valid(CompanyFields, {"name": "Meyer AG"}))

    app.run()

    assert box(app, "name").value == "Meyer AG"


def test_a_mail_tells_whether_mail_goes_out(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(admin)
    assert "mail_test" not in {one.key for one in app.button}

    post_office.use(monkeypatch, "smtp://127.0.0.1:1")
    app.run()
    app.button("mail_test").click().run()

    with db.reading(admin) as session:
        (made,) = mail.listed(session)
    assert (made.to_address, made.customer_id) == ("ada@example.com", None)
