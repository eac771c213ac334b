"""The leads of the demo company hang together, and tell what is planted."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.deals.lead_score import evaluate
from crm.analytics.reasons import reasons
from crm.demo import DemoCompany
from crm.demo.leads import MISSING, WHY
from tests.analytics.leads import of_demo
from tests.demo.conftest import TODAY

NOW = pd.Timestamp(TODAY, tz="UTC")


def ended(company: DemoCompany) -> pd.DataFrame:
    table = company.leads
    return table[table["ended_at"].notna()]


@pytest.mark.parametrize(
    ("column", "level", "field"),
    [("source", "referral", "source"), ("own_domain", True, "e-mail")],
)
def test_what_converts_more_is_found(
    company: DemoCompany, column: str, level: object, field: str
) -> None:
    table = ended(company)
    converted, holds = table["status"] == "converted", table[column] == level
    truth = company.truths.conversions.set_index("field").loc[field, "ratio"]

    ratio = converted[holds].mean() / converted[~holds].mean()
    # of the logarithm of a ratio of two shares (Katz)
    halves = (holds, ~holds)
    error = np.sqrt(sum(1 / converted[h].sum() - 1 / h.sum() for h in halves))

    assert abs(np.log(ratio / truth)) < 2.6 * error
    assert np.log(ratio) > 2 * error


@pytest.mark.slow
def test_the_score_stands_on_what_is_planted(company: DemoCompany) -> None:
    found = evaluate(of_demo(company), at=pd.Timestamp(TODAY))

    assert found.why_not is None
    assert set(found.importances["theme"].iloc[:2]) == {"source", "email"}
    weights = found.coefficients.set_index(["feature", "level"])["coefficient"]
    assert weights["source"].idxmax() == "referral"
    assert weights["own_domain", ""] > 0
    told = {(one.theme, one.word) for one in reasons(found.scores.iloc[0].to_dict())}
    assert {("source", "referral"), ("email", "")} <= told


def test_what_is_missing_says_nothing(company: DemoCompany) -> None:
    table = ended(company)
    converted = table["status"] == "converted"

    for column in MISSING.keys() - {"email"}:
        shares = [(table[column] == "")[one].mean() for one in (converted, ~converted)]
        assert abs(shares[0] - shares[1]) < 0.1, column


def test_leads_are_of_two_years_and_most_have_ended(company: DemoCompany) -> None:
    table = company.leads
    states = table["status"].value_counts()

    assert len(table) == 900
    assert table["created_at"].between(NOW - pd.Timedelta(days=731), NOW).all()
    assert table["created_at"].is_monotonic_increasing
    assert (
        table["ended_at"].dropna() > table["created_at"][ended(company).index]
    ).all()
    assert table["ended_at"].max() < NOW
    assert states["converted"] > 150
    assert 30 < states["new"] + states["working"] < 150
    unfit = table["status"] == "disqualified"
    assert set(table.loc[unfit, "unfit_reason"]) == set(WHY)
    assert (table.loc[~unfit, "unfit_reason"] == "").all()


def test_converted_ones_became_opportunities_of_their_customers(
    company: DemoCompany,
) -> None:
    table = company.leads
    converted = table[table["status"] == "converted"]
    became = company.opportunities.iloc[converted["opportunity"]]
    customers = company.customers.set_index("external_id")

    assert converted["opportunity"].is_unique
    assert (became["entered_0"].to_numpy() == converted["ended_at"].to_numpy()).all()
    theirs = converted["customer_external_id"].to_numpy()
    assert (became["customer_external_id"] == theirs).all()
    same_source = became["source"].to_numpy() == converted["source"].to_numpy()
    assert same_source.mean() > 0.9
    named = converted[converted["company"] != ""]
    names = customers.loc[named["customer_external_id"], "name"]
    assert (names.to_numpy() == named["company"].to_numpy()).all()
    others = table[table["status"] != "converted"]
    assert (others["opportunity"] == -1).all()
    assert (others["customer_external_id"] == "").all()
