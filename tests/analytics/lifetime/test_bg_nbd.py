"""BG/NBD: published figures, the paper's formulas, customers who do as it says."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, gammaln, hyp2f1

from crm.analytics.lifetime import bg_nbd, bg_nbd_likelihood
from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.gamma_gamma import GammaGamma
from crm.analytics.lifetime.histories import WEEK, Histories, histories
from crm.errors import Invalid
from tests.analytics import buyers
from tests.analytics.buyers import LAST, LEARNED_ON, cdnow, history, repeat_buyers

PAPER = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
SPEND = GammaGamma(p=6.25, q=3.74, gamma=15.44)


def calibrated(file: str = "cdnow_sample_orders.csv") -> Histories:
    return histories(repeat_buyers(cdnow(file), LEARNED_ON))


def test_the_published_fit_of_the_cdnow_sample() -> None:
    """Fader, Hardie and Lee 2005, table 2."""
    found = bg_nbd.fit(calibrated())

    assert (found.r, found.alpha) == pytest.approx((0.243, 4.414), abs=5e-4)
    assert (found.a, found.b) == pytest.approx((0.793, 2.426), abs=5e-4)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)


@pytest.mark.slow
def test_the_fit_of_all_cdnow_customers() -> None:
    known = calibrated("cdnow_orders.csv")

    found = bg_nbd.fit(known)

    assert known.customers.sum() == 23_570
    assert len(known) == 8_685
    assert (found.r, found.alpha) == pytest.approx((0.2516, 4.789), rel=5e-4)
    assert (found.a, found.b) == pytest.approx((0.7234, 2.161), rel=5e-4)
    assert found.log_likelihood == pytest.approx(-95_368.44, abs=0.01)


def test_the_published_expectation_of_one_customer() -> None:
    """2 repeat purchases, the last in week 30.43 of 38.86: 1.226 in 39 weeks."""
    one = history(2, 213, 272)

    assert PAPER.purchases(one, 39 * WEEK) == pytest.approx([1.226], abs=5e-4)


def test_the_published_hold_out_of_the_cdnow_sample() -> None:
    """By class of repeat purchases; the class without any: 0.225 against 0.237."""
    before = repeat_buyers(cdnow(), LEARNED_ON)
    now = repeat_buyers(cdnow(), LAST)
    known = histories(before)

    expected = bg_nbd.fit(known).purchases(known, 39 * WEEK)[known.rows]
    actual = (now["x"] - before["x"]).to_numpy()

    assert np.corrcoef(expected, actual)[0, 1] == pytest.approx(0.626, abs=5e-4)
    none = (before["x"] == 0).to_numpy()
    assert expected[none].mean() == pytest.approx(0.225, abs=5e-4)
    assert actual[none].mean() == pytest.approx(0.237, abs=5e-4)
    assert expected.sum() / actual.sum() - 1 == pytest.approx(-0.12, abs=0.005)


def test_a_likelihood_by_hand() -> None:
    """All parameters 1, x = 1, t_x = 1, T = 3: B(1, 2) (1 / 4² + 1 / 2²)."""
    x, t_x, age = (np.array([one]) for one in (1.0, 1.0, 3.0))
    ones = np.ones(4)

    counts = bg_nbd_likelihood.of_counts(ones, x, np.ones(1))[0]
    times = bg_nbd_likelihood.of_times(ones, (x, t_x, age), np.ones(1))[0]

    assert counts + times == pytest.approx(np.log((1 / 4**2 + 1 / 2**2) / 2))


def test_the_gradient_is_that_of_the_likelihood() -> None:
    x = np.array([0.0, 0.0, 1.0, 3.0, 12.0])
    times = x, np.array([0.0, 0.0, 5.0, 20.0, 38.0]), np.array([3.0, 30, 30, 38, 38.5])
    shares = np.full(5, 0.2)

    def both(point: np.ndarray, part: int) -> np.ndarray:
        counts = bg_nbd_likelihood.of_counts(point, x, shares)[part]
        return counts + bg_nbd_likelihood.of_times(point, times, shares)[part]

    for point in np.array([[0.25, 4.4, 0.8, 2.4], [2.0, 15.0, 30.0, 90.0]]):
        steps = np.diag(1e-5 * point)
        rises = [both(point + step, 0) - both(point - step, 0) for step in steps]
        slopes = np.array(rises) / (2e-5 * point)
        assert both(point, 1) == pytest.approx(slopes, rel=1e-5)


def test_counted_histories_have_the_likelihood_of_single_customers() -> None:
    known = calibrated()
    found = bg_nbd.fit(known)
    table = repeat_buyers(cdnow(), LEARNED_ON)

    by_hand = log_likelihood(found, table["x"], table["t_x"] / 7, table["T"] / 7)

    assert by_hand.sum() == pytest.approx(found.log_likelihood, rel=1e-9)


def log_likelihood(
    model: BgNbd, x: pd.Series, t_x: pd.Series, age: pd.Series
) -> pd.Series:
    """Of each customer, as the authors write it for a spreadsheet (note of 2004)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    first = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    second = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    third = (alpha + age) ** -(r + x)
    fourth = np.where(x > 0, a / (b + x - 1) * (alpha + t_x) ** -(r + x), 0)
    return first + second + np.log(third + fourth)


