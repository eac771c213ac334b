import numpy as np
import pandas as pd
import pytest

from crm.analytics import significance
from crm.analytics.rules import association_rules, rule_search
from crm.analytics.rules.association_rules import Rules, mine, select
from crm.errors import Invalid, NotEnoughData
from crm.frames import BASKETS, empty
from tests.analytics.baskets import baskets, groceries, independent

A, B, C = 1, 2, 3
TEN = baskets([A, B], [A, B], [A, B], [A, B], [A], [C], [C], [C], [C], [C])


def rule(rules: Rules, antecedents: tuple[int, ...], consequent: int) -> pd.Series:
    table = rules.table
    same = (table["antecedents"] == antecedents) & (
        table["consequents"] == (consequent,)
    )
    return table[same].squeeze(axis=0)


def test_the_measures_of_a_rule_by_hand() -> None:
    found = rule(mine(TEN, min_support=0.1, min_confidence=0), (A,), B)

    assert found["baskets"] == 4
    assert found["support"] == pytest.approx(4 / 10)
    assert found["confidence"] == pytest.approx(4 / 5)
    assert found["lift"] == pytest.approx(0.8 / 0.4)
    assert found["leverage"] == pytest.approx(0.4 - 0.5 * 0.4)
    assert found["conviction"] == pytest.approx((1 - 0.4) / (1 - 0.8))
    assert found["p_value"] == pytest.approx(6 / 252)  # C(4,4) C(6,1) / C(10,5)


def test_corrections_count_every_rule_that_could_have_been_found() -> None:
    rules = mine(TEN, min_support=0.1, min_confidence=0.9)

    # A, B, C and {A, B} can each lead to another product: 2 + 2 + 2 + 1
    assert rules.possible == 7
    assert rule(rules, (B,), A)["holm"] == pytest.approx(7 * 6 / 252)
    assert rule(rules, (B,), A)["q_value"] == pytest.approx(7 * 6 / 252 / 2)


def test_a_certain_rule_has_no_finite_conviction() -> None:
    assert (
        rule(mine(TEN, min_support=0.1, min_confidence=1), (B,), A).conviction == np.inf
    )


def test_a_set_exactly_at_the_support_is_kept() -> None:
    table = baskets(*[[A, B]] * 7, *[[A]] * 9, *[[C]] * 9)  # 7 of 25, 0.28 * 25 > 7

    rules = mine(table, min_support=0.28, min_confidence=0)

    assert rules.min_count == 7
    assert rule(rules, (A,), B)["baskets"] == 7


def test_a_rule_exactly_at_the_confidence_is_kept() -> None:
    table = baskets(*[[A, B]] * 3, *[[A]] * 7, [B])  # 3 of 10; 0.1 + 0.2 > 0.3

    rules = mine(table, min_support=0.01, min_confidence=0.1 + 0.2)

    assert len(rule(rules, (A,), B)) == len(association_rules.RULES)


def test_each_rule_has_one_consequent() -> None:
    rules = mine(baskets(*[[A, B, C]] * 5, [A]), min_support=0.1, min_confidence=0)

    assert set(rules.table["consequents"]) == {(A,), (B,), (C,)}
    assert set(rules.table["antecedents"].map(len)) == {1, 2}


def test_the_most_significant_rules_come_first() -> None:
    rules = mine(independent(400, [50] * 8, seed=5), min_support=0.01, min_confidence=0)

    assert rules.table["p_value"].is_monotonic_increasing


def test_a_product_in_every_basket_tells_nothing() -> None:
    table = baskets(*[[A, B]] * 20, *[[A]] * 30)

    found = rule(mine(table, min_support=0.01, min_confidence=0.5), (B,), A)

    assert (found["confidence"], found["lift"], found["conviction"]) == (1, 1, 1)
    assert (found["p_value"], found["q_value"]) == (1, 1)


def test_one_product_makes_no_rule() -> None:
    rules = mine(baskets(*[[A]] * 50), min_support=0.1, min_confidence=0)

    assert (len(rules.table), rules.itemsets, rules.possible) == (0, 1, 0)


def test_nothing_frequent_gives_an_empty_typed_table() -> None:
    rules = mine(baskets(*[[n] for n in range(50)]), min_support=0.5, min_confidence=0)

    assert rules.table.dtypes.astype(str).to_dict() == association_rules.RULES
    assert len(rules.products) == 0


def test_without_sales_there_is_nothing_to_mine() -> None:
    with pytest.raises(NotEnoughData, match="no sales"):
        mine(empty(BASKETS), min_support=0.1, min_confidence=0.5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("min_support", 0),
        ("min_support", 1.1),
        ("min_support", float("nan")),
        ("min_confidence", -0.1),
        ("min_confidence", 2),
        ("max_items", 1),
    ],
)
def test_a_bound_outside_its_range_is_refused(field: str, value: float) -> None:
    bounds = {"min_support": 0.1, "min_confidence": 0.5, "max_items": 3} | {
        field: value
    }

    with pytest.raises(Invalid) as refusal:
        mine(TEN, **bounds)

    assert refusal.value.field == field


def test_chance_alone_passes_unadjusted_but_not_adjusted() -> None:
    table = independent(1000, [150] * 40, seed=3)

    rules = mine(table, min_support=0.01, min_confidence=0, max_items=3).table

    assert (rules["p_value"] < 0.05).sum() > 100
    assert (rules["q_value"] < 0.05).sum() == 0


def test_a_planted_rule_is_the_most_significant() -> None:
    table = independent(1000, [60] * 40, seed=3)
    extra = table[table["product_id"] == 0].iloc[:30].assign(product_id=7)

    rules = mine(pd.concat([table, extra]), min_support=0.004, min_confidence=0.2)

    assert set(rules.table.iloc[0][["antecedents", "consequents"]]) == {(0,), (7,)}
    assert rules.table.iloc[0]["holm"] < 0.001


