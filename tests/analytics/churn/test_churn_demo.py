"""The demo company, in which it is planted who has left for good, and why."""

from datetime import date

import pandas as pd
import pytest

from crm.analytics import ranking
from crm.analytics.churn import churn
from crm.analytics.churn.churn import Churn, Cut
from crm.analytics.churn.churn_judging import by_word
from crm.analytics.reasons import reasons
from crm.demo import DemoCompany, generate
from crm.demo.truths import HAZARD
from tests.analytics import histories
from tests.analytics.demo_orders import numbers, worth
from tests.analytics.leavers import small_forests

TODAY = date(2026, 3, 2)
ENTERED = ["kind", "country", "sector", "source"]
SEEDS = (7, 8, 9)  # three companies, so that a driver of few customers shows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return generate(today=TODAY)


@pytest.fixture(scope="module")
def found(company: DemoCompany) -> Churn:
    with small_forests():
        return churn.evaluate(*cuts(company), horizon=90)


@pytest.fixture(scope="module")
def scored(company: DemoCompany, found: Churn) -> pd.DataFrame:
    """By customer: `gone` for good in truth, and its probability by each model."""
    truths = company.truths.customers
    left = truths.set_index(numbers(truths["customer_external_id"]))["churned_on"]
    columns = {
        name: table.set_index("customer_id")["probability"]
        for name, table in found.scores.items()
    }
    return pd.DataFrame(columns | {"gone": left.notna()}).dropna()


@pytest.fixture(scope="module")
def three() -> list[Churn]:
    """Logistic regression in each of three companies."""
    companies = [generate(today=TODAY, seed=seed, activities=0) for seed in SEEDS]
    return [
        churn.evaluate(*cuts(one), horizon=90, models=["logistic"]) for one in companies
    ]


@pytest.fixture(scope="module")
def weights(three: list[Churn]) -> pd.DataFrame:
    """Its coefficients, a column per company."""
    tables = [one.coefficients.set_index(["feature", "level"]) for one in three]
    return pd.concat([table["coefficient"] for table in tables], axis=1)


@pytest.fixture(scope="module")
def judged(three: list[Churn]) -> list[pd.DataFrame]:
    return [one.judged for one in three]


def cuts(company: DemoCompany) -> list[Cut]:
    """With what is entered about the customers, and what they have sent back."""
    ids = numbers(company.customers["external_id"])
    entered = company.customers.set_index(ids)[ENTERED]
    back = worth(company, "return")
    made = []
    for cut in histories.cuts(worth(company, "sale"), TODAY, 90):
        features = cut.features.drop(columns=ENTERED)
        features = features.merge(entered, left_on="customer_id", right_index=True)
        then = back[back["ordered_on"] <= pd.Timestamp(cut.as_of)]
        sent = -then.groupby("customer_id")["total"].sum()
        sold = features["monetary"] * features["frequency"]
        share = features["customer_id"].map(sent).fillna(0) / sold
        features = features.assign(returned=share.clip(0, 1))
        made.append(Cut(cut.as_of, features.reset_index(drop=True), cut.future))
    return made


@pytest.mark.parametrize("model", ["logistic", "boosting", "forest"])
def test_who_has_left_for_good_is_ranked_first(
    scored: pd.DataFrame, model: str
) -> None:
    """Those who stay may pause for 90 days too, so no ranking is without a fault."""
    gone = scored["gone"].to_numpy(dtype=bool)

    assert ranking.auc(gone, scored[model].to_numpy()).low > 0.8
    assert scored.loc[gone, model].mean() > 2 * scored.loc[~gone, model].mean()


@pytest.mark.parametrize("model", ["logistic", "boosting", "forest"])
def test_models_beat_recency_and_bg_nbd_where_more_is_planted(
    found: Churn, model: str
) -> None:
    gain = found.evaluations[model].auc_gain

    assert gain is not None
    assert gain.low > 0
    assert found.evaluations[model].auc.low > found.evaluations["bg_nbd"].auc.value


def test_a_planted_sector_makes_leaving_likelier(weights: pd.DataFrame) -> None:
    """On average of three companies, and more than most other sectors."""
    sectors = weights.loc["sector"].mean(axis=1)

    assert ("sector", "Hospitality") in HAZARD
    assert sectors["Hospitality"] > 0.1
    assert sectors["Hospitality"] > sectors.drop("Hospitality").quantile(0.75)


@pytest.mark.parametrize(("group", "word"), list(HAZARD))
def test_customers_with_a_planted_driver_left_more_often(
    judged: list[pd.DataFrame], group: str, word: str
) -> None:
    """In each of three companies; how they order tells the models most of it."""
    for table in judged:
        left = by_word(table, group).set_index("word")["left"]
        assert left[word] > table["churned"].mean()


def test_what_is_sent_back_makes_leaving_likelier(weights: pd.DataFrame) -> None:
    assert (weights.loc[("returned", "")] > 0).all()


def test_that_orders_fade_is_what_the_ranking_stands_on(found: Churn) -> None:
    """Customers who mean to leave order at a quarter of their rate."""
    table = found.importances.query("model == 'boosting'")

    assert {"last_order", "lately"} <= set(table["theme"].head(3))


def test_the_planted_words_are_among_the_reasons_of_leavers(found: Churn) -> None:
    """Where one is told at all, it is told to raise the chance."""
    told = found.scores["logistic"].query("probability > 0.3").to_dict("records")
    words = {word for _group, word in HAZARD}
    named = [one for row in told for one in reasons(row) if one.word in words]

    assert len(named) >= 5
    assert {one.direction for one in named} == {"raises"}
