from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.analytics.churn import churn, churn_choice
from crm.analytics.churn.churn import SCORE, Churn, Cut
from crm.analytics.churn.churn_choice import MODELS, SCORED
from crm.analytics.churn.churn_features import FEATURES, GROUPS
from crm.analytics.churn.churn_judging import by_word
from crm.analytics.churn.churn_learning import SCORES
from crm.analytics.reasons import reasons
from crm.errors import Invalid
from tests.analytics import histories
from tests.analytics.histories import future
from tests.analytics.leavers import (
    CUSTOMERS,
    DAYS,
    HORIZON,
    TODAY,
    evaluated,
    grouped,
    people,
    planted,
    planted_cuts,
    small_forests,
    words,
)

LINEAR = ["logistic"]  # where the forest has nothing to add, as it takes its time


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    with small_forests():
        yield


@pytest.fixture(scope="module")
def found() -> Churn:
    return evaluated(planted_cuts())


@pytest.fixture(scope="module")
def upside_down() -> Churn:
    """What was learned in the first window is wrong in the second."""
    return evaluated(planted_cuts(direction=-1))


def test_days_lie_one_horizon_apart() -> None:
    assert churn.days(date(2026, 1, 31), 30) == (
        *(date(2025, 12, 2), date(2026, 1, 1), date(2026, 1, 31)),
    )


@pytest.mark.parametrize("horizon", [-30, 0, 6, 731, 10**9])
def test_a_senseless_horizon_is_refused_in_words(horizon: int) -> None:
    with pytest.raises(Invalid, match="from 7 to 730"):
        churn.days(TODAY, horizon)


@pytest.mark.slow
def test_the_planted_probabilities_are_found(found: Churn) -> None:
    truth = pd.Series(planted(people(3), 0)[0], index=people(3)["customer_id"])

    scores = found.scores["logistic"].set_index("customer_id")["probability"]

    assert (scores - truth).abs().mean() < 0.03
    assert (scores - truth).abs().max() < 0.15


@pytest.mark.slow
def test_what_decides_is_found_and_what_does_not_is_not(found: Churn) -> None:
    weights = found.coefficients.set_index("feature")["coefficient"]

    # One deviation of log (1 + x) moves the log-odds so much; three errors are 0.2.
    recency, frequency = (
        np.log1p(people(2)[x]).std() for x in ("recency", "frequency")
    )
    assert weights["recency"] == pytest.approx(1.2 * recency, abs=0.2)
    assert weights["frequency"] == pytest.approx(-frequency, abs=0.2)
    assert weights[["tenure", "monetary", "products"]].abs().max() < 0.2


def test_the_judged_quality_is_that_of_the_truth(found: Churn) -> None:
    p, buy = planted(people(2), 12)
    came = ~people(2)["customer_id"].isin(buy["customer_id"]).to_numpy()
    best_possible = churn_auc(came, p)

    auc = found.evaluations["logistic"].auc

    assert auc.value == pytest.approx(best_possible, abs=0.01)
    assert auc.low < best_possible < auc.high


def churn_auc(came: np.ndarray, p: np.ndarray) -> float:
    """By counting all pairs."""
    return float((p[came][:, None] > p[~came]).mean())


def test_models_stand_beside_recency_and_the_base_rate(found: Churn) -> None:
    evaluations = found.evaluations

    assert list(evaluations) == ["logistic", "forest", "recency", "base_rate"]
    assert list(found.seconds) == ["logistic", "forest"]
    assert evaluations["base_rate"].auc.value == 0.5
    assert evaluations["base_rate"].lift_10 == pytest.approx(1)
    assert evaluations["recency"].auc_gain is None
    gain = evaluations["logistic"].auc_gain
    assert gain is not None
    assert gain.low > 0


def test_probabilities_come_true(found: Churn) -> None:
    judged = found.evaluations["logistic"]

    assert judged.slope == pytest.approx(1, abs=0.2)
    assert judged.intercept == pytest.approx(0, abs=0.15)
    assert (judged.reliability["low"] <= judged.reliability["predicted"]).sum() >= 8
    assert (judged.reliability["predicted"] <= judged.reliability["high"]).sum() >= 8


def test_the_linear_truth_is_told_best_by_the_linear_model(found: Churn) -> None:
    assert found.best == "logistic"


def test_nothing_speaks_against_a_good_model(found: Churn) -> None:
    assert found.notes == ()


