"""Churn from orders in the database to a stored result."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
import sklearn

import crm
from crm import db
from crm.models import SYSTEM, Actor, Customer, JobState
from tests import make
from tests.analytics.leavers import small_forests
from tests.results import TODAY, Results, order, shop

HORIZON = 60

RESULTS = Results("churn", {"horizon": HORIZON, "models": ["forest"]})
computed, latest, table = RESULTS.computed, RESULTS.latest, RESULTS.table


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with small_forests():
        yield


@pytest.mark.slow
def test_orders_become_scores_of_every_buyer(admin: Actor) -> None:
    ids = shop(200)
    make.customer(name="Never bought")

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    summary = latest(admin).summary
    assert (summary["method"], summary["customers"]) == ("model", 200)
    assert (summary["learned_on"], summary["judged_on"]) == ("2025-10-03", "2025-12-02")
    for model in ("logistic", "forest"):
        assert sorted(table(admin, f"scores_{model}")["customer_id"]) == ids
    names = ["logistic", "forest", "recency", "base_rate"]
    assert list(summary["models"]) == names
    for curve in ("reliability", "gains", "roc"):
        assert table(admin, curve)["model"].unique().tolist() == names


@pytest.mark.slow
def test_what_happens_after_the_day_changes_nothing(admin: Actor) -> None:
    ids = shop(200)
    computed(admin)
    before = {m: table(admin, f"scores_{m}") for m in ("logistic", "forest")}
    figures = latest(admin).summary

    with db.transaction(SYSTEM) as session:
        for customer_id in ids[::2]:
            session.add(order(customer_id, TODAY + timedelta(days=1)))
    shop_later = make.customer(name="Later")
    make.saved(order(shop_later.id, TODAY + timedelta(days=5)))
    computed(admin)

    assert stripped(latest(admin).summary) == stripped(figures)
    for model, scores in before.items():
        pd.testing.assert_frame_equal(table(admin, f"scores_{model}"), scores)


def stripped(summary: dict[str, Any]) -> dict[str, Any]:
    """Without what depends on the clock, and how much is on record by now."""
    return summary | {"basis": None} | {"card": summary["card"] | {"seconds": None}}


@pytest.mark.slow
def test_all_models_are_compared_unless_some_are_asked_for(admin: Actor) -> None:
    shop(200)

    job = computed(admin, models=[])

    assert (job.state, job.error) == (JobState.DONE, None)
    assert list(latest(admin).summary["models"]) == [
        *("logistic", "boosting", "forest", "svm_linear", "svm_rbf", "bg_nbd"),
        *("recency", "base_rate"),
    ]
    for model in ("logistic", "boosting", "forest"):
        assert len(table(admin, f"scores_{model}")) == 200
    judged = table(admin, "judged")
    assert len(judged) == latest(admin).summary["judged_from"][0]
    assert judged["churned"].sum() == latest(admin).summary["judged_from"][1]
    assert judged["bg_nbd"].between(0, 1).all()


@pytest.mark.slow
def test_the_card_says_what_was_made_by_what(admin: Actor) -> None:
    shop(200)
    computed(admin)

    card = latest(admin).summary["card"]

    assert card["program"] == crm.__version__
    assert card["libraries"]["scikit-learn"] == sklearn.__version__
    assert card["features"] == table(admin, "coefficients")["feature"].tolist()
    assert card["rows"]["scored"] == 200
    assert set(card["seconds"]) == {"logistic", "forest"}
    assert all(spent >= 0 for spent in card["seconds"].values())


@pytest.mark.slow
def test_an_earlier_prediction_is_held_against_what_came(admin: Actor) -> None:
    ids = shop(200)
    earlier = TODAY - timedelta(days=HORIZON)
    computed(admin, as_of=earlier)
    first = latest(admin)
    scores = table(admin, f"scores_{first.summary['best']}")
    assert first.summary["past"] is None

    with db.transaction(SYSTEM) as session:  # customers of whom it knew nothing
        session.add(order(make.customer(name="New").id, TODAY))
    computed(admin)

    past = latest(admin).summary["past"]
    assert (past["analysis_id"], past["as_of"]) == (first.id, earlier.isoformat())
    assert past["customers"] == len(scores) <= len(ids)
    assert past["expected"] == pytest.approx(scores["probability"].mean())
    # Of the same window, the second run was judged on the same outcome.
    judged, left = latest(admin).summary["judged_from"]
    assert past["actual"]["value"] == pytest.approx(left / judged)
    assert past["actual"]["low"] < left / judged < past["actual"]["high"]


@pytest.mark.slow
def test_a_prediction_whose_days_have_not_passed_says_nothing_yet(
    admin: Actor,
) -> None:
    shop(200)
    computed(admin, as_of=TODAY - timedelta(days=HORIZON - 1))
    computed(admin)

    assert latest(admin).summary["past"] is None


@pytest.mark.slow
def test_what_is_entered_about_customers_is_among_the_features(admin: Actor) -> None:
    ids = shop(200)
    with db.transaction(SYSTEM) as session:
        for customer_id in ids[:100]:
            db.get(session, Customer, customer_id).sector = "Hotels"

    computed(admin)

    features = table(admin, "features").set_index("customer_id")
    assert features.loc[ids[0], "sector"] == "Hotels"
    assert features.loc[ids[150], "sector"] == ""
    weighed = table(admin, "coefficients").query("feature == 'sector'")
    assert set(weighed["level"]) == {"Hotels", ""}


@pytest.mark.slow
def test_a_model_that_there_is_not_is_refused(admin: Actor) -> None:
    customer = make.customer()
    for back in (50, 40, 30):
        make.saved(order(customer.id, TODAY - timedelta(days=back)))

    job = computed(admin, models=["magic"])

    assert job.state is JobState.FAILED
    assert "magic" in (job.error or "")


@pytest.mark.slow
def test_orders_of_the_day_itself_count(admin: Actor) -> None:
    first, second = shop(2)
    make.saved(order(first, TODAY))
    make.saved(order(first, TODAY - timedelta(days=30)))
    make.saved(order(second, TODAY - timedelta(days=400)))

    computed(admin)

    scores = table(admin, "scores_rule").set_index("customer_id")
    assert scores.loc[first, "recency"] == 0


@pytest.mark.slow
def test_a_few_customers_get_a_rule_score_and_the_reason_for_it(admin: Actor) -> None:
    customer = make.customer()
    for back in (50, 40, 30):
        make.saved(order(customer.id, TODAY - timedelta(days=back)))

    computed(admin)

    summary = latest(admin).summary
    assert (summary["method"], summary["models"]) == ("rule", {})
    assert "plain rule" in summary["why_rule"]["text"]
    # Last order 30 days ago, usual gap of 10.
    assert table(admin, "scores_rule")["overdue"].tolist() == [3]


@pytest.mark.parametrize(
    ("orders", "horizon", "words"),
    [(0, 60, "No customer has ordered"), (1, 60, "ordered twice"), (1, 5, "7 to 730")],
)
@pytest.mark.slow
def test_what_cannot_be_done_is_told(
    admin: Actor, orders: int, horizon: int, words: str
) -> None:
    customer = make.customer()
    for _order in range(orders):
        make.saved(order(customer.id, TODAY))

    job = computed(admin, horizon=horizon)

    assert job.state is JobState.FAILED
    assert words in (job.error or "")


@pytest.mark.slow
def test_who_sees_only_some_customers_has_scores_of_these_alone(
    admin: Actor, alice: Actor
) -> None:
    hers = shop(3, owner=alice)
    shop(3, seed=2, owner=admin)

    computed(alice)

    assert sorted(table(alice, "scores_rule")["customer_id"]) == hers
