"""Figures of predicted amounts, by hand."""

import numpy as np
import pytest

from crm.analytics.purchase import purchase_bands, purchase_judging
from crm.analytics.purchase.purchase_judging import Accuracy


def judged(amounts: list[float], actual: list[float]) -> Accuracy:
    one, came = np.array(amounts, dtype=float), np.array(actual, dtype=float)
    both = {"model": one, "rival": np.full(len(came), came.mean())}
    return purchase_judging.judge(both, came, "rival")["model"]


def test_totals_and_errors() -> None:
    """Errors 1, -2, 3, 0: mean size 6/4, mean square 14/4."""
    found = judged([2, 2, 7, 5], [1, 4, 4, 5])

    assert (found.predicted, found.actual) == (16, 14)
    assert found.ratio.value == pytest.approx(16 / 14)
    assert found.mae.value == pytest.approx(1.5)
    assert found.rmse.value == pytest.approx(3.5**0.5)


def test_the_deviance_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import mean_tweedie_deviance

    amounts, actual = [1.0, 2, 3, 4], [0.0, 5, 1, 6]

    unit = np.mean(actual)
    expected = mean_tweedie_deviance(actual / unit, amounts / unit, power=1.5)
    assert judged(amounts, actual).deviance.value == pytest.approx(expected)


def test_a_perfect_prediction_has_no_deviance_and_gains_all() -> None:
    found = judged([1, 2, 3, 4], [1, 2, 3, 4])

    assert found.deviance.value == pytest.approx(0)
    assert found.gain is not None
    assert found.gain.value > 0
    assert found.spearman == pytest.approx(1)


def test_the_rival_has_no_gain_over_itself_and_its_ranks_say_nothing() -> None:
    came = np.array([1.0, 2, 3, 4])
    [found] = purchase_judging.judge({"r": np.ones(4)}, came, "r").values()

    assert found.gain is None
    assert found.spearman is None


def test_ranks_are_spearmans() -> None:
    """Ranks 1 2 3 4 against 2 1 3 4: 1 - 6 × 2 / (4 × 15)."""
    assert judged([1, 2, 3, 4], [20, 10, 30, 40]).spearman == pytest.approx(0.8)


def test_the_top_tenth_is_that_of_the_predictions() -> None:
    """The best two of twenty bring 30 and 10 of 58."""
    actual = [1] * 18 + [30, 10]

    assert judged(list(range(20)), actual).top_share.value == pytest.approx(40 / 58)


def test_equal_predictions_share_the_top_tenth_by_lot() -> None:
    """Two of twenty may be taken: nobody is above the others."""
    assert judged([5] * 20, [*range(20)]).top_share.value == pytest.approx(0.1)


def test_intervals_hold_the_estimate_and_shrink_with_customers() -> None:
    random = np.random.default_rng(1)

    def width(count: int) -> float:
        came = random.gamma(1, 10, count)
        found = judged(list(np.full(count, 10.0)), list(came)).ratio
        assert found.low < found.value < found.high
        return found.high - found.low

    assert width(400) / width(10_000) == pytest.approx(5, rel=0.3)


def test_an_interval_of_a_sum_is_as_wide_as_theory_has_it() -> None:
    """Of 10,000 exponential amounts: 2 × 1.96 / √10,000."""
    came = np.random.default_rng(2).exponential(1, 10_000)

    found = judged([1.0] * 10_000, list(came)).ratio

    assert found.high - found.low == pytest.approx(0.0392, rel=0.12)


def test_deciles_never_divide_equal_predictions() -> None:
    amounts, actual = np.repeat([0.0, 10.0], [80, 20]), np.arange(100.0)

    table = purchase_judging.deciles({"m": amounts}, actual)

    assert list(table["customers"]) == [80, 20]
    assert list(table["actual"]) == [39.5, 89.5]
    assert list(table["predicted"]) == [0, 10]


def test_intervals_of_customers_hold_nine_of_ten_of_others() -> None:
    random = np.random.default_rng(3)
    amounts = random.gamma(1, 100, 4000)
    learned, other = (random.gamma(2, amounts / 2) for _n in range(2))

    low, high = purchase_bands.learn(amounts, learned).around(amounts)

    assert ((other >= low) & (other <= high)).mean() == pytest.approx(0.9, abs=0.02)
    covered, top = purchase_bands.coverage(amounts, learned)
    assert covered == pytest.approx(0.9, abs=0.02)
    assert top == pytest.approx(0.9, abs=0.05)


def test_intervals_are_around_the_prediction_also_beyond_what_was_learned() -> None:
    amounts = np.linspace(1, 100, 500)
    bands = purchase_bands.learn(
        amounts, np.random.default_rng(4).gamma(2, amounts / 2)
    )

    low, high = bands.around(np.array([0.0, 50.0, 1e6]))

    assert (low >= 0).all()
    assert (high >= low).all()
    assert high[2] > 1e6


def test_a_sum_has_the_spread_of_independent_errors() -> None:
    """1,000 errors of deviation 50: 1.645 × 50 × √1,000 to either side."""
    random = np.random.default_rng(5)
    amounts = np.full(1000, 100.0)

    total = purchase_bands.learn(amounts, random.normal(100, 50, 1000)).total(amounts)

    assert total.value == pytest.approx(100_000)
    assert total.high - total.value == pytest.approx(1.645 * 50 * 1000**0.5, rel=0.08)


def test_one_prediction_is_enough_for_an_interval() -> None:
    low, high = purchase_bands.learn(np.array([5.0]), np.array([7.0])).around(
        np.array([5.0])
    )

    assert low[0] <= 7 <= high[0] + 1e-9