def test_who_was_learned_from_is_told(found: Churn) -> None:
    buy = planted(people(1), 11)[1]

    assert (found.learned_on, found.judged_on, found.as_of) == DAYS
    assert found.learned_from == (CUSTOMERS, CUSTOMERS - len(buy))
    assert found.method == "model"


def test_every_customer_is_scored_once_the_likeliest_first(found: Churn) -> None:
    for table in found.scores.values():
        assert sorted(table["customer_id"]) == list(range(1, CUSTOMERS + 1))
        assert table["probability"].is_monotonic_decreasing
        assert table.dtypes.astype(str).to_dict() == SCORES


def test_revenue_at_risk_is_probability_times_revenue(found: Churn) -> None:
    table = found.scores["forest"]

    expected = table["probability"] * table["revenue_180"]
    assert table["at_risk"].tolist() == pytest.approx(expected.tolist())


def test_a_probability_is_the_intercept_and_all_contributions(found: Churn) -> None:
    weights = found.coefficients.set_index("feature")
    row = found.scores["logistic"].iloc[0]
    features = people(3).set_index("customer_id").loc[row["customer_id"]]

    x = np.log1p(features[weights.index].to_numpy(dtype=float))
    z = (x.clip(weights["low"], weights["high"]) - weights["mean"]) / weights[
        "deviation"
    ]
    odds = found.intercept + (weights["coefficient"] * z).sum()

    assert row["probability"] == pytest.approx(1 / (1 + np.exp(-odds)))


@pytest.mark.parametrize("model", ["logistic", "forest"])
def test_the_planted_reasons_are_told(found: Churn, model: str) -> None:
    table = found.scores[model]

    first, last = (reasons(table.iloc[row].to_dict()) for row in (0, -1))

    assert {one.theme for one in first[:2]} == {"last_order", "history"}
    assert {one.direction for one in first[:2]} == {"raises"}
    assert {one.direction for one in last[:1]} == {"lowers"}


@pytest.mark.slow
def test_the_judged_customers_teach_nothing_before_they_are_judged(
    upside_down: Churn,
) -> None:
    assert upside_down.evaluations["logistic"].auc.high < 0.3
    assert upside_down.evaluations["forest"].auc.high < 0.3


@pytest.mark.slow
def test_scores_are_learned_from_the_newest_outcome(upside_down: Churn) -> None:
    recency = people(3).set_index("customer_id")["recency"]
    scores = upside_down.scores["logistic"].set_index("customer_id")["probability"]
    assert scores.corr(recency, method="spearman") < -0.5


@pytest.mark.slow
def test_a_ranking_no_better_than_chance_is_called_so() -> None:
    found = evaluated(planted_cuts(direction=0), models=LINEAR)

    assert "no better than chance" in words(found)


@pytest.mark.slow
def test_a_model_no_better_than_recency_is_called_so() -> None:
    tables = [people(seed).assign(frequency=6) for seed in (1, 2, 3)]
    cuts = [
        Cut(day, table, planted(table, 20 + number)[1])
        for number, (day, table) in enumerate(zip(DAYS, tables, strict=True))
    ]

    found = evaluated(cuts, models=LINEAR)

    assert "no better than the days since the last order" in words(found)


@pytest.mark.slow
def test_that_the_world_has_changed_is_told() -> None:
    found = evaluated(planted_cuts(base=1.5), models=LINEAR)

    assert "trust the order of the customers more" in words(found)


@pytest.mark.slow
def test_outcomes_of_todays_customers_are_not_looked_at(found: Churn) -> None:
    train, test, now = planted_cuts()
    peeking = Cut(now.as_of, now.features, future(range(1, 1000)))

    sighted = evaluated([train, test, peeking])

    for name, table in found.scores.items():
        pd.testing.assert_frame_equal(table, sighted.scores[name])


@pytest.mark.slow
def test_orders_after_the_day_change_nothing() -> None:
    orders = ordered(seed=5)
    later = orders.assign(
        ordered_on=pd.Timestamp(TODAY) + pd.to_timedelta(1 + orders.index % 90, "D"),
        total=9999.0,
    )

    before = evaluated(histories.cuts(orders, TODAY, HORIZON))
    after = evaluated(histories.cuts(pd.concat([orders, later]), TODAY, HORIZON))

    assert before.method == "model"
    assert before.evaluations["forest"].auc == after.evaluations["forest"].auc
    for name, table in before.scores.items():
        pd.testing.assert_frame_equal(table, after.scores[name])


