import pandas as pd
import pytest

from crm.analytics.segmentation import choice
from crm.analytics.segmentation.choice import Choice, choose_k
from crm.analytics.segmentation.suggestion import suggest
from crm.errors import Invalid, NotEnoughData
from tests.analytics import customers
from tests.analytics.customers import buyers

PLANTED, TRUTH = customers.groups([80, 150, 60, 110])


def figures(**columns: list[float]) -> pd.DataFrame:
    """A table as in `Choice`, for 2 and more clusters."""
    ks = range(2, 2 + len(columns["stability"]))
    table = {"smallest": 0.2, "silhouette": 0.3} | columns
    return pd.DataFrame(table, index=pd.Index(ks, name="k"))


@pytest.fixture(scope="module")
def chosen() -> Choice:
    return choose_k(PLANTED, resamples=5)


@pytest.mark.slow
def test_the_planted_number_is_suggested(chosen: Choice) -> None:
    assert chosen.suggested == 4
    assert str(chosen.why).startswith("4 clusters:")


@pytest.mark.slow
def test_every_number_is_examined(chosen: Choice) -> None:
    assert chosen.table.index.tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert not chosen.table.isna().any(axis=None)
    assert chosen.table["inertia"].is_monotonic_decreasing


@pytest.mark.slow
def test_the_planted_number_stands_out(chosen: Choice) -> None:
    assert chosen.table.loc[4, ["stability", "stability_min"]].tolist() == [1, 1]
    assert chosen.table.loc[4, "smallest"] == 60 / 400
    assert chosen.table["silhouette"].idxmax() == 4


@pytest.mark.slow
def test_the_same_seed_gives_the_same_figures() -> None:
    first, second = (choose_k(PLANTED, ks=[3], resamples=3) for _ in range(2))

    pd.testing.assert_frame_equal(first.table, second.table)


@pytest.mark.slow
def test_progress_rises_to_1() -> None:
    told: list[float] = []

    choose_k(PLANTED, ks=[2, 3], resamples=3, on_progress=told.append)

    by_means, by_mixtures = [n / 12 for n in range(1, 7)], [3 / 4, 1]
    assert told == pytest.approx([*by_means, *by_mixtures])


@pytest.mark.slow
def test_a_sample_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "ROWS", 200)
    monkeypatch.setattr(choice, "SILHOUETTE_ROWS", 100)

    result = choose_k(PLANTED, ks=[4], resamples=2)

    assert (result.rows, result.silhouette_rows) == (200, 100)
    assert "from 200 customers drawn at random" in " ".join(map(str, result.notes))


def test_the_most_stable_of_three_and_more_is_suggested() -> None:
    # The figures of a year of the web shop: 2 is steadier, but divides too little.
    k, why = suggest(figures(stability=[0.965, 0.911, 0.824, 0.692]))

    assert k == 3
    assert "agreement 0.91 of 1), and the smallest holds 20%" in str(why)


def test_the_silhouette_decides_among_the_nearly_equally_stable() -> None:
    table = figures(stability=[0.99, 0.95, 0.91, 0.89], silhouette=[0.9, 0.2, 0.3, 0.8])

    assert suggest(table)[0] == 4


def test_a_number_that_leaves_a_tiny_cluster_is_not_suggested() -> None:
    table = figures(stability=[0.9, 0.9, 0.99], smallest=[0.3, 0.2, 0.01])

    assert suggest(table)[0] == 3


def test_two_is_suggested_where_only_two_is_stable() -> None:
    k, why = suggest(figures(stability=[0.9, 0.5, 0.6]))

    assert k == 2
    assert str(why).startswith("Only a division into 2 is stable")


def test_that_nothing_is_stable_is_said() -> None:
    k, why = suggest(figures(stability=[0.3, 0.5, 0.4]))

    assert k == 3
    assert str(why).startswith("No number of clusters is stable")


def test_that_every_number_is_lopsided_is_said() -> None:
    k, why = suggest(figures(stability=[0.9, 1.0], smallest=[0.002, 0.001]))

    assert k == 3
    assert "the smallest holds 0.1%" in str(why)


@pytest.mark.slow
def test_customers_without_gaps_between_them_are_called_a_continuum() -> None:
    evenly = buyers(500, recency=range(500), monetary=[n * 7 % 500 for n in range(500)])

    result = choose_k(evenly, ["recency", "monetary"], ks=[2, 3], resamples=2)

    assert "pass into one another" in " ".join(map(str, result.notes))


@pytest.mark.slow
def test_numbers_that_too_few_customers_differ_for_are_left_out() -> None:
    three_kinds = buyers(90, recency=[5, 9, 100] * 30)

    result = choose_k(three_kinds, ["recency"], resamples=2)

    assert result.table.index.tolist() == [2, 3]
    assert "more than 3 clusters" in str(result.notes[0])


@pytest.mark.slow
def test_five_customers_can_be_examined() -> None:
    result = choose_k(buyers(5, recency=[1, 2, 50, 60, 90]), ["recency"], resamples=2)

    assert result.table.index.tolist() == [2, 3, 4]


@pytest.mark.slow
@pytest.mark.slow
def test_a_few_odd_ones_among_many_equal_customers() -> None:
    odd = buyers(100_000, recency=[5] * 99_990 + [90] * 10)

    result = choose_k(odd, ["recency"], ks=[2], resamples=2)

    assert "with 2 the smallest holds 0.0%" in str(result.why)


@pytest.mark.parametrize(("ks", "words"), [([], "at least one"), ([1, 2], "2 and 20")])
def test_senseless_numbers_are_refused(ks: list[int], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        choose_k(PLANTED, ks=ks)


@pytest.mark.slow
def test_equal_customers_are_refused_in_words() -> None:
    with pytest.raises(NotEnoughData, match="alike"):
        choose_k(buyers(100_000))


@pytest.mark.slow
def test_real_customers_are_about_as_stable_as_measured_before() -> None:
    """On the whole year; here are its first three months, so only about as stable."""
    before = {2: 0.965, 3: 0.911, 4: 0.824, 5: 0.692}

    table = choose_k(customers.retail(), ks=before).table

    assert table["stability"].to_dict() == pytest.approx(before, abs=0.1)
    assert table["stability"].idxmin() == 5
