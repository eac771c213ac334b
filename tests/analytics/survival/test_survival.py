"""Survival curves and the log-rank test, against published figures.

Times of remission in weeks of 42 children with acute leukaemia, half of them given
6-mercaptopurine: Freireich et al. (1963), as in Gehan (1965) and in Klein and
Moeschberger, Survival Analysis (2003), table 1.1. The curve of the treated is their
table 4.1A; the log-rank statistic of 16.79 is R's `survdiff`.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.analytics.survival.log_rank import log_rank
from crm.analytics.survival.survival import curve, lifetimes
from crm.errors import NotEnoughData
from crm.frames import SUBSCRIPTIONS, typed

TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS = TREATED + PLACEBO
ENDED = RELAPSED + [1] * 21
GROUP = ["6-MP"] * 21 + ["placebo"] * 21


def test_the_curve_is_the_published_one() -> None:
    table = curve(TREATED, RELAPSED).table

    assert table["days"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert table["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert table["survival"].round(3).tolist() == [
        0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448,
    ]  # fmt: skip


def test_its_interval_is_greenwoods_on_the_scale_of_log_log() -> None:
    """At 6 weeks, by hand: variance of log(-log S) 3/(21 × 18) / log(18/21)²."""
    low, high = curve(TREATED, RELAPSED).table.loc[0, ["low", "high"]]

    share = 18 / 21
    error = 1.959964 * np.sqrt(3 / (21 * 18)) / -np.log(share)
    assert low == pytest.approx(share ** np.exp(error))
    assert high == pytest.approx(share ** np.exp(-error))
    assert (round(low, 3), round(high, 3)) == (0.620, 0.952)  # R's survfit


def test_medians_are_the_published_ones() -> None:
    treated, placebo = curve(TREATED, RELAPSED), curve(PLACEBO, [1] * 21)

    assert (treated.median, placebo.median) == (23, 8)
    assert (treated.median_low, treated.median_high) == (13, None)
    assert (placebo.median_low, placebo.median_high) == (4, 11)


def test_a_curve_that_reaches_nothing_has_no_upper_limit_there() -> None:
    last = curve(PLACEBO, [1] * 21).table.iloc[-1]

    assert (last["survival"], last["low"]) == (0, 0)
    assert np.isnan(last["high"])


def test_the_share_is_read_off_between_two_ends() -> None:
    treated = curve(TREATED, RELAPSED)

    assert treated.at(5) == (1, 1, 1)
    assert treated.at(12)[0] == pytest.approx(0.753, abs=0.0005)


def test_the_log_rank_statistic_is_the_published_one() -> None:
    found = log_rank(WEEKS, ENDED, GROUP)

    assert found.statistic == pytest.approx(16.79, abs=0.005)
    assert found.freedom == 1
    assert found.p_value == pytest.approx(4.17e-5, rel=0.01)


def test_three_groups_of_one_kind_do_not_differ() -> None:
    """The same times thrice: observed and expected agree."""
    found = log_rank(PLACEBO * 3, [1] * 63, np.repeat(["a", "b", "c"], 21))

    assert found.freedom == 2
    assert found.statistic == pytest.approx(0, abs=1e-12)
    assert found.p_value == pytest.approx(1)


def test_groups_at_different_times_are_not_compared() -> None:
    with pytest.raises(NotEnoughData):
        log_rank([1, 1, 5, 5], [1, 1, 0, 0], ["a", "a", "a", "a"])
    with pytest.raises(NotEnoughData):
        log_rank([1, 1, 5, 5], [0, 0, 0, 0], ["a", "a", "b", "b"])


@pytest.mark.parametrize(
    ("days", "ended"), [([], []), ([5] * 9, [1] * 9), ([5] * 20, [0] * 20)]
)
def test_too_few_make_no_curve(days: list[int], ended: list[int]) -> None:
    with pytest.raises(NotEnoughData):
        curve(days, ended)


def test_all_that_end_on_one_day_make_one_step() -> None:
    found = curve([30] * 20, [1] * 20)

    assert found.table["survival"].tolist() == [0]
    assert found.median == 30


def subscriptions(*rows: tuple[str, str | None]) -> pd.DataFrame:
    """Start and end of each."""
    made = [
        {"subscription_id": n, "customer_id": n, "starts_on": start, "ends_on": end,
         "auto_renew": True, "no_rate": False, "billing_period": "monthly"}
        for n, (start, end) in enumerate(rows, 1)
    ]  # fmt: skip
    return typed(pd.DataFrame(made, columns=list(SUBSCRIPTIONS)), SUBSCRIPTIONS)


def test_days_count_from_the_start_to_the_end_or_to_the_day_of_the_analysis() -> None:
    found = lifetimes(
        subscriptions(
            ("2026-01-01", "2026-01-31"),
            ("2026-01-01", None),
            ("2026-03-01", None),
            ("2026-02-10", "2026-02-01"),  # cancelled before its start
        ),
        as_of=date(2026, 3, 1),
    )

    assert found["days"].tolist() == [31, 60, 1]
    assert found["ended"].tolist() == [True, False, False]
