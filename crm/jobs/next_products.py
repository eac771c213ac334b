"""Next products in the background: offered to each customer, judged on later sales."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.rules.next_product import (
    PRODUCTS,
    Flags,
    Scorer,
    by_popularity,
    by_similarity,
    offers,
)
from crm.analytics.rules.next_product_check import Evaluation, evaluate
from crm.analytics.rules.purchases import Purchases, purchases
from crm.analytics.rules.rule_hold_out import Parts, split_by_time
from crm.analytics.rules.rule_offers import by_rules
from crm.errors import NotEnoughData
from crm.services.analyses import Made

WAYS: dict[str, Callable[[Purchases, Flags], Scorer]] = {
    "similar": by_similarity,
    "popular": by_popularity,
}
STANDS = 0.05  # share of false discoveries among the rules that are compared


def next_products(
    history: pd.DataFrame,
    products: pd.DataFrame,
    *,
    since: date | None,
    rules: tuple[pd.DataFrame, date] | None = None,
) -> Made:
    """Offers by what alike customers have, if they prove better than what most have.

    Args:
        history: all sales as in `crm.frames.BASKETS`; nobody is offered a product of
            his own. On offer are the products sold from `since` on.
        products: their names, as `PRODUCTS` of `crm.frames`.
        rules: to compare with, as `RULES` of `rules.rule_table`, and the day
            before which they were found.

    Returns:
        the table `offers`, as `OFFERS` of `crm.analytics.rules.next_product`, and
        `offered`: to how many customers each product is offered. Both are left out
        where nothing can be offered.
    """
    first = pd.Timestamp(since or date.min)
    recent = history[history["ordered_on"] >= first]
    if recent["product_id"].nunique() < 2:
        return Made({"customers": 0})
    judged = _judged(history, recent, rules)
    method = "similar" if judged and judged[1].is_better("similar") else "popular"
    of = purchases(history)
    table = offers(of, WAYS[method](of, _on_offer(of, recent)))
    if table.empty:
        return Made({"customers": 0})
    summary = {"customers": len(table), "method": method} | _told(judged)
    return Made(summary, {"offers": table, "offered": _offered(table, products)})


def _on_offer(of: Purchases, recent: pd.DataFrame) -> Flags:
    return np.isin(of.products, recent["product_id"].unique())


def _judged(
    history: pd.DataFrame,
    recent: pd.DataFrame,
    rules: tuple[pd.DataFrame, date] | None,
) -> tuple[pd.Timestamp, Evaluation] | None:
    """From which day on the sales were used to judge, and what came out."""
    first = pd.Timestamp(rules[1]) if rules else _first_to_judge(recent)
    earlier, later = _parted(recent, first)
    of = purchases(_parted(history, first)[0])
    if earlier.empty or later.empty:
        return None
    on_offer = _on_offer(of, earlier)
    scorers = {name: way(of, on_offer) for name, way in WAYS.items()}
    if rules:
        standing = rules[0][rules[0]["q_value"] <= STANDS]
        scorers["rules"] = by_rules(standing, of, on_offer)
    return first, evaluate(of, later, scorers)


def _first_to_judge(recent: pd.DataFrame) -> pd.Timestamp:
    try:
        return split_by_time(recent)[1]["ordered_on"].min()
    except NotEnoughData:  # all of one day
        return recent["ordered_on"].min()


def _parted(sales: pd.DataFrame, first: pd.Timestamp) -> Parts:
    later = sales["ordered_on"] >= first
    return sales[~later], sales[later]


def _told(judged: tuple[pd.Timestamp, Evaluation] | None) -> dict[str, Any]:
    if judged is None or not judged[1].customers:
        return {"judged": 0}
    first, found = judged
    return {
        "judged": found.customers,
        "judged_from": first.date().isoformat(),
        "hit_rates": found.hit_rates,
        "gains": {name: list(gain) for name, gain in found.gains.items()},
    }


def _offered(table: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Product, name, SKU, customers it is offered to, and first of all to how many."""
    everywhere = pd.Series(table[PRODUCTS].to_numpy().ravel())
    first = table[PRODUCTS[0]]
    counts = pd.DataFrame(
        {"customers": everywhere.value_counts(), "first": first.value_counts()}
    )
    counts = counts[counts.index > 0].fillna(0).astype("int64")
    counts = counts.rename_axis("product_id").reset_index()
    named = counts.merge(products[["product_id", "name", "sku"]], how="left")
    return named.sort_values(
        ["customers", "product_id"], ascending=[False, True]
    ).reset_index(drop=True)