def ordered(seed: int, customers: int = 400) -> pd.DataFrame:
    """A year of orders up to `TODAY`, of customers who buy at a rate of their own."""
    random = np.random.default_rng(seed)
    count = 1 + random.poisson(random.gamma(1, 5, customers))
    ids = np.repeat(np.arange(1, customers + 1), count)
    back = pd.to_timedelta(random.integers(0, 365, len(ids)), "D")
    columns = {"customer_id": ids, "ordered_on": pd.Timestamp(TODAY) - back}
    return pd.DataFrame(columns | {"total": 10.0, "units": 1})


@pytest.mark.slow
def test_the_same_customers_get_the_same_scores(found: Churn) -> None:
    again = evaluated(planted_cuts())

    pd.testing.assert_frame_equal(found.scores["forest"], again.scores["forest"])


@pytest.mark.slow
def test_progress_rises_to_1() -> None:
    told: list[float] = []

    evaluated(planted_cuts(), models=LINEAR, on_progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 1


@pytest.fixture(scope="module")
def of_groups() -> Churn:
    return evaluated(grouped(), models=["logistic", "boosting"])


@pytest.mark.slow
def test_a_planted_word_is_found_at_its_strength(of_groups: Churn) -> None:
    """Hotels leave with four times the odds of schools and offices."""
    weights = of_groups.coefficients.query("feature == 'sector'")
    by_word = weights.set_index("level")["coefficient"]

    assert by_word["Hotels"] - by_word["Schools"] == pytest.approx(np.log(4), abs=0.35)
    assert by_word["Offices"] - by_word["Schools"] == pytest.approx(0, abs=0.35)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["logistic", "boosting"])
def test_a_planted_word_is_told_as_a_reason(of_groups: Churn, model: str) -> None:
    sectors = grouped()[2].features.set_index("customer_id")["sector"]

    for row in of_groups.scores[model].sample(200, random_state=0).to_dict("records"):
        for one in reasons(row):
            if one.theme == "sector":
                assert one.word == sectors[row["customer_id"]]
                if one.word == "Hotels":
                    assert one.direction == "raises"


def test_what_was_planted_is_most_important(of_groups: Churn) -> None:
    table = of_groups.importances.query("model == 'boosting'")

    assert set(table["theme"].head(3)) == {"last_order", "history", "sector"}
    assert (table["low"].head(3) > 0).all()


def test_the_judged_customers_are_kept_with_what_came(found: Churn) -> None:
    judged = found.judged

    assert len(judged) == found.judged_from[0]
    assert judged["churned"].sum() == found.judged_from[1]
    for model in ("logistic", "forest"):
        auc = churn_auc(judged["churned"].to_numpy(), judged[model].to_numpy())
        assert auc == pytest.approx(found.evaluations[model].auc.value, abs=1e-3)


def test_customers_of_the_same_kind_have_not_drifted(found: Churn) -> None:
    """All three cuts are drawn alike."""
    assert set(found.drift["feature"]) == {*FEATURES, *GROUPS, SCORE}
    assert found.drift["psi"].max() < 0.1


@pytest.mark.slow
def test_all_models_are_compared_unless_some_are_asked_for() -> None:
    found = evaluated(planted_cuts(), models=[])

    assert list(found.evaluations) == [*MODELS, "recency", "base_rate"]
    assert list(found.scores) == list(SCORED)
    assert {"boosting", "bg_nbd"} < set(found.judged.columns)


@pytest.mark.slow
def test_slow_models_are_left_out_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(churn_choice.SMALL, "svm_rbf", 100)

    found = evaluated(planted_cuts(), models=[])

    assert "svm_rbf" not in found.evaluations
    [note] = found.left_out
    assert str(note).startswith("RBF SVM was not computed: beyond 100 customers")


def test_who_left_by_word_by_hand() -> None:
    """Three of four hotels, and one of five others; Wilson's interval of 3 of 4."""
    words = ["Hotels"] * 4 + ["Schools"] * 5
    left = [True, True, True, False] + [True] + [False] * 4
    judged = pd.DataFrame({"sector": words, "churned": left})

    first, second = by_word(judged, "sector").to_dict("records")

    assert (first["word"], first["customers"], first["left"]) == ("Schools", 5, 0.2)
    assert (second["word"], second["customers"], second["left"]) == ("Hotels", 4, 0.75)
    assert second["low"] == pytest.approx(0.301, abs=0.001)
    assert second["high"] == pytest.approx(0.954, abs=0.001)
