"""Figures measured before on published data; what the data is not here is skipped."""

from datetime import date

import pandas as pd
import pytest

from crm.analytics import ranking
from crm.analytics.churn import churn
from crm.analytics.churn.churn import Churn
from crm.analytics.lifetime import bg_nbd
from crm.analytics.lifetime.histories import Histories
from crm.analytics.lifetime.histories import histories as of_buyers
from tests.analytics import histories
from tests.analytics.histories import cdnow, retail

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> Churn:
    """Judged on 31 December 1997, by the 91 days up to 1 April 1998."""
    cuts = histories.cuts(cdnow(), date(1998, 4, 1), 91)
    return churn.evaluate(*cuts, horizon=91)


@pytest.mark.parametrize(
    ("model", "auc"),
    [("logistic", 0.8085), ("forest", 0.800), ("recency", 0.793), ("boosting", 0.8056),
     ("svm_linear", 0.8082), ("bg_nbd", 0.7932)],
)  # fmt: skip
def test_cdnow_is_ranked_as_well_as_measured_before(
    found: Churn, model: str, auc: float
) -> None:
    """Within 0.006: the interval is ± 0.008, and neither the features nor the days
    are exactly those of the measurement. Recency alone has no such freedom: 0.0005.

    Of the later models the figures are those first measured here.
    """
    within = 0.0005 if model in {"recency", "bg_nbd"} else 0.006

    assert found.evaluations[model].auc.value == pytest.approx(auc, abs=within)


def test_cdnow_is_as_well_foretold_as_measured_before(found: Churn) -> None:
    logistic = found.evaluations["logistic"]

    assert logistic.brier == pytest.approx(0.1043, abs=0.001)
    assert logistic.brier < found.evaluations["recency"].brier


def test_purchases_expected_by_bg_nbd_rank_as_well_as_measured_before() -> None:
    """0.798 is for the number of purchases; the chance of none ranks at 0.793."""
    _train, test, _now = histories.cuts(cdnow(), date(1998, 4, 1), 91)
    known = past(test.features)
    left = ~test.features["customer_id"].isin(test.future["customer_id"]).to_numpy()

    expected = bg_nbd.fit(known).purchases(known, 91)[known.rows]

    assert ranking.auc(left, -expected).value == pytest.approx(0.798, abs=0.001)


def past(features: pd.DataFrame) -> Histories:
    t_x = features["tenure"] - features["recency"]
    table = {"x": features["repeats"], "t_x": t_x, "T": features["tenure"]}
    return of_buyers(pd.DataFrame(table))


def test_a_kernel_machine_is_no_match_on_cdnow(found: Churn) -> None:
    """0.731, from 8,000 of 23,570 customers: below recency alone."""
    gain = found.evaluations["svm_rbf"].auc_gain

    assert gain is not None
    assert gain.high < 0


def test_bg_nbd_is_no_better_than_recency_alone_on_cdnow(found: Churn) -> None:
    gain = found.evaluations["bg_nbd"].auc_gain

    assert gain is not None
    assert gain.low < 0 < gain.high
    assert found.evaluations["bg_nbd"].brier == pytest.approx(0.1057, abs=0.001)


def test_that_a_closed_cohort_ages_is_seen(found: Churn) -> None:
    """CDNOW's customers all came in one quarter: nobody is new."""
    most = found.drift.set_index("feature")

    assert most.index[0] == "tenure"
    assert most.loc["recency", "psi"] > 0.25
    assert most.loc["frequency", "psi"] < 0.1


@pytest.mark.parametrize("model", ["logistic", "forest"])
def test_both_models_are_calibrated_on_cdnow(found: Churn, model: str) -> None:
    judged = found.evaluations[model]

    assert judged.slope == pytest.approx(1, abs=0.1)
    assert judged.predicted == pytest.approx(0.837, abs=0.03)  # so many churned


def test_no_figure_is_too_good_to_be_true(found: Churn) -> None:
    """Features of the whole history gave 0.994."""
    assert all(one.auc.value < 0.85 for one in found.evaluations.values())


def test_both_models_beat_recency_alone_but_not_by_much(found: Churn) -> None:
    for name in ("logistic", "forest"):
        gain = found.evaluations[name].auc_gain
        assert gain is not None
        assert 0 < gain.low < gain.high < 0.03


def test_every_buyer_of_cdnow_is_scored_with_reasons(found: Churn) -> None:
    for table in found.scores.values():
        assert len(table) == 23_570
        assert not table.isna().any(axis=None)
        assert (table["reason_1"] != "").all()


def test_three_months_of_a_shop_are_too_few_for_60_days() -> None:
    """0.744 was measured on the whole year; two windows of 60 days need 120."""
    cuts = histories.cuts(retail(), date(2011, 2, 28), 60)

    found = churn.evaluate(*cuts, horizon=60)

    assert found.method == "rule"


def test_three_months_of_a_shop_say_something_about_28_days() -> None:
    cuts = histories.cuts(retail(), date(2011, 2, 28), 28)

    found = churn.evaluate(*cuts, horizon=28)

    assert found.method == "model"
    assert found.evaluations["logistic"].auc.low > 0.55
