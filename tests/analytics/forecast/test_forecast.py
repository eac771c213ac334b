"""What is expected of whole series: choice of method, intervals, odd histories."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.analytics.forecast import forecasts
from crm.analytics.forecast.forecast import MARGIN, Forecast, forecast
from crm.analytics.forecast.forecast_methods import MEAN, METHODS, NAIVE, SMOOTHING
from crm.analytics.forecast.periods import Unit
from crm.errors import NotEnoughData
from crm.frames import REVENUE_BY_DAY, empty
from tests.analytics.series import day, days, series

SHAPE = np.array([150.0, 140, 130, 130, 110, 20, 20])


def noisy(weeks: int, *, seed: int = 0, noise: float = 10) -> np.ndarray:
    """The same week again and again, and some noise on it."""
    random = np.random.default_rng(seed)
    return np.tile(SHAPE, weeks) + noise * random.normal(size=7 * weeks)


def said(found: Forecast) -> str:
    return " ".join(map(str, found.notes))


@pytest.mark.slow
def test_a_planted_week_comes_back() -> None:
    found = forecast(series(noisy(40)), "day", steps=14)

    assert found.season == 7
    assert found.expected["expected"].tolist() == pytest.approx([*SHAPE] * 2, abs=8)
    assert found.expected["total"].iloc[-1] == pytest.approx(2 * SHAPE.sum(), rel=0.02)
    assert str(found.expected["period"].iloc[0].date()) == "2024-10-07"


@pytest.mark.slow
def test_smoothing_is_the_rule_and_clearly_better_than_the_naive() -> None:
    found = forecast(series(noisy(40)), "day", steps=7)

    assert found.method == SMOOTHING
    assert found.beats[NAIVE] is True


def test_a_plainer_method_is_used_where_it_errs_clearly_less() -> None:
    """Nine weeks of noise without any season: a mean is the best that can be said."""
    random = np.random.default_rng(1)

    found = forecast(series(100 + 10 * random.normal(size=63)), "day", steps=7)

    errors = found.quality.groupby("method")["mae"].mean()
    assert found.method == MEAN
    assert errors[MEAN] < (1 - MARGIN) * errors[SMOOTHING]


def test_a_straight_line_with_a_season_goes_on() -> None:
    season = np.tile([0, 5, 20, -10, 0, 3, -20, -15, 10, 12, 30, 40], 3)

    found = forecast(series(300 + 4 * np.arange(36) + season, "month"), "month")

    came = 300 + 4 * np.arange(36, 48) + season[:12]
    assert found.expected["expected"].tolist() == pytest.approx(came)


def test_where_nothing_beats_the_naive_it_says_so() -> None:
    """Each weekday is that of the week before, and a step at random."""
    random = np.random.default_rng(3)
    weeks = 1000 + np.cumsum(random.normal(size=(40, 7)), axis=0)

    found = forecast(series(weeks.ravel()), "day", steps=7)

    assert found.beats.get(NAIVE) is not True
    assert "No method was clearly better" in said(found)


@pytest.mark.slow
def test_intervals_hold_what_they_promise_on_steady_noise() -> None:
    """Of 40 series, what came after the end; 0.8 ± 3 standard errors of 0.063."""
    within = {80: 0, 95: 0}
    for seed in range(40):
        values = noisy(30, seed=seed)
        expected = forecast(series(values[:-7]), "day", steps=7).expected
        came = values[-7:].sum()
        last = expected.iloc[-1]
        for level in within:
            low, high = last[f"total_low_{level}"], last[f"total_high_{level}"]
            within[level] += low <= came <= high

    assert 0.61 < within[80] / 40 <= 0.99
    assert within[95] / 40 > 0.85


def test_the_wider_interval_holds_the_narrower_one() -> None:
    expected = forecast(series(noisy(20)), "day").expected

    for name in ("", "total_"):
        order = [f"{name}{end}" for end in ("low_95", "low_80", "high_80", "high_95")]
        assert (expected[order].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_what_was_never_negative_is_not_expected_to_be() -> None:
    found = forecast(series(np.maximum(noisy(20, noise=60), 0)), "day")

    assert found.expected.filter(regex="low|expected|total").min(axis=None) >= 0


def test_negative_totals_are_forecast_like_others() -> None:
    found = forecast(series(-noisy(20)), "day", steps=7)

    assert found.expected["total"].iloc[-1] == pytest.approx(-SHAPE.sum(), rel=0.05)
    assert not found.expected.isna().any(axis=None)


def test_one_outlier_does_not_carry_the_forecast_away() -> None:
    values = noisy(40)
    values[200] = 50_000

    found = forecast(series(values), "day", steps=7)

    assert found.expected["total"].iloc[-1] == pytest.approx(SHAPE.sum(), rel=0.6)


@pytest.mark.parametrize("value", [0.0, 100.0, -5.0])
def test_always_the_same_is_expected_to_stay_the_same(value: float) -> None:
    found = forecast(series([value] * 60), "day", steps=7)

    assert found.expected["expected"].tolist() == pytest.approx([value] * 7)
    ends = found.expected[["low_95", "high_95"]]
    assert ends.iloc[0].tolist() == pytest.approx([value] * 2, abs=1e-6)
    assert found.quality["mase"].isna().all()


def test_a_single_day_of_orders_gives_a_mean_and_says_why() -> None:
    found = forecast(series([0] * 30 + [70] + [0] * 10), "day")

    assert found.method == MEAN
    assert "98% of the days there was nothing" in said(found)


def test_too_few_periods_are_refused_in_words() -> None:
    with pytest.raises(NotEnoughData, match="8 whole weeks at least; there are 7"):
        forecast(series([1.0] * 7, "week"), "week")


def test_from_a_few_periods_the_mean_is_expected() -> None:
    found = forecast(series([1, 2, 3, 4, 5, 6, 7, 12], "month"), "month")

    assert (found.method, found.season) == (MEAN, 1)
    assert found.expected["expected"].tolist() == [5, 5]  # a third of 8 ahead
    assert "8 whole months are few" in said(found)


@pytest.mark.parametrize(
    ("unit", "count", "season"),
    [("day", 14, 7), ("week", 103, 1), ("week", 104, 52), ("month", 23, 1)],
)
def test_a_season_takes_two_of_them(unit: Unit, count: int, season: int) -> None:
    random = np.random.default_rng(1)

    found = forecast(series(random.uniform(50, 100, count), unit), unit)

    assert found.season == season
    assert ("less than two seasons" in said(found)) is (season == 1)


def test_a_sudden_silence_is_told() -> None:
    found = forecast(series([*noisy(10), *[0] * 9]), "day")

    assert "Nothing has come since Mar 10, 2024" in said(found)


def test_every_method_is_judged_at_every_step() -> None:
    found = forecast(series(noisy(20)), "day", steps=5)

    assert found.quality["method"].unique().tolist() == list(METHODS)
    assert found.quality.groupby("method")["step"].max().eq(5).all()
    assert found.origins == 70


def grouped(rows: dict[int, pd.DataFrame]) -> pd.DataFrame:
    tables = [
        table.assign(rank=rank, group=f"G{rank}" if rank else "")
        for rank, table in rows.items()
    ]
    return pd.concat(tables)[["day", "rank", "group", "revenue", "orders"]]


@pytest.fixture(scope="module")
def whole() -> pd.DataFrame:
    values = noisy(9)
    starts = pd.date_range("2026-01-01", periods=len(values)).strftime("%Y-%m-%d")
    return days(dict(zip(starts, values, strict=True)))


@pytest.mark.slow
def test_the_whole_and_each_group_are_forecast(whole: pd.DataFrame) -> None:
    half = whole.assign(revenue=whole["revenue"] / 2)
    groups = {
        "category": grouped({1: half, 0: half}),
        "country": grouped({1: whole}),  # a single one says nothing more
    }

    found = forecasts.every(whole, groups, until=day("2026-03-04"))

    by_day = found.series[found.series["unit"] == "day"]
    assert sorted(
        zip(by_day["by"], by_day["rank"], by_day["measure"], strict=True)
    ) == [
        ("", 0, "orders"),
        ("", 0, "revenue"),
        ("category", 0, "orders"),
        ("category", 0, "revenue"),
        ("category", 1, "orders"),
        ("category", 1, "revenue"),
    ]
    assert set(found.refused) == {"month"}  # two are not eight
    sums = found.tables["expected"].merge(by_day, on="series")
    sums = sums[sums["measure"] == "revenue"].groupby("by")["expected"].sum()
    assert sums["category"] == pytest.approx(sums[""])


def test_no_orders_at_all_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="no orders by 2026-03-04"):
        forecasts.every(empty(REVENUE_BY_DAY), {}, until=date(2026, 3, 4))


def test_a_few_days_are_refused_with_the_reason(whole: pd.DataFrame) -> None:
    with pytest.raises(NotEnoughData, match="8 whole days at least; there are 3"):
        forecasts.every(whole.head(3), {}, until=day("2026-01-03"))


@pytest.mark.slow
def test_orders_after_the_last_whole_day_are_not_looked_at(
    whole: pd.DataFrame,
) -> None:
    later = pd.concat([whole, days({"2026-03-05": 1e9})])

    one, other = (
        forecasts.every(table, {}, until=day("2026-03-04")) for table in (whole, later)
    )

    pd.testing.assert_frame_equal(one.tables["expected"], other.tables["expected"])
