"""The panel that says how leads are scored, and the score on a lead's page."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.deals.lead_features import FEATURES, THEMES
from crm.analytics.deals.lead_score import LeadScore, evaluate
from crm.analytics.reasons import Reason, reasons
from crm.config import ROOT
from crm.jobs.lead_score import made
from crm.models import Actor, Analysis, Lead, LeadStatus, utcnow
from crm.services import analyses
from crm.ui.sales.lead_score import words
from tests import make
from tests.analytics.leads import NOW, planted
from tests.ui.conftest import signed_in


@pytest.fixture(scope="module")
def signal() -> LeadScore:
    return evaluate(planted(600), at=NOW)


@pytest.fixture(scope="module")
def no_signal() -> LeadScore:
    return evaluate(planted(600, effect=0), at=NOW)


def kept(actor: Actor, found: LeadScore) -> None:
    result = made(found)
    shown = Analysis(
        kind="lead_score", as_of=NOW.date(), data_at=utcnow(), summary=result.summary
    )
    with db.transaction(actor) as session:
        analyses.store(session, shown, result.tables)


def scored(found: LeadScore) -> tuple[Lead, dict[str, Any]]:
    """A lead that is there, and its row of the scores."""
    row = found.scores.iloc[0].to_dict()
    return make.lead(id=int(row["lead_id"])), row


def opened(app: AppTest, page: str = "leads", **query: Any) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = str(value)
    app.switch_page(str(ROOT / f"pages/sales/{page}.py")).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All text of the page, without the signs that keep it from being markup."""
    kinds = ("markdown", "caption", "error", "warning", "info")
    elements = [one for kind in kinds for one in app.get(kind)]
    return "\n".join(str(one.value) for one in elements).replace("\\", "")


def test_the_panel_is_closed_and_says_what_to_do_next(app: AppTest) -> None:
    assert "Nothing has been computed yet." not in said(opened(app))
    assert "Nothing has been computed yet." in said(opened(app, leads_how="true"))

    app.button(key="leads_compute").click().run()

    with db.reading(make.actor("Ada", role="admin")) as session:
        assert analyses.under_way(session, "lead_score") is not None


@pytest.mark.slow
def test_the_panel_judges_before_it_explains(
    app: AppTest, admin: Actor, signal: LeadScore
) -> None:
    kept(admin, signal)
    ended, converted = signal.counts.ended
    auc = signal.judged["model"].auc.value

    told = said(opened(app, leads_how="true"))

    figures = [one.value for one in app.metric]
    open_ = str(signal.counts.open)
    assert figures == [str(ended), f"{converted / ended:.0%}", f"{auc:.2f}", open_]
    assert f"{100 * auc:.0f} were ranked rightly" in told
    [table] = app.dataframe
    assert table.value["model"].tolist()[-1] == "The same for all"
    assert "Of imported leads" in told  # how it was made

    app.segmented_control(key="leads_view").set_value("drivers").run()
    assert not app.exception
    assert "associations, not causes" in said(app)


@pytest.mark.slow
def test_without_a_signal_the_base_rate_stands_instead(
    app: AppTest, admin: Actor, no_signal: LeadScore
) -> None:
    kept(admin, no_signal)
    ended, converted = no_signal.counts.ended
    row = make.lead()

    told = said(opened(app, leads_how="true"))

    assert "No signal in your history" in told
    assert "no better than by lot" in told
    assert f"Of {ended} that have ended, {converted} were converted" in told
    assert "View" not in {one.label for one in app.segmented_control}

    told = said(opened(app, "lead", id=row.id))
    assert "No signal in your history" in told
    assert f"Of all that have ended: {converted / ended:.0%} (" in told


@pytest.mark.slow
def test_a_lead_shows_its_score_beside_the_base_rate(
    app: AppTest, admin: Actor, signal: LeadScore
) -> None:
    kept(admin, signal)
    lead, row = scored(signal)
    later = make.lead(id=10_000)

    told = said(opened(app, "lead", id=lead.id))

    assert f"{row['probability']:.0%} to be converted" in told
    assert "Of all that have ended:" in told
    for one in reasons(row):
        assert words.reason(one) in told
    told = said(opened(app, "lead", id=later.id))
    assert "It had not come in when this was computed." in told


@pytest.mark.slow
def test_who_sees_some_leads_sees_the_score_that_is_stored(alice: Actor) -> None:
    hers = make.lead(alice, score="0.25")
    ended = make.lead(alice, score="0.25", status=LeadStatus.CONVERTED)
    app = signed_in(alice).run()

    assert "25% to be converted" in said(opened(app, "lead", id=hers.id))
    assert "to be converted" not in said(opened(app, "lead", id=ended.id))


@pytest.mark.slow
def test_the_list_shows_scores_as_percentages(app: AppTest) -> None:
    make.lead(score="0.4321")
    make.lead(score=None)

    opened(app, leads_s="-score")

    scores = app.dataframe[0].value["score"]
    assert scores.fillna(-1).tolist() == [0.43, -1]


def test_all_themes_and_columns_have_words() -> None:
    for theme in THEMES:
        for value in (0.0, 1.0):
            told = words.reason(Reason(theme, value, value, -0.1, "fair"))
            assert told.startswith("▼ ")
            assert words.THEMES[theme]
    for name in FEATURES:
        assert words.column({"feature": name, "level": ""}) == FEATURES[name]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Reason("source", 0, 0, 1, "fair"), "▲ Source: fair"),
        (Reason("source", 0, 0, 1, ""), "▲ Source: nothing entered"),
        (Reason("email", 1, 1, 1), "▲ e-mail at a domain of its own"),
        (Reason("email", 0, 1, -1), "▼ e-mail at a provider for everyone"),
        (Reason("email", 0, 0, -1), "▼ came in without an e-mail"),
        (Reason("notes", 1, 0, 1), "▲ 1 word in the notes"),
        (Reason("moment", 1, 0, 1), "▲ came in on a weekend"),
        (Reason("moment", 0, 0, 1), "▲ came in on a weekday before 8 or after 18"),
    ],
)
def test_reasons_are_plain_words(one: Reason, told: str) -> None:
    assert words.reason(one) == told
