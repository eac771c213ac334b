import pandas as pd
import pytest

from crm.analytics.rules.association_rules import mine
from crm.analytics.rules.rule_shorter import productive
from tests.analytics.baskets import baskets

A, B, C = 1, 2, 3


def p_of(table: pd.DataFrame, left: tuple[int, ...], right: int) -> float:
    """The p-value of one rule against its shorter ones."""
    rules = mine(table, min_support=0.01, min_confidence=0).table
    found = dict(
        zip(
            zip(rules["antecedents"], rules["consequents"], strict=True),
            productive(rules, table),
            strict=True,
        )
    )
    return float(found[left, (right,)])


def test_a_longer_rule_is_tested_against_each_shorter_one_by_hand() -> None:
    table = baskets(*[[A, B, C]] * 3, [A, B], [A], [A], [C], [C], [9])

    # among 6 baskets with A, 4 have B: are all 3 with C among these 4?
    without_c = 4 / 20  # C(4,3) / C(6,3)
    # among 5 with C, 3 have B: are these the 3 with A?
    without_a = 1 / 10  # C(3,3) / C(5,3)
    assert p_of(table, (A, C), B) == pytest.approx(max(without_a, without_c))


def test_a_product_that_lies_there_by_chance_adds_nothing() -> None:
    by_chance = [[A, B, C], [A, B], [A, C], [A], [B, C], [B], [C], [9]] * 20

    assert p_of(by_chance_with_a_rule(by_chance), (A, C), B) > 0.5


def by_chance_with_a_rule(orders: list[list[int]]) -> pd.DataFrame:
    """`orders`, and many with A and B, half of them with C."""
    return baskets(*orders, *[[A, B]] * 40, *[[A, B, C]] * 40)


def test_a_product_that_makes_the_rule_adds_something() -> None:
    only_both = [[A, B, C]] * 20 + [[A]] * 20 + [[C]] * 20 + [[9]] * 40

    assert p_of(baskets(*only_both), (A, C), B) < 1e-6


def test_a_single_product_on_the_left_keeps_its_test_against_chance() -> None:
    ten = baskets(*[[A, B]] * 4, [A], *[[C]] * 5)

    assert p_of(ten, (A,), B) == pytest.approx(6 / 252)  # C(6,1) / C(10,5)


def test_no_rules_have_no_p_values() -> None:
    table = baskets([A], [B])

    assert (
        len(productive(mine(table, min_support=1, min_confidence=0).table, table)) == 0
    )
