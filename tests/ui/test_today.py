"""The page Today without a browser: look, accept, put off, call wrong."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.models import (
    SYSTEM,
    Activity,
    Actor,
    Analysis,
    Suggestion,
    SuggestionKind,
    SuggestionState,
    utcnow,
)
from crm.services import analyses
from tests import make
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import said

REASON = {"theme": "last_order", "value": 80.0, "second": 0.0, "contribution": 1.2}
FACTS = {"probability": 0.9, "horizon": 90, "reasons": [REASON]}

opened = partial(reading.opened, page="pages/home/today.py")


def suggestion(owner: Actor, **details: object) -> Suggestion:
    customer = make.customer(owner, name=f"*{owner.name}'s* customer")
    usual = {
        "customer_id": customer.id,
        "kind": SuggestionKind.WIN_BACK,
        "made_on": utcnow().date(),
        "worth": Decimal(1234),
        "facts": FACTS,
    }
    made: Suggestion = make.saved(Suggestion(**usual | details))
    return made


def state(one: Suggestion) -> SuggestionState:
    with db.reading(SYSTEM) as session:
        return db.get(session, Suggestion, one.id).state


def test_an_empty_list_says_where_suggestions_come_from(app: AppTest) -> None:
    opened(app)

    assert "Nobody to act on today." in said(app)
    labels = [one.proto.label for one in app.main.get("page_link")]
    assert labels == ["Churn", "Association rules"]
    assert "Nothing has been measured yet." in said(app)


def test_what_to_do_why_and_what_it_is_worth(app: AppTest, admin: Actor) -> None:
    suggestion(admin)

    opened(app)

    assert "Get in touch before this customer is lost" in said(app)
    assert "90% not to order within 90 days" in said(app)
    assert "1,234" in said(app)


def test_accepting_makes_a_task(app: AppTest, admin: Actor) -> None:
    one = suggestion(admin)

    opened(app).button(key=f"suggestion_{one.id}_accept").click().run()

    assert state(one) is SuggestionState.ACCEPTED
    with db.reading(SYSTEM) as session:
        task = session.scalars(select(Activity)).one()
    assert (task.customer_id, task.owner_id) == (one.customer_id, admin.user_id)
    assert "Nobody to act on today." in said(app)


@pytest.mark.slow
def test_putting_off_and_calling_wrong(app: AppTest, admin: Actor) -> None:
    later, wrong = suggestion(admin), suggestion(admin)

    opened(app).button(key=f"suggestion_{later.id}_snooze").click().run()
    app.button(key=f"suggestion_{wrong.id}_wrong").click().run()

    with db.reading(SYSTEM) as session:
        until = db.get(session, Suggestion, later.id).snoozed_until
    assert until == utcnow().date() + timedelta(days=7)
    assert state(wrong) is SuggestionState.WRONG
    assert "Nobody to act on today." in said(app)


def test_one_that_somebody_else_has_taken_is_told(app: AppTest, admin: Actor) -> None:
    one = suggestion(admin)
    opened(app)
    with db.transaction(SYSTEM) as session:
        db.get(session, Suggestion, one.id).state = SuggestionState.WRONG

    app.button(key=f"suggestion_{one.id}_accept").click().run()

    assert "This suggestion has been dealt with." in said(app)


def test_only_my_customers_on_request(app: AppTest, admin: Actor, bob: Actor) -> None:
    mine, other = suggestion(admin), suggestion(bob)
    opened(app)

    app.segmented_control(key="today_whose").set_value("mine").run()

    shown = {str(one.key) for one in app.button}
    assert f"suggestion_{mine.id}_accept" in shown
    assert f"suggestion_{other.id}_accept" not in shown


@pytest.mark.slow
def test_more_are_shown_on_request(app: AppTest, admin: Actor) -> None:
    for number in range(12):
        suggestion(admin, worth=Decimal(1 + number))
    opened(app)
    accepts = [b for b in app.button if str(b.key).endswith("_accept")]
    assert len(accepts) == 10

    app.button(key="today_more").click().run()

    assert len([b for b in app.button if str(b.key).endswith("_accept")]) == 12


@pytest.mark.usefixtures("database")
def test_who_may_only_look_sees_no_buttons(admin: Actor, viewer: Actor) -> None:
    suggestion(admin)

    app = opened(signed_in(viewer).run())

    assert "Get in touch before this customer is lost" in said(app)
    assert not [b for b in app.button if str(b.key).startswith("suggestion_")]


def test_what_acting_has_changed_is_told(app: AppTest, admin: Actor) -> None:
    effect = {
        "acted_on": 400,
        "left_alone": 40,
        "revenue_acted_on": 120.0,
        "revenue_left_alone": 100.0,
        "revenue_low": 5.0,
        "revenue_high": 35.0,
        "bought_acted_on": 0.5,
        "bought_left_alone": 0.4,
        "bought_low": -0.05,
        "bought_high": 0.25,
    }
    effects = {"win_back": effect, "next_product": {"why_not": "Too few."}}
    kept = Analysis(
        kind="suggestions",
        as_of=utcnow().date(),
        data_at=utcnow(),
        summary={"effects": effects},
    )
    with db.transaction(admin) as session:
        analyses.store(session, kept, {})

    opened(app)

    assert "400 customers suggested, 40 left alone." in said(app)
    assert "More than chance explains." in said(app)
    assert "Too few." in said(app)
