"""Scores against R's package `rfm` (Hebbali, version 0.3): its tests, its vignette."""

from math import inf, nan

import numpy as np
import pandas as pd
import pytest

from crm.analytics.segmentation.rfm_scores import (
    Cuts,
    quantile_cuts,
    recency_score,
    score,
)
from crm.errors import Invalid
from tests.analytics.customers import buyers

MPG = [  # miles per gallon of the 32 cars in R's `mtcars`
    *(21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2),
    *(10.4, 10.4, 14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26),
    *(30.4, 15.8, 19.7, 15, 21.4),
]
PUBLISHED_CUTS = Cuts((115, 181, 297, 482), (4, 5, 6, 8), (256, 382, 506, 666))
PUBLISHED = pd.DataFrame(  # the first ten customers of the vignette
    [
        (205, 6, 472, 343), (140, 3, 340, 412), (194, 4, 405, 323), (132, 5, 448, 433),
        (90, 9, 843, 555), (84, 9, 763, 555), (281, 8, 699, 355), (246, 4, 157, 321),
        (349, 3, 363, 212), (619, 4, 196, 121),
    ],
    columns=["recency", "frequency", "monetary", "rfm"],
)  # fmt: skip


def test_quantile_cuts_are_those_of_r() -> None:
    cuts = quantile_cuts(buyers(32, monetary=MPG))

    assert cuts.monetary == pytest.approx((16.20, 18.92, 22.00, 25.08))


def test_published_customers_get_their_published_scores() -> None:
    r = recency_score(PUBLISHED["recency"].to_numpy(), PUBLISHED_CUTS.recency)
    f = score(PUBLISHED["frequency"].to_numpy(), PUBLISHED_CUTS.frequency)
    m = score(PUBLISHED["monetary"].to_numpy(), PUBLISHED_CUTS.monetary)

    scores = r.astype(int) * 100 + f.astype(int) * 10 + m
    assert scores.tolist() == PUBLISHED["rfm"].tolist()


def test_an_example_by_hand() -> None:
    # Type-7 quantiles of 1, 2, 3, 4, 10 at fifths: 1.8, 2.6, 3.4, 5.2; plus 1 each.
    values = [1, 2, 3, 4, 10]

    cuts = quantile_cuts(buyers(5, frequency=values)).frequency

    assert cuts == pytest.approx((2.8, 3.6, 4.4, 6.2))
    assert score(np.array(values), cuts).tolist() == [1, 1, 2, 3, 5]


def test_equal_values_share_a_score() -> None:
    # The fifths of eleven values are the 3rd, 5th, 7th and 9th: 1, 1, 1, 2.
    orders = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 9]

    cuts = quantile_cuts(buyers(11, frequency=orders)).frequency

    assert cuts == (2, 2, 2, 3)
    assert score(np.array(orders), cuts).tolist() == [1] * 7 + [4] * 2 + [5] * 2


def test_a_quantile_that_is_whole_stays_whole() -> None:
    # 0.6 × 9 is not quite 5.4 in binary; 0.4 of the way from 0 to 5 is 2.
    orders = [0, 0, 0, 0, 0, 0, 5, 5, 5, 5]

    cuts = quantile_cuts(buyers(10, frequency=orders)).frequency

    assert cuts[2] == 3


def test_a_value_on_a_cut_point_belongs_above_it() -> None:
    assert score(np.array([9.99, 10, 10.01]), (10, 20)).tolist() == [1, 2, 2]


def test_the_most_recent_get_the_highest_score() -> None:
    assert recency_score(np.array([-3, 0, 30, 90]), (30, 90)).tolist() == [3, 3, 2, 1]


@pytest.mark.parametrize("bins", [3, 4, 5])
def test_the_number_of_scores_can_be_chosen(bins: int) -> None:
    spread = range(0, 1000, 10)

    cuts = quantile_cuts(buyers(100, recency=spread, frequency=spread), bins)

    assert cuts.shape == (bins, bins, bins)
    assert set(score(np.array(spread), cuts.recency)) == set(range(1, bins + 1))


@pytest.mark.parametrize("bins", [2, 6])
def test_other_numbers_of_scores_are_refused(bins: int) -> None:
    with pytest.raises(Invalid, match="3, 4 or 5"):
        quantile_cuts(buyers(5), bins)


@pytest.mark.parametrize(
    ("cuts", "words"),
    [
        ((10, 30, 20), "must ascend, but 20 comes after 30"),
        ((10,), "two, three or four"),
        ((1, 2, 3, 4, 5), "two, three or four"),
        ((10, nan), "not a number"),
        ((10, inf), "not a number"),
    ],
)
def test_unfit_cut_points_are_refused_in_words(
    cuts: tuple[float, ...], words: str
) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        Cuts(recency=(10, 20), frequency=cuts, monetary=(10, 20))

    assert refused.value.field == "frequency"
