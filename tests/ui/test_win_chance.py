"""The page of the chance to win without a browser, and the card on an opportunity."""

import csv
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert
from sqlmodel import SQLModel
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.deals import win_chance
from crm.analytics.deals.win_chance import WinChance
from crm.analytics.deals.win_features import THEMES
from crm.analytics.reasons import Reason, reasons
from crm.config import ROOT
from crm.i18n import language
from crm.jobs.win_chance import made
from crm.models import SYSTEM, Actor, Analysis, Opportunity, StageKind, utcnow
from crm.services import analyses
from crm.ui.sales.win_chance import deals_table, open_deals, words
from crm.ui.sales.win_chance.deals_table import Listed
from tests import make
from tests.analytics.closed_deals import NOW, few_trees, planted
from tests.make import NOON
from tests.ui.conftest import signed_in

PAGE = "pages/sales/win_chance.py"
DEALS = 320


@dataclass(frozen=True)
class Stored:
    """A result about opportunities that are there, named Deal 1 and so on."""

    found: WinChance
    analysis_id: int

    @property
    def first(self) -> dict[str, Any]:
        row: dict[str, Any] = self.found.scores.iloc[0].to_dict()
        return row


@pytest.fixture(scope="module")
def signal() -> WinChance:
    with few_trees():
        return win_chance.evaluate(planted(DEALS), at=NOW)


@pytest.fixture(scope="module")
def no_signal() -> WinChance:
    with few_trees():
        return win_chance.evaluate(planted(DEALS, effect=0), at=NOW)


@pytest.fixture
def scored(admin: Actor, signal: WinChance) -> Stored:
    return kept(admin, signal)


def kept(actor: Actor, found: WinChance) -> Stored:
    """Stored, its opportunities being open ones of a single customer."""
    customer, stage = make.customer(actor, name="Acme"), make.stages()["Prospecting"]
    rows = [
        {
            "id": number,
            "customer_id": customer.id,
            "name": f"Deal {number}",
            "pipeline_id": stage.pipeline_id,
            "stage_id": stage.id,
            "state": StageKind.OPEN,
            "stage_since": NOON,
            "currency": "EUR",
            "created_at": NOON,
            "updated_at": NOON,
            "version": 1,
        }
        for number in range(1, DEALS + 1)
    ]
    with db.transaction(SYSTEM) as session:
        table = SQLModel.metadata.tables["opportunity"]
        session.connection().execute(insert(table), rows)
    result = made(found)
    shown = Analysis(
        kind="win_chance", as_of=NOW.date(), data_at=utcnow(), summary=result.summary
    )
    with db.transaction(actor) as session:
        return Stored(found, analyses.store(session, shown, result.tables))


