"""Who buys, and how much: planted truths come out, and judged figures are honest."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from crm.analytics.churn.churn import Cut
from crm.analytics.purchase import purchase, purchase_amounts, purchase_chance
from crm.analytics.purchase.purchase import CUSTOMERS, Purchase
from crm.analytics.purchase.purchase_chance import MODELS
from crm.analytics.purchase.purchase_spending import AMOUNTS
from crm.errors import Invalid, NotEnoughData
from tests.analytics import spenders
from tests.analytics.histories import features, future
from tests.analytics.leavers import DAYS, small_forests, the_same


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    with small_forests(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(purchase_amounts, "TREES", 30)
        yield


@pytest.fixture(scope="module")
def cuts() -> list[Cut]:
    return spenders.cuts()


@pytest.fixture(scope="module")
def found(cuts: list[Cut], quick: None) -> Purchase:
    return spenders.predicted(cuts)


@pytest.mark.slow
def test_every_customer_of_today_has_a_probability_and_amounts(
    found: Purchase, cuts: list[Cut]
) -> None:
    customers, amounts = found.customers, found.spending.amounts

    assert customers.dtypes.astype(str).to_dict() == CUSTOMERS
    assert list(customers["customer_id"]) == list(cuts[2].features["customer_id"])
    assert len(amounts) == len(customers)
    assert np.isfinite(amounts.to_numpy()).all()
    assert (amounts >= 0).all(axis=None)
    assert customers["probability"].between(0, 1).all()


@pytest.mark.slow
def test_all_models_are_judged_beside_their_rivals(found: Purchase) -> None:
    judged = found.chances.evaluations

    assert list(judged) == [*MODELS, "recency", "base_rate"]
    assert list(found.spending.accuracies) == list(AMOUNTS)


@pytest.mark.slow
def test_planted_probabilities_come_out(found: Purchase, cuts: list[Cut]) -> None:
    truth = spenders.chance(cuts[2].features)
    p = found.customers["probability"].to_numpy()

    assert np.corrcoef(p, truth)[0, 1] > 0.95
    assert p.sum() == pytest.approx(truth.sum(), rel=0.1)
    assert found.buyers.low < truth.sum() < found.buyers.high


@pytest.mark.slow
def test_planted_amounts_come_out(found: Purchase, cuts: list[Cut]) -> None:
    truth = spenders.expected(cuts[2].features)
    best = found.spending.amounts[found.spending.best].to_numpy()

    assert np.corrcoef(best, truth)[0, 1] > 0.9
    assert best.sum() == pytest.approx(truth.sum(), rel=0.1)


@pytest.mark.slow
def test_the_sum_of_a_vector_machine_of_logarithms_falls_short(found: Purchase) -> None:
    accuracies = found.spending.accuracies

    assert accuracies["svm"].ratio.high < 0.6
    assert accuracies["svm"].deviance.value > accuracies["tweedie"].deviance.value


@pytest.mark.slow
def test_the_best_one_is_that_of_the_smallest_deviance(found: Purchase) -> None:
    figures = dict(found.spending.accuracies)
    figures.pop("as_before")

    best = min(figures, key=lambda name: figures[name].deviance.value)

    assert found.spending.best == best


@pytest.mark.slow
def test_who_bought_lately_is_told_to_be_likelier_for_that(found: Purchase) -> None:
    first = found.customers.sort_values("probability").iloc[-1]

    assert first["reason_1"] in {"last_order", "history"}
    assert first["contribution_1"] > 0


@pytest.mark.slow
def test_the_rival_is_what_the_horizon_before_brought(
    found: Purchase, cuts: list[Cut]
) -> None:
    before = cuts[1].future.set_index("customer_id")["revenue"]
    lately = before.reindex(cuts[2].features["customer_id"], fill_value=0)

    assert found.customers["before"].to_numpy() == pytest.approx(lately.to_numpy())
    assert found.spending.amounts["as_before"].sum() == pytest.approx(before.sum())
    then = found.spending.accuracies["as_before"].predicted
    assert then == pytest.approx(cuts[0].future["revenue"].sum())


@pytest.mark.slow
def test_nine_of_ten_are_within_their_interval(found: Purchase) -> None:
    """Or more, where many are exactly at the end of theirs: 0."""
    accuracies = found.spending.accuracies

    assert all(0.88 <= one.coverage <= 0.97 for one in accuracies.values())
    assert accuracies[found.spending.best].coverage == pytest.approx(0.9, abs=0.03)


@pytest.mark.slow
def test_progress_is_told_to_the_end(cuts: list[Cut]) -> None:
    told: list[float] = []

    spenders.predicted(cuts, on_progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize(
    ("count", "stayed"), [(1, 1), (99, 50), (120, 0), (120, 120), (1000, 49)]
)
def test_too_few_of_a_kind_are_refused_in_words(count: int, stayed: int) -> None:
    made = the_same(count, stayed, recency=range(count), gap=10)

    with pytest.raises(NotEnoughData) as told:
        spenders.predicted(made)

    assert f"there were {stayed} and {count - stayed}" in str(told.value)
    assert "at least 50 customers who ordered again" in str(told.value)


def test_nobody_at_all_is_refused_in_words() -> None:
    with pytest.raises(NotEnoughData, match="nobody to score"):
        spenders.predicted([Cut(day, features(0)) for day in DAYS])


def test_customers_who_are_all_alike_are_refused_in_words() -> None:
    with pytest.raises(NotEnoughData, match="looked the same"):
        spenders.predicted(the_same(200, 100, gap=5))


def test_as_much_sent_back_as_bought_is_refused_in_words() -> None:
    made = the_same(200, 100, recency=range(200))
    nothing = [replace(cut, future=cut.future.assign(revenue=-5.0)) for cut in made]

    with pytest.raises(NotEnoughData, match="sent back"):
        spenders.predicted(nothing)


@pytest.mark.slow
def test_some_negative_totals_do_no_harm() -> None:
    made = spenders.cuts(400)
    for cut in made[:2]:
        cut.future.loc[cut.future.index[::7], "revenue"] = -20.0

    found = spenders.predicted(made)

    assert (found.spending.amounts >= 0).all(axis=None)
    actual = found.spending.accuracies["tweedie"].actual
    assert actual == pytest.approx(made[1].future["revenue"].sum())


@pytest.mark.slow
@pytest.mark.parametrize(
    "constant",
    [{"monetary": 100.0, "revenue": 100.0}, {"frequency": 1, "gap": np.nan}],
)
def test_features_that_are_the_same_for_all_are_no_obstacle(
    constant: dict[str, Any],
) -> None:
    made = [
        replace(cut, features=cut.features.assign(**constant))
        for cut in spenders.cuts(300)
    ]

    found = spenders.predicted(made)

    assert np.isfinite(found.spending.amounts.to_numpy()).all()


@pytest.mark.slow
def test_without_repeat_buyers_one_model_is_left_out_and_said_so() -> None:
    made = [
        replace(
            cut, features=cut.features.assign(repeats=0, recency=cut.features["tenure"])
        )
        for cut in spenders.cuts(400)
    ]

    found = spenders.predicted(made)

    assert "bg_nbd" not in found.spending.accuracies
    assert "BG/NBD × Gamma-Gamma was not computed" in str(found.left_out[-1])


def test_days_that_are_not_one_horizon_apart_are_refused() -> None:
    made = the_same(200, 100, recency=range(200))
    made[0] = replace(made[0], as_of=DAYS[0].replace(year=2024))

    with pytest.raises(Invalid, match="one horizon apart"):
        spenders.predicted(made)


def test_orders_after_their_day_are_refused() -> None:
    made = the_same(200, 100, recency=-1)

    with pytest.raises(Invalid, match="after the day"):
        spenders.predicted(made)


def test_the_horizon_has_bounds() -> None:
    made = [Cut(day, features(3), future([1])) for day in DAYS]

    with pytest.raises(Invalid, match="from 7 to 730"):
        purchase.predict(*made, horizon=3)


@pytest.mark.slow
def test_one_customer_who_brings_nearly_all_is_told() -> None:
    made = spenders.cuts(400)
    large = made[1].future
    large.loc[large.index[0], "revenue"] = 1e6

    found = spenders.predicted(made)

    share = 1e6 / large["revenue"].sum()
    assert any(f"One customer brought {share:.0%}" in str(note) for note in found.notes)


@pytest.mark.slow
def test_of_many_customers_slow_models_learn_from_a_sample(
    cuts: list[Cut], found: Purchase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purchase_chance, "SAMPLE", 500)
    monkeypatch.setattr(purchase_amounts, "SAMPLE", 500)

    sampled = spenders.predicted(cuts)

    for name, is_same in (("logistic", True), ("boosting", True), ("forest", False)):
        now, whole = (
            one.chances.evaluations[name].log_loss for one in (sampled, found)
        )
        assert (now == whole) is is_same, name
    now, whole = (one.spending.amounts["forest"].sum() for one in (sampled, found))
    assert now != whole
    assert len(sampled.customers) == len(found.customers)
