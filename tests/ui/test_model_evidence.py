"""What pages of models share: bars, points, tables and figures, without a browser."""

from math import log

import pandas as pd
import pytest

from crm.analytics.reasons import Reason
from crm.ui import charts
from crm.ui.insight.model_evidence import (
    bars,
    comparison_table,
    figures,
    reason_columns,
    reliability,
)


def test_the_largest_loss_is_on_top_and_its_interval_is_about_it() -> None:
    table = pd.DataFrame(
        {"theme": ["a", "b"], "drop": [0.3, 0.1], "low": [0.2, 0.2], "high": [0.5, 0.3]}
    )

    [bar] = bars.losses(table, {"a": "Age", "b": "Bonus"}).data

    assert list(bar.y) == ["Bonus", "Age"]  # drawn from below
    assert [one[0] for one in bar.customdata] == ["b", "a"]
    assert list(bar.error_x.array) == pytest.approx([0.2, 0.2])
    assert list(bar.error_x.arrayminus) == pytest.approx([0, 0.1])  # never below 0


def test_a_coefficient_is_told_as_a_factor_on_the_odds() -> None:
    table = pd.DataFrame(
        {"feature": ["x", "y", "z"], "coefficient": [log(2), -log(4), 0.1]}
    )

    rows = bars.strongest(table, 2)
    fig = bars.factors(rows, ["X", "Y"], up="green", down="red")

    [bar] = fig.data
    assert rows["feature"].tolist() == ["x", "y"]
    assert [name for name, _odds in bar.customdata] == ["x", "y"]
    assert [odds for _name, odds in bar.customdata] == pytest.approx([2, 0.25])
    assert list(bar.marker.color) == ["green", "red"]
    assert bars.height(fig) == 150


def test_a_point_is_known_by_its_place_whatever_index_the_table_has() -> None:
    table = pd.DataFrame(
        {
            "predicted": [0.2, 0.4],
            "actual": [0.25, 0.5],
            "customers": [30, 20],
            "low": [0.1, 0.3],
            "high": [0.3, 0.6],
        },
        index=[7, 8],
    )

    fig = reliability.figure(table, "Tenths", "%{x}", most=0.5)

    _line, points = fig.data
    assert [row[0] for row in points.customdata] == [0, 1]
    assert list(points.error_y.array) == pytest.approx([0.05, 0.1])
    assert list(fig.layout.xaxis.range) == [0, 0.51]


def test_a_rival_has_no_gain_over_itself() -> None:
    judged = {
        "auc": {"value": 0.7124, "low": 0.69, "high": 0.7345},
        "auc_gain": None,
        "lift_10": 2.5,
        "brier": 0.2,
        "log_loss": 0.6,
        "predicted": 0.4,
        "slope": None,
    }

    found = comparison_table.figures(judged)

    assert found["auc"] == "0.712 (0.690 … 0.735)"
    assert (found["gain"], found["slope"]) == ("–", "–")


def test_a_gain_has_its_sign() -> None:
    gain = {"value": 0.03, "low": -0.01, "high": 0.07}

    assert comparison_table.interval(gain, "{:+.2f}") == "+0.03 (-0.01 … +0.07)"


def test_a_rate_is_told_with_its_interval() -> None:
    assert figures.rate({"value": 0.35, "low": 0.31, "high": 0.39}) == (
        "35% (31% to 39%)"
    )
    assert figures.rate(None) == "–"
    assert figures.of_100(0.756) == "76"


def test_fewer_reasons_than_three_leave_columns_empty() -> None:
    rows = pd.DataFrame(
        {
            f"{name}_{n}": [value if n == 1 else empty]
            for n in (1, 2, 3)
            for name, value, empty in (
                ("reason", "recency", ""),
                ("value", 40.0, 0.0),
                ("second", 0.0, 0.0),
                ("contribution", 0.8, 0.0),
            )
        },
        index=[5],
    )

    def in_words(one: Reason) -> str:
        return f"{one.theme} {one.direction}"

    told = reason_columns.told(rows, in_words)

    assert told.loc[5].tolist() == ["recency raises", "", ""]


def test_bars_of_intervals_begin_at_the_value() -> None:
    table = pd.DataFrame({"low": [0.5], "rate": [0.75], "high": [1.5]})

    made = charts.interval_bars(table, "rate", "red")

    assert (made["array"][0], made["arrayminus"][0]) == (0.75, 0.25)
