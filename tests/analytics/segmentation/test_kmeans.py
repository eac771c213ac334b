"""k-means and what judges it, against published figures and other implementations."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score, silhouette_score

from crm.analytics.segmentation import kmeans as module
from crm.analytics.segmentation.kmeans import kmeans, nearest
from crm.analytics.segmentation.silhouette import silhouettes
from crm.analytics.segmentation.stability import agreements

IRIS, SPECIES = load_iris(return_X_y=True)


def blobs(*sizes: int, seed: int = 0) -> np.ndarray:
    """Round groups in a plane, ten standard deviations apart."""
    random = np.random.default_rng(seed)
    centres = np.array([(0, 0), (10, 0), (0, 10), (10, 10)])
    return np.repeat(centres[: len(sizes)], sizes, axis=0) + random.normal(
        size=(sum(sizes), 2)
    )


def test_iris_has_the_published_inertia() -> None:
    assert kmeans(IRIS, 3).inertia == pytest.approx(78.8514, abs=5e-5)


def test_iris_agrees_with_the_species_as_published() -> None:
    labels = kmeans(IRIS, 3).labels

    assert adjusted_rand_score(SPECIES, labels) == pytest.approx(0.7302, abs=5e-5)


def test_iris_has_the_published_sizes() -> None:
    assert sorted(np.bincount(kmeans(IRIS, 3).labels)) == [38, 50, 62]


def test_the_same_rows_give_the_same_clusters() -> None:
    first, second = kmeans(IRIS, 5, seed=3), kmeans(IRIS, 5, seed=3)

    assert np.array_equal(first.centres, second.centres)


def test_many_rows_start_from_a_sample_and_end_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "START_ROWS", 60)

    assert kmeans(IRIS, 3).inertia == pytest.approx(78.8514, abs=5e-4)


def test_a_sample_that_missed_the_rare_rows_is_not_relied_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "START_ROWS", 10)
    rows = np.zeros((1000, 1))
    rows[[3, 500]] = [[1.0], [2.0]]

    found = sorted(kmeans(rows, 3).centres.ravel())

    assert found == pytest.approx([0, 1, 2])


def test_fewer_clusters_come_back_where_fewer_rows_differ() -> None:
    assert len(kmeans(np.array([[0.0], [0.0], [1.0], [1.0]]), 4).centres) == 2


def test_rows_go_to_the_nearest_centre_the_first_at_a_tie() -> None:
    centres = np.array([[0.0, 0.0], [2.0, 0.0]])

    labels = nearest(np.array([[0.4, 3.0], [1.0, 0.0], [1.1, -3.0]]), centres)

    assert labels.tolist() == [0, 0, 1]


def test_the_label_of_a_row_does_not_depend_on_the_others() -> None:
    centres = IRIS[[0, 50, 100]]

    together = nearest(IRIS, centres)

    assert [nearest(row[None], centres)[0] for row in IRIS] == together.tolist()


def test_a_silhouette_by_hand() -> None:
    # 0: a = 1, b = (4 + 5) / 2; 1: a = 1, b = 3.5; 4: a = 1, b = 3.5; 5: as 0.
    rows = np.array([[0.0], [1.0], [4.0], [5.0]])

    [width] = silhouettes(rows, [np.array([0, 0, 1, 1])])

    assert width == pytest.approx((3.5 / 4.5 + 2.5 / 3.5) / 2)


@pytest.mark.slow
def test_silhouettes_are_those_of_scikit_learn() -> None:
    rows = np.tile(IRIS, (5, 1)) + np.random.default_rng(0).normal(size=(750, 4))
    divisions = [kmeans(rows, k).labels for k in (2, 3, 7)]

    expected = [silhouette_score(rows, labels) for labels in divisions]
    assert silhouettes(rows, divisions) == pytest.approx(expected)


def test_a_row_alone_has_no_width() -> None:
    [width] = silhouettes(np.array([[0.0], [1.0], [9.0]]), [np.array([0, 0, 1])])

    assert width == pytest.approx((8 / 9 + 7 / 8 + 0) / 3)


def test_one_group_has_no_silhouette() -> None:
    assert np.isnan(silhouettes(IRIS, [np.zeros(150, dtype=int)])).all()


@pytest.mark.slow
def test_separate_groups_are_found_in_every_resample() -> None:
    rows = blobs(60, 60, 60)

    found = list(agreements(rows, kmeans(rows, 3).labels, resamples=10))

    assert found == [1.0] * 10


@pytest.mark.slow
def test_one_group_cut_in_pieces_is_not_found_again() -> None:
    rows = blobs(300)

    found = list(agreements(rows, kmeans(rows, 5).labels, resamples=10))

    assert np.mean(found) < 0.7
