"""The pages of campaigns: plan, add, hold out, mark, measure."""

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.campaign_effect import COLUMNS, row, watched
from crm.analytics.churn.churn import Cut
from crm.config import ROOT
from crm.frames import CAMPAIGN_OUTCOMES, typed
from crm.models import (
    SYSTEM,
    Actor,
    Analysis,
    Campaign,
    Customer,
    Job,
    Recipient,
    utcnow,
)
from crm.services import analyses
from crm.services.customers import segments
from crm.services.marketing import recipients
from crm.services.marketing.campaign_effects import KIND
from tests import make
from tests.analytics.histories import features
from tests.analytics.leavers import DAYS, TODAY, evaluated
from tests.ui.conftest import signed_in
from tests.ui.test_churn import people, stored

LIST, ONE = "pages/marketing/campaigns.py", "pages/marketing/campaign.py"


def at(app: AppTest, page: str, **query: object) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = str(value)
    app.switch_page(str(ROOT / page)).run()
    assert not app.exception
    return app


def planned(**details: Any) -> Campaign:
    campaign: Campaign = make.saved(Campaign(**{"name": "Spring fair"} | details))
    return campaign


def joined(campaign: Campaign, count: int, **details: Any) -> list[int]:
    ids = [make.customer().id for _number in range(count)]
    for one in ids:
        given = {"campaign_id": campaign.id, "customer_id": one}
        make.saved(Recipient(**given | details))
    return ids


def measured(campaign: Campaign, held: list[int], treated: list[int]) -> None:
    """An effect on record: each customer with so many orders of 100."""
    orders = [*held, *treated]
    as_of = utcnow().date()
    outcomes = typed(
        {
            "customer_id": range(len(orders)),
            "held_out": [True] * len(held) + [False] * len(treated),
            "day": np.datetime64(as_of - timedelta(days=100), "s"),
            "orders": orders,
            "revenue": [100.0 * one for one in orders],
        },
        CAMPAIGN_OUTCOMES,
    )
    rows = [row(campaign.id, watched(outcomes, days=30, as_of=as_of))]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    with db.transaction(SYSTEM) as session:
        made = Analysis(kind=KIND, as_of=as_of, data_at=utcnow())
        analyses.store(session, made, {"effects": table})


def all_of(table: type) -> list[Any]:
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(table)))


def texts(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.info]
    return "\n".join(part.value.replace("\\", "") for part in parts)


def test_a_campaign_is_planned_by_the_short_form(app: AppTest) -> None:
    at(app, LIST)
    app.text_input(key="new_campaign_name").set_value("Spring fair")
    app.text_input(key="new_campaign_cost").set_value("1200")
    app.select_slider(key="new_campaign_hold_out").set_value(0.2)

    app.button(key="new_campaign_save").click().run()

    (made,) = all_of(Campaign)
    assert (made.name, made.cost, made.hold_out) == ("Spring fair", 1200, 0.2)
    assert app.title[0].value == "Spring fair"


def test_a_campaign_is_planned_from_any_page(app: AppTest) -> None:
    app.button(key="quick_campaign").click().run()
    app.text_input(key="quick_campaign_name").set_value("Spring fair")

    app.button(key="quick_campaign_save").click().run()

    assert not app.exception
    assert [one.name for one in all_of(Campaign)] == ["Spring fair"]
    assert app.title[0].value == "Spring fair"


def test_what_is_no_number_is_told_and_kept(app: AppTest) -> None:
    at(app, LIST)
    app.text_input(key="new_campaign_name").set_value("Spring fair")
    app.text_input(key="new_campaign_cost").set_value("a lot")

    app.button(key="new_campaign_save").click().run()

    assert all_of(Campaign) == []
    assert "not a number" in app.error[0].value
    assert app.text_input(key="new_campaign_name").value == "Spring fair"


@pytest.mark.parametrize("form", ["new_campaign", "quick_campaign"])
def test_a_form_without_a_name_says_so(app: AppTest, form: str) -> None:
    at(app, LIST)
    if form == "quick_campaign":
        app.button(key=form).click().run()

    app.button(key=f"{form}_save").click().run()

    assert [one.value for one in app.error] == ["“Name” is missing\\."]
    assert all_of(Campaign) == []


