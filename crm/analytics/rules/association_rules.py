"""Association rules: who buys these products also buys that one."""

from dataclasses import dataclass

import pandas as pd

from crm.analytics.notes import Note
from crm.analytics.rules.itemsets import Progress
from crm.analytics.rules.rule_search import Search, search
from crm.analytics.rules.rule_table import RULES, rule_table
from crm.errors import Invalid
from crm.frames import Schema, typed
from crm.i18n import N_, _

__all__ = ["PRODUCTS", "RULES", "Rules", "mine", "select"]

PRODUCTS: Schema = {"product_id": "int64", "baskets": "int64", "support": "float64"}

MAX_RULES = 50_000

CUT = N_("{found} rules were found; the {kept} most significant are kept.")


@dataclass(frozen=True)
class Rules:
    """Rules with one consequent each; those with several are left out.

    Attributes:
        table: as in `RULES`.
        products: as in `PRODUCTS`; the frequent ones, most frequent first.
        n_baskets: baskets searched.
        min_support, min_confidence: as asked.
        min_count, max_items: bounds in force: baskets per set, products per rule.
        itemsets: number of frequent sets, single products included.
        possible: rules that could have been found, whatever their confidence; the
            corrections for many tests count them all.
        found: rules that reach the confidence, before any cut.
        notes: what was cut, in words.
    """

    table: pd.DataFrame
    products: pd.DataFrame
    n_baskets: int
    min_support: float
    min_confidence: float
    min_count: int
    max_items: int
    itemsets: int
    possible: int
    found: int
    notes: tuple[Note, ...]


def mine(
    baskets: pd.DataFrame,
    *,
    min_support: float,
    min_confidence: float,
    max_items: int = 6,
    on_progress: Progress | None = None,
) -> Rules:
    """Find rules by a vertical search, and test each against chance.

    A possible rule joins a frequent set of at most `max_items` - 1 products with any
    other frequent product. Which ones these are depends on how often each side is
    bought, not on how often they are bought together, so that the exact test, which
    takes the former as given, stays valid for the rules that are frequent.

    Args:
        baskets: as in `crm.frames.BASKETS`.
        min_support: share of the baskets, above 0 to 1; the bound itself counts.
        min_confidence: 0 to 1; the bound itself counts.
        max_items: products in a rule, both sides together, 2 or more.
        on_progress: told the share done of the search, 0 to 1.

    Returns:
        at most `MAX_RULES` rules; none, typed all the same, where nothing is frequent.

    Raises:
        NotEnoughData: no baskets.
        Invalid: a bound outside its range.
    """
    _check(min_support, min_confidence, max_items)
    within = search(
        baskets, min_support=min_support, max_items=max_items, on_progress=on_progress
    )
    n, possible = within.coded.n_baskets, _possible(within)
    table, found = rule_table(
        within.sets,
        n=n,
        possible=possible,
        min_confidence=min_confidence,
        limit=MAX_RULES,
    )
    cut = (Note(CUT, {"found": found, "kept": MAX_RULES}),) * (found > MAX_RULES)
    return Rules(
        table=table,
        products=_products(within),
        n_baskets=n,
        min_support=min_support,
        min_confidence=min_confidence,
        min_count=within.min_count,
        max_items=within.max_items,
        itemsets=len(within.sets),
        possible=possible,
        found=found,
        notes=within.notes + cut,
    )


def select(
    table: pd.DataFrame,
    *,
    support: float = 0,
    confidence: float = 0,
    lift: float = 0,
    q: float = 1,
) -> pd.DataFrame:
    """The rules of `Rules.table` with at least these measures and at most this q-value.

    For sliders on a stored result: the q-values stay those of the whole search.
    """
    slack = 1e-12  # a slider's 0.3 is 0.30000000000000004
    return table[
        (table["support"] >= support - slack)
        & (table["confidence"] >= confidence - slack)
        & (table["lift"] >= lift - slack)
        & (table["q_value"] <= q + slack)
    ]


def _check(min_support: float, min_confidence: float, max_items: int) -> None:
    if not 0 < min_support <= 1:
        raise Invalid(_("Support must lie above 0, up to 1."), field="min_support")
    if not 0 <= min_confidence <= 1:
        raise Invalid(_("Confidence must lie from 0 to 1."), field="min_confidence")
    if max_items < 2:
        raise Invalid(_("A rule has at least two products."), field="max_items")


def _possible(within: Search) -> int:
    """How many rules could have been found: see `mine`."""
    n = sum(len(items) == 1 for items in within.sets)
    return sum(n - len(items) for items in within.sets if len(items) < within.max_items)


def _products(within: Search) -> pd.DataFrame:
    coded = within.coded
    kept = coded.counts >= within.min_count
    counts = coded.counts[kept]
    columns = (coded.products[kept], counts, counts / coded.n_baskets)
    return typed(dict(zip(PRODUCTS, columns, strict=True)), PRODUCTS)
