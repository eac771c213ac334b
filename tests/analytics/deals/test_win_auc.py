import numpy as np
import pandas as pd
import pytest

from crm.analytics import ranking
from crm.analytics.deals import win_auc


def sample(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    events = random.random(count) < 0.4
    return events, random.normal(events * 0.5).round(1)  # some ties


def test_rows_that_stand_alone_have_the_interval_of_delong() -> None:
    events, score = sample(200)

    mine = win_auc.auc(events, score, pd.Series(range(200)))
    theirs = ranking.auc(events, score)

    assert mine.value == pytest.approx(theirs.value)
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high))


def test_rows_told_again_make_nothing_surer() -> None:
    events, score = sample(200)
    once, again = pd.Series(range(200)), pd.Series([*range(200)] * 3)
    rival = score[::-1].copy()

    for alone, thrice in (
        (
            win_auc.auc(events, score, once),
            win_auc.auc(np.tile(events, 3), np.tile(score, 3), again),
        ),
        (
            win_auc.gain(events, score, rival, once),
            win_auc.gain(
                np.tile(events, 3), np.tile(score, 3), np.tile(rival, 3), again
            ),
        ),
    ):
        assert (thrice.value, thrice.low, thrice.high) == pytest.approx(
            (alone.value, alone.low, alone.high)
        )


def test_the_gain_over_a_rival_is_the_difference() -> None:
    events, score = sample(200)
    rival, ids = np.zeros(200), pd.Series(range(200))

    gain = win_auc.gain(events, score, rival, ids)

    assert gain.value == pytest.approx(win_auc.auc(events, score, ids).value - 0.5)
    assert gain.low < gain.value < gain.high


def test_a_perfect_order_of_few_is_not_certain() -> None:
    events = np.array([True] * 5 + [False] * 20)

    found = win_auc.auc(events, events.astype(float), pd.Series(range(25)))

    assert found.value == found.high == 1
    assert 0.5 < found.low < 0.6
