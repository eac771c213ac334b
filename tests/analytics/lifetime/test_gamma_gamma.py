"""Gamma-Gamma: published figures, values by hand, amounts that say too little."""

import numpy as np
import pytest

from crm.analytics.lifetime import gamma_gamma
from crm.analytics.lifetime.gamma_gamma import GammaGamma, amounts
from crm.errors import NotEnoughData
from tests.analytics.buyers import LEARNED_ON, cdnow

PAPER = GammaGamma(p=6.25, q=3.74, gamma=15.44)


def repeat_amounts() -> gamma_gamma.Amounts:
    """Of repeat purchases alone, as in the published study."""
    orders = cdnow()
    past = orders[orders["ordered_on"].dt.date <= LEARNED_ON]
    days = past.groupby(["customer_id", "ordered_on"], as_index=False)["total"].sum()
    repeats = days[days.groupby("customer_id").cumcount() > 0]
    found = repeats.groupby("customer_id")["total"].agg(["size", "mean"])
    return amounts(found["size"].to_numpy(dtype="float64"), found["mean"].to_numpy())


def test_the_published_fit_of_the_cdnow_sample() -> None:
    """Fader and Hardie 2013: 946 customers who spent something again."""
    known = repeat_amounts()

    found = gamma_gamma.fit(known)

    assert known.count == 946
    assert (found.p, found.q) == pytest.approx((6.25, 3.74), abs=0.005)
    assert found.gamma == pytest.approx(15.44, abs=0.005)


def test_the_mean_of_all_customers_is_as_published() -> None:
    """p γ / (q - 1) = 6.25 * 15.44 / 2.74."""
    assert PAPER.mean == pytest.approx(35.22, abs=0.01)


def test_a_value_by_hand() -> None:
    """2 purchases of 50: 6.25 (15.44 + 100) / (12.5 + 2.74)."""
    found = PAPER.value(np.array([2.0]), np.array([50.0]))

    assert found == pytest.approx([6.25 * 115.44 / 15.24])


def test_nothing_known_is_the_mean_of_all() -> None:
    assert PAPER.value(np.array([0.0]), np.array([np.nan])) == pytest.approx(
        [PAPER.mean]
    )


def test_the_more_purchases_the_more_the_own_mean_counts() -> None:
    found = PAPER.value(np.array([1.0, 10, 1000]), np.full(3, 90.0))

    assert PAPER.mean < found[0] < found[1] < found[2] < 90
    assert found[2] == pytest.approx(90, rel=0.001)


def test_the_currency_changes_nothing_but_the_scale() -> None:
    known = repeat_amounts()
    in_cents = amounts(known.purchases, 100 * known.mean)

    found, cents = gamma_gamma.fit(known), gamma_gamma.fit(in_cents)

    assert cents.p == pytest.approx(found.p, rel=1e-3)
    assert cents.gamma == pytest.approx(100 * found.gamma, rel=1e-3)


def test_the_likelihood_of_one_amount_by_hand() -> None:
    """With p = q = γ = 1 one amount z has the density 1 / (1 + z)²."""
    n, shares = np.array([1.0]), np.array([1.0])

    value = gamma_gamma._of_counts(1, 1, n, shares)[0]

    z = 3.0
    rest = -1 * np.log(1 + z) * 2 + np.log(z) - np.log(z)
    assert value + rest == pytest.approx(np.log(1 / (1 + z) ** 2))


@pytest.mark.slow
def test_planted_parameters_are_found_again() -> None:
    rng = np.random.default_rng(1)
    n = rng.integers(1, 12, 20_000).astype("float64")
    level = rng.gamma(PAPER.q, 1 / PAPER.gamma, len(n))
    known = amounts(n, rng.gamma(PAPER.p * n) / (n * level))
    found = gamma_gamma.fit(known)

    drawn = gamma_gamma.refits(known, found, rng, 50)

    for name in gamma_gamma.NAMES:
        spread = np.std([getattr(one, name) for one in drawn])
        assert abs(getattr(found, name) - getattr(PAPER, name)) < 3 * spread, name


def test_coarser_amounts_are_of_the_same_customers_and_money() -> None:
    known = repeat_amounts()

    coarse = known.coarser()

    assert len(coarse.mean) < len(known.mean)
    assert coarse.count == known.count
    total = coarse.customers @ coarse.mean
    assert total == pytest.approx(known.mean.sum(), rel=0.001)


def test_who_spent_nothing_is_left_out() -> None:
    known = amounts(np.array([1.0, 2, 3, 0]), np.array([10.0, 0, 5, 7]))

    assert known.mean.tolist() == [10, 5]


@pytest.mark.parametrize("mean", [[0.0, 0.0, 0.0], [5.0, -3.0, 0.0], []])
def test_hardly_any_money_is_refused(mean: list[float]) -> None:
    with pytest.raises(NotEnoughData, match="spent anything"):
        amounts(np.ones(len(mean)), np.array(mean))


def test_equal_amounts_run_to_a_bound_and_still_give_a_value() -> None:
    found = gamma_gamma.fit(amounts(np.full(50, 3.0), np.full(50, 20.0)))

    assert found.at_bound
    assert found.value(np.array([3.0]), np.array([20.0])) == pytest.approx(
        [20], rel=0.01
    )
