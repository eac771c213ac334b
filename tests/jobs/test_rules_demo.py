"""The demo company: all rules planted in it are found, and no decoy."""

from datetime import date

import pandas as pd
import pytest

from crm.demo import DemoCompany, generate
from crm.frames import BASKETS, PRODUCTS, typed
from crm.jobs.association_rules import rules
from crm.services.analyses import Made
from crm.services.analysis_kinds import USUAL

TODAY = date(2026, 3, 2)
YEAR_AGO = date(2025, 3, 2)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return generate(today=TODAY)


@pytest.fixture(scope="module")
def products(company: DemoCompany) -> pd.DataFrame:
    sold = company.products
    return typed(sold.assign(product_id=range(1, len(sold) + 1)), PRODUCTS)


@pytest.fixture(scope="module")
def sales(company: DemoCompany, products: pd.DataFrame) -> pd.DataFrame:
    orders = company.orders
    kept = orders[(orders["kind"] == "sale") & (orders["status"] == "confirmed")]
    lines = company.order_lines.merge(kept, left_on="order_number", right_on="number")
    ids = products.set_index("sku")["product_id"]
    columns = {
        "order_id": pd.factorize(lines["order_number"])[0],
        "customer_id": pd.factorize(lines["customer_external_id"])[0],
        "ordered_on": lines["ordered_at"].dt.tz_localize(None).dt.normalize(),
        "product_id": lines["sku"].map(ids),
    }
    return typed(pd.DataFrame(columns).drop_duplicates(), BASKETS)


@pytest.fixture(scope="module")
def found(sales: pd.DataFrame, products: pd.DataFrame) -> Made:
    """What the usual choices find."""
    lately = sales[sales["ordered_on"] >= pd.Timestamp(YEAR_AGO)]
    return rules(lately, products, USUAL["association_rules"][1])


@pytest.fixture(scope="module")
def standing(found: Made, products: pd.DataFrame) -> set[tuple[frozenset[str], str]]:
    """The SKUs of both sides of the rules that the page shows at first."""
    table = found.tables["rules"]
    table = table[(table["q_value"] <= 0.05) & (table["q_shorter"] <= 0.05)]
    sku = products.set_index("product_id")["sku"]
    return {
        (frozenset(sku[one] for one in left), sku[right[0]])
        for left, right in zip(table["antecedents"], table["consequents"], strict=True)
    }


@pytest.mark.parametrize("place", range(8))
def test_a_planted_rule_is_found(
    company: DemoCompany, standing: set[tuple[frozenset[str], str]], place: int
) -> None:
    planted = company.truths.rules.iloc[place]

    assert (frozenset([planted["antecedent"]]), planted["consequent"]) in standing


def test_no_decoy_is_in_a_rule_that_stands(
    company: DemoCompany, standing: set[tuple[frozenset[str], str]]
) -> None:
    decoys = set(company.truths.decoys["sku"])

    assert len(decoys) == 5
    assert not [rule for rule in standing if decoys & {*rule[0], rule[1]}]
