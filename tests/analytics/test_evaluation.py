from math import log

import numpy as np
import pytest

from crm.analytics import evaluation
from crm.errors import NotEnoughData

CAME = np.arange(100) < 20
LIKELY = np.where(np.arange(100) < 10, 0.9, 0.1)


def test_the_best_tenth_is_held_against_the_base_rate() -> None:
    # All ten of the likely ones are events, where one in five is.
    assert evaluation.judge(CAME, LIKELY).lift_10 == pytest.approx(5)


def test_one_probability_for_all_by_hand() -> None:
    judged = evaluation.judge(CAME, np.full(100, 0.2))

    assert (judged.auc.value, judged.lift_10) == (0.5, pytest.approx(1))
    assert judged.brier == pytest.approx(0.2 * 0.8)
    assert judged.log_loss == pytest.approx(-0.2 * log(0.2) - 0.8 * log(0.8))
    assert judged.intercept == pytest.approx(0)
    assert judged.slope is None


def test_too_low_probabilities_have_an_intercept_above_0() -> None:
    judged = evaluation.judge(CAME, np.full(100, 0.1))

    # Odds of 1/4 came where 1/9 were predicted.
    assert judged.intercept == pytest.approx(log((1 / 4) / (1 / 9)))


def test_a_score_is_compared_only_where_there_is_a_rival() -> None:
    alone = evaluation.judge(CAME, LIKELY)
    against = evaluation.judge(CAME, LIKELY, rival=np.full(100, 0.2))

    assert alone.auc_gain is None
    assert against.auc_gain is not None
    assert against.auc_gain.value == pytest.approx(alone.auc.value - 0.5)


def test_an_outcome_that_hardly_occurs_cannot_be_judged() -> None:
    with pytest.raises(NotEnoughData):
        evaluation.judge(np.arange(100) < 1, LIKELY)
