"""The churn page without a browser: ask, look at a stored result, act on it."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.churn.churn import Churn, Cut
from crm.analytics.reasons import Reason
from crm.jobs.churn import made
from crm.models import (
    SYSTEM,
    Actor,
    Customer,
    Segment,
    SegmentMember,
    Suggestion,
    Ticket,
)
from crm.ui.customers import customers_file
from crm.ui.insight.churn import words
from tests.analytics import leavers
from tests.analytics.histories import features
from tests.analytics.leavers import DAYS, HORIZON, TODAY, evaluated
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import asked, kept, put_away, ranking, said

PAGE = "pages/insight/churn.py"
CUSTOMERS = 60

opened = partial(reading.opened, page=PAGE)


@dataclass(frozen=True)
class Stored:
    """A result about customers who are there, named C1 and so on."""

    found: Churn
    ids: list[int]

    def scores(self, model: str | None = None) -> pd.DataFrame:
        return self.found.scores[model or self.found.best or "rule"]

    def name(self, customer_id: int) -> str:
        return f"C{self.ids.index(customer_id) + 1}"


@pytest.fixture(scope="module")
def found() -> Churn:
    """Learned from many, of the first few customers of a new database."""
    now = leavers.people(3, CUSTOMERS)
    with leavers.small_forests():
        return evaluated([*leavers.planted_cuts()[:2], Cut(TODAY, now)])


@pytest.fixture
def by_model(admin: Actor, found: Churn) -> Stored:
    return stored(admin, found, people(CUSTOMERS))


@pytest.fixture
def by_rule(admin: Actor) -> Stored:
    ids = people(4)
    now = features(4, customer_id=ids, recency=[60, 10, 30, 5], gap=10)
    before = [Cut(day, now.head(0)) for day in DAYS[:2]]
    return stored(admin, evaluated([*before, Cut(TODAY, now)]), ids)


def people(count: int) -> list[int]:
    with db.transaction(SYSTEM) as session:
        made = [Customer(name=f"C{number}") for number in range(1, count + 1)]
        session.add_all(made)
        session.flush()
        ids = [one.id for one in made]
    assert ids == list(range(1, count + 1))
    return ids


def stored(actor: Actor, found: Churn, ids: list[int]) -> Stored:
    kept(actor, "churn", made(found), as_of=TODAY, horizon=HORIZON)
    return Stored(found, ids)


def test_the_empty_page_says_what_to_do_next(app: AppTest) -> None:
    opened(app)

    assert "Nothing has been computed yet." in said(app)
    assert app.button(key="churn_compute")


def test_the_usual_horizon_is_asked_for_with_one_click(app: AppTest) -> None:
    opened(app).button(key="churn_compute").click().run()

    assert asked("churn")["parameters"] == {"horizon": 90}


def test_any_horizon_can_be_asked_for(app: AppTest) -> None:
    opened(app).segmented_control(key="churn_horizon").set_value(0).run()
    app.number_input(key="churn_days").set_value(45).run()
    app.date_input(key="churn_as_of").set_value(TODAY).run()

    app.button(key="churn_compute").click().run()

    assert asked("churn")["parameters"] == {"horizon": 45}
    assert asked("churn")["as_of"] == TODAY.isoformat()


@pytest.mark.slow
def test_the_conclusion_comes_first_then_its_evidence(
    app: AppTest, by_model: Stored
) -> None:
    told = said(opened(app))

    expected = round(by_model.scores()["probability"].sum())
    assert app.subheader[0].value.replace("\\", "") == (
        f"About {expected} of 60 customers ({expected / 60:.0%}) will not order in "
        "the 60 days after Jan 31, 2026"
    )
    auc = by_model.found.evaluations[by_model.found.best or ""].auc
    right, low, high = (f"{100 * end:.0f}" for end in (auc.value, auc.low, auc.high))
    assert f"{right} were ranked rightly (95% interval {low} to {high})" in told
    compared = app.dataframe[1].value
    assert compared["model"].tolist() == [
        *("Logistic regression", "Random forest"),
        *("Days since the last order alone", "The same for everybody"),
    ]
    assert compared["auc"].iloc[3] == "0.500 (0.500 … 0.500)"
    assert "customers as they were on Oct 3, 2025" in told


@pytest.mark.slow
def test_the_other_model_is_shown_at_once(app: AppTest, by_model: Stored) -> None:
    other = "forest" if by_model.found.best == "logistic" else "logistic"
    opened(app)

    app.segmented_control[1].set_value(other).run()

    expected = round(by_model.scores(other)["probability"].sum())
    assert f"About {expected} of 60" in app.subheader[0].value


@pytest.mark.slow
def test_the_likely_ones_stand_by_revenue_at_risk(
    app: AppTest, by_model: Stored
) -> None:
    opened(app)

    likely = by_model.scores().query("probability >= 0.5")
    first = likely.sort_values("at_risk", ascending=False).iloc[0]
    shown = ranking(app).iloc[0]
    assert shown["name"] == by_model.name(first["customer_id"])
    assert shown["probability"] == pytest.approx(first["probability"], abs=5e-4)
    assert f"{len(likely)} of 60 customers" in said(app)
    assert len(ranking(app)) == len(likely)
    assert ranking(app)["first"].str.match("[▲▼] ").all()


@pytest.mark.slow
def test_the_ranking_can_be_by_probability(app: AppTest, by_model: Stored) -> None:
    opened(app).segmented_control(key="churn_order").set_value("probability").run()

    assert ranking(app)["probability"].is_monotonic_decreasing


@pytest.mark.slow
def test_the_slider_narrows_the_ranking(app: AppTest, by_model: Stored) -> None:
    opened(app).slider[0].set_range(20, 40).run()

    shown = ranking(app)["probability"]
    assert len(shown) == by_model.scores()["probability"].between(0.2, 0.4).sum() > 0
    assert shown.between(0.2, 0.4).all()


@pytest.mark.slow
def test_small_customers_can_be_left_out(app: AppTest, by_model: Stored) -> None:
    opened(app).number_input(key="churn_least").set_value(150).run()

    assert (ranking(app)["revenue_180"] >= 150).all()


@pytest.mark.slow
def test_that_nobody_is_left_is_said(app: AppTest, by_model: Stored) -> None:
    opened(app).number_input(key="churn_least").set_value(10**9).run()

    assert "Nobody is within these limits." in said(app)


@pytest.mark.slow
def test_who_is_gone_from_the_database_is_gone_from_the_page(
    app: AppTest, admin: Actor, by_model: Stored
) -> None:
    first = ranking(opened(app)).iloc[0]["name"]
    put_away(admin, first)

    assert first not in ranking(app.run())["name"].tolist()


@pytest.mark.slow
def test_who_sees_only_some_customers_does_not_see_this_result(
    alice: Actor, by_model: Stored
) -> None:
    app = opened(signed_in(alice).run())

    assert "Nothing has been computed yet." in said(app)


@pytest.mark.slow
def test_the_chosen_become_a_segment(app: AppTest, by_model: Stored) -> None:
    opened(app)
    labelled = {one.label: one for one in app.text_input}
    labelled["Name of the new segment"].set_value("Call them").run()

    app.button(key="churn_segment_save").click().run()

    likely = by_model.scores().query("probability >= 0.5")["customer_id"]
    with db.reading(SYSTEM) as session:
        segment = session.scalars(select(Segment)).one()
        members = session.scalars(select(SegmentMember.customer_id)).all()
    assert segment.name == "Call them"
    assert segment.analysis_id is not None
    assert sorted(members) == sorted(likely)


def test_the_file_holds_names_and_reasons(admin: Actor, by_model: Stored) -> None:
    table = by_model.scores().head(2)[["customer_id", "probability"]]

    columns = {"probability": "P"}
    text = customers_file.maker(admin, lambda: table, lambda rows: rows, columns)()

    lines = text.decode("utf-8-sig").splitlines()
    first = table.iloc[0]
    assert lines[0] == '"id","Customer","P"'
    assert lines[1].startswith(
        f'"{first["customer_id"]:.0f}","{by_model.name(first["customer_id"])}","0.9'
    )
    assert len(lines) == 3


def test_the_rule_is_shown_as_such(app: AppTest, by_rule: Stored) -> None:
    opened(app)

    assert "Too little has happened yet" in app.subheader[0].value
    assert "ranked by a plain rule, without probabilities" in said(app)
    # Sixty and thirty days in gaps of ten; the other two are not overdue.
    assert ranking(app)["name"].tolist() == ["C1", "C3"]
    assert ranking(app)["overdue"].tolist() == [6, 3]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason("last_order", 0, 1, 1), "▲ last order today"),
        (Reason("last_order", 1, 0, -1), "▼ last order 1 day ago"),
        (Reason("last_order", 72, 3.14, 1),
         "▲ last order 72 days ago, 3.1 times the usual gap"),
        (Reason("last_order", 20, 1, -1),
         "▼ last order 20 days ago, within the usual gap"),
        (Reason("lately", 0, 2, 1),
         "▲ no order in the last 90 days, 2 in the 90 before"),
        (Reason("lately", 1, 0, 1),
         "▲ 1 order in the last 90 days, 0 in the 90 before"),
        (Reason("history", 12, 410, -1), "▼ 12 orders in 410 days as a customer"),
        (Reason("order_value", 1234.5, 0, 1), "▲ €1,234 per order on average"),
        (Reason("products", 1, 0, 1), "▲ 1 different product"),
        (Reason("returns", 0.125, 0, 1), "▲ 12% of the value sent back"),
        (Reason("returns", 0, 0, -1), "▼ nothing sent back"),
        (Reason("tickets", 2, 1, 1),
         "▲ 2 tickets in the last 90 days, 1 in the 90 before"),
        (Reason("problems", 1, 0, 1), "▲ 1 problem that is not solved"),
        (Reason("problems", 0, 0, -1), "▼ no problem that is not solved"),
    ],
)  # fmt: skip
def test_reasons_in_words(reason: Reason, told: str, database: str) -> None:
    assert words.reason(reason) == told


@pytest.mark.slow
def test_those_at_risk_go_on_the_list_of_today(app: AppTest, by_model: Stored) -> None:
    opened(app).number_input(key="churn_act_count").set_value(5)

    app.button(key="churn_act").click().run()

    assert not app.exception
    with db.reading(SYSTEM) as session:
        made = list(session.scalars(select(Suggestion)))
    first = by_model.scores().sort_values(
        ["at_risk", "customer_id"], ascending=[False, True]
    )
    likely = first[first["probability"] >= 0.5]
    assert {one.customer_id for one in made} == set(likely["customer_id"].head(5))


@pytest.mark.slow
def test_those_at_risk_are_asked_by_a_ticket_each_once(
    app: AppTest, by_model: Stored
) -> None:
    opened(app).number_input(key="churn_ask_count").set_value(5)
    app.text_input(key="churn_ask_subject").set_value("Ask them").run()

    for _click in range(2):
        app.button(key="churn_ask").click().run()

    assert not app.exception
    with db.reading(SYSTEM) as session:
        made = list(session.scalars(select(Ticket)))
    first = by_model.scores().sort_values(
        ["at_risk", "customer_id"], ascending=[False, True]
    )
    likely = first[first["probability"] >= 0.5]
    assert len(made) == 5
    assert {one.customer_id for one in made} == set(likely["customer_id"].head(5))
    assert {one.subject for one in made} == {"Ask them"}

    app.button(key="undo_button").click().run()

    with db.reading(SYSTEM) as session:
        assert session.scalars(select(Ticket)).all() == []


def test_tickets_that_nobody_opened_are_left_out_and_said_to_be(
    app: AppTest, by_model: Stored
) -> None:
    text = said(opened(app))

    (told,) = [line for line in text.splitlines() if "and so left out:" in line]
    assert "Tickets in the last 90 days" in told
    assert "Problems not solved" in told
    (used,) = [line for line in text.splitlines() if "Features: " in line]
    assert "Tickets" not in used