def opened(app: AppTest, page: str = PAGE, **query: Any) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = str(value)
    app.switch_page(str(ROOT / page)).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All text of the page, without the signs that keep it from being markup."""
    kinds = ("markdown", "caption", "subheader", "error", "warning", "info")
    elements = [one for kind in kinds for one in app.get(kind)]
    return "\n".join(str(one.value) for one in elements).replace("\\", "")


def open_ones(app: AppTest) -> pd.DataFrame:
    table: pd.DataFrame = app.dataframe[0].value
    return table


def test_the_empty_page_says_what_to_do_next(app: AppTest) -> None:
    assert "Nothing has been computed yet." in said(opened(app))


@pytest.mark.slow
def test_the_conclusion_comes_first_then_what_is_open(
    app: AppTest, scored: Stored
) -> None:
    scores = scored.found.scores
    wins = round(float(scores["probability"].sum()))

    opened(app)

    headline = app.subheader[0].value.replace("\\", "")
    assert headline == f"About {wins} of {len(scores)} open opportunities will be won"
    shown = open_ones(app)
    assert shown["name"].tolist() == [f"Deal {n}" for n in scores["opportunity_id"]]
    assert shown["first"].str.match("[▲▼] Source: (fair|web)").all()
    assert shown["probability"].iloc[0] == pytest.approx(
        scored.first["probability"], abs=0.006
    )
    assert (shown["customer"] == "Acme").all()


@pytest.mark.slow
def test_filter_and_order_are_in_the_address(app: AppTest, scored: Stored) -> None:
    scores = scored.found.scores

    opened(app, win_least="0.5", win_order="expected")

    likely = scores[scores["probability"] >= 0.5]
    likely = likely.sort_values("expected", ascending=False)
    shown = open_ones(app)
    assert shown["name"].tolist() == [f"Deal {n}" for n in likely["opportunity_id"]]
    assert f"{len(likely)} of {len(scores)} open opportunities" in said(app)


@pytest.mark.parametrize(
    ("landmark", "mark"),
    [
        ("now", "reliability:1"),
        ("opening", "reliability:0"),
        ("now", "lift:logistic:10"),
    ],
)
@pytest.mark.slow
def test_every_mark_opens_what_is_behind_it(
    app: AppTest, scored: Stored, landmark: str, mark: str
) -> None:
    judged = getattr(scored.found, landmark)
    figures = judged.evaluations[scored.found.best]

    opened(app, win_at=landmark, win_mark=mark)

    told, behind = said(app), app.dataframe[1].value
    if mark.startswith("lift"):
        count = round(len(judged.table) / 10)
        best = judged.table.nlargest(count, "logistic", keep="all")
        assert "The first 10% by: Logistic regression" in told
        assert set(behind["name"]) <= {f"Deal {n}" for n in best["opportunity_id"]}
    else:
        group = figures.reliability.iloc[int(mark[-1])]
        count = int(group["customers"])
        won = round(group["actual"] * count)
        assert (behind["outcome"] == "Won").sum() == won
        assert behind["probability"].mean() == pytest.approx(
            group["predicted"], abs=0.01
        )
    assert len(behind) == count
    app.button(key="win_close").click().run()
    assert "win_mark" not in app.query_params


@pytest.mark.parametrize("mark", ["reliability:99", "reliability:x", "lift:", "what"])
@pytest.mark.slow
def test_a_mark_that_is_not_there_opens_nothing(
    app: AppTest, scored: Stored, mark: str
) -> None:
    opened(app, win_mark=mark)

    assert not [one for one in app.button if one.key == "win_close"]


@pytest.mark.slow
def test_drivers_open_the_open_ones_they_move(app: AppTest, scored: Stored) -> None:
    opened(app, win_view="drivers", win_mark="drivers:source")

    assert "Open, and among their reasons: Source" in said(app)
    assert len(app.dataframe[1].value) == len(scored.found.scores)


@pytest.mark.slow
def test_without_a_signal_the_base_rate_stands_instead(
    app: AppTest, admin: Actor, no_signal: WinChance
) -> None:
    stored = kept(admin, no_signal)
    closed, won = stored.found.counts.closed

    opened(app)

    assert app.subheader[0].value == "No signal in your history"
    told = said(app)
    assert "no better than by lot" in told
    assert f"Of {closed} that are closed, {won} were won" in told
    assert app.metric[0].value == f"{won / closed:.0%}"
    assert len(app.dataframe) == 1  # how the models fared, and nobody's chance

    opened(app, "pages/sales/opportunity.py", id=1)
    assert "No signal in your history" in said(app)
    low, high = (getattr(stored.found.counts.base_rate, end) for end in ("low", "high"))
    assert f"{won / closed:.0%} ({low:.0%} to {high:.0%})" in said(app)


@pytest.mark.slow
def test_an_opportunity_shows_its_chance_beside_the_base_rate(
    app: AppTest, scored: Stored
) -> None:
    row, usual = scored.first, scored.found.usual_amount

    opened(app, "pages/sales/opportunity.py", id=row["opportunity_id"])

    told = said(app)
    assert f"{row['probability']:.0%} to be won" in told
    assert "Of all that is closed:" in told
    for one in reasons(row):
        assert words.reason(one, usual) in told


@pytest.mark.slow
def test_a_later_one_is_told_from_those_that_were_scored(
    app: AppTest, scored: Stored
) -> None:
    scores = set(scored.found.scores["opportunity_id"])
    other = next(n for n in range(1, DEALS) if n not in scores)

    opened(app, "pages/sales/opportunity.py", id=other)

    assert "It was not open yet when this was computed." in said(app)


@pytest.mark.slow
def test_who_sees_some_customers_sees_the_chance_that_is_stored(
    admin: Actor, alice: Actor
) -> None:
    row = make.opportunity(make.customer(alice), win_chance="0.25")
    app = signed_in(alice).run()

    opened(app, "pages/sales/opportunity.py", id=row.id)

    assert "25% to be won" in said(app)


@pytest.mark.slow
def test_the_file_names_what_is_in_reach(admin: Actor, scored: Stored) -> None:
    scores = scored.found.scores
    with db.transaction(admin) as session:
        gone = db.get(session, Opportunity, int(scores["opportunity_id"].iloc[-1]))
        gone.deleted_at = utcnow()
    usual = scored.found.usual_amount
    listed = Listed(
        scores,
        lambda some: open_deals.columns(some, usual),
        {"probability": {"label": "Probability"}, "first": {"label": "First reason"}},
    )

    text = deals_table.maker(admin, listed)().decode("utf-8-sig")
    lines = list(csv.reader(text.splitlines()))

    assert lines[0][:4] == ["id", "Opportunity", "Customer", "Stage"]
    assert len(lines) - 1 == len(scores) - 1
    first = scored.first["opportunity_id"]
    assert lines[1][:4] == [str(first), f"Deal {first}", "Acme", "Prospecting"]
    assert lines[1][5].startswith("▲ Source: ")


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_every_theme_has_words(code: str) -> None:
    with language(code):
        for theme in THEMES:
            told = words.reason(Reason(theme, 0.5, 2, 0.1, "x"), 100.0)
            assert told.startswith("▲ ")
        assert words.reason(Reason("amount", 50, 0, -0.1), None).startswith("▼ ")


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Reason("stage", 0.75, 4, 1), "▲ stage 3 of 4"),
        (
            Reason("time", 40, 12, -1),
            "▼ open for 40 days, 12 of them in this stage",
        ),
        (Reason("amount", 2100, 0, 1), "▲ worth €2,100, 2.1 times the usual"),
        (
            Reason("close_date", 3, 2, -1),
            "▼ expected close passed 3 days ago, put off 2 times",
        ),
        (Reason("restated", 1, 0, 1), "▲ amount restated 1 time"),
        (Reason("activity", 0, 0, -1), "▼ no activity so far"),
        (
            Reason("activity", 1, 9.6, 1),
            "▲ 1 activity so far, the last 10 days ago",
        ),
        (Reason("next_step", 1, 2, 1), "▲ a next step is planned, 2 done so far"),
        (
            Reason("customer", 1, 0, 1),
            "▲ with the customer before: 1 won, 0 lost",
        ),
        (Reason("country", 0, 0, 1, "DE"), "▲ Country: Germany"),
    ],
)
def test_reasons_are_plain_words(one: Reason, told: str) -> None:
    assert words.reason(one, 1000.0) == told


def test_amounts_say_their_currency() -> None:
    config = open_deals._config()

    labels = {name: one["label"] for name, one in config.items()}
    assert (labels["amount"], labels["expected"]) == (
        "Amount, EUR",
        "Expected amount, EUR",
    )
