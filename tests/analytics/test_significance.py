from math import comb

import numpy as np
import pytest

from crm.analytics import significance


def counts(*values: int) -> np.ndarray:
    return np.array(values, dtype="int64")


def test_fisher_of_a_table_by_hand() -> None:
    p = significance.fisher(counts(4), counts(5), counts(4), 10)

    assert p == pytest.approx([comb(4, 4) * comb(6, 1) / comb(10, 5)])


def test_fisher_counts_the_table_itself_and_all_stronger_ones() -> None:
    p = significance.fisher(counts(3), counts(5), counts(4), 10)

    ways = comb(4, 3) * comb(6, 2) + comb(4, 4) * comb(6, 1)
    assert p == pytest.approx([ways / comb(10, 5)])


def test_fisher_is_the_same_with_the_sides_exchanged() -> None:
    p = significance.fisher(counts(3, 3), counts(7, 4), counts(4, 7), 20)

    assert p[0] == p[1]


def test_fisher_is_certain_where_a_product_is_everywhere() -> None:
    assert significance.fisher(counts(6), counts(6), counts(20), 20) == [1]


def test_fisher_does_not_vanish_before_its_time() -> None:
    p = significance.fisher(counts(100), counts(100), counts(100), 10_000)

    assert p == pytest.approx([1 / comb(10_000, 100)], rel=1e-6)


P = np.array([0.5, 0.01, 0.03, 0.02])


def test_benjamini_hochberg_by_hand() -> None:
    q = significance.benjamini_hochberg(P, 4)

    assert q == pytest.approx([0.5, 0.04, 0.04, 0.04])  # 0.03 · 4 / 3 for the rest


def test_holm_by_hand() -> None:
    assert significance.holm(P, 4) == pytest.approx([0.5, 0.04, 0.06, 0.06])


def test_tests_that_found_nothing_count_too() -> None:
    assert significance.benjamini_hochberg(P, 8) == pytest.approx([1, 0.08, 0.08, 0.08])
    assert significance.holm(P, 8) == pytest.approx([1, 0.08, 0.18, 0.14])


def test_no_rules_need_no_correction() -> None:
    nothing = np.array([])

    assert len(significance.benjamini_hochberg(nothing, 0)) == 0
    assert len(significance.holm(nothing, 0)) == 0
