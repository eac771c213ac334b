"""What all pages of insight share: whose customers, which result, in the address."""

from datetime import date, timedelta
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.jobs.cohorts import made as found
from crm.models import Actor, Analysis, utcnow
from crm.services import analysis_basis
from crm.services.analyses import Made
from crm.services.customers import segments
from crm.ui.format import moment
from tests import make
from tests.analytics.cohort_house import followed, orders
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import asked, said

AS_OF = utcnow().date()
DAY = timedelta(days=1)
KIND = "cohorts"
GONE = "This result no longer fits what is on record."

opened = partial(reading.opened, page="pages/insight/churn.py")
cohorts = partial(reading.opened, page="pages/insight/cohorts.py")


def stored(actor: Actor, *, as_of: date, **parameters: str) -> Analysis:
    """Cohorts of one customer, as a job of `actor` keeps them."""
    made = found(followed(orders([(1, "2025-11-05", "sale", 10)]), as_of), as_of)
    with db.reading(actor) as session:
        basis = analysis_basis.taken(session, KIND)
    whole = Made(made.summary | basis, made.tables)
    return reading.kept(actor, KIND, whole, as_of=as_of, **parameters)


@pytest.fixture
def segment_id(admin: Actor) -> int:
    customer = make.customer(admin)
    with db.transaction(admin) as session:
        return segments.save(session, "*Good* ones", [customer.id]).id


def test_an_analysis_can_be_of_a_segment(app: AppTest, segment_id: int) -> None:
    opened(app).selectbox(key="churn_segment").set_value(str(segment_id)).run()

    app.button(key="churn_compute").click().run()

    assert asked("churn")["parameters"] == {"horizon": 90, "segment_id": segment_id}


def test_the_choice_is_in_the_address(app: AppTest, segment_id: int) -> None:
    opened(app).selectbox(key="churn_segment").set_value(str(segment_id)).run()

    assert app.query_params["churn_segment"] == str(segment_id)


def test_the_address_brings_the_choice_back(app: AppTest, segment_id: int) -> None:
    opened(app, churn_segment=str(segment_id), churn_as_of="2026-01-31")

    assert app.selectbox(key="churn_segment").value == str(segment_id)
    assert app.date_input(key="churn_as_of").value.isoformat() == "2026-01-31"


def test_the_day_is_that_of_the_result_until_another_is_chosen(
    app: AppTest, admin: Actor
) -> None:
    older = stored(admin, as_of=AS_OF - 9 * DAY)
    stored(admin, as_of=AS_OF - 2 * DAY)
    day = f"{KIND}_as_of"
    assert cohorts(app).date_input(key=day).value == AS_OF - 2 * DAY

    app.date_input(key=day).set_value(AS_OF - 5 * DAY).run()
    assert app.date_input(key=day).value == AS_OF - 5 * DAY

    app.selectbox(key=f"{KIND}_shown").set_value(older.id).run()
    assert app.date_input(key=day).value == AS_OF - 9 * DAY
    assert day not in app.query_params

    app.button(key=f"{KIND}_today").click().run()
    assert app.date_input(key=day).value == AS_OF
    assert f"{KIND}_today" not in [one.key for one in app.button]


def test_every_result_says_of_which_day_it_is_and_when_it_was_computed(
    app: AppTest, admin: Actor
) -> None:
    shown = stored(admin, as_of=date(2026, 1, 31))

    told = said(cohorts(app))

    assert f"As of Jan 31, 2026 · computed {moment(shown.created_at)}" in told


def test_a_result_whose_customers_have_gone_says_so_and_is_asked_for_anew(
    app: AppTest, admin: Actor
) -> None:
    many = [make.customer(admin) for _n in range(3)]
    shown = stored(admin, as_of=date(2026, 1, 31), found="twice")
    assert GONE not in said(cohorts(app))

    for one in many[:2]:
        reading.put_away(admin, one.name)
    app.run()
    assert f"{GONE} Gone since it was computed: 2 customers." in said(app)

    app.button(key=f"{KIND}_again").click().run()
    job = asked(KIND)
    assert (job["as_of"], job["parameters"]) == ("2026-01-31", {"found": "twice"})
    assert f"{KIND}_again" not in [one.key for one in app.button]
    assert shown.parameters["scope"] == "all"


def test_who_may_not_compute_is_told_all_the_same(app: AppTest, admin: Actor) -> None:
    customer = make.customer(admin)
    stored(admin, as_of=AS_OF)
    reading.put_away(admin, customer.name)

    told = cohorts(signed_in(make.actor("Rita", role="read_only")).run())

    assert GONE in said(told)
    assert f"{KIND}_again" not in [one.key for one in told.button]


@pytest.mark.parametrize("odd", ["x", "-1", "99999999999", "2026-13-45", "0001-01-01"])
def test_an_odd_address_is_as_none(app: AppTest, segment_id: int, odd: str) -> None:
    opened(app, churn_segment=odd, churn_as_of=odd, churn_shown=odd)

    assert app.selectbox(key="churn_segment").value == ""
    assert app.date_input(key="churn_as_of").value == AS_OF
