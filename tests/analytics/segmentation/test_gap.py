"""The gap statistic, on groups that are there and groups that are not."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.segmentation.gap import first, gaps


def blobs(count: int) -> np.ndarray:
    random = np.random.default_rng(0)
    centres = [(0, 0), (12, 0), (0, 12)][:count]
    return np.vstack([random.normal(centre, 1, (80, 2)) for centre in centres])


def of(gap: list[float], error: float = 0.1) -> pd.DataFrame:
    index = pd.RangeIndex(1, len(gap) + 1, name="k")
    return pd.DataFrame({"gap": gap, "error": error}, index=index)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.slow
def test_the_planted_number_is_found(count: int) -> None:
    assert first(gaps(blobs(count), range(2, 6))) == count


@pytest.mark.slow
def test_rows_spread_evenly_have_no_clusters() -> None:
    evenly = np.random.default_rng(1).uniform(size=(300, 2))

    assert first(gaps(evenly, range(2, 6))) == 1


def test_the_first_number_that_no_next_one_betters_counts() -> None:
    assert first(of([0.1, 0.5, 0.55, 0.9])) == 2


def test_a_gap_that_keeps_growing_gives_the_last_number() -> None:
    assert first(of([0.1, 0.5, 0.9])) == 3


def test_the_gap_by_hand() -> None:
    # One cluster of 0, 0, 4, 4 has a sum of squares of 16; two have 0, which counts as
    # a millionth of that. The references differ only in the first term.
    rows = np.array([[0.0], [0.0], [4.0], [4.0]])

    table = gaps(rows, [2], references=4)

    even = np.random.default_rng(0)
    drawn = [2 - even.uniform(-2, 2, (4, 1)) for _ in range(4)]
    squares = [float(((one - one.mean()) ** 2).sum()) for one in drawn]
    assert table.loc[1, "gap"] == pytest.approx(np.mean(np.log(squares)) - np.log(16))
    assert table.loc[1, "error"] == pytest.approx(
        np.std(np.log(squares)) * np.sqrt(1 + 1 / 4)
    )


def test_rows_that_are_all_alike_have_no_gap() -> None:
    table = gaps(np.zeros((50, 2)), [2, 3])

    assert table["gap"].tolist() == pytest.approx([0, 0, 0])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_gaps() -> None:
    rows = blobs(2)

    pd.testing.assert_frame_equal(gaps(rows, [2, 3]), gaps(rows, [2, 3]))