def test_alive_by_hand() -> None:
    """1 / (1 + a / (b + x - 1) ((α + T) / (α + t_x))^(r + x)) = 1 / (1 + 1.5²)."""
    model = BgNbd(r=1, alpha=1, a=1, b=1)

    assert model.alive(history(1, 7, 14)) == pytest.approx([1 / 3.25])


def test_nobody_has_left_before_a_second_purchase() -> None:
    assert PAPER.alive(history(0, 0, 3650)) == [1]


def test_who_buys_often_and_then_stops_is_gone() -> None:
    assert PAPER.alive(history(60, 100, 700))[0] < 1e-9


@pytest.mark.parametrize("days", [7, 30, 365, 1826])
@pytest.mark.parametrize(
    "case", [(0, 0, 0), (0, 0, 300), (2, 213, 272), (25, 40, 45), (300, 1800, 1805)]
)
@pytest.mark.parametrize("model", [PAPER, BgNbd(1.8, 14, 4, 60), BgNbd(3, 2, 0.1, 0.3)])
def test_the_quadrature_agrees_with_the_closed_form(
    model: BgNbd, case: tuple[int, int, int], days: int
) -> None:
    one = history(*case)

    found = model.if_alive(one, days)

    assert found == pytest.approx([closed(model, case, days)], rel=1e-5)


def closed(model: BgNbd, case: tuple[int, int, int], days: int) -> float:
    """Equation 10 of the paper less its denominator, after Euler's transformation."""
    x, age, t = case[0], case[2] / WEEK, days / WEEK
    r, a, b = model.r, model.a, model.b
    z = t / (model.alpha + age + t)
    series = hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    return float((a + b + x - 1) / (a - 1) * (1 - (1 - z) ** (a - 1) * series))


@pytest.mark.parametrize("u", [1e-3, 0.1, 3.0, 20.0])
@pytest.mark.parametrize("x", [0, 1, 40, 2000])
@pytest.mark.parametrize(
    ("r", "a", "b"),
    [(0.5, 19, 60_000), (4, 21, 30), (4, 2700, 60_000), (0.01, 60_000, 60_000),
     (300, 0.5, 0.6), (2, 30, 0.5), (60_000, 0.5, 60_000), (1, 15, 3)],
)  # fmt: skip
def test_extreme_parameters_give_the_mean_over_all_chances(
    r: float, a: float, b: float, x: int, u: float
) -> None:
    model = BgNbd(r, 1, a, b)

    found = model._staying(np.array([float(x)]), np.array([u]))[0]

    assert found == pytest.approx(over_chances(a, b + x, r + x + 1, u), abs=1e-3)


def over_chances(a: float, b: float, power: float, u: float) -> float:
    """E[(1 + p u)^-power] for p ~ beta(a, b), summed finely over its log-odds."""
    low = min(-45 / a - 12 - np.log(max(b, 1)), -40)
    high = max(45 / b + 12 + np.log(max(a, 1)), 40)
    odds = np.linspace(low, high, 40_001)
    density = -a * np.logaddexp(0, -odds) - b * np.logaddexp(0, odds)
    share = np.exp(density - density.max())
    return float((share * (1 + expit(odds) * u) ** -power).sum() / share.sum())


