"""Clusters by density, and those who are in none."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from crm.analytics.segmentation import density
from crm.analytics.segmentation.clusters import Clustering, fit_crowds
from crm.analytics.segmentation.density import Crowds, crowds
from crm.analytics.segmentation.features import DEFAULT, prepare
from tests.analytics import customers
from tests.analytics.customers import buyers

PLANTED, TRUTH = customers.groups([80, 150, 60, 110])


def crowd(x: float, size: int = 100) -> np.ndarray:
    """Rows close together around (x, 0)."""
    return np.random.default_rng(int(x)).normal((x, 0), 0.1, (size, 2))


APART = np.array([[50.0, 50.0], [-50.0, 50.0], [50.0, -50.0]])
TWO = np.vstack([crowd(0), crowd(10), APART])


@pytest.fixture(scope="module")
def found() -> tuple[Clustering, Crowds]:
    odd = buyers(3, recency=[1, 2000, 9], frequency=[900, 1, 90], monetary=[1, 1, 9e6])
    table = odd.assign(customer_id=[901, 902, 903])
    both = PLANTED.merge(table, how="outer")
    return fit_crowds(both, prepare(both, DEFAULT))


def test_two_crowds_and_those_who_stand_apart() -> None:
    result = crowds(TWO)

    assert result.count == 2
    assert result.labels[-3:].tolist() == [-1, -1, -1]
    truth = [0] * 100 + [1] * 100
    assert adjusted_rand_score(truth, result.labels[:200]) > 0.9


def test_the_share_of_those_in_none_is_told() -> None:
    result = crowds(TWO)

    assert result.noise == (result.labels == -1).sum() / 203


def test_a_cluster_holds_at_least_two_per_cent() -> None:
    assert crowds(np.vstack([crowd(0, 300), crowd(10, 200)])).least == 10


def test_nobody_crowds_where_customers_lie_evenly() -> None:
    evenly = np.arange(100.0)[:, None] ** 1.5

    assert crowds(evenly).count == 0


def test_those_not_looked_at_go_where_their_nearest_neighbour_is() -> None:
    result = crowds(TWO[:200], rows=50)

    assert (result.rows, result.count) == (50, 2)
    assert len(result.labels) == 200
    mine = {int(one) for one in result.labels[:100]} - {-1}
    others = {int(one) for one in result.labels[100:]} - {-1}
    assert not mine & others


def test_more_customers_than_20_000_are_never_looked_at() -> None:
    assert density.ROWS == 20_000


def test_clusters_are_numbered_by_revenue_and_those_in_none_are_0(
    found: tuple[Clustering, Crowds],
) -> None:
    result, _crowds = found

    inside = result.clusters.drop(index=0, errors="ignore")
    assert inside.index.tolist() == [*range(1, len(inside) + 1)]
    assert inside["revenue"].is_monotonic_decreasing
    assert result.labels.loc[[901, 902, 903]].tolist() == [0, 0, 0]


def test_those_in_none_have_a_profile_too(found: tuple[Clustering, Crowds]) -> None:
    result, told = found

    assert result.clusters.loc[0, "share"] == pytest.approx(told.noise)
    assert 0 in set(result.traits["cluster"])
    assert result.clusters["share"].sum() == pytest.approx(1)


def test_there_is_no_model_to_assign_by(found: tuple[Clustering, Crowds]) -> None:
    assert found[0].model is None


def test_customers_in_no_cluster_at_all_are_one_group() -> None:
    table = buyers(8, recency=[1, 10, 100, 300, 600, 1000, 2000, 4000])

    result, told = fit_crowds(table, prepare(table, ["recency"]))

    assert told.count == 0
    assert result.labels.tolist() == [0] * 8
    assert result.traits.empty
