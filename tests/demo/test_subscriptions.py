"""The service contracts of the demo company hang together, and tell what is planted."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.survival.cox import cox
from crm.analytics.survival.survival import LIFETIMES
from crm.demo import DemoCompany, generate
from crm.frames import typed
from tests.demo.conftest import TODAY

NOW = pd.Timestamp(TODAY)


def lifetimes(company: DemoCompany) -> pd.DataFrame:
    """As `crm.analytics.survival.survival.lifetimes` has them."""
    table = company.subscriptions.merge(
        company.customers, left_on="customer_external_id", right_on="external_id"
    )
    ended = table["ends_on"] < NOW
    until = table["ends_on"].where(ended, NOW)
    product = table["sku"]
    made = table.assign(
        days=(until - table["starts_on"]).dt.days + 1,
        ended=ended,
        billing_period=table["period"],
        product=product,
        subscription_id=range(len(table)),
        customer_id=range(len(table)),
        auto_renew="yes",
    )
    return typed(made, LIFETIMES)


@pytest.mark.slow
def test_what_makes_contracts_end_sooner_is_found(company: DemoCompany) -> None:
    found = cox(lifetimes(company), ["billing_period", "source", "product"])
    ratios = found.ratios.set_index(["field", "level"])

    for truth in company.truths.ends.itertuples():
        row = ratios.loc[truth.field, truth.level]
        assert row["low"] < truth.hazard_ratio < row["high"]
        assert row["low"] > 1
    strongest = found.ratios.sort_values("p_value")["level"].head(2)
    assert set(strongest) == set(company.truths.ends["level"])


def test_nothing_begins_or_is_cancelled_after_today(company: DemoCompany) -> None:
    table = company.subscriptions

    assert len(table) > 500
    assert table["starts_on"].max() < NOW
    assert table["cancelled_on"].max() < NOW
    cancelled = table.dropna(subset="cancelled_on")
    assert (cancelled["ends_on"] >= cancelled["cancelled_on"]).all()
    assert (cancelled["cancelled_on"] >= cancelled["starts_on"]).all()
    assert (cancelled["ends_on"] >= NOW).any()  # cancelled, and still running
    assert (cancelled["cancel_reason"] != "").all()


def test_contracts_are_those_of_companies_on_record(company: DemoCompany) -> None:
    customers = company.customers.set_index("external_id")
    theirs = customers.loc[company.subscriptions["customer_external_id"]]

    assert (theirs["kind"] == "company").all()
    known = company.subscriptions["starts_on"].array >= theirs["created_on"].array
    assert np.asarray(known).all()
    assert set(company.subscriptions["sku"]) <= set(company.products["sku"])


def test_a_later_price_comes_after_the_start_and_before_the_end(
    company: DemoCompany,
) -> None:
    table = company.subscriptions.dropna(subset="later_from")

    assert len(table) > 100
    assert (table["later_from"] > table["starts_on"]).all()
    assert (table["later_from"] <= table["ends_on"].fillna(NOW)).all()


@pytest.mark.slow
def test_a_small_company_has_some_too() -> None:
    small = generate(200, 1, 800, today=TODAY, activities=20)

    assert 0 < len(small.subscriptions) < 150
