import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from crm.analytics.segmentation import profile
from crm.analytics.segmentation.cluster_model import Model
from crm.analytics.segmentation.clusters import Clustering, assign, fit
from crm.analytics.segmentation.features import DEFAULT
from crm.errors import Invalid, NotEnoughData
from tests.analytics import customers
from tests.analytics.customers import buyers

PLANTED, TRUTH = customers.groups([80, 150, 60, 110])


@pytest.fixture(scope="module")
def found() -> Clustering:
    return fit(PLANTED, DEFAULT, k=4)


def test_planted_groups_are_found(found: Clustering) -> None:
    assert adjusted_rand_score(TRUTH, found.labels) >= 0.95


def test_cluster_1_has_the_highest_mean_revenue(found: Clustering) -> None:
    assert found.clusters.index.tolist() == [1, 2, 3, 4]
    assert found.clusters["revenue"].is_monotonic_decreasing
    assert (found.labels[TRUTH == 0] == 1).all()


def test_clusters_add_up(found: Clustering) -> None:
    assert sorted(found.clusters["customers"]) == [60, 80, 110, 150]
    assert found.clusters["share"].sum() == pytest.approx(1)
    assert found.clusters["revenue_share"].sum() == pytest.approx(1)


def test_centres_are_in_units_that_people_know(found: Clustering) -> None:
    assert found.centres.loc[1].to_dict() == pytest.approx(
        {"recency": 10, "frequency": 60, "monetary": 90}, rel=0.05
    )


def test_fitting_twice_gives_the_same(found: Clustering) -> None:
    assert fit(PLANTED, DEFAULT, k=4).model == found.model


def test_assigning_the_same_customers_gives_their_clusters(found: Clustering) -> None:
    pd.testing.assert_series_equal(assign(found.model, PLANTED), found.labels)


def test_the_cluster_of_one_does_not_depend_on_the_others(found: Clustering) -> None:
    shuffled = PLANTED.sample(frac=0.1, random_state=1)

    alone = [assign(found.model, shuffled.iloc[[row]]).iloc[0] for row in range(40)]

    assert alone == found.labels.loc[shuffled["customer_id"]].tolist()


def test_a_model_survives_json(found: Clustering) -> None:
    stored = json.dumps(found.model.as_json(), allow_nan=False)

    assert Model.from_json(json.loads(stored)) == found.model


def test_nobody_can_be_assigned_too(found: Clustering) -> None:
    assert assign(found.model, PLANTED.iloc[:0]).tolist() == []


def test_a_missing_number_cannot_be_assigned(found: Clustering) -> None:
    with pytest.raises(Invalid, match="monetary"):
        assign(found.model, PLANTED.assign(monetary=np.nan))


def test_a_trait_by_hand() -> None:
    # Recency 10, 10, 10 against 30, 30, 50: skewness 0.6, so no logarithm.
    table = buyers(6, recency=[10, 10, 10, 30, 30, 50], revenue=[9, 9, 9, 1, 1, 1])
    labels = np.array([0, 0, 0, 1, 1, 1])

    traits = profile.traits(table, labels + 1).set_index(["cluster", "feature"])

    deviation = np.sqrt((3 * 10**2 + 2 * 30**2 + 50**2) / 6 - (140 / 6) ** 2)
    assert traits.loc[(1, "recency")].to_dict() == pytest.approx(
        {
            "median": 10,
            "rest": 30,
            "ratio": 1 / 3,
            "difference": (10 - 110 / 3) / deviation,
        }
    )


def test_features_that_are_the_same_for_all_are_no_traits(found: Clustering) -> None:
    assert "returned" not in set(found.traits["feature"])


def test_a_gap_is_a_trait_only_where_most_have_ordered_twice() -> None:
    gaps = [3.0, 5.0, 7.0, 9.0, np.nan, 1.0, np.nan, np.nan]
    labels = np.array([0, 0, 1, 1, 1, 2, 2, 2])

    traits = profile.traits(buyers(8, gap=gaps), labels + 1)

    assert traits[["cluster", "median", "rest"]].to_numpy().tolist() == [
        [1, 4, 7],
        [2, 8, 3],
    ]


def test_what_is_notable_comes_in_the_order_of_its_size(found: Clustering) -> None:
    notable = profile.notable(found.traits, 1, at_most=2)["difference"].abs()

    assert len(notable) == 2
    assert notable.is_monotonic_decreasing


def test_small_differences_are_not_notable() -> None:
    table = pd.DataFrame({"cluster": 1, "difference": [-0.9, 0.5, 0.49]})

    assert profile.notable(table, 1)["difference"].tolist() == [-0.9, 0.5]


def test_a_group_of_everybody_has_no_traits() -> None:
    assert profile.traits(PLANTED, np.ones(len(PLANTED), dtype=int)).empty


def test_the_map_has_a_point_for_every_customer(found: Clustering) -> None:
    assert found.map.points.index.equals(found.labels.index)
    assert 0.5 < sum(found.map.explained) <= 1


def test_the_map_of_two_features_loses_nothing() -> None:
    flat = fit(PLANTED, ["recency", "monetary"], k=3).map

    assert sum(flat.explained) == pytest.approx(1)
    assert (flat.loadings**2).sum().tolist() == pytest.approx([1, 1])


def test_the_map_of_one_feature_is_a_line() -> None:
    line = fit(PLANTED, ["recency"], k=2).map

    assert line.explained == (1, 0)
    assert (line.points["y"] == 0).all()


def test_dropped_features_are_said() -> None:
    result = fit(PLANTED, ["recency", "returned"], k=2)

    assert result.model.features == ["recency"]
    assert "“Share sent back”" in str(result.notes[0])


def test_negative_revenue_is_clustered_without_shares() -> None:
    result = fit(PLANTED.assign(revenue=-PLANTED["revenue"]), ["revenue"], k=2)

    assert (result.clusters["revenue_share"] == 0).all()
    assert "outweigh" in str(result.notes[-1])


def test_customers_of_a_single_day_are_divided_by_the_rest() -> None:
    result = fit(PLANTED.assign(recency=0, tenure=0), DEFAULT, k=3)

    assert result.model.features == ["frequency", "monetary"]


def test_as_many_clusters_as_different_customers_is_the_limit() -> None:
    two_kinds = buyers(100, recency=[5, 9] * 50)

    assert fit(two_kinds, ["recency"], k=2).inertia == pytest.approx(0)
    with pytest.raises(NotEnoughData, match="too few for 3 clusters"):
        fit(two_kinds, ["recency"], k=3)


@pytest.mark.parametrize("k", [-1, 1, 21])
def test_a_senseless_number_of_clusters_is_refused(k: int) -> None:
    with pytest.raises(Invalid, match="between 2 and 20"):
        fit(PLANTED, DEFAULT, k=k)


@pytest.mark.slow
def test_a_hundred_thousand_equal_customers_are_refused_in_words() -> None:
    with pytest.raises(NotEnoughData, match="alike"):
        fit(buyers(100_000), DEFAULT, k=3)
