"""The demo company, in which it is planted who has left for good."""

from datetime import date

import pandas as pd
import pytest

from crm.analytics import churn, ranking
from crm.demo import DemoCompany, generate
from tests.analytics import histories
from tests.analytics.leavers import small_forests

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scored() -> pd.DataFrame:
    """By customer: `gone` for good in truth, and its probability by each model."""
    company = generate(today=TODAY)
    cuts = histories.cuts(sales(company), TODAY, 90)
    with small_forests():
        found = churn.evaluate(*cuts, horizon=90)
    truths = company.truths.customers
    left = truths.set_index(numbers(truths["customer_external_id"]))["churned_on"]
    columns = {
        name: table.set_index("customer_id")["probability"]
        for name, table in found.scores.items()
    }
    return pd.DataFrame(columns | {"gone": left.notna()}).dropna()


def sales(company: DemoCompany) -> pd.DataFrame:
    lines, orders = company.order_lines, company.orders
    amounts = (lines["quantity"] * lines["unit_price"] / 10_000).groupby(
        lines["order_number"]
    )
    kept = orders[(orders["kind"] == "sale") & (orders["status"] == "confirmed")]
    day = kept["ordered_at"].dt.tz_localize(None).dt.normalize()
    return pd.DataFrame(
        {
            "customer_id": numbers(kept["customer_external_id"]),
            "ordered_on": day,
            "total": kept["number"].map(amounts.sum()),
            "units": kept["number"].map(amounts.size()),
        }
    )


def numbers(external_ids: pd.Series) -> pd.Series:
    """12 for C-12."""
    return external_ids.str.removeprefix("C-").astype("int64")


@pytest.mark.parametrize("model", ["logistic", "forest"])
def test_who_has_left_for_good_is_ranked_first(
    scored: pd.DataFrame, model: str
) -> None:
    """Those who stay may pause for 90 days too, so no ranking is without a fault."""
    gone = scored["gone"].to_numpy(dtype=bool)

    assert ranking.auc(gone, scored[model].to_numpy()).low > 0.8
    assert scored.loc[gone, model].mean() > 2 * scored.loc[~gone, model].mean()
