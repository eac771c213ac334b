"""Parts of the page of segmentation that no screen is needed for."""

import numpy as np
import pytest

from crm.analytics.segmentation import rfm
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.ui.charts import Picked
from crm.ui.insight.segmentation import axes, cluster_map, rfm_charts
from crm.ui.insight.segmentation.axes import Axis
from crm.ui.insight.segmentation.rfm_look import Look
from tests.analytics.customers import buyers

EIGHT = np.arange(8, dtype=np.float64)
ALONG = Axis("x", EIGHT, {}), Axis("y", EIGHT, {})
LABELS = np.array([1, 1, 1, 1, 2, 2, 2, 2])


@pytest.fixture
def few_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of eight customers are drawn."""
    monkeypatch.setattr(cluster_map, "POINTS", 3)


def test_a_lasso_takes_in_customers_that_are_not_drawn(few_drawn: None) -> None:
    outline = {"x": [-1, 3.5, 3.5, -1], "y": [-1, -1, 3.5, 3.5]}

    rows = cluster_map.rows(Picked(ids=[2], lassos=[outline]), LABELS, *ALONG)

    assert rows.tolist() == [0, 1, 2, 3]


def test_a_box_leaves_out_a_cluster_that_is_hidden(few_drawn: None) -> None:
    box = {"x": [1.5, 6.5], "y": [7, 0]}

    rows = cluster_map.rows(Picked(ids=[5], boxes=[box]), LABELS, *ALONG)

    assert rows.tolist() == [4, 5, 6]


def test_two_outlines_count_nobody_twice(few_drawn: None) -> None:
    boxes = [{"x": [-1, 2.5], "y": [-1, 9]}, {"x": [1.5, 3.5], "y": [-1, 9]}]

    rows = cluster_map.rows(Picked(ids=[0], boxes=boxes), LABELS, *ALONG)

    assert rows.tolist() == [0, 1, 2, 3]


def test_where_all_are_drawn_the_points_themselves_count() -> None:
    outline = {"x": [-1, 3.5, 3.5, -1], "y": [-1, -1, 3.5, 3.5]}

    rows = cluster_map.rows(Picked(ids=[3, 1], lassos=[outline]), LABELS, *ALONG)

    assert rows.tolist() == [1, 3]


def test_a_logarithmic_axis_is_labelled_with_round_values() -> None:
    places = np.array([0.0, np.log1p(50)])

    assert list(axes._ticks(places).values()) == ["0", "1", "3", "10", "30"]


def test_an_axis_may_go_below_nothing() -> None:
    places = np.array([-np.log1p(12), np.log1p(2)])

    assert list(axes._ticks(places).values()) == ["-10", "-3", "-1", "0", "1"]


@pytest.mark.parametrize(
    "told",
    [
        "R 3: under 30 days since the last order",
        "R 1: 90 and more days since the last order",
        "F 1: under 2 orders",
        "F 2: 2 to under 5 orders",
    ],
)
def test_a_cell_says_whom_it_holds(told: str) -> None:
    table = buyers(6, recency=[5, 40, 200] * 2, frequency=[1, 1, 1, 3, 3, 3])
    cuts = Cuts(recency=(30, 90), frequency=(2, 5), monetary=(50, 200))

    found = rfm.segment(table, cuts=cuts)

    (cells,) = rfm_charts.grid(found, Look(3, "mean", "customers", None)).data
    assert any(told in one for one in cells.hovertemplate)


def test_the_grid_can_be_narrowed_to_a_monetary_score() -> None:
    table = buyers(6, monetary=[10, 10, 100, 100, 100, 300])
    cuts = Cuts(recency=(30, 90), frequency=(2, 5), monetary=(50, 200))
    found = rfm.segment(table, cuts=cuts)

    counts = [int(found.grid_of(m)["customers"].sum()) for m in (1, 2, 3, None)]

    assert counts == [2, 3, 1, 6]
