"""Cohorts in figures worked out by hand, and against pandas on public data."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.analytics.cohorts.cohort_estimates import per_customer
from crm.analytics.cohorts.cohorts import (
    Question,
    Retention,
    first_day,
    ordinal,
    retention,
)
from crm.errors import NotEnoughData
from crm.frames import COHORT_CELLS, empty
from tests.analytics import histories
from tests.analytics.cohort_house import AS_OF, FEW, followed, orders

JANUARY, FEBRUARY, APRIL = (
    ordinal(date(2026, month, 1), "month") for month in (1, 2, 4)
)


def asked(**question: object) -> Retention:
    """The few customers of `cohort_house`, in the way that is asked."""
    day = question.pop("as_of", AS_OF)
    assert isinstance(day, date)
    found = followed(orders(FEW), day, source={1: "web", 3: "web", 2: "fair"})
    return retention(found.cells, Question(day, **question))  # type: ignore[arg-type]  # as asked


def figures(found: Retention, row: int) -> list[float]:
    return found.row(row)["value"].round(6).tolist()


@pytest.mark.slow
def test_a_customer_is_active_in_months_with_a_sale() -> None:
    """Two began in January; one of them came back, in March."""
    assert figures(asked(), JANUARY) == [1, 0, 0.5]


@pytest.mark.slow
def test_shares_have_intervals_after_wilson() -> None:
    """1 of 2: (1 + z²/2 ± z √(1/2 + z²/4)) / (2 + z²), z² = 3.8415."""
    half = asked().row(JANUARY).iloc[2]

    assert (half["low"], half["high"]) == pytest.approx((0.0945, 0.9055), abs=1e-4)


@pytest.mark.slow
def test_revenue_is_net_and_against_the_same_customers_start() -> None:
    """350 in January; 40 sent back in February; 30 in March."""
    expected = [1, round(-40 / 350, 6), round(30 / 350, 6)]

    assert figures(asked(measure="revenue"), JANUARY) == expected


@pytest.mark.slow
def test_revenue_has_the_error_of_a_ratio() -> None:
    """Off the line through 0 by 17.143 each; over √2, against 175 at the start."""
    march = asked(measure="revenue").row(JANUARY).iloc[2]

    assert march["error"] == pytest.approx(0.0979592, abs=1e-7)


@pytest.mark.slow
def test_orders_are_per_customer_with_the_error_of_a_mean() -> None:
    """Two orders and one: mean 1.5, variance 0.5, error √(0.5 / 2)."""
    january = asked(measure="orders").row(JANUARY).iloc[0]

    assert (january["value"], january["error"]) == (1.5, 0.5)


@pytest.mark.slow
def test_revenue_per_customer_counts_those_who_bought_nothing() -> None:
    cells = asked().row(JANUARY)

    assert per_customer(cells)["value"].tolist() == [175, -20, 15]


@pytest.mark.slow
def test_the_average_weighs_customers_alike() -> None:
    """In the month after: none of two, one of one. Later, February's are not known."""
    average = asked().average

    over = average[average["state"] != "running"]
    assert over["value"].round(6).tolist() == [1, round(1 / 3, 6), 0.5]
    assert over["observed"].tolist() == [3, 3, 2]


@pytest.mark.slow
def test_the_running_month_is_marked_and_tells_what_came_so_far() -> None:
    cells = asked().cells.set_index(["row", "period"])

    assert cells["state"].to_dict() == {
        (JANUARY, 0): "whole", (JANUARY, 1): "whole", (JANUARY, 2): "whole",
        (JANUARY, 3): "running",
        (FEBRUARY, 0): "whole", (FEBRUARY, 1): "whole", (FEBRUARY, 2): "running",
        (APRIL, 0): "running",
    }  # fmt: skip
    assert cells.loc[(FEBRUARY, 2), "value"] == 1
    assert cells.loc[(JANUARY, 3), "value"] == 0


@pytest.mark.slow
def test_a_month_is_over_on_its_last_day() -> None:
    cells = asked(as_of=date(2026, 4, 30)).cells

    assert "running" not in set(cells["state"])
    assert cells["period"].max() == 3


@pytest.mark.slow
def test_what_comes_after_the_day_is_not_known() -> None:
    late = orders([*FEW, (1, "2026-04-16", "sale", 9), (9, "2027-01-01", "sale", 9)])

    cells = retention(followed(late).cells, Question(AS_OF)).cells

    pd.testing.assert_frame_equal(cells, asked().cells)


@pytest.mark.slow
def test_quarters_hold_three_months() -> None:
    """All but one began in the first quarter of the year, which alone is over."""
    found = followed(orders(FEW), date(2026, 6, 30))

    cells = retention(found.cells, Question(date(2026, 6, 30), "quarter")).cells

    first = cells[cells["row"] == ordinal(date(2026, 1, 1), "quarter")]
    assert first["customers"].tolist() == [3, 3]
    assert first["active"].tolist() == [3, 1]
    assert first_day(int(first["row"].iloc[0]), "quarter") == date(2026, 1, 1)


