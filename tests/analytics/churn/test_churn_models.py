from math import log

import numpy as np
import pytest

from crm.analytics.churn import churn_models
from crm.analytics.churn.churn_models import Forest, Logistic

RANDOM = np.random.default_rng(0)
Z = RANDOM.normal(size=(400, 3))
CHURNED = Z[:, 0] + RANDOM.normal(size=400) > 0


@pytest.fixture(scope="module")
def forest() -> Forest:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(churn_models, "TREES", 30)
        return churn_models.forest(Z, CHURNED, seed=0, n_jobs=1)


def test_a_logistic_probability_by_hand() -> None:
    model = Logistic(log(2), (log(3), 0.0))

    # Odds of 2, three times as much, and a third as much.
    p = model.probability(np.array([[0.0, 5], [1, 5], [-1, 5]]))

    assert p.tolist() == pytest.approx([2 / 3, 6 / 7, 2 / 5])


def test_a_logistic_probability_is_the_sum_of_its_contributions() -> None:
    model = Logistic(-1, (0.5, -2))

    moved = model.contributions(np.array([[2.0, 0.25]]))

    assert moved.tolist() == [[1, -0.5]]


def test_without_features_everyone_has_the_base_rate() -> None:
    model = churn_models.logistic(
        np.empty((4, 0)), np.array([True, False, False, False])
    )

    assert model.probability(np.empty((2, 0))).tolist() == pytest.approx([0.25, 0.25])


@pytest.mark.slow
def test_a_forest_probability_is_the_sum_of_its_contributions(forest: Forest) -> None:
    roots = [tree.tree_.value[0, 0, 1] for tree in forest.trees.estimators_]

    whole = np.mean(roots) + forest.contributions(Z).sum(axis=1)

    assert whole == pytest.approx(forest.trees.predict_proba(Z)[:, 1])


def test_what_decides_contributes_most_to_a_forest(forest: Forest) -> None:
    weight = np.abs(forest.contributions(Z)).mean(axis=0)

    assert weight[0] > 3 * weight[1:].max()


@pytest.mark.slow
def test_a_forest_that_has_learned_nothing_says_the_base_rate() -> None:
    by_lot = np.random.default_rng(1).permutation(CHURNED)

    p = churn_models.forest(Z, by_lot, seed=0, n_jobs=1).probability(Z)

    assert p == pytest.approx(by_lot.mean(), abs=0.05)


@pytest.mark.slow
def test_a_forest_is_the_same_on_any_number_of_processors(forest: Forest) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(churn_models, "TREES", 30)
        other = churn_models.forest(Z, CHURNED, seed=0, n_jobs=2)

    assert other.probability(Z) == pytest.approx(forest.probability(Z), rel=1e-9)


def test_a_large_forest_grows_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(churn_models, "TREES", 30)
    monkeypatch.setattr(churn_models, "FOREST_ROWS", 100)

    model = churn_models.forest(Z, CHURNED, seed=0, n_jobs=1)

    assert model.trees.estimators_[0].tree_.n_node_samples[0] <= 100
