"""The methods on series so small that they can be worked out by hand."""

import numpy as np
import pytest

from crm.analytics.forecast import (
    back_test,
    forecast_intervals,
    forecast_methods,
    smoothing,
)
from crm.analytics.forecast.forecast_methods import (
    DRIFT,
    MEAN,
    METHODS,
    NAIVE,
    SMOOTHING,
)

WEEK = [1.0, 2, 3, 4, 5, 6, 7]


def ahead(method: str, values: list[float], season: int, steps: int) -> list[float]:
    known = np.array(values)
    roll = forecast_methods.learn(method, known, season)
    return roll(known, np.array([len(known)]), steps)[0].tolist()


def test_seasonal_naive_repeats_the_last_season() -> None:
    assert ahead(NAIVE, [9.0] * 7 + WEEK, 7, 9) == [*WEEK, 1, 2]


def test_without_a_season_it_repeats_the_last_value() -> None:
    assert ahead(NAIVE, [1, 5, 2], 1, 3) == [2, 2, 2]


def test_seasonal_mean_is_the_mean_of_the_same_weekday() -> None:
    # Mondays of 3 and 1, Tuesdays of 4 and 2, and so on.
    before = [value + 2 for value in WEEK]

    assert ahead(MEAN, before + WEEK, 7, 8) == [*(value + 1 for value in WEEK), 2]


def test_seasonal_mean_forgets_what_was_long_ago() -> None:
    values = [1000.0] * 7 + [2.0] * 8 * 7

    assert ahead(MEAN, values, 7, 1) == [2]


def test_drift_adds_the_growth_of_a_season_each_season() -> None:
    # Two weeks apart the mean has risen by 20, so by 10 a week.
    rising = [value + rise for rise in (0, 10, 20) for value in WEEK]

    assert ahead(DRIFT, rising, 7, 8) == [*(value + 30 for value in WEEK), 41]


@pytest.mark.slow
def test_smoothing_finds_the_season_of_a_clean_series() -> None:
    found = ahead(SMOOTHING, [10 * value for value in WEEK] * 6, 7, 7)

    assert found == pytest.approx([10 * value for value in WEEK], rel=1e-3)


def test_smoothing_without_a_season_stays_at_the_level() -> None:
    values = [100.0, 101, 99, 100, 101, 99, 100, 101, 99, 100, 101, 99]

    assert ahead(SMOOTHING, values, 1, 2) == pytest.approx([100, 100], abs=1)


@pytest.mark.parametrize("season", [1, 7])
def test_smoothing_rolled_on_equals_a_new_filter(season: int) -> None:
    """With the same parameters, statsmodels gives the same from each origin."""
    random = np.random.default_rng(1)
    values = 100 + np.arange(60.0) + 10 * random.normal(size=60)
    fitted = smoothing.fit(values[:40], season)

    rolled = fitted.forecasts(values, np.array([45, 60]), 10)

    for row, known in zip(rolled, (values[:45], values), strict=True):
        model = smoothing._model(
            known / fitted.scale, fitted.begin, season, fitted.trend
        )
        direct = model.smooth(fitted.parameters).forecast(10) * fitted.scale
        assert row == pytest.approx(direct)


@pytest.mark.parametrize("method", METHODS)
def test_what_comes_after_the_origin_changes_nothing(method: str) -> None:
    random = np.random.default_rng(2)
    values = 100 + 10 * random.normal(size=80)
    other = np.append(values[:60], 1e6 * np.ones(20))

    rolls = [
        forecast_methods.learn(method, known[:50], 7)(known, np.array([50, 60]), 5)
        for known in (values, other)
    ]

    assert np.array_equal(*rolls)


def test_errors_of_a_back_test_by_hand() -> None:
    """1, 2, 4, 8 after 0: the last value is off by 1, 2, 4 one step ahead, and by 3
    and 6 two steps ahead."""
    values = np.array([0.0, 1, 2, 4, 8])
    roll = forecast_methods.learn(NAIVE, values[:2], 1)

    found = back_test.asked(roll, values, 2, 2, back_test.scale_of(values[:2], 1), 0.0)

    assert found.errors[:2].tolist() == [[1, 3], [2, 6]]
    assert found.errors[2, 0] == 4
    assert np.isnan(found.errors[2, 1])
    assert found.mae.tolist() == [pytest.approx(7 / 3), 4.5]
    assert found.scale == 1  # before the test it rose by 1


def test_the_scale_is_that_of_the_seasonal_naive() -> None:
    assert back_test.scale_of(np.array([1.0, 5, 3, 9]), 2) == 3  # |3 - 1|, |9 - 5|


def of_errors(errors: np.ndarray) -> back_test.BackTest:
    return back_test.BackTest(np.arange(len(errors)), errors, 1.0)


def test_a_method_that_always_errs_less_is_clearly_better() -> None:
    random = np.random.default_rng(3)
    good = random.normal(0, 1, (60, 4))

    assert back_test.is_clearly_better(of_errors(good), of_errors(2 * good))
    assert not back_test.is_clearly_better(of_errors(2 * good), of_errors(good))


def test_two_of_the_same_kind_are_seldom_clearly_better() -> None:
    """5% of the time by the level of the test; up to 10% are let pass here."""
    found = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        one, other = random.normal(0, 1, (2, 80, 1))
        found += bool(back_test.is_clearly_better(of_errors(one), of_errors(other)))

    assert found <= 20


def test_from_a_short_past_nobody_can_tell() -> None:
    errors = np.ones((11, 4))

    assert back_test.is_clearly_better(of_errors(errors), of_errors(2 * errors)) is None


def test_widths_are_quantiles_of_the_sizes() -> None:
    """Of 1 to 99, the 80 of 100 places up is 80, the 95th is 95."""
    errors = np.arange(1.0, 100)[:, None] * np.where(np.arange(99) % 2, 1, -1)[:, None]

    assert forecast_intervals.widths(errors)[:, 0].tolist() == [80, 95]


def test_widths_of_few_errors_are_those_of_student() -> None:
    """Four errors of size 10: t with 4 degrees is 1.533 at 90%, 2.776 at 97.5%."""
    errors = np.array([[10.0], [-10], [10], [-10]])

    widths = forecast_intervals.widths(errors)[:, 0]

    assert widths == pytest.approx([15.33, 27.76], abs=0.01)


def test_quiet_days_have_narrow_intervals() -> None:
    random = np.random.default_rng(4)
    size = np.array([10.0, 10, 10, 10, 10, 1, 0])
    origins = np.arange(140)
    errors = (random.normal(0, 1, 140) * size[origins % 7])[:, None]

    parts = forecast_intervals.by_phase(errors, origins, 7)

    assert parts[5] == pytest.approx(parts[:5].mean() / 10, rel=0.3)
    assert parts[6] == pytest.approx(np.abs(errors).mean() / 10)


def test_on_steady_noise_the_measured_coverage_is_the_promised_one() -> None:
    random = np.random.default_rng(5)

    found = forecast_intervals.coverage(
        random.normal(0, 1, (2000, 2)), np.arange(2000), 1
    )

    assert found[0] == pytest.approx([0.8, 0.8], abs=0.04)
    assert found[1] == pytest.approx([0.95, 0.95], abs=0.02)


def test_a_coverage_of_few_is_not_told() -> None:
    found = forecast_intervals.coverage(np.ones((12, 3)), np.arange(12), 1)

    assert np.isnan(found).all()
