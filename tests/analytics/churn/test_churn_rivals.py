"""The models that are compared with: support vector machines, BG/NBD, boosting."""

import numpy as np
import pytest

from crm.analytics.calibration import log_odds
from crm.analytics.churn import churn_bg_nbd, churn_svm
from crm.analytics.churn.churn_boosting import SETTINGS, boosting
from crm.analytics.churn.churn_choice import MODELS, chosen, left_out
from crm.analytics.lifetime import bg_nbd
from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.errors import Invalid
from tests.analytics.buyers import history
from tests.analytics.histories import features

RANDOM = np.random.default_rng(0)
Z = RANDOM.normal(size=(600, 3))
CHURNED = Z[:, 0] + RANDOM.normal(size=600) > 0.5


def test_silence_by_hand() -> None:
    """r = 1, α = 1 week: who bought once 1 week ago stays silent for 2 with 2/4."""
    model = BgNbd(1, 1, 0.5, 1)

    # Of no repeat purchase the chance to be alive is 1 by this model.
    assert churn_bg_nbd.silence(model, history(0, 0, 7), 14).tolist() == [0.5]


def test_who_may_have_left_is_likelier_to_be_silent() -> None:
    """x = 1, t_x = T: alive with 1 / (1 + a / b) = 2/3; then silent with (2/4)²."""
    model = BgNbd(1, 1, 0.5, 1)

    told = churn_bg_nbd.silence(model, history(1, 7, 7), 14)

    assert told.tolist() == pytest.approx([1 - 2 / 3 * (1 - 0.25)])


def test_longer_horizons_are_less_likely_to_be_silent() -> None:
    model, known = BgNbd(0.243, 4.414, 0.793, 2.426), history(2, 213, 272)

    chances = [churn_bg_nbd.silence(model, known, days)[0] for days in (0, 30, 300)]

    assert chances[0] == 1
    assert chances[0] > chances[1] > chances[2] > 1 - model.alive(known)[0]


def test_a_history_that_cannot_be_counts_as_the_nearest_that_can() -> None:
    table = features(3, recency=[10, 5, 10], tenure=[10, 10, 100], repeats=[3, 2, 0])

    told = churn_bg_nbd.probability(table, 30)

    assert ((told >= 0) & (told <= 1)).all()


def test_silence_is_as_likely_as_counted() -> None:
    """Against purchases drawn as the model says, for customers who are alive."""
    model, random = BgNbd(0.8, 5, 0.6, 2), np.random.default_rng(1)
    known = history(3, 100, 140)
    rate = random.gamma(model.r + 3, 1 / (model.alpha + 20), 100_000)
    silent = random.poisson(rate * 60 / 7) == 0
    alive = model.alive(known)[0]

    told = churn_bg_nbd.silence(model, known, 60)[0]

    assert told == pytest.approx(1 - alive * (1 - silent.mean()), abs=0.01)


def test_a_fit_to_customers_of_one_day_gives_probabilities() -> None:
    table = features(200, recency=30, tenure=30)

    told = churn_bg_nbd.probability(table, 30)

    assert ((told >= 0) & (told <= 1)).all()
    assert bg_nbd.NAMES == ("r", "alpha", "a", "b")


@pytest.mark.parametrize("make", [churn_svm.linear, churn_svm.radial])
def test_distances_become_probabilities_that_come_true(make: object) -> None:
    model = make(Z, CHURNED, seed=0)  # type: ignore[operator]  # either of two

    told = model.probability(Z)

    assert told.mean() == pytest.approx(CHURNED.mean(), abs=0.03)
    assert told[CHURNED].mean() > told[~CHURNED].mean() + 0.2


def test_a_linear_machine_is_linear_in_log_odds() -> None:
    model = churn_svm.linear(Z, CHURNED, seed=0)

    odds = model.intercept + model.contributions(Z).sum(axis=1)

    assert log_odds(model.probability(Z)) == pytest.approx(odds)


@pytest.mark.parametrize("make", [churn_svm.linear, churn_svm.radial])
def test_a_machine_that_has_learned_nothing_says_the_base_rate(make: object) -> None:
    by_lot = np.random.default_rng(1).permutation(CHURNED)

    told = make(Z, by_lot, seed=0).probability(Z)  # type: ignore[operator]  # see above

    assert np.abs(told - by_lot.mean()).mean() < 0.04


def test_a_kernel_machine_learns_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(churn_svm, "KERNEL_ROWS", 100)

    model = churn_svm.radial(Z, CHURNED, seed=0)

    assert model.machine.shape_fit_[0] == 100


def test_boosting_has_the_settings_that_were_tuned() -> None:
    model = boosting(Z, CHURNED, seed=0)

    assert model.trees.n_iter_ == 150
    assert (SETTINGS["learning_rate"], SETTINGS["max_leaf_nodes"]) == (0.05, 8)
    assert (SETTINGS["min_samples_leaf"], SETTINGS["l2_regularization"]) == (40, 1)


def test_all_models_are_computed_unless_some_are_asked_for() -> None:
    assert chosen([], 1000) == MODELS


def test_logistic_regression_is_always_computed() -> None:
    assert chosen(["forest"], 1000) == ("logistic", "forest")


def test_slow_machines_are_computed_of_many_only_on_request() -> None:
    assert "svm_rbf" not in chosen([], 30_001)
    assert "svm_linear" in chosen([], 30_001)
    assert "svm_rbf" in chosen(["svm_rbf"], 30_001)
    assert "beyond 30,000 customers" in str(left_out([], 30_001)[0])
    assert left_out(["forest"], 30_001) == ()


def test_a_model_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="no model “magic”") as told:
        chosen(["magic"], 10)

    assert told.value.field == "models"
