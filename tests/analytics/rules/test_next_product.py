"""Next products: likeness, scores and offers by hand; and what extremes do."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.rules import next_product, purchases
from crm.analytics.rules.next_product import (
    OFFERS,
    alike,
    by_popularity,
    by_similarity,
    offers,
)
from crm.analytics.rules.purchases import Purchases
from crm.analytics.rules.rule_offers import by_rules
from crm.frames import BASKETS, empty
from tests.analytics.baskets import baskets

A, B, C, D = 11, 12, 13, 14


def of(*customers: list[int]) -> Purchases:
    """Customers 100, 101 …, each with these products."""
    return purchases.purchases(baskets(*customers))


def everything(table: Purchases) -> np.ndarray:
    return np.ones(len(table.products), dtype=bool)


def offered(table: pd.DataFrame, customer_id: int) -> list[int]:
    row = table.set_index("customer_id").loc[customer_id]
    return [int(one) for one in row[next_product.PRODUCTS] if one]


def test_a_product_bought_twice_is_held_once() -> None:
    table = of([A, A, B], [A])

    assert table.products.tolist() == [A, B]
    assert table.buyers.tolist() == [2, 1]
    assert table.held.toarray().tolist() == [[1, 1], [1, 0]]


def test_likeness_by_hand() -> None:
    table = of([A, B], [A, B], [A], [B, C])  # A 3, B 3, C 1; A and B 2, B and C 1

    likeness = alike(table).toarray()

    a, b, c = (table.products.tolist().index(one) for one in (A, B, C))
    assert likeness[a, b] == likeness[b, a] == pytest.approx(2 / (3 + 10))
    assert likeness[b, c] == pytest.approx(1 / (3**0.5 + 10))
    assert likeness[a, a] == likeness[a, c] == 0


def test_scores_add_up_over_what_a_customer_has() -> None:
    table = of([A, B, D], [A, D], [B, D], [A, B], [C])
    scorer = by_similarity(table, everything(table))

    made = offers(table, scorer).set_index("customer_id")

    likeness = 2 / ((3 * 3) ** 0.5 + 10)  # A and D together twice, each 3 times
    assert made.loc[103, "product_1"] == D  # who has A and B
    assert made.loc[103, "score_1"] == pytest.approx(2 * likeness, rel=1e-4)


def test_nobody_is_offered_what_is_there_already() -> None:
    table = of([A, B], [A, C], [B])

    made = offers(table, by_popularity(table, everything(table)))

    assert offered(made, 100) == [C]
    assert offered(made, 101) == [B]
    assert offered(made, 102) == [A, C]


def test_only_what_is_on_offer_is_offered() -> None:
    table = of([A, B], [A, C], [B])

    made = offers(table, by_popularity(table, table.products == C))

    assert offered(made, 100) == offered(made, 102) == [C]
    assert 101 not in made["customer_id"].to_numpy()


def test_who_has_all_is_not_in_the_table() -> None:
    table = of([A, B], [A, B])

    made = offers(table, by_similarity(table, everything(table)))

    assert made.empty
    assert made.dtypes.astype(str).to_dict() == OFFERS


def test_where_nothing_is_alike_popularity_decides() -> None:
    table = of([A], [B], [B], [C])

    made = offers(table, by_similarity(table, everything(table)))

    assert offered(made, 100) == [B, C]


def test_offers_do_not_depend_on_the_size_of_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    table = of(*[rng.choice(30, rng.integers(1, 9)).tolist() for _one in range(200)])
    scorer = by_similarity(table, everything(table))
    whole = offers(table, scorer)

    monkeypatch.setattr(next_product, "CELLS", 100)

    pd.testing.assert_frame_equal(offers(table, scorer), whole)


def test_only_the_most_alike_products_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_product, "NEIGHBOURS", 1)
    table = of([A, B], [A, B], [A, C], [D])

    likeness = alike(table).toarray()

    assert (likeness > 0).sum(axis=1).tolist() == [1, 1, 1, 0]


def test_of_many_products_those_with_most_buyers_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(purchases, "MAX_PRODUCTS", 2)

    table = of([A, B], [A, B], [C])

    assert table.products.tolist() == [A, B]
    assert table.customers.tolist() == [100, 101]


def test_rules_offer_the_right_side_of_the_surest_that_applies() -> None:
    table = of([A, B], [A], [C, D])
    rules = pd.DataFrame(
        {
            "antecedents": [(A,), (A, B), (D,)],
            "consequents": [(C,), (D,), (99,)],
            "confidence": [0.4, 0.9, 1.0],
        }
    )

    made = offers(table, by_rules(rules, table, everything(table)))

    assert offered(made, 100) == [D, C]
    assert offered(made, 101)[0] == C


def test_without_rules_popularity_decides() -> None:
    table = of([A], [B], [B])
    rules = pd.DataFrame({"antecedents": [], "consequents": [], "confidence": []})

    made = offers(table, by_rules(rules, table, everything(table)))

    assert offered(made, 100) == [B]


def test_without_sales_there_is_nothing_to_offer() -> None:
    table = purchases.purchases(empty(BASKETS))

    assert offers(table, by_popularity(table, everything(table))).empty
