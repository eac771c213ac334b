"""What stored analyses propose: for whom, what, and what is at stake."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd

from crm.analytics.reasons import reasons
from crm.models import Analysis, SuggestionKind
from crm.services.customers.suggestions import Candidate

LIKELY = 0.5  # probability to leave
OVERDUE = 2.0  # usual gaps, where only the plain rule could be used


def win_back(
    shown: Analysis,
    scores: pd.DataFrame,
    *,
    least: float = LIKELY,
    overdue: float = OVERDUE,
) -> Iterator[Candidate]:
    """Of a churn analysis, whoever leaves with a chance of `least` at least.

    Where only the plain rule could be used: whoever is `overdue` usual gaps or more.
    """
    horizon = shown.summary["horizon"]
    if shown.summary["method"] == "rule":
        late = scores[(scores["overdue"] >= overdue) & (scores["revenue_180"] > 0)]
        for row in late.to_dict("records"):
            facts = {"overdue": float(row["overdue"]), "horizon": horizon}
            yield Candidate(
                int(row["customer_id"]),
                SuggestionKind.WIN_BACK,
                float(row["revenue_180"]),
                facts,
            )
        return
    for row in scores[scores["probability"] >= least].to_dict("records"):
        facts = {
            "probability": float(row["probability"]),
            "horizon": horizon,
            "reasons": [asdict(one) for one in reasons(row)],
        }
        yield Candidate(
            int(row["customer_id"]),
            SuggestionKind.WIN_BACK,
            float(row["at_risk"]),
            facts,
        )


def next_product(
    shown: Analysis, offers: pd.DataFrame, orders: pd.Series
) -> Iterator[Candidate]:
    """The first offer to each customer, worth its hit rate of a mean order."""
    rate = float(shown.summary["next_product"]["hit_rates"]["similar"][0])
    for row in offers.to_dict("records"):
        customer_id = int(row["customer_id"])
        facts = {"product_id": int(row["product_1"]), "hit_rate": rate}
        mean = float(orders.get(customer_id, 0.0))
        if facts["product_id"]:
            kind = SuggestionKind.NEXT_PRODUCT
            yield Candidate(customer_id, kind, rate * mean, facts)
