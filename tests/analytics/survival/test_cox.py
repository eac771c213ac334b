"""Cox's model and its c-index, against published figures and planted ratios.

The leukaemia data of `test_survival`: the coefficient of placebo is 1.5721 (ratio
4.82, standard error 0.4124) by Efron's method, as R's `coxph` gives it.
"""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.survival.concordance import concordance
from crm.analytics.survival.cox import FEWEST_ENDED, cox
from crm.analytics.survival.cox_levels import levels
from crm.analytics.survival.survival import FIELDS, LIFETIMES
from crm.errors import NotEnoughData
from crm.frames import typed
from tests.analytics.survival.test_survival import ENDED, GROUP, WEEKS


def lifetimes(days: object, ended: object, **fields: object) -> pd.DataFrame:
    """Subscriptions alike in all other fields."""
    table = pd.DataFrame({"days": days, "ended": ended})
    table = table.assign(subscription_id=range(len(table)), customer_id=0)
    known = dict.fromkeys(FIELDS, "x") | fields
    return typed(table.assign(**known), LIFETIMES)


def planted(
    count: int, seed: int = 1, *, campaign: float = 2.5, monthly: float = 1.6
) -> pd.DataFrame:
    """Exponential lifetimes with these ratios, watched for up to 1,000 days."""
    random = np.random.default_rng(seed)
    source = random.choice(["web", "campaign", "fair"], count, p=[0.5, 0.3, 0.2])
    period = random.choice(["yearly", "monthly"], count, p=[0.6, 0.4])
    rate = np.where(source == "campaign", campaign, 1.0)
    rate = rate * np.where(period == "monthly", monthly, 1.0) / 900
    lasts = 1 + np.floor(random.exponential(1 / rate))
    watched = random.integers(30, 1000, count)
    return lifetimes(
        np.minimum(lasts, watched),
        lasts <= watched,
        source=source,
        billing_period=period,
    )


def test_the_ratio_is_the_published_one() -> None:
    found = cox(lifetimes(WEEKS, ENDED, source=GROUP), ["source"]).ratios

    (row,) = found.to_dict("records")
    assert (row["level"], row["against"]) == ("placebo", "6-MP")
    assert np.log(row["hazard_ratio"]) == pytest.approx(1.5721, abs=0.0005)
    error = np.log(row["high"] / row["low"]) / 2 / 1.959964
    assert error == pytest.approx(0.4124, abs=0.0005)
    assert row["p_value"] == pytest.approx(1.38e-4, rel=0.01)
    assert row["p_constant"] > 0.5  # known to have proportional hazards


@pytest.mark.slow
def test_planted_ratios_lie_within_their_intervals() -> None:
    found = cox(planted(1500), FIELDS).ratios.set_index("level")

    for level, truth in {"campaign": 2.5, "monthly": 1.6, "fair": 1.0}.items():
        row = found.loc[level]
        assert row["low"] < truth < row["high"]
        assert row["hazard_ratio"] == pytest.approx(truth, rel=0.25)
    assert found.loc["campaign", "p_value"] < 1e-6


@pytest.mark.slow
def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    hits = [
        row["low"] < 2.5 < row["high"]
        for seed in range(20)
        for row in cox(planted(250, seed), ["source"]).ratios.to_dict("records")
        if row["level"] == "campaign"
    ]

    assert len(hits) == 20
    assert np.mean(hits) >= 0.85


@pytest.mark.slow
def test_others_are_ranked_better_than_by_chance_and_worse_without_a_pattern() -> None:
    judged = cox(planted(1500), FIELDS).judged
    noise = cox(planted(1500, campaign=1, monthly=1), FIELDS).judged

    assert judged is not None
    assert noise is not None
    assert 0.5 < judged.low < judged.value < judged.high < 0.75
    assert noise.low < 0.5 < noise.high


def test_concordance_by_hand() -> None:
    """Pairs known: (1,2) (1,3) (1,4) (2,3) (2,4); right: all but (1,2), half (2,3)."""
    found = concordance(
        [2, 3, 3, 1],
        [10, 20, 30, 30],
        [True, True, False, False],
        random=np.random.default_rng(0),
    )

    assert found is not None
    # 1 before 2: risk 2 < 3 wrong; 1 before 3: wrong; 1 before 4: right;
    # 2 before 3: equal, half; 2 before 4: right.
    assert found.value == pytest.approx((0 + 0 + 1 + 0.5 + 1) / 5)


def test_risks_that_are_the_lifetimes_backwards_rank_without_a_fault() -> None:
    days = np.arange(1, 200)

    found = concordance(-days, days, days > 0, random=np.random.default_rng(0))

    assert found is not None
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_nothing_that_ended_leaves_nothing_to_rank() -> None:
    random = np.random.default_rng(0)

    assert concordance([1, 2], [5, 6], [False, False], random=random) is None


def test_rare_values_count_with_the_one_compared_with() -> None:
    table = lifetimes(
        [10] * 60, [True] * 60, source=["web"] * 40 + ["fair"] * 15 + [""] * 5
    )

    assert levels(table, ["source"]).columns == []


def test_no_more_is_asked_than_the_ends_bear() -> None:
    """60 ends bear 6 columns: the sources take one, the sectors would take six."""
    table = lifetimes(
        range(1, 281),
        [True] * 60 + [False] * 220,
        source=["web", "fair"] * 140,
        sector=[f"s{n % 7}" for n in range(280)],
    )

    found = levels(table, ["source", "sector"])

    assert [one["level"] for one in found.columns] == ["web"]
    assert found.left_out == ["sector"]


@pytest.mark.slow
def test_fields_that_tell_the_same_are_told_once() -> None:
    table = planted(400)
    table["sector"] = table["source"]

    found = cox(table, ["source", "sector"]).ratios

    assert found["field"].unique().tolist() == ["source"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (lifetimes([5] * 29, [True] * 29), "at least 30"),
        (lifetimes([], []), "at least 30"),
        (lifetimes([5] * 100, [True] * 100), "do not differ"),
    ],
)
def test_what_cannot_be_told_is_refused(table: pd.DataFrame, words: str) -> None:
    with pytest.raises(NotEnoughData, match=words):
        cox(table, FIELDS)


def test_groups_that_never_overlap_are_refused_or_told() -> None:
    """One group ends at once, the other never: no ratio is finite."""
    table = lifetimes(
        [1] * 40 + [900] * 40,
        [True] * 40 + [True] * 5 + [False] * 35,
        source=["web"] * 40 + ["fair"] * 40,
    )

    with pytest.raises(NotEnoughData):
        cox(table, ["source"])


def test_a_few_ends_are_judged_by_nobody() -> None:
    found = cox(planted(100), ["source"])

    assert found.ended >= FEWEST_ENDED
    assert found.judged is None
