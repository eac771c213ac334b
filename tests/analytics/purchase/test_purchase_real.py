"""Purchases of CDNOW: figures measured here; where the data is absent, skipped."""

from datetime import date

import pytest

from crm.analytics.purchase import purchase
from crm.analytics.purchase.purchase import Purchase
from tests.analytics import histories
from tests.analytics.histories import cdnow, retail
from tests.analytics.leavers import small_forests

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> Purchase:
    """Judged on 31 December 1997, by the 91 days up to 1 April 1998."""
    cuts = histories.cuts(cdnow(), date(1998, 4, 1), 91)
    with small_forests():
        return purchase.predict(*cuts, horizon=91)


def test_who_buys_is_ranked_as_churn_ranks_who_does_not(found: Purchase) -> None:
    judged = found.chances.evaluations

    assert found.judged_from == (23_570, 3_831)
    assert judged["logistic"].auc.value == pytest.approx(0.8088, abs=0.002)
    assert judged["bg_nbd"].auc.value == pytest.approx(0.7932, abs=0.002)
    assert judged["logistic"].brier == pytest.approx(0.1045, abs=0.001)


@pytest.mark.parametrize(
    ("model", "ratio"),
    [("tweedie", 1.158), ("boosting", 1.456), ("forest", 1.351), ("linear", 1.251),
     ("bg_nbd", 0.896), ("svm", 0.246), ("as_before", 1.127)],
)  # fmt: skip
def test_sums_come_out_as_measured(found: Purchase, model: str, ratio: float) -> None:
    """A cohort that ages buys less each quarter, which no model knows."""
    measured = found.spending.accuracies[model].ratio

    assert measured.value == pytest.approx(ratio, abs=0.02)


def test_the_smallest_mean_error_belongs_to_the_most_wrong_sum(found: Purchase) -> None:
    mean_error = {
        name: one.mae.value for name, one in found.spending.accuracies.items()
    }

    assert min(mean_error, key=lambda name: mean_error[name]) == "svm"


def test_the_best_beats_the_same_as_before_and_the_sum_is_warned_of(
    found: Purchase,
) -> None:
    best = found.spending.accuracies[found.spending.best]

    assert found.spending.best == "tweedie"
    assert best.gain is not None
    assert best.gain.low > 0
    assert best.top_share.value == pytest.approx(0.573, abs=0.01)
    assert "“Tweedie regression” expected 16% more revenue than came" in " ".join(
        map(str, found.notes)
    )


def test_intervals_hold_nine_of_ten(found: Purchase) -> None:
    best = found.spending.accuracies["tweedie"]

    assert best.coverage == pytest.approx(0.9, abs=0.02)
    assert best.coverage_top == pytest.approx(0.9, abs=0.03)


def test_on_28_days_of_a_shop_a_vector_machine_finds_a_quarter() -> None:
    cuts = histories.cuts(retail(), date(2011, 2, 28), 28)

    with small_forests():
        found = purchase.predict(*cuts, horizon=28)

    assert found.spending.accuracies["svm"].ratio.value == pytest.approx(0.24, abs=0.02)
    assert found.spending.best == "bg_nbd"
