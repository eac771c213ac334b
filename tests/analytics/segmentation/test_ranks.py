import numpy as np
import pytest

from crm.analytics.segmentation.ranks import BLOCKS, medians, ranked


def test_medians_by_hand() -> None:
    values = np.array([7, 1, 5, 3, 40, 20])
    group = np.array([0, 0, 0, 0, 1, 1])

    assert medians(ranked(values), group, 2) == [4, 30]


def test_a_group_without_members_has_the_median_0() -> None:
    assert medians(ranked(np.array([5.0])), np.array([2]), 3) == [0, 0, 5]


@pytest.mark.parametrize("count", [BLOCKS - 1, BLOCKS, BLOCKS + 1, 5 * BLOCKS + 7])
def test_medians_are_those_of_numpy_however_many_values(count: int) -> None:
    random = np.random.default_rng(0)
    values = random.lognormal(size=count).round(1)
    group = random.integers(0, 4, count)

    found = medians(ranked(values), group, 4)

    assert found == [float(np.median(values[group == one])) for one in range(4)]


def test_least_and_most() -> None:
    ranks = ranked(np.array([3, -2, 9]))

    assert (ranks.least, ranks.most) == (-2, 9)