@pytest.mark.parametrize("days", [1, 365, 1826])
@pytest.mark.parametrize("parameter", [1e-4, 1.0, 6e4])
@pytest.mark.parametrize("name", ["r", "alpha", "a", "b"])
def test_no_parameter_leads_to_no_number(
    name: str, parameter: float, days: int
) -> None:
    model = replace(PAPER, **{name: parameter})

    for case in ((0, 0, 0), (0, 0, 2000), (1, 3, 2000), (900, 900, 900)):
        found = model.if_alive(history(*case), days)[0]
        most = (model.r + case[0]) / (model.alpha + case[2] / 7) * days / 7
        assert 0 <= found <= 1.0001 * most


def test_at_a_of_one_the_closed_form_breaks_and_the_quadrature_does_not() -> None:
    one = history(2, 213, 272)
    around = [
        BgNbd(0.243, 4.414, a, 2.426).if_alive(one, 273)[0] for a in (0.99, 1, 1.01)
    ]

    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-4)


def test_who_never_leaves_buys_at_the_mean_rate() -> None:
    """(r + x) / (α + T) = 2 / 2 a week."""
    model = BgNbd(r=1, alpha=1, a=1e-12, b=1)

    assert model.if_alive(history(1, 7, 7), 21) == pytest.approx([3])


def test_what_comes_later_counts_less() -> None:
    """1 a week over a year at 10 %: (1 - 1 / 1.1) / ln 1.1 of 52.18 purchases."""
    model = BgNbd(r=1, alpha=1, a=1e-12, b=1)
    year = 365.25

    _plain, found = model.ahead(history(1, 7, 7), year, annual_rate=0.1)

    assert found == pytest.approx([(1 - 1 / 1.1) / np.log(1.1) * year / 7])


def test_repeats_of_new_customers_start_at_none_and_grow() -> None:
    found = PAPER.repeats(np.array([0.0, 7, 70, 700]))

    assert found[0] == 0
    assert (np.diff(found) > 0).all()


@pytest.mark.slow
def test_planted_parameters_are_found_again() -> None:
    truth = BgNbd(r=0.6, alpha=6, a=1.2, b=5)
    shop = buyers.planted(20_000, truth, SPEND, seed=3)
    known = histories(shop.buyers)
    found = bg_nbd.fit(known)

    drawn = bg_nbd.refits(known, found, np.random.default_rng(1), 50)

    for name in bg_nbd.NAMES:
        spread = np.std([np.log(getattr(one, name)) for one in drawn])
        error = np.log(getattr(found, name) / getattr(truth, name))
        assert 0 < spread < 0.2, name
        assert abs(error) < 3 * spread + 0.03, name  # orders of one day count as one


def test_equal_histories_are_kept_once() -> None:
    table = pd.DataFrame({"x": [1, 0, 1, 0], "t_x": [5, 0, 5, 0], "T": [9, 9, 9, 8]})

    known = histories(table)

    assert sorted(known.customers) == [1, 1, 2]
    assert known.age[known.rows].tolist() == [9, 9, 9, 8]
    assert known.x[known.rows].tolist() == [1, 0, 1, 0]


def test_coarser_histories_are_of_the_same_customers() -> None:
    known = calibrated()

    coarse = known.coarser(200)

    assert len(coarse) <= 200
    assert coarse.customers.sum() == known.customers.sum()
    assert (coarse.t_x <= coarse.age).all()


@pytest.mark.parametrize(
    ("x", "t_x", "age"), [(-1, 0, 5), (1, 9, 5), (0, 3, 5), (4, 2, 5), (0, 0, -1)]
)
def test_histories_that_cannot_be_are_refused(x: int, t_x: int, age: int) -> None:
    with pytest.raises(Invalid, match="cannot be"):
        histories(pd.DataFrame({"x": [x], "t_x": [t_x], "T": [age]}))


def test_several_sales_on_one_day_count_as_one() -> None:
    days = pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-11"])
    sales = pd.DataFrame({"customer_id": 1, "ordered_on": days, "total": [1.0, 2, 5]})

    table = repeat_buyers(sales, date(2026, 1, 31))

    assert table[["x", "t_x", "T", "value"]].to_numpy().tolist() == [[1, 10, 30, 4]]