def test_without_a_segment_chosen_one_is_asked_for(app: AppTest) -> None:
    at(app, ONE, id=planned().id)

    app.button(key="add_segment").click().run()

    assert [one.value for one in app.error] == ["“Segment” is missing\\."]


def test_who_moves_up_in_the_list_is_not_picked(app: AppTest) -> None:
    """The first of two is marked and leaves the list: the second stands there then."""
    campaign = planned()
    first, _second = joined(campaign, 2)
    at(app, ONE, id=campaign.id, recipients_state="waiting")
    rows = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.session_state["recipients_table"] = rows
    app.run()
    app.session_state["recipients_table"] = rows

    app.button(key="mark_reached_at").click().run()

    marked = [one.customer_id for one in all_of(Recipient) if one.reached_at]
    assert marked == [first]
    assert app.button(key="mark_reached_at").disabled


def test_a_refusal_is_seen_beside_the_list_too(app: AppTest) -> None:
    """The list is far down the page, and errors stand at the top."""
    campaign = planned()
    joined(campaign, 1, held_out=True)
    at(app, ONE, id=campaign.id)
    rows = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.session_state["recipients_table"] = rows
    app.run()
    app.session_state["recipients_table"] = rows

    app.button(key="mark_reached_at").click().run()

    (told,) = [one.value for one in app.error]
    assert "held out by lot" in told
    assert [one.value for one in app.toast] == [told]


def test_of_a_whole_page_who_is_held_out_is_left_out_in_words(app: AppTest) -> None:
    campaign = planned()
    others = joined(campaign, 3)
    joined(campaign, 2, held_out=True)
    at(app, ONE, id=campaign.id)
    rows = {"selection": {"rows": [0, 1, 2, 3, 4], "columns": [], "cells": []}}
    app.session_state["recipients_table"] = rows
    app.run()
    app.session_state["recipients_table"] = rows

    app.button(key="mark_reached_at").click().run()

    assert not app.error
    marked = [one.customer_id for one in all_of(Recipient) if one.reached_at]
    assert sorted(marked) == others
    assert "3 recipients marked. 2 of those picked are held out by lot" in texts(app)


def test_another_filter_begins_at_its_first_page(app: AppTest) -> None:
    campaign = planned()
    joined(campaign, 60)
    held = joined(campaign, 30, held_out=True)
    at(app, ONE, id=campaign.id, recipients_p=4)

    app.segmented_control(key="recipients_state").set_value("held_out").run()

    assert shown_in(app) < set(held)
    assert "1 to 25 of 30" in texts(app)


def test_a_page_that_is_not_there_any_more_shows_the_last(app: AppTest) -> None:
    """The only one of the second page is marked, and leaves the list."""
    campaign = planned()
    ids = joined(campaign, 26)
    at(app, ONE, id=campaign.id, recipients_state="waiting", recipients_p=2)
    rows = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.session_state["recipients_table"] = rows
    app.run()
    app.session_state["recipients_table"] = rows

    app.button(key="mark_reached_at").click().run()

    marked = {one.customer_id for one in all_of(Recipient) if one.reached_at}
    assert len(marked) == 1
    assert shown_in(app) == set(ids) - marked
    assert "1 to 25 of 25" in texts(app)


def shown_in(app: AppTest) -> set[int]:
    """The customers in the list of recipients."""
    with db.reading(SYSTEM) as session:
        ids = {one.name: one.id for one in session.scalars(select(Customer))}
    (table,) = [one.value for one in app.dataframe if "state" in one.value]
    return {ids[name] for name in table["name"]}


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"starts_on": TODAY}, "starts on Jan 31, 2026"),
        ({"ends_on": TODAY}, "ends on Jan 31, 2026"),
        ({"starts_on": TODAY, "ends_on": TODAY}, "Jan 31, 2026 – Jan 31, 2026"),
    ],
)
def test_the_days_of_a_campaign_are_told_in_words(
    app: AppTest, days: dict[str, Any], words: str
) -> None:
    at(app, ONE, id=planned(**days).id)

    assert words in [one.value for one in app.caption]


