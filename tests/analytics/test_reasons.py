import numpy as np
import pandas as pd

from crm.analytics import reasons
from crm.analytics.reasons import Reason

THEMES = {"size": ("a", "b"), "age": ("c",), "place": ("d",), "time": ("e",)}
VALUES = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 5.0}


def told(contributions: dict[str, float], **values: float) -> list[Reason]:
    table = pd.DataFrame([VALUES | values])
    made = reasons.columns(table, pd.DataFrame([contributions]), THEMES)
    return list(reasons.reasons(pd.DataFrame(made).iloc[0].to_dict()))


def test_the_three_heaviest_come_first_whichever_way_they_move() -> None:
    assert told({"a": 0.1, "c": -0.9, "d": 0.5, "e": 0.2}) == [
        Reason("age", 3, 0, -0.9),
        Reason("place", 4, 0, 0.5),
        Reason("time", 5, 0, 0.2),
    ]


def test_what_speaks_of_one_thing_counts_together() -> None:
    assert told({"a": 0.75, "b": -0.25, "c": 0.375}) == [
        Reason("size", 1, 2, 0.5),
        Reason("age", 3, 0, 0.375),
    ]


def test_what_cancels_out_or_was_left_out_is_no_reason() -> None:
    assert told({"a": 0.5, "b": -0.5, "d": 0.25}) == [Reason("place", 4, 0, 0.25)]


def test_what_a_customer_does_not_have_is_told_as_nothing() -> None:
    assert told({"a": 0.5, "b": 0.25}, b=np.nan) == [Reason("size", 1, 0, 0.75)]


def test_two_themes_make_two_reasons() -> None:
    values = pd.DataFrame([VALUES])
    made = reasons.columns(values, values, {"age": ("c",), "time": ("e",)})

    row = pd.DataFrame(made).iloc[0].to_dict()

    assert [row["reason_1"], row["reason_2"]] == ["time", "age"]
    assert "reason_3" not in row


def test_the_direction_is_named() -> None:
    assert Reason("age", 1, 0, 0.2).direction == "raises"
    assert Reason("age", 1, 0, -0.2).direction == "lowers"
