"""The opportunities of the demo company hang together, and tell what is planted."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from crm.demo import DemoCompany, generate
from crm.demo.opportunities import LOST, WON
from tests.demo.conftest import TODAY

NOW = pd.Timestamp(TODAY, tz="UTC")


def closed(company: DemoCompany) -> pd.DataFrame:
    table = company.opportunities
    return table[table["stage"] >= WON]


@pytest.mark.parametrize(
    ("field", "level"), [("source", "referral"), ("planned", True)], ids=str
)
def test_what_wins_more_is_found(company: DemoCompany, field: str, level: str) -> None:
    table = closed(company)
    won, holds = table["stage"] == WON, table[field] == level
    known = {"planned": "next step"}.get(field, field)
    truth = company.truths.wins.set_index("field").loc[known, "ratio"]

    ratio = won[holds].mean() / won[~holds].mean()
    # of the logarithm of a ratio of two shares (Katz)
    error = np.sqrt(sum(1 / won[one].sum() - 1 / one.sum() for one in (holds, ~holds)))

    assert abs(np.log(ratio / truth)) < 2.6 * error
    assert np.log(ratio) > 2 * error


def test_the_way_goes_on_from_stage_to_stage(company: DemoCompany) -> None:
    table = company.opportunities
    steps = [f"entered_{step}" for step in range(4)]

    for before, after in pairwise(steps):
        known = table.dropna(subset=after)
        assert (known[after] > known[before]).all()
    last = table[steps].max(axis="columns")
    assert (last < NOW).all()
    assert (table["closed_at"].dropna() > last[table["closed_at"].notna()]).all()
    assert table["closed_at"].max() < NOW


def test_what_is_won_has_been_through_all_stages(company: DemoCompany) -> None:
    table = company.opportunities

    assert table.loc[table["stage"] == WON, "entered_3"].notna().all()
    assert (table["closed_at"].notna() == (table["stage"] >= WON)).all()
    assert (table.loc[table["stage"] == LOST, "lost_reason"] != "").all()
    assert (table.loc[table["stage"] != LOST, "lost_reason"] == "").all()


def test_there_is_something_on_every_stage(company: DemoCompany) -> None:
    assert set(company.opportunities["stage"]) == set(range(6))
    assert 40 < (company.opportunities["stage"] < WON).sum() < 120


def test_leads_are_of_the_last_half_year(company: DemoCompany) -> None:
    table = company.leads

    assert len(table) == 180
    assert table["created_at"].between(NOW - pd.Timedelta(days=181), NOW).all()
    assert (table["name"].str.strip() != "").all()
    unfit = table["status"] == "disqualified"
    assert ((table["unfit_reason"] != "") == unfit).all()


@pytest.mark.slow
def test_a_small_company_has_some_too() -> None:
    small = generate(200, 1, 800, today=TODAY, activities=20)

    assert len(small.opportunities) > 0
    assert len(small.leads) == 18
