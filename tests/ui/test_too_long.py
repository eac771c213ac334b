"""A text that is too long: the service says so at the field, and nothing is lost."""

from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.models import Actor, Contact
from tests import make
from tests.ui.test_conflict import box, opened, typed

LONG = "x" * 150


@pytest.fixture
def app(admin: Actor) -> AppTest:
    """The page of a customer, with its form open."""
    return opened(admin, "customers/customer.py", make.customer(name="A").id)


def words(app: AppTest) -> list[str]:
    return [one.value.replace("\\", "") for one in app.error]


@pytest.mark.slow
def test_it_is_said_at_the_field_and_by_the_button(app: AppTest) -> None:
    typed(app, city=LONG)

    assert words(app) == ["“City” is too long: 150 characters, at most 100."] * 2
    assert box(app, "city").value == LONG  # type: ignore[attr-defined]

    typed(app, city="Ulm")
    assert words(app) == []


@pytest.mark.slow
def test_a_contact_that_is_refused_can_be_corrected(app: AppTest, admin: Actor) -> None:
    def field(name: str) -> Any:
        keys = [f"new_contact_1_{turn}_{name}" for turn in range(2)]
        return next(one for one in app.text_input if one.key in keys)

    def add() -> None:
        form = "FormSubmitter:new_contact"
        submit = next(one for one in app.button if str(one.key).startswith(form))
        submit.click().run()

    field("first_name").set_value("Ann")
    field("last_name").set_value(LONG)
    add()
    assert words(app) == ["“Last name” is too long: 150 characters, at most 100."]
    assert field("first_name").value == "Ann"

    field("last_name").set_value("Lee")
    add()
    assert field("first_name").value == ""
    with db.reading(admin) as session:
        assert session.exec(select(Contact.last_name)).all() == ["Lee"]