@pytest.mark.slow
def test_many_equal_baskets_end_in_words_not_in_an_explosion() -> None:
    rules = mine(baskets(*[range(80)] * 50), min_support=0.01, min_confidence=0.5)

    assert rules.max_items == 3
    assert "at most 3 products" in str(rules.notes[0])


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_search, "MAX_ITEMSETS", 60)
    monkeypatch.setattr(association_rules, "MAX_RULES", 20)


@pytest.mark.usefixtures("narrow")
def test_too_many_sets_raise_the_support_and_say_so() -> None:
    table = independent(500, [100] * 5 + [60] * 10, seed=6)

    rules = mine(table, min_support=0.004, min_confidence=0)

    assert rules.itemsets <= 60
    assert rules.min_count > 2
    assert rules.table["baskets"].min() >= rules.min_count
    assert f"at least {rules.min_count} baskets" in str(rules.notes[1])


@pytest.mark.usefixtures("narrow")
def test_too_many_rules_are_cut_by_significance_and_counted() -> None:
    table = baskets(*[[A, B, C, 4]] * 30, *[[A]] * 30)

    rules = mine(table, min_support=0.1, min_confidence=0)

    assert (rules.found, len(rules.table)) == (4 * 3 + 6 * 2 + 4, 20)
    assert "28 rules were found; the 20 most" in str(rules.notes[-1])


@pytest.mark.usefixtures("narrow")
def test_more_products_than_the_search_can_pair_are_refused() -> None:
    with pytest.raises(Invalid, match="always lie in the same baskets"):
        mine(baskets(*[range(80)] * 3), min_support=0.5, min_confidence=0)


def test_very_many_lines_are_sampled_and_said_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule_search, "MAX_CELLS", 1000)
    table = independent(600, [200] * 20, seed=7)

    rules = mine(table, min_support=0.05, min_confidence=0)

    assert 100 < rules.n_baskets < 200
    assert f"sample of {rules.n_baskets} of 600 baskets" in str(rules.notes[0])


def test_sliders_select_by_every_measure() -> None:
    table = mine(TEN, min_support=0.1, min_confidence=0).table

    assert len(table) == 2
    assert len(select(table, support=0.4, lift=2)) == 2
    assert select(table, confidence=0.81)["antecedents"].tolist() == [(B,)]
    assert len(select(table, lift=2.01)) == 0
    assert len(select(table, q=0.08)) == 0
    assert len(select(table, q=0.09)) == 2


def test_a_slider_at_a_bound_keeps_the_rule_there() -> None:
    table = mine(
        baskets(*[[A, B]] * 3, *[[A]] * 7, [B]), min_support=0.01, min_confidence=0
    ).table

    assert len(select(table, confidence=0.1 + 0.2)) == 2


@pytest.fixture(scope="module")
def published() -> tuple[Rules, list[str]]:
    table, names = groceries()
    return mine(table, min_support=0.001, min_confidence=0.5), names


@pytest.mark.slow
def test_groceries_has_the_published_itemsets_and_rules(
    published: tuple[Rules, list[str]],
) -> None:
    rules, _names = published

    assert rules.n_baskets == 9835
    assert rules.itemsets == 13492
    assert rules.found == len(rules.table) == 5668


@pytest.mark.slow
def test_groceries_rules_have_the_published_lengths(
    published: tuple[Rules, list[str]],
) -> None:
    lengths = published[0].table["antecedents"].map(len) + 1

    assert lengths.value_counts().to_dict() == {2: 11, 3: 1461, 4: 3211, 5: 939, 6: 46}


@pytest.mark.slow
def test_groceries_rules_have_the_published_lifts(
    published: tuple[Rules, list[str]],
) -> None:
    rules, names = published
    top = rules.table.nlargest(3, "lift")

    sides = [
        ({names[i] for i in row.antecedents}, names[row.consequents[0]])
        for row in top.itertuples()
    ]
    assert sides == [
        ({"Instant food products", "soda"}, "hamburger meat"),
        ({"popcorn", "soda"}, "salty snack"),
        ({"baking powder", "flour"}, "sugar"),
    ]
    assert top["lift"].tolist() == pytest.approx([18.996, 16.698, 16.408], abs=5e-4)
    lift = rules.table["lift"]
    assert (lift.min(), lift.median()) == pytest.approx((1.957, 2.899), abs=5e-4)


@pytest.mark.slow
def test_groceries_rules_have_the_published_significance(
    published: tuple[Rules, list[str]],
) -> None:
    p = published[0].table["p_value"].to_numpy()

    assert (p < 0.01).sum() == 5594
    of_those_shown = significance.holm(p, len(p))  # `mine` counts all possible rules
    assert (of_those_shown < 0.01).sum() == 1939


@pytest.mark.slow
@pytest.mark.parametrize(("confidence", "count"), [(0.5, 5668), (0.8, 410), (0.9, 129)])
def test_groceries_sliders_give_the_published_counts(
    published: tuple[Rules, list[str]], confidence: float, count: int
) -> None:
    assert len(select(published[0].table, confidence=confidence)) == count


@pytest.mark.slow
@pytest.mark.parametrize(
    ("support", "confidence", "count"),
    [(0.01, 0.5, 15), (0.006, 0.25, 463), (0.005, 0.5, 120)],
)
def test_groceries_at_other_bounds(
    support: float, confidence: float, count: int
) -> None:
    table, _names = groceries()

    assert mine(table, min_support=support, min_confidence=confidence).found == count
