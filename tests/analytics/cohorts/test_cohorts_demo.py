"""The demo company, in which it is planted that newcomers leave sooner."""

from datetime import date

import pandas as pd
import pytest

from crm.analytics.cohorts.cohort_comparison import compare
from crm.analytics.cohorts.cohorts import Question, ordinal, retention
from crm.demo import generate
from crm.demo.truths import SEGMENTS
from tests.analytics.cohort_house import followed
from tests.analytics.demo_orders import numbers, worth

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.slow


def test_the_cohort_of_newcomers_comes_back_less() -> None:
    """They began lately, order half as often and leave five times as soon."""
    newcomer = next(one for one in SEGMENTS if one.name == "newcomer")
    regular = next(one for one in SEGMENTS if one.name == "regular office")
    assert newcomer.leave > 5 * regular.leave
    company = generate(today=TODAY)
    known = company.customers.set_index(numbers(company.customers["external_id"]))
    began = known["created_on"].dt.strftime("%Y-%m-%d").to_dict()
    followed_on = followed(
        worth(company, "sale").assign(kind="sale"), TODAY, created_on=began
    )
    theirs = company.truths.customers
    mine = theirs[theirs["segment"] == "newcomer"]["customer_external_id"]
    cohort = followed_on.customers.set_index("customer_id")["cohort"]
    summer = cohort[cohort.between("2025-07-01", "2025-09-30")].index
    assert pd.Index(numbers(mine)).isin(summer).sum() > len(summer) / 2

    found = retention(followed_on.cells, Question(TODAY, "quarter", early=False))
    told = compare(found, ordinal(date(2025, 7, 1), "quarter"))

    assert told.periods == [1]
    assert told.table["high"].iloc[0] < -0.1
