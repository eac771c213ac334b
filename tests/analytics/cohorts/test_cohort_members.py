"""Who stands behind a cell."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.analytics.cohorts.cohort_members import last_bit, members
from crm.analytics.cohorts.cohorts import Question, ordinal, retention
from crm.warehouse.cohorts import Cohorts
from tests.analytics.cohort_house import AS_OF, FEW, followed, orders, people

JANUARY = ordinal(date(2026, 1, 1), "month")


@pytest.fixture(scope="module")
def few() -> Cohorts:
    return followed(orders(FEW), source={1: "web", 3: "web", 2: "fair"})


def test_those_of_a_cohort_with_and_without_an_order(few: Cohorts) -> None:
    march = members(few.customers, Question(AS_OF), JANUARY, 2)

    assert dict(zip(march["customer_id"], march["active"], strict=True)) == {
        1: True,
        2: False,
    }


def test_months_with_an_order_and_the_last_of_them(few: Cohorts) -> None:
    first = members(few.customers, Question(AS_OF), JANUARY, 2).iloc[0]

    assert (first["customer_id"], first["months"]) == (1, 2)
    assert (first["cohort"], first["last"]) == (
        pd.Timestamp("2026-01-01"),
        pd.Timestamp("2026-03-01"),
    )


def test_only_those_whose_time_is_over_stand_behind_a_group(few: Cohorts) -> None:
    """Of the web's two, the one who began in January has had a second month since."""
    web = Question(AS_OF, grouping="source")

    assert members(few.customers, web, 0, 1)["customer_id"].tolist() == [3, 1]
    assert members(few.customers, web, 0, 2)["customer_id"].tolist() == [1]


def test_behind_a_running_cell_stand_those_for_whom_it_runs(few: Cohorts) -> None:
    april = members(few.customers, Question(AS_OF), JANUARY, 3)

    assert april["customer_id"].tolist() == [1, 2]
    assert not april["active"].any()


@pytest.mark.parametrize("unit", ["month", "quarter"])
@pytest.mark.parametrize("grouping", ["all", "source"])
@pytest.mark.slow
def test_behind_every_cell_stand_as_many_as_it_says(unit: str, grouping: str) -> None:
    random = np.random.default_rng(3)
    rows = []
    for n in range(10):
        start = str(pd.Period("2025-02") + n)
        rows += people(100 * n, 12, start, [0.3] * (13 - n), random)
    day = date(2026, 3, 15)
    source = {n: "abc"[n % 3] for n in range(1500)}
    found = followed(orders(rows), day, source=source)
    question = Question(day, unit, grouping)  # type: ignore[arg-type]  # of two
    cells = retention(found.cells, question).cells
    assert len(cells) > 8

    for cell in cells.itertuples(index=False):
        behind = members(found.customers, question, cell.row, cell.period)
        assert (len(behind), behind["active"].sum()) == (cell.observed, cell.active)


def test_the_highest_bit_of_large_numbers() -> None:
    bits = np.array([1, 2, 3, 2**31 - 1, 2**31, 2**53 - 1, 2**62 + 1, 2**62 - 1])

    assert last_bit(bits).tolist() == [0, 1, 1, 30, 31, 52, 62, 61]
