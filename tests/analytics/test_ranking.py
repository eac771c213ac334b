from math import exp, log, sqrt

import numpy as np
import pytest

from crm.analytics import ranking
from crm.errors import NotEnoughData

CAME = np.array([True, True, False, False])
SCORE = np.array([3.0, 1.0, 2.0, 0.0])


def test_the_chance_of_a_right_order_by_hand() -> None:
    # Of four pairs only (1, 2) is the wrong way round.
    assert ranking.auc(CAME, SCORE).value == 0.75


def test_its_interval_by_hand() -> None:
    # Placements of the events 1 and ½, of the others ½ and 1: variance ⅛ each, so the
    # AUC has ⅛ / 2 + ⅛ / 2. On log-odds its error is divided by ¾ · ¼.
    reach = 1.959963984540054 * sqrt(1 / 8) / (3 / 16)

    found = ranking.auc(CAME, SCORE)

    assert found.low == pytest.approx(1 / (1 + exp(reach - log(3))))
    assert found.high == pytest.approx(1 / (1 + exp(-reach - log(3))))


def test_the_published_figure_of_hanley_and_mcneil() -> None:
    """Radiology 143 (1982): 58 normal and 51 abnormal scans, rated 1 to 5; 0.893."""
    normal, abnormal = [33, 6, 6, 11, 2], [3, 2, 2, 11, 33]
    score = np.repeat([1.0, 2, 3, 4, 5] * 2, normal + abnormal)
    ill = np.repeat([False, True], [58, 51])

    found = ranking.auc(ill, score)

    assert found.value == pytest.approx(0.893, abs=5e-4)
    # Their error is 0.032, so about ± 0.063; on log-odds the interval is lopsided.
    assert (found.low, found.high) == pytest.approx((0.83, 0.956), abs=0.02)


def test_ties_count_half() -> None:
    assert ranking.auc(CAME, np.ones(4)).value == 0.5


@pytest.mark.slow
def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(0)
    truth = 0.7602  # Φ(1 / √2), for normal scores one standard deviation apart
    came = np.repeat([True, False], [40, 60])

    found = [ranking.auc(came, random.normal(size=100) + came) for _round in range(500)]

    covered = np.mean([one.low <= truth <= one.high for one in found])
    assert covered == pytest.approx(0.95, abs=0.03)  # three standard errors: 0.029


def test_a_perfect_order_of_few_is_not_certain() -> None:
    found = ranking.auc(CAME, np.array([4.0, 3, 2, 1]))

    assert found.value == found.high == 1
    assert found.low < 0.5


def test_a_score_gains_nothing_over_itself() -> None:
    assert ranking.auc_gain(CAME, SCORE, SCORE) == ranking.Interval(0, 0, 0)


def test_a_gain_is_the_difference_of_both() -> None:
    perfect = np.array([4.0, 3, 2, 1])

    found = ranking.auc_gain(CAME, perfect, SCORE)

    # Placements differ by 0 and ½ on either side: variance ⅛ each, halved.
    assert found.value == 0.25
    assert found.high - found.value == pytest.approx(1.959964 * sqrt(1 / 8))


@pytest.mark.parametrize("events", [0, 1, 3, 4])
def test_one_customer_of_an_outcome_is_not_enough(events: int) -> None:
    with pytest.raises(NotEnoughData, match="two or more"):
        ranking.auc(np.arange(4) < events, SCORE)


def test_gains_of_a_perfect_order() -> None:
    came = np.arange(100) < 10

    table = ranking.gains(came, np.arange(100.0)[::-1])

    assert table["captured"].iloc[[4, 9, 99]].tolist() == pytest.approx([0.5, 1, 1])
    assert table["lift"].iloc[[4, 9, 99]].tolist() == pytest.approx([10, 10, 1])


def test_equal_scores_gain_nothing() -> None:
    table = ranking.gains(np.arange(100) < 10, np.zeros(100))

    assert table["lift"].tolist() == pytest.approx([1] * 100)


def test_points_of_the_roc_by_hand() -> None:
    table = ranking.roc(CAME, SCORE)

    assert table.to_numpy().tolist() == [[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]]


def test_a_long_roc_is_thinned() -> None:
    came = np.arange(10_000) % 3 == 0

    table = ranking.roc(came, np.arange(10_000.0))

    assert len(table) <= 200
    assert table.iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]
