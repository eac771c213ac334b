"""What all pages of insight share: whose customers, which result, in the address."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.models import Actor, utcnow
from crm.services.customers import segments
from tests import make
from tests.ui import reading
from tests.ui.reading import asked

AS_OF = utcnow().date()

opened = partial(reading.opened, page="pages/insight/churn.py")


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


@pytest.mark.parametrize("odd", ["x", "-1", "99999999999", "2026-13-45", "0001-01-01"])
def test_an_odd_address_is_as_none(app: AppTest, segment_id: int, odd: str) -> None:
    opened(app, churn_segment=odd, churn_as_of=odd, churn_shown=odd)

    assert app.selectbox(key="churn_segment").value == ""
    assert app.date_input(key="churn_as_of").value == AS_OF
