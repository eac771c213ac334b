"""Association rules in the background: found in some baskets, checked in others."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.association_rules import Rules, mine
from crm.analytics.calibration import wilson
from crm.analytics.itemsets import Progress
from crm.analytics.notes import Note
from crm.analytics.rule_hold_out import hold_out, split_at_random, split_by_time
from crm.analytics.rule_shorter import productive
from crm.analytics.significance import benjamini_hochberg
from crm.errors import NotEnoughData
from crm.i18n import N_, _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services.analyses import Made
from crm.warehouse import House

SEED = 20  # of the lot that draws baskets for the check
ONE_DAY = N_(
    "All sales are of one day, so the baskets of the check were drawn by lot instead."
)
LATER = [
    "later_baskets",
    "later_antecedent_baskets",
    "later_confidence",
    "later_lift",
    "later_p_value",
]

Split = tuple[pd.DataFrame, pd.DataFrame, tuple[Note, ...]]


@analysis("association_rules")
def association_rules(context: JobContext, house: House, as_of: date) -> Made:
    """See `rules`; `parameters["since"]` is the first day to look at, or None."""
    asked = context.arguments["parameters"]
    since = date.fromisoformat(asked["since"]) if asked["since"] else None
    told = progress(context, _("Searching for rules"))
    return rules(house.baskets(as_of, since), house.products(), asked, told)


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
            which 30 % of the baskets to hold out: "later", "random", or "none".

    Returns:
        the table `rules`, most significant first: `RULES` of
        `crm.analytics.rule_table`, the lower ends `confidence_low` and `lift_low` of
        95 % intervals, `q_shorter`, and the `later_…` columns of `rule_hold_out`;
        and the table `products`: the frequent ones, with their names.

    Raises:
        NotEnoughData: no sales, a single product, or baskets that are all alike.
    """
    _refuse(baskets)
    searched, held, notes = _split(baskets, asked["check"])
    found = mine(
        searched,
        min_support=asked["min_support"],
        min_confidence=asked["min_confidence"],
        max_items=asked["max_items"],
        on_progress=on_progress,
    )
    later = hold_out(found.table, held).table[LATER]
    summary = _summary(found) | {
        "searched": _period(searched),
        "held_out": _period(held),
        "notes": [[note.text, dict(note.values)] for note in notes + found.notes],
    }
    tables = {
        "rules": _bounded(found)
        .assign(q_shorter=_shorter(found, searched))
        .join(later),
        "products": _named(found.products, products),
    }
    return Made(summary, tables)


def _refuse(baskets: pd.DataFrame) -> None:
    if not len(baskets):
        raise NotEnoughData(_("There are no sales with products in this time."))
    products, orders = baskets["product_id"].nunique(), baskets["order_id"].nunique()
    if products == 1:
        words = _("Only one product was sold in this time; a rule joins two.")
        raise NotEnoughData(words)
    if len(baskets) == products * orders:  # every basket holds every product
        words = _(
            "All {n} baskets of this time hold the same products, so none of them says "
            "anything about another."
        )
        raise NotEnoughData(words.format(n=orders))


def _split(baskets: pd.DataFrame, check: str) -> Split:
    """Baskets to search, baskets held out, and what had to be done otherwise."""
    if check == "none":
        return baskets, baskets.head(0), ()
    if check == "later":
        days = baskets["ordered_on"]
        if days.min() < days.max():
            return *split_by_time(baskets), ()
        return *split_at_random(baskets, seed=SEED), (Note(ONE_DAY),)
    return *split_at_random(baskets, seed=SEED), ()


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
