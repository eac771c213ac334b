import numpy as np
import pytest

from crm.analytics.rules.association_rules import mine
from crm.analytics.rules.rule_network import (
    EDGES,
    NODES,
    Network,
    network,
    stress_layout,
)
from tests.analytics.baskets import baskets

A, B, C, D, E = 1, 2, 3, 4, 5


def drawn(*orders: list[int], top: int = 60) -> Network:
    rules = mine(baskets(*orders), min_support=0.1, min_confidence=0)
    return network(rules.table, rules.products, top=top)


def test_products_are_points_and_rules_are_lines() -> None:
    picture = drawn([A, B], [A, B], [A], [D, E], [C])

    assert picture.nodes["product_id"].tolist() == [A, B, D, E]
    assert picture.nodes["degree"].tolist() == [1, 1, 1, 1]
    assert picture.nodes["support"].tolist() == pytest.approx([0.6, 0.4, 0.2, 0.2])
    pairs = picture.edges[["source", "target"]].to_numpy().tolist()
    assert sorted(pairs) == [[A, B], [B, A], [D, E], [E, D]]


def test_rules_between_the_same_products_share_a_line() -> None:
    picture = drawn([A, B, C], [A, B, C], [D])

    assert len(picture.edges) == 6
    assert picture.edges["rules"].tolist() == [3 - 1] * 6  # A → B and A, C → B


def test_only_the_top_rules_are_drawn() -> None:
    assert len(drawn([A, B], [C, D], [E], top=1).edges) == 1


def test_no_rules_make_an_empty_picture() -> None:
    picture = drawn([A], [B])

    assert picture.nodes.dtypes.astype(str).to_dict() == NODES
    assert picture.edges.dtypes.astype(str).to_dict() == EDGES
    assert len(picture.nodes) == len(picture.edges) == 0


STAR = np.array([[0, leaf] for leaf in range(1, 8)])


def test_the_layout_fills_the_square() -> None:
    places = stress_layout(8, STAR)

    assert places.min(axis=0) == pytest.approx([-1, -1])
    assert places.max(axis=0) == pytest.approx([1, 1])


def test_the_middle_of_a_star_is_drawn_in_the_middle() -> None:
    places = stress_layout(8, STAR)

    assert np.abs(places[0]).max() < 0.2


def test_points_of_a_chain_lie_in_its_order() -> None:
    places = stress_layout(5, np.array([[0, 1], [1, 2], [2, 3], [3, 4]]))

    steps = np.linalg.norm(places - places[0], axis=1)
    assert np.all(np.diff(steps) > 0)


def test_the_layout_is_the_same_every_time() -> None:
    assert np.array_equal(stress_layout(8, STAR), stress_layout(8, STAR))


def test_parts_that_nothing_joins_stay_apart() -> None:
    places = stress_layout(4, np.array([[0, 1], [2, 3]]))

    gaps = np.linalg.norm(places[:, None] - places, axis=2)
    assert gaps[0, 1] < min(gaps[0, 2], gaps[0, 3], gaps[1, 2], gaps[1, 3])
