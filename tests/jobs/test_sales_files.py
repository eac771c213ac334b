"""The real files of a sales team go in whole: customers, products, 8,800 deals."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from crm import db
from crm.models import (
    SYSTEM,
    Actor,
    Customer,
    Opportunity,
    OpportunityLine,
    Product,
    StageChange,
)
from crm.services.imports import runs
from crm.services.imports.choices import UnknownCustomers, WithoutCustomer
from crm.services.imports.headers import likely_target, suggest
from crm.services.imports.meanings import MAKE, NOTHING
from crm.services.imports.targets import CUSTOMERS, OPPORTUNITIES, PRODUCTS
from crm.services.sales import opportunity_tables
from tests.services.imports.engine import begun, checked, ran, rows_of, undone

FOLDER = Path(__file__).parents[2] / "../shared/data/crm_sales"
DEALS = FOLDER / "sales_pipeline.csv"
pytestmark = pytest.mark.skipif(
    not DEALS.exists(),
    reason="the files of the sales team are not beside this checkout",
)
TOTAL, NAMELESS = 8_800, 1_425


def header(name: str) -> list[str]:
    return list(pd.read_csv(FOLDER / name, nrows=1).columns)


def test_each_file_is_taken_for_what_it_is() -> None:
    assert likely_target(header("accounts.csv")) is CUSTOMERS
    assert likely_target(header("products.csv")) is PRODUCTS
    assert likely_target(header("sales_pipeline.csv")) is OPPORTUNITIES
    assert likely_target(header("sales_teams.csv")) is None


def test_every_column_of_the_deals_has_its_field() -> None:
    found = {
        s.column: s.field for s in suggest(header("sales_pipeline.csv"), OPPORTUNITIES)
    }

    assert found == {
        "opportunity_id": "external_id",
        "sales_agent": "owner",
        "product": "product",
        "account": "customer_name",
        "deal_stage": "stage",
        "engage_date": "opened",
        "close_date": "closes",
        "close_value": "amount",
    }


def answered(actor: Actor, import_id: int) -> dict[str, dict[str, str]]:
    """What somebody says about the terms of the check: what is likely, else make it."""
    with db.reading(actor) as session:
        terms = runs.terms(session, import_id)
    otherwise = {"stage": MAKE, "owner": NOTHING, "product": NOTHING}
    said: dict[str, dict[str, str]] = {}
    for term in terms:
        said.setdefault(term.field, {})[term.text] = (
            term.likely or otherwise[term.field]
        )
    return said


@pytest.mark.slow
def test_all_of_it_goes_in_adds_up_and_comes_out_again(admin: Actor) -> None:
    mapping = {
        "account": "name", "sector": "sector", "office_location": "country",
        "subsidiary_of": "parent",
    }  # fmt: skip
    accounts = begun(admin, FOLDER / "accounts.csv", mapping=mapping, match_key="name")
    assert ran(admin, accounts).counts.created == 85
    above = dict(rows_of(Customer, "id", "name"))
    below = [
        parent for _name, parent in rows_of(Customer, "name", "parent_id") if parent
    ]
    stated = pd.read_csv(FOLDER / "accounts.csv")["subsidiary_of"].dropna()
    assert sorted(above[one] for one in below) == sorted(stated)

    assert ran(admin, begun(admin, FOLDER / "products.csv")).counts.created == 7
    assert ("GTX Basic", "GTX", Decimal(550)) in rows_of(
        Product, "name", "category", "price"
    )

    import_id = begun(admin, DEALS, without_customer=WithoutCustomer.WALK_IN)
    found = checked(admin, import_id)
    with db.reading(admin) as session:
        terms = {(t.field, t.text): t for t in runs.terms(session, import_id)}
    product = terms["product", "GTXPro"]
    assert product.likely is not None
    assert product.options[product.likely] == "GTX Pro"
    assert product.rows == int((pd.read_csv(DEALS)["product"] == "GTXPro").sum())
    assert (
        terms["stage", "Sales pipeline: Engaging"].rows == found.counts.failed == 1_589
    )
    assert len([one for one in terms.values() if one.field == "owner"]) == 30

    with db.transaction(admin) as session:
        choices = runs.get(session, import_id).choices
        runs.choose(
            session, import_id, replace(choices, meant=answered(admin, import_id))
        )
    again = checked(admin, import_id)
    assert (again.counts.created, again.counts.failed) == (TOTAL, 0)
    told = {reason.column: reason.rows for reason in again.reasons}
    assert told == {"account": NAMELESS}

    report = ran(admin, import_id)
    assert report.counts.rows == report.counts.created == TOTAL
    assert report.counts.partly == NAMELESS
    assert report.made == {"opportunity": TOTAL, "customer": 1, "stage": 1}

    compare(admin)
    undone(admin, import_id)
    assert rows_of(Opportunity, "id") == []
    assert len(rows_of(Customer, "id")) == 85  # those of the accounts


def compare(admin: Actor) -> None:
    """What analyses read is what pandas finds in the file."""
    file = pd.read_csv(DEALS)
    with db.reading(SYSTEM) as session:
        table = opportunity_tables.deals(session).opportunities
    states = table["state"].value_counts().to_dict()
    stages = file["deal_stage"].value_counts()
    assert states["won"] == stages["Won"]
    assert states["lost"] == stages["Lost"]
    ended = file[file["deal_stage"].isin(["Won", "Lost"])]
    rate = (ended["deal_stage"] == "Won").groupby(ended["product"]).mean()
    ours = table[table["state"] != "open"]
    mine = (ours["state"] == "won").groupby(ours["product"]).mean()
    assert mine.to_dict() == pytest.approx(rate.rename({"GTXPro": "GTX Pro"}).to_dict())
    assert table["amount"].sum() == file["close_value"].sum()
    assert len(rows_of(OpportunityLine, "id")) == TOTAL
    assert len(rows_of(StageChange, "id")) == TOTAL + len(ended)


@pytest.mark.slow
def test_deals_without_a_customer_can_be_left_out(admin: Actor) -> None:
    ran(admin, begun(admin, FOLDER / "products.csv"))
    meant = {"stage": {"Sales pipeline: Engaging": MAKE}}

    import_id = begun(
        admin,
        DEALS,
        without_customer=WithoutCustomer.SKIP,
        unknown_customers=UnknownCustomers.MAKE,
        meant=meant,
    )
    report = ran(admin, import_id)

    assert report.counts.skipped == NAMELESS
    assert report.counts.created == TOTAL - NAMELESS
    assert report.made["customer"] == 85
    with db.reading(admin) as session:
        issues = runs.issues(session, import_id, outcome=runs.Outcome.SKIPPED, limit=1)
    assert issues[0].reason == "The opportunity names no customer."