def test_the_list_shows_the_response(app: AppTest) -> None:
    campaign = planned(cost=80)
    joined(campaign, 1, reached_at=make.NOON, responded_at=make.NOON)
    joined(campaign, 3, reached_at=make.NOON)

    at(app, LIST)

    (shown,) = app.dataframe[0].value.to_dict("records")
    assert (shown["status"], shown["recipients"]) == ("Planned", 4)
    assert (shown["response_share"], shown["cost"]) == (0.25, 80)


def test_each_figure_opens_its_customers(app: AppTest) -> None:
    campaign = planned()
    reached = joined(campaign, 2, reached_at=make.NOON)
    joined(campaign, 3, held_out=True)
    at(app, ONE, id=campaign.id)
    figures = {one.label: one.value for one in app.metric}
    assert figures == {"Recipients": "5", "Held out": "3", "Already reached": "2",
                       "Responded": "0"}  # fmt: skip

    app.button(key="figure_reached").click().run()

    assert not app.exception
    (table,) = [one.value for one in app.dataframe if "state" in one.value]
    assert table["state"].tolist() == ["Already reached"] * len(reached)


def test_a_segment_is_added_once(app: AppTest, admin: Actor) -> None:
    campaign = planned(hold_out=0.0)
    ids = [make.customer().id for _number in range(3)]
    with db.transaction(admin) as session:
        segment = segments.save(session, "Chosen", ids)
    at(app, ONE, id=campaign.id)
    app.selectbox(key=f"add_segment_{campaign.id}").set_value(segment.id)

    app.button(key="add_segment").click().run()
    app.button(key="add_segment").click().run()

    assert sorted(one.customer_id for one in all_of(Recipient)) == ids


def test_all_are_marked_as_reached_and_unmarked_by_undo(
    app: AppTest, admin: Actor
) -> None:
    campaign = planned(hold_out=0.5)
    ids = [make.customer().id for _number in range(20)]
    with db.transaction(admin) as session:
        held = recipients.add(session, campaign.id, ids).held_out
    at(app, ONE, id=campaign.id)

    app.button(key="mark_all").click().run()

    reached = [one.customer_id for one in all_of(Recipient) if one.reached_at]
    assert len(reached) == 20 - held
    app.button(key="undo_button").click().run()
    assert not any(one.reached_at for one in all_of(Recipient))


def test_the_effect_is_told_with_its_interval(app: AppTest) -> None:
    """Of 40 added 30 order, of 40 held out 10: 50 points more. 50 more each, times 40
    are 2,000; less 500."""
    campaign = planned(cost=500)
    measured(campaign, [1] * 10 + [0] * 30, [1] * 30 + [0] * 10)

    at(app, ONE, id=campaign.id)

    told = texts(app)
    assert "More customers ordered than would have without it." in told
    assert "75.0% ordered; of 40 held out, 25.0%: a difference of 50 points" in told
    assert "would not have come without it: €2,000 " in told
    assert "Less its cost of €500.00: €1,500 " in told


def test_nothing_is_claimed_where_the_sides_are_alike(app: AppTest) -> None:
    campaign = planned(cost=500)
    measured(campaign, [1] * 10 + [0] * 30, [1] * 10 + [0] * 30)

    at(app, ONE, id=campaign.id)

    told = texts(app)
    assert "not yet told apart from chance" in told
    assert "More customers ordered" not in told


def test_too_few_are_refused_in_words(app: AppTest) -> None:
    campaign = planned()
    measured(campaign, [1] * 3, [1] * 50)

    at(app, ONE, id=campaign.id)

    assert "Not enough data" in texts(app)


def test_before_it_is_computed_it_can_be_asked_for(app: AppTest) -> None:
    campaign = planned()

    at(app, ONE, id=campaign.id)
    assert "Nothing has been measured yet." in texts(app)
    app.button(key="effects_compute").click().run()

    assert not app.exception
    assert [job.kind for job in all_of(Job)] == [KIND]


