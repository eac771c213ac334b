"""What an empty house offers to whom."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.demo import asking, load
from crm.errors import Forbidden
from crm.models import Actor
from crm.services import jobs
from tests import make
from tests.ui.conftest import signed_in

WAYS = {"first_import", "first_customer", "demo_load"}
TODAY = date(2026, 1, 12)


def ways(app: AppTest) -> set[str]:
    return {str(one.key) for one in app.button} & WAYS


@pytest.mark.parametrize(
    ("role", "closed"),
    [("admin", set()), ("sales", {"demo_load"}), ("read_only", WAYS)],
)
def test_everyone_sees_the_ways_that_are_open(
    database: str, role: str, closed: set[str]
) -> None:
    app = signed_in(make.actor("Bo", role=role)).run()

    assert not app.exception
    assert ways(app) == WAYS - closed


def test_two_clicks_load_one_demo_company(app: AppTest, admin: Actor) -> None:
    load_it = app.button("demo_load")
    load_it.click().run()
    load_it.click().run()

    with db.reading(admin) as session:
        asked = jobs.listed(session, kinds=["demo"])
    assert len(asked) == 1
    assert not ways(app)  # its progress stands there instead


def test_the_demo_company_is_a_matter_of_settings(database: str) -> None:
    """Whoever may start jobs may not load or wipe it with one."""
    sales = make.actor("Sal", role="manager")

    with pytest.raises(Forbidden), db.transaction(sales) as session:
        asking.load(session, today=TODAY, key="a")
    with pytest.raises(Forbidden), db.transaction(sales) as session:
        asking.wipe(session, key="b")
    with pytest.raises(Forbidden), db.transaction(sales) as session:
        load.wipe(session)
