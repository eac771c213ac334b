"""Association rules in the background: found in some baskets, checked in others."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.rules.association_rules import Rules, mine
from crm.analytics.rules.itemsets import Progress
from crm.analytics.rules.rule_hold_out import hold_out
from crm.analytics.rules.rule_shorter import productive
from crm.analytics.shares import wilson
from crm.analytics.significance import benjamini_hochberg
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.jobs.next_products import next_products
from crm.jobs.rule_baskets import shaped
from crm.services.analyses import Made
from crm.warehouse import House

LATER = [
    "later_baskets",
    "later_antecedent_baskets",
    "later_confidence",
    "later_lift",
    "later_p_value",
]
SEARCH = 0.7  # share of the time that the search for rules takes


@analysis("association_rules")
def association_rules(context: JobContext, house: House, as_of: date) -> Made:
    """See `rules` and `next_products`; `parameters["since"]` is the first day, or None.

    The walk-in customer stands for many: the baskets count, but not as a customer's.
    """
    asked = context.arguments["parameters"]
    since = date.fromisoformat(asked["since"]) if asked.get("since") else None
    products, customers = house.products(), house.customers()["customer_id"]
    baskets = house.baskets(as_of, since)
    if asked.get("unit") == "customer":
        baskets = baskets[baskets["customer_id"].isin(customers)]
    told = progress(context, _("Searching for rules"))
    made = rules(baskets, products, asked, lambda share: told(SEARCH * share))

    progress(context, _("Choosing next products"))(SEARCH)
    history = house.baskets(as_of) if since else baskets
    more = next_products(
        history[history["customer_id"].isin(customers)],
        products,
        since=since,
        rules=_comparable(made, asked),
    )
    summary = made.summary | {"next_product": more.summary}
    return Made(summary, {**made.tables, **more.tables})


def rules(
    baskets: pd.DataFrame,
    products: pd.DataFrame,
    asked: Mapping[str, Any],
    on_progress: Progress | None = None,
) -> Made:
    """Rules of a part of the baskets, measured again on the rest.

    Args:
        baskets, products: as `BASKETS` and `PRODUCTS` of `crm.frames`.
        asked: `min_support`, `min_confidence`, `max_items` of `mine`; `check` says
            which 30 % of the baskets to hold out: "later", "random", or "none";
            `unit` what a basket is: "basket", a sale, or "customer", all that one
            bought; `level` what lies in it: "product" or "category"; `all_sizes`
            whether baskets far larger than the others count too.

    Returns:
        the table `rules`, most significant first: `RULES` of
        `rules.rule_table`, the lower ends `confidence_low` and `lift_low` of
        95 % intervals, `q_shorter`, and the `later_…` columns of `rule_hold_out`;
        the table `products`: the frequent ones, with their names; and for categories
        the table `members`, as `MEMBERS` of `crm.analytics.rules.basket_units`.

    Raises:
        NotEnoughData: no sales, a single product, or baskets that are all alike.
    """
    given = shaped(baskets, products, asked)
    found = mine(
        given.searched,
        min_support=asked["min_support"],
        min_confidence=asked["min_confidence"],
        max_items=asked["max_items"],
        on_progress=on_progress,
    )
    later = hold_out(found.table, given.held).table[LATER]
    notes = given.notes + found.notes
    summary = _summary(found) | {
        "searched": _period(given.searched),
        "held_out": _period(given.held),
        "is_later": given.is_later,
        "notes": [[note.text, dict(note.values)] for note in notes],
    }
    shorter = _shorter(found, given.searched)
    tables = {
        "rules": _bounded(found).assign(q_shorter=shorter).join(later),
        "products": _named(found.products, given.products),
    }
    if len(given.members):
        tables["members"] = given.members
    return Made(summary, tables)


def _comparable(
    made: Made, asked: Mapping[str, Any]
) -> tuple[pd.DataFrame, date] | None:
    """Rules of products and the day before which they were found, if there is one."""
    if asked.get("level") == "category" or not made.summary["is_later"]:
        return None
    return made.tables["rules"], date.fromisoformat(made.summary["held_out"]["first"])


def _bounded(found: Rules) -> pd.DataFrame:
    """The rules with the lower ends of intervals for confidence and lift.

    That of lift takes the share of the consequent as known: it is of all baskets.
    """
    table = found.table
    low, _high = wilson(table["baskets"], table["antecedent_baskets"])
    share = table["consequent_baskets"] / found.n_baskets
    return table.assign(confidence_low=low, lift_low=low / share)


def _shorter(found: Rules, searched: pd.DataFrame) -> Any:
    """The q-value against chance, and for longer rules against shorter ones too."""
    table = found.table
    beyond = benjamini_hochberg(productive(table, searched), found.possible)
    is_longer = table["antecedents"].map(len) > 1
    return np.where(is_longer, beyond, table["q_value"])


def _named(frequent: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    named = frequent.merge(
        products[["product_id", "name", "sku"]], on="product_id", how="left"
    )
    number = "#" + named["product_id"].astype(str)
    return named.assign(name=named["name"].fillna(number), sku=named["sku"].fillna(""))


def _summary(found: Rules) -> dict[str, Any]:
    table = found.table
    return {
        "possible": found.possible,
        "found": found.found,
        "kept": len(table),
        "itemsets": found.itemsets,
        "products": len(found.products),
        "min_count": found.min_count,
        "max_items": found.max_items,
        "used": found.n_baskets,  # fewer than were to be searched, if sampled
        "beyond_chance": int((table["q_value"] <= 0.05).sum()),
        "beyond_doubt": int((table["holm"] <= 0.05).sum()),
    }


def _period(baskets: pd.DataFrame) -> dict[str, Any]:
    """How many baskets, from which day to which."""
    days = baskets["ordered_on"]
    first, last = (
        (days.min().date().isoformat(), days.max().date().isoformat())
        if len(baskets)
        else (None, None)
    )
    return {"baskets": baskets["order_id"].nunique(), "first": first, "last": last}
