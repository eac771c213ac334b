from itertools import combinations
from math import factorial

import numpy as np
import pytest

from crm.analytics import tree_shapley
from crm.analytics.churn.churn_boosting import Boosting, boosting
from crm.analytics.tree_shapley import Way

RANDOM = np.random.default_rng(0)
Z = RANDOM.normal(size=(600, 3))
CHURNED = Z[:, 0] * (Z[:, 1] > 0) + 0.5 * RANDOM.normal(size=600) > 0


@pytest.fixture(scope="module")
def model() -> Boosting:
    return boosting(Z, CHURNED, seed=0)


def way(value: float, above: float, upto: float, share: float) -> Way:
    return Way(value, (0,), *(np.array([one]) for one in (above, upto, share)))


def test_a_single_question_by_hand() -> None:
    """Three quarters go left to 4, one quarter right to 8: the mean is 5."""
    tree = [way(4, -np.inf, 0, 0.75), way(8, 0, np.inf, 0.25)]

    moved = tree_shapley.contributions([tree], np.array([[-1.0], [0.0], [2.0]]))

    assert moved.ravel().tolist() == pytest.approx([-1, -1, 3])


def test_a_tree_without_a_question_adds_nothing() -> None:
    empty = np.empty(0)

    moved = tree_shapley.contributions([[Way(2, (), empty, empty, empty)]], Z[:2])

    assert moved.tolist() == [[0, 0, 0], [0, 0, 0]]


@pytest.mark.slow
def test_contributions_are_the_values_of_shapley_by_their_definition(
    model: Boosting,
) -> None:
    """Over all subsets of the three features, from the nodes of the trees."""
    moved = model.contributions(Z[:5])

    for row, found in zip(Z[:5], moved, strict=True):
        assert found.tolist() == pytest.approx(by_definition(model, row))


def by_definition(model: Boosting, row: np.ndarray) -> list[float]:
    return [
        sum(
            factorial(size) * factorial(2 - size) / 6
            * (known(model, row, {*given, feature}) - known(model, row, set(given)))
            for size in range(3)
            for given in combinations({0, 1, 2} - {feature}, size)
        )
        for feature in range(3)
    ]  # fmt: skip


def known(model: Boosting, row: np.ndarray, features: set[int]) -> float:
    """What the trees say when only some features are known."""
    return sum(below(tree.nodes, 0, row, features) for [tree] in predictors(model))


def below(nodes: np.ndarray, at: int, row: np.ndarray, features: set[int]) -> float:
    node = nodes[at]
    if node["is_leaf"]:
        return float(node["value"])
    left, right = int(node["left"]), int(node["right"])
    if (feature := int(node["feature_idx"])) in features:
        child = left if row[feature] <= node["num_threshold"] else right
        return below(nodes, child, row, features)
    shares = [
        float(nodes[one]["count"]) / float(node["count"]) for one in (left, right)
    ]
    values = [below(nodes, one, row, features) for one in (left, right)]
    return float(np.dot(shares, values))


def predictors(model: Boosting) -> list[list[object]]:
    found: list[list[object]] = model.trees._predictors
    return found


@pytest.mark.slow
def test_a_rows_sum_is_its_log_odds_less_the_mean(model: Boosting) -> None:
    odds = model.trees.decision_function(Z)

    rest = odds - model.contributions(Z).sum(axis=1)

    assert np.ptp(rest) < 1e-9


@pytest.mark.slow
def test_rows_come_out_the_same_in_parts(
    model: Boosting, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = model.contributions(Z)
    monkeypatch.setattr(tree_shapley, "ROWS", 7)

    assert model.contributions(Z) == pytest.approx(whole)


@pytest.mark.slow
def test_what_decides_nothing_contributes_next_to_nothing(model: Boosting) -> None:
    weight = np.abs(model.contributions(Z)).mean(axis=0)

    assert weight[0] > 5 * weight[2]
