"""The views below the ranking of churn, without a browser: profit, drivers, what if."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.churn.churn import Churn, Cut
from crm.analytics.churn.profit import Costs, profit
from crm.analytics.reasons import Reason
from crm.models import Actor, Analysis
from crm.services import analyses
from crm.ui.insight.churn import words
from tests.analytics import leavers
from tests.analytics.leavers import TODAY, evaluated
from tests.ui.reading import asked, said
from tests.ui.test_churn import Stored, opened, people, stored

CUSTOMERS = 60


@pytest.fixture(scope="module")
def found() -> Churn:
    """Hotels leave with four times the odds of the others."""
    first, second, now = leavers.grouped()
    with leavers.small_forests():
        return evaluated([first, second, Cut(TODAY, now.features.head(CUSTOMERS))])


@pytest.fixture
def kept(admin: Actor, found: Churn) -> Stored:
    return stored(admin, found, people(CUSTOMERS))


def view(app: AppTest, name: str) -> AppTest:
    app.session_state["churn_view"] = name
    return opened(app)


@pytest.mark.slow
def test_the_best_line_is_told_for_the_costs_given(
    app: AppTest, kept: Stored, found: Churn
) -> None:
    view(app, "Costs and profit")
    app.number_input(key="churn_cost").set_value(1.0).run()
    app.segmented_control(key="churn_worth").set_value("flat").run()
    app.number_input(key="churn_amount").set_value(50.0).run()

    judged = found.judged
    expected = profit(
        judged["churned"].to_numpy(),
        judged[found.best or ""].to_numpy(dtype=float),
        pd.Series(50.0, judged.index).to_numpy(),
        Costs(1, 0.2),
    )
    share, acted = expected.best.value, expected.customers[1]
    assert f"at least {share:.0%} likely to leave" in said(app)
    assert f"{acted:,} of {len(judged):,} customers" in said(app)


@pytest.mark.slow
def test_today_is_narrowed_to_the_best_line(app: AppTest, kept: Stored) -> None:
    view(app, "Costs and profit")
    app.number_input(key="churn_cost").set_value(1.0).run()

    app.button(key="churn_use").click().run()

    label = app.button(key="churn_use").label.replace("\\", "")
    assert f"from {app.slider[0].value[0]}% on" in label


@pytest.mark.slow
def test_that_nobody_is_worth_the_cost_is_said(app: AppTest, kept: Stored) -> None:
    view(app, "Costs and profit")

    app.number_input(key="churn_cost").set_value(1e6).run()

    assert "it is best to act on nobody" in said(app)
    assert not app.exception


@pytest.mark.parametrize("cost", [0.0, 1e9])
@pytest.mark.slow
def test_senseless_costs_leave_the_page_whole(
    app: AppTest, kept: Stored, cost: float
) -> None:
    view(app, "Costs and profit")
    app.slider(key="churn_keep").set_value(0).run()

    app.number_input(key="churn_cost").set_value(cost).run()

    assert not app.exception
    assert "nan" not in said(app).lower()


@pytest.mark.slow
def test_drivers_are_called_associations(app: AppTest, kept: Stored) -> None:
    view(app, "What drives it")

    assert "associations, not causes" in said(app)


@pytest.mark.slow
def test_a_customer_as_it_is_has_its_own_probability(
    app: AppTest, kept: Stored
) -> None:
    scores = kept.scores("logistic").sort_values("at_risk", ascending=False)
    first = scores.iloc[0]

    view(app, "What if")

    assert app.selectbox(key="churn_customer").value == first["customer_id"]
    told = metric(app, "Probability of no order, as it is")
    assert told == f"{first['probability']:.1%}"
    assert metric(app, "Were it so") == told


@pytest.mark.slow
def test_a_slider_moves_the_probability_and_can_be_taken_back(
    app: AppTest, kept: Stored
) -> None:
    view(app, "What if")
    before = metric(app, "Were it so")
    days = next(one for one in app.slider if one.label == "Days since the last order")

    days.set_value(1.0).run()
    moved = metric(app, "Were it so")
    next(one for one in app.button if one.label == "As it is").click().run()

    assert float(moved.rstrip("%")) < float(before.rstrip("%"))
    assert metric(app, "Were it so") == before


@pytest.mark.slow
def test_another_sector_can_be_tried(app: AppTest, kept: Stored) -> None:
    view(app, "What if")
    sector = next(one for one in app.selectbox if one.label == "Sector")
    chances = {}

    for word in ("Hotels", "Schools"):
        sector.set_value(word).run()
        chances[word] = float(metric(app, "Were it so").rstrip("%"))

    assert chances["Hotels"] > chances["Schools"]


@pytest.mark.slow
def test_the_address_names_the_customer(app: AppTest, kept: Stored) -> None:
    app.query_params["churn_customer"] = "17"

    view(app, "What if")

    assert app.selectbox(key="churn_customer").value == 17


@pytest.mark.parametrize("given", ["x", "0", "-1", "9" * 30])
@pytest.mark.slow
def test_an_address_that_names_nobody_shows_the_first(
    app: AppTest, kept: Stored, given: str
) -> None:
    app.query_params["churn_customer"] = given

    view(app, "What if")

    assert app.selectbox(key="churn_customer").value in kept.ids


@pytest.mark.slow
def test_without_an_earlier_result_there_is_nothing_to_compare(
    app: AppTest, kept: Stored
) -> None:
    view(app, "Over time")

    assert "No earlier result has a horizon that has passed" in said(app)
    assert "There is only this one yet" in said(app)
    assert "Nothing has changed much" in said(app)


@pytest.mark.slow
def test_results_stand_beside_each_other(
    app: AppTest, admin: Actor, kept: Stored, found: Churn
) -> None:
    past = {
        "customers": 50, "expected": 0.42, "brier": 0.1, "auc": None,
        "actual": {"value": 0.5, "low": 0.4, "high": 0.6},
        "analysis_id": 1, "as_of": "2025-11-01", "horizon": 60,
    }  # fmt: skip
    with db.transaction(admin) as session:
        first = analyses.listed(session, "churn")[0]
        tables = {
            name: analyses.table(session, first.id, name)
            for name in ("scores_logistic", "scores_forest", "drift", "judged")
        }
        more = Analysis(
            kind="churn",
            as_of=TODAY,
            data_at=first.data_at,
            summary=first.summary | {"past": past},
        )
        analyses.store(session, more, tables)

    view(app, "Over time")

    assert "42.0% of 50 customers were expected not to order" in said(app)
    assert "50.0% did not (40.0% to 60.0%" in said(app)
    table = next(one.value for one in app.dataframe if "brier" in one.value)
    auc = found.evaluations[found.best or ""].auc.value
    assert table["auc"].tolist() == pytest.approx([auc, auc])


@pytest.mark.slow
def test_the_card_says_what_made_it(app: AppTest, kept: Stored) -> None:
    opened(app)

    assert "scikit-learn" in said(app)
    assert "Features in use" in said(app)


@pytest.mark.slow
def test_a_result_of_an_earlier_version_is_shown_as_far_as_it_goes(
    app: AppTest, admin: Actor, kept: Stored
) -> None:
    with db.transaction(admin) as session:
        first = analyses.listed(session, "churn")[0]
        names = ("scores_logistic", "scores_forest", "reliability", "gains", "roc")
        tables = {name: analyses.table(session, first.id, name) for name in names}
        gone = ("card", "past", "expected", "models_left_out")
        summary = {n: one for n, one in first.summary.items() if n not in gone}
        older = Analysis(
            kind="churn", as_of=TODAY, data_at=first.data_at, summary=summary
        )
        analyses.store(session, older, tables)

    opened(app)

    assert "Compute anew" in said(app)


def metric(app: AppTest, label: str) -> str:
    return next(str(one.value) for one in app.metric if one.label == label)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason("sector", 0, 0, 1, "Hotels & bars"), "▲ Sector: Hotels & bars"),
        (Reason("source", 0, 0, -1, ""), "▼ Source: nothing entered"),
        (Reason("country", 0, 0, 1, "DE"), "▲ Country: Germany"),
        (Reason("kind", 0, 0, 1, "person"), "▲ Kind: person"),
    ],
)
def test_reasons_that_are_words(reason: Reason, told: str, database: str) -> None:
    assert words.reason(reason) == told


def test_models_can_be_chosen(app: AppTest) -> None:
    opened(app).multiselect(key="churn_models").set_value(["bg_nbd"]).run()

    app.button(key="churn_compute").click().run()

    assert asked("churn")["parameters"] == {"horizon": 90, "models": ["bg_nbd"]}


@pytest.mark.slow
def test_who_left_by_sector_is_shown(app: AppTest, kept: Stored) -> None:
    view(app, "What drives it")

    assert len(app.get("plotly_chart")) == 3
    assert "Each word is looked at by itself" in said(app)
