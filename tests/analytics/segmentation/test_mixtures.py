"""Gaussian mixtures against published figures and scikit-learn's own assignment."""

import json

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from crm.analytics.segmentation import mixtures
from crm.analytics.segmentation.cluster_model import Model
from crm.analytics.segmentation.clusters import assign, fit
from crm.analytics.segmentation.features import DEFAULT
from crm.analytics.segmentation.mixtures import Mixture, likeliest, mixture
from crm.errors import NotEnoughData
from tests.analytics import customers
from tests.analytics.customers import buyers

IRIS, SPECIES = load_iris(return_X_y=True)
PLANTED, TRUTH = customers.groups([80, 150, 60, 110])


@pytest.fixture(scope="module")
def iris() -> Mixture:
    return mixture(IRIS, 3)


def divided(found: Mixture) -> np.ndarray:
    return likeliest(IRIS, found.weights, found.means, found.covariances)


def test_iris_agrees_with_the_species_as_published(iris: Mixture) -> None:
    labels = divided(iris)

    assert adjusted_rand_score(SPECIES, labels) == pytest.approx(0.9039, abs=5e-5)
    assert sorted(np.bincount(labels)) == [45, 50, 55]


def test_the_bic_of_iris_is_that_of_full_covariances(iris: Mixture) -> None:
    # 3 × (4 means + 10 covariances) + 2 free weights = 44 parameters, 150 flowers.
    density = sum(
        weight * _density(IRIS, mean, covariance)
        for weight, mean, covariance in zip(
            iris.weights, iris.means, iris.covariances, strict=True
        )
    )

    expected = -2 * np.log(density).sum() + 44 * np.log(150)
    assert iris.bic == pytest.approx(expected)


def _density(rows: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    away = rows - mean
    squares = (away @ np.linalg.inv(covariance) * away).sum(axis=1)
    return np.exp(-squares / 2) / np.sqrt(np.linalg.det(2 * np.pi * covariance))


def test_rows_are_assigned_as_scikit_learn_does() -> None:
    model = GaussianMixture(4, random_state=0).fit(IRIS)

    labels = likeliest(IRIS, model.weights_, model.means_, model.covariances_)

    assert np.array_equal(labels, model.predict(IRIS))


def test_the_label_of_a_row_does_not_depend_on_the_others(iris: Mixture) -> None:
    alone = [
        likeliest(row[None], iris.weights, iris.means, iris.covariances)[0]
        for row in IRIS
    ]

    assert alone == divided(iris).tolist()


def test_the_same_rows_give_the_same_mixture(iris: Mixture) -> None:
    again = mixture(IRIS, 3)

    assert np.array_equal(again.means, iris.means)
    assert np.array_equal(again.covariances, iris.covariances)


def test_many_rows_are_fitted_on_a_sample() -> None:
    found = mixture(IRIS, 3, rows=100)

    assert found.rows == 100
    assert adjusted_rand_score(SPECIES, divided(found)) > 0.8


def test_fewer_components_come_back_where_fewer_rows_differ() -> None:
    found = mixture(np.array([[0.0], [0.0], [1.0], [1.0]] * 5), 4)

    assert len(found.weights) == 2


def test_equal_rows_do_not_make_a_cluster_of_no_width() -> None:
    found = mixture(np.repeat([[0.0], [1.0]], 50, axis=0), 2)

    assert (found.covariances >= mixtures.LEAST_VARIANCE).all()


def test_planted_groups_are_found_the_richest_first() -> None:
    found = fit(PLANTED, DEFAULT, 4, method="mixture")

    assert adjusted_rand_score(TRUTH, found.labels) >= 0.95
    assert found.clusters["revenue"].is_monotonic_decreasing


def test_a_model_of_a_mixture_survives_json() -> None:
    found = fit(PLANTED, DEFAULT, 3, method="mixture")

    plain = json.dumps(found.model.as_json(), allow_nan=False)

    restored = Model.from_json(json.loads(plain))
    assert restored == found.model
    assert assign(restored, PLANTED).tolist() == found.labels.tolist()


def test_a_component_that_is_nobodys_is_left_out() -> None:
    model = Model((), ((0.0,), (5.0,), (9.0,)), (0.5, 0.1, 0.4), ((), (), ()))

    kept = model.ordered(np.array([2, 0]))

    assert kept.centres == ((9.0,), (0.0,))
    assert kept.weights == (0.4, 0.5)


def test_a_sample_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.analytics.segmentation.clusters.MIXTURE_ROWS", 100)

    found = fit(PLANTED, DEFAULT, 2, method="mixture")

    assert "fitted to 100 customers" in str(found.notes[-1])


def test_more_components_than_kinds_of_customers_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="too few for 3"):
        fit(buyers(20, recency=[5, 9] * 10), ["recency"], 3, method="mixture")
