import numpy as np
import pandas as pd
import pytest

from crm.analytics.rules.association_rules import mine
from crm.analytics.rules.rule_hold_out import hold_out, split_at_random, split_by_time
from crm.errors import NotEnoughData
from crm.frames import BASKETS, empty
from tests.analytics.baskets import baskets, independent

A, B, C = 1, 2, 3
DAYS = [f"2026-01-{day:02}" for day in range(1, 11)]
FOUND = mine(baskets([A, B], [A, B], [C]), min_support=0.5, min_confidence=0).table


def test_a_rule_measured_again_by_hand() -> None:
    later = baskets([A, B], [A], [A], [B], [C], [C], [C], [C])

    row = hold_out(FOUND, later).table.iloc[0]

    assert (row["antecedents"], row["consequents"]) == ((A,), (B,))
    assert (row["confidence"], row["lift"]) == (1, 1.5)
    assert (row["later_baskets"], row["later_antecedent_baskets"]) == (1, 3)
    assert row["later_confidence"] == pytest.approx(1 / 3)
    assert row["later_lift"] == pytest.approx((1 / 3) / (2 / 8))
    assert row["later_p_value"] == pytest.approx(1 - 10 / 28)  # C(5,2) / C(8,2)


def test_a_product_no_longer_sold_leaves_the_rule_unmeasured() -> None:
    held = hold_out(FOUND, baskets([B], [C]))

    assert held.table["later_confidence"].isna().tolist() == [True, False]
    assert held.table["later_lift"].isna().all()
    assert (held.check.measured, held.check.verdict) == (0, "unknown")


def test_no_rules_can_be_held_out() -> None:
    held = hold_out(FOUND.head(0), baskets([A], [B]))

    assert (len(held.table), held.n_baskets, held.check.rules) == (0, 2, 0)


def test_no_later_baskets_measure_nothing() -> None:
    assert hold_out(FOUND, empty(BASKETS)).table["later_lift"].isna().all()


def test_the_later_part_begins_with_a_day() -> None:
    earlier, later = split_by_time(baskets(*[[A, B]] * 10, days=DAYS))

    assert earlier["ordered_on"].max() == pd.Timestamp("2026-01-07")
    assert later["ordered_on"].min() == pd.Timestamp("2026-01-08")
    assert len(earlier) + len(later) == 20


def test_a_day_is_never_divided() -> None:
    earlier, later = split_by_time(
        baskets(*[[A]] * 10, days=["2026-01-01"] * 9 + ["2026-01-02"])
    )

    assert (len(earlier), len(later)) == (9, 1)


def test_one_day_cannot_be_split_by_time() -> None:
    with pytest.raises(NotEnoughData, match="one day"):
        split_by_time(baskets([A], [B]))


def test_a_random_split_keeps_baskets_whole() -> None:
    earlier, later = split_at_random(baskets(*[[A, B]] * 10), seed=1)

    assert (earlier["order_id"].nunique(), later["order_id"].nunique()) == (7, 3)
    assert not set(earlier["order_id"]) & set(later["order_id"])


def test_a_random_split_is_the_same_for_the_same_seed() -> None:
    table = baskets(*[[A, B]] * 30)

    assert split_at_random(table, seed=1)[1].equals(split_at_random(table, seed=1)[1])
    assert not split_at_random(table, seed=1)[1].equals(
        split_at_random(table, seed=2)[1]
    )


def test_one_basket_cannot_be_split() -> None:
    with pytest.raises(NotEnoughData, match="One basket"):
        split_at_random(baskets([A, B]), seed=1)


def test_rules_of_chance_do_not_hold() -> None:
    table = independent(2000, [200] * 40, seed=8)
    earlier, later = split_at_random(table, 0.5, seed=1)
    rules = mine(earlier, min_support=0.015, min_confidence=0, max_items=2).table

    held = hold_out(rules, later)

    assert held.check.lift > 1.4
    assert held.check.later_lift == pytest.approx(1, abs=0.1)
    assert np.mean(held.table["later_p_value"] < 0.05) < 0.1