@pytest.mark.slow
def test_a_row_for_each_source_tells_of_those_whose_time_is_over() -> None:
    """One of the web's two began in January, one in February."""
    cells = asked(grouping="source").cells

    web = cells[cells["row"] == 0]
    assert web["state"].tolist() == ["whole", "whole", "part", "running"]
    assert web["observed"].tolist()[:3] == [2, 2, 1]
    assert web["value"].tolist()[:3] == [1, 0.5, 1]


def test_groups_are_named_from_the_largest() -> None:
    found = followed(orders(FEW), source={1: "web", 3: " web ", 2: "fair"})

    named = found.groups[found.groups["grouping"] == "source"]
    assert named["name"].tolist() == ["web", "", "fair"]
    assert named["customers"].tolist() == [2, 1, 1]


def test_small_groups_beyond_eleven_are_taken_together() -> None:
    rows = [(n, "2026-01-05", "sale", 1) for n in range(30)]
    found = followed(orders(rows), source={n: f"s{min(n, 14):02}" for n in range(30)})

    named = found.groups[found.groups["grouping"] == "source"]
    assert named["code"].tolist() == list(range(12))
    assert named["customers"].tolist() == [16, *[1] * 10, 4]
    assert named["name"].iloc[-1] == ""


@pytest.mark.slow
def test_the_time_of_the_first_order_can_be_narrowed() -> None:
    february = (date(2026, 2, 1), date(2026, 2, 1))

    assert asked(between=february).cells["row"].unique().tolist() == [FEBRUARY]


@pytest.mark.slow
def test_who_was_known_before_the_records_began_can_be_left_out() -> None:
    known = {1: "2025-12-31", 2: "2026-01-05"}
    found = followed(orders(FEW), created_on=known)

    cells = retention(found.cells, Question(AS_OF, early=False)).cells

    assert cells[cells["row"] == JANUARY]["customers"].tolist() == [1] * 4
    assert found.customers.set_index("customer_id")["early"].to_dict() == {
        1: True, 2: False, 3: False, 4: False,
    }  # fmt: skip


def test_cohorts_of_long_ago_are_left_out() -> None:
    rows = [*FEW, (7, "2020-12-31", "sale", 5), (8, "2021-01-01", "sale", 5)]

    found = followed(orders(rows), date(2026, 2, 15))

    assert found.since == date(2021, 1, 1)
    assert 7 not in found.customers["customer_id"].tolist()
    assert 8 in found.customers["customer_id"].tolist()


def test_a_start_that_brought_nothing_in_has_no_share() -> None:
    rows = [
        (1, "2026-01-05", "sale", 100),
        (1, "2026-01-06", "return", -100),
        (1, "2026-02-06", "sale", 50),
    ]

    found = retention(followed(orders(rows)).cells, Question(AS_OF, measure="revenue"))

    assert found.row(JANUARY)["value"].isna().all()


@pytest.mark.slow
def test_one_customer_has_a_share_without_an_error_of_revenue() -> None:
    found = asked(measure="revenue").row(FEBRUARY)

    assert found["value"].tolist() == [1, 0.25]
    assert found["error"].isna().all()


@pytest.mark.slow
@pytest.mark.parametrize(
    "day", [date(2026, 4, 1), date(2026, 4, 15)], ids=["the same day", "the same month"]
)
def test_customers_of_the_running_month_alone_are_refused(day: date) -> None:
    rows = orders([(n, "2026-04-01", "sale", 1) for n in range(50)])

    with pytest.raises(NotEnoughData, match="is over yet"):
        retention(followed(rows, day).cells, Question(day))


def test_nobody_is_refused() -> None:
    with pytest.raises(NotEnoughData, match="No customer has first bought"):
        retention(empty(COHORT_CELLS), Question(AS_OF))


@pytest.mark.slow
def test_cdnow_is_as_pandas_has_it() -> None:
    """23,570 customers of three months; figures counted anew, customer by customer."""
    raw = histories.cdnow()
    day = date(1998, 6, 30)
    table = orders([])
    table = pd.concat([table, raw[["customer_id", "ordered_on", "total"]]])
    cells = followed(table.assign(kind="sale"), day).cells

    month = raw["ordered_on"].dt.to_period("M")
    first = month.groupby(raw["customer_id"]).transform("min")
    since = pd.Series(
        [(a - b).n for a, b in zip(month, first, strict=True)], index=raw.index
    )
    by = raw.groupby([first, since])
    active, revenue = by["customer_id"].nunique(), by["total"].sum()

    found = retention(cells, Question(day)).cells
    assert found["active"].tolist() == active.tolist()
    sizes = found[found["period"] == 0]["customers"].tolist()
    assert sizes == [7846, 8476, 7248]
    kept = retention(cells, Question(day, measure="revenue")).cells
    start = revenue.groupby(level=0).transform("first")
    np.testing.assert_allclose(kept["value"], revenue / start, rtol=1e-9)