def test_the_customer_page_lists_its_campaigns(app: AppTest) -> None:
    campaign = planned()
    (customer_id,) = joined(campaign, 1, held_out=True)

    at(app, "pages/customers/customer.py", id=customer_id)

    (table,) = [one.value for one in app.dataframe if "held_out" in one.value]
    assert table["name"].tolist() == ["Spring fair"]
    assert table["held_out"].tolist() == [True]


def test_a_new_campaign_from_a_segment_is_planned_once(
    app: AppTest, admin: Actor
) -> None:
    ids = [make.customer().id for _number in range(3)]
    with db.transaction(admin) as session:
        segment = segments.save(session, "Chosen", ids)
    at(app, "pages/customers/segments.py")
    key = f"segment_{segment.id}_campaign"
    app.text_input(key=f"{key}_name").set_value("Autumn")
    app.select_slider(key=f"{key}_share").set_value(0.0)

    app.button(key=f"{key}_add").click().run()
    app.button(key=f"{key}_add").click().run()

    assert not app.exception
    assert [one.name for one in all_of(Campaign)] == ["Autumn"]
    assert sorted(one.customer_id for one in all_of(Recipient)) == ids
    app.button(key="undo_button")


def test_picked_customers_join_a_campaign(app: AppTest) -> None:
    campaign = planned(hold_out=0.0)
    ids = [make.customer(name=f"C{number}").id for number in range(3)]
    rows = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    at(app, "pages/customers/customers.py")
    app.session_state["customers_table"] = rows
    app.run()
    assert app.selectbox(key="customers_campaign").value == campaign.id

    app.session_state["customers_table"] = rows
    app.button(key="customers_campaign_add").click().run()

    assert not app.exception
    assert sorted(one.customer_id for one in all_of(Recipient)) == ids[:2]
    app.button(key="undo_button").click().run()
    assert all_of(Recipient) == []


def test_those_who_may_leave_join_a_campaign(app: AppTest, admin: Actor) -> None:
    ids = people(4)
    late = features(4, customer_id=ids, recency=[60, 10, 30, 5], gap=10)
    before = [Cut(day, late.head(0)) for day in DAYS[:2]]
    stored(admin, evaluated([*before, Cut(TODAY, late)]), ids)
    campaign = planned(hold_out=0.0)
    at(app, "pages/insight/churn.py")
    assert app.selectbox(key="churn_campaign").value == campaign.id

    app.button(key="churn_campaign_add").click().run()

    assert not app.exception
    added = {one.customer_id for one in all_of(Recipient)}
    assert added
    assert added <= set(ids)


def test_the_customer_page_tells_what_campaigns_did(app: AppTest) -> None:
    (customer_id,) = joined(planned(name="![x](y)"), 1, responded_at=make.NOON)

    at(app, "pages/customers/customer.py", id=customer_id)

    links = [one.proto.label for one in app.get("page_link")]
    told = "Responded to the campaign “![x](y)”"
    assert told in [one.replace("\\", "") for one in links]
    assert told not in links


def test_a_new_campaign_wants_a_name(app: AppTest, admin: Actor) -> None:
    with db.transaction(admin) as session:
        segment = segments.save(session, "Chosen", [make.customer().id])
    at(app, "pages/customers/segments.py")

    app.button(key=f"segment_{segment.id}_campaign_add").click().run()

    assert app.error
    assert all_of(Campaign) == []


def test_service_sees_campaigns_and_changes_none(database: str) -> None:
    campaign = planned()
    joined(campaign, 1)
    app = signed_in(make.actor("Sue", role="service")).run()

    at(app, ONE, id=campaign.id)

    keys = {one.key for one in app.button}
    assert "figure_all" in keys
    assert not keys & {"mark_all", "add_segment", "edit_campaign"}


@pytest.mark.slow
def test_the_campaigns_of_the_demo_company_open(demo_app: AppTest) -> None:
    with db.reading(SYSTEM) as session:
        first = session.scalar(select(func.min(Campaign.id)))
        named = session.scalar(select(func.count(Customer.id)))
    assert first
    assert named

    at(demo_app.run(), ONE, id=first)

    assert not demo_app.error
