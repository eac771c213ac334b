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
    ("field", "level"),
    [("source", "referral"), ("planned", True), ("often", True)],
    ids=str,
)
def test_what_wins_more_is_found(company: DemoCompany, field: str, level: str) -> None:
    table = closed(company)
    won, holds = table["stage"] == WON, table[field] == level
    known = {"planned": "next step", "often": "contact"}.get(field, field)
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


def test_enough_is_closed_each_month_to_try_a_forecast_on(company: DemoCompany) -> None:
    when = closed(company)["closed_at"].dt.tz_localize(None).dt.to_period("M")
    last_year = when.value_counts().reindex(
        pd.period_range("2025-03", "2026-02", freq="M")
    )

    assert last_year.min() >= 35
    assert last_year.mean() > 45


def test_it_comes_to_what_its_products_come_to(company: DemoCompany) -> None:
    table, lines = company.opportunities, company.opportunity_lines
    known = table[table["amount"] >= 0]
    pieces = lines["quantity"] * lines["unit_price"] / 10_000
    exact = pieces * (1 - lines["discount"] / 100)

    assert (exact - lines["amount"] / 10_000).abs().max() <= 0.0051
    summed = lines.groupby("opportunity")["amount"].sum()
    assert summed.reindex(known.index).equals(known["amount"])
    assert (table.loc[table["amount"] < 0, "stage"] == 0).all()
    assert not lines.duplicated(["opportunity", "sku"]).any()


def test_what_is_won_is_won_later_than_was_said(company: DemoCompany) -> None:
    table = company.opportunities
    said = company.estimates.drop_duplicates("opportunity").set_index("opportunity")
    won = table[table["stage"] == WON]
    day = won["closed_at"].dt.tz_localize(None).dt.normalize()
    slip = (day - said.loc[won.index, "close_on"]).dt.days
    truth = company.truths.slips.set_index("said").loc["at the opening", "median_days"]

    error = 1.253 * slip.std() / np.sqrt(len(slip))  # of a median
    assert abs(slip.median() - truth) < 2.6 * error
    assert slip.median() > 5 * error


def test_estimates_are_of_the_time_it_was_open(company: DemoCompany) -> None:
    table, told = company.opportunities, company.estimates
    of = table.loc[told["opportunity"]].reset_index(drop=True)
    first = told.drop_duplicates("opportunity").set_index("opportunity")
    last = told.drop_duplicates("opportunity", keep="last").set_index("opportunity")

    assert first["at"].equals(table["entered_0"].rename("at"))
    assert (told["at"] < of["closed_at"].fillna(NOW)).all()
    for column in ("amount", "close_on"):
        assert last[column].tolist() == table[column].tolist()
    twice = told["opportunity"].duplicated()
    assert (told.loc[twice, "at"] > told["at"].shift()[twice]).all()
    assert 0.3 < (told["opportunity"].value_counts() > 1).mean() < 0.8


def test_we_keep_in_touch_while_it_is_open(company: DemoCompany) -> None:
    table, talks = company.opportunities, company.talks
    of = table.loc[talks["opportunity"]].reset_index(drop=True)
    is_step = talks["kind"] == "task"

    assert (talks["at"] >= of["entered_0"]).all()
    assert (talks["at"] < of["closed_at"].fillna(NOW)).all()
    assert (talks["due_at"].notna() == is_step).all()
    assert set(talks.loc[is_step, "opportunity"]) == set(table.index[table["planned"]])
    is_open = is_step & talks["done_at"].isna()
    assert (is_open == (is_step & (of["stage"] < WON))).all()


def test_a_few_are_in_other_currencies(company: DemoCompany) -> None:
    counts = company.opportunities["currency"].value_counts(normalize=True)

    assert set(counts.index) == {"", "USD", "GBP"}
    assert counts[""] > 0.9
    first = company.opportunities["entered_0"].min().tz_localize(None)
    for currency in ("USD", "GBP"):
        days = company.rates.loc[company.rates["currency"] == currency, "rate_on"]
        assert days.min() <= first
        assert days.max() == NOW.tz_localize(None).to_period("M").to_timestamp()


@pytest.mark.slow
def test_a_small_company_has_some_too() -> None:
    small = generate(200, 1, 800, today=TODAY, activities=20)

    assert len(small.opportunities) > 0
    assert len(small.leads) == 90
