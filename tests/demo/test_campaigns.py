"""The campaigns of the demo company: what is planted is measured, nothing else is."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.campaign_effect import watched
from crm.demo import DemoCompany, truths
from crm.demo.campaigns import PLANS, hold_out
from crm.frames import CAMPAIGN_OUTCOMES, typed
from tests.demo.conftest import TODAY

DAYS = pd.Timedelta(days=30)


def outcomes(company: DemoCompany, sales: pd.DataFrame, campaign: int) -> pd.DataFrame:
    """What its recipients bought in the 30 days after its start."""
    start = company.campaigns["starts_on"][campaign]
    mine = company.recipients[company.recipients["campaign"] == campaign]
    after = sales[(sales["day"] > start) & (sales["day"] <= start + DAYS)]
    by_customer = after.groupby("customer_external_id")["total"].agg(["size", "sum"])
    found = by_customer.reindex(mine["customer_external_id"]).fillna(0)
    return typed(
        {
            "customer_id": np.arange(len(mine)),
            "held_out": mine["held_out"].to_numpy(),
            "day": start,
            "orders": found["size"].to_numpy(),
            "revenue": found["sum"].to_numpy(),
        },
        CAMPAIGN_OUTCOMES,
    )


def place(company: DemoCompany, name: str) -> int:
    return company.campaigns["name"].tolist().index(name)


@pytest.mark.parametrize("name", truths.LIFTS)
def test_what_is_planted_is_measured(
    company: DemoCompany, sales: pd.DataFrame, name: str
) -> None:
    made = outcomes(company, sales, place(company, name))

    found = watched(made, days=30, as_of=TODAY).effect

    assert found is not None
    assert 0 < found.bought_low <= truths.LIFTS[name] <= found.bought_high


@pytest.mark.parametrize("name", ["Spring catalogue", "Autumn newsletter"])
def test_what_does_nothing_is_not_said_to_do_anything(
    company: DemoCompany, sales: pd.DataFrame, name: str
) -> None:
    made = outcomes(company, sales, place(company, name))

    found = watched(made, days=30, as_of=TODAY).effect

    assert found is not None
    assert found.bought_low <= 0 <= found.bought_high


def test_the_lot_that_plants_a_lift_keeps_its_share() -> None:
    """Of 1,000, 300 order. Held out 20 %, lift 0.1: of those held out 22 % order, 44
    of 200; of the others 256 of 800, 32 %."""
    ordered = np.arange(1000) < 300

    chance = hold_out(ordered, 0.2, 0.1)

    assert chance[ordered].sum() == pytest.approx(44)
    assert chance[~ordered].sum() == pytest.approx(156)
    assert hold_out(ordered, 0.2, 0.0) == pytest.approx(np.full(1000, 0.2))


def test_nobody_held_out_is_reached_and_nothing_lies_ahead(
    company: DemoCompany,
) -> None:
    table, now = company.recipients, pd.Timestamp(TODAY, tz="UTC")
    held = table[table["held_out"]]

    assert held[["reached_at", "responded_at"]].isna().all(axis=None)
    assert (table["responded_at"].isna() | table["reached_at"].notna()).all()
    for name in ("added_at", "reached_at", "responded_at"):
        assert (table[name].dropna() < now).all()
    assert not table.duplicated(["campaign", "customer_external_id"]).any()


def test_who_is_added_was_a_customer_by_then(company: DemoCompany) -> None:
    created = company.customers.set_index("external_id")["created_on"]
    added = company.recipients["added_at"].dt.tz_localize(None)

    assert (
        company.recipients["customer_external_id"].map(created)
        <= added + pd.Timedelta(days=1)
    ).all()


def test_there_is_one_of_each_status(company: DemoCompany) -> None:
    assert set(company.campaigns["status"]) == {"planned", "running", "ended"}
    sizes = company.recipients.groupby("campaign").size()
    assert len(sizes) == len(PLANS) - 1  # the planned one has nobody yet
