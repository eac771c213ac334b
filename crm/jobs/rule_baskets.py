"""The baskets to search for rules, and those held out to check them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crm.analytics.notes import Note
from crm.analytics.rules import basket_sizes
from crm.analytics.rules.basket_units import MEMBERS, by_category, by_customer
from crm.analytics.rules.rule_hold_out import Parts, split_at_random, split_by_time
from crm.errors import NotEnoughData
from crm.frames import empty
from crm.i18n import N_, _

SEED = 20  # of the lot that draws baskets for the check
ONE_DAY = N_(
    "All sales are of one day, so the baskets of the check were drawn by lot instead."
)
NO_CATEGORY = N_("Products without a category, which are left out: {n}")
TOO_LARGE = N_(
    "Baskets of more than {most} products, far more than usual, are left out: {n}. So "
    "much at once is as a rule the sum of many sales, and joins everything with "
    "everything."
)


@dataclass(frozen=True)
class Shaped:
    """Baskets of the unit and the level that were asked for.

    Attributes:
        searched, held: as in `crm.frames.BASKETS`; see `basket_units`.
        products: what lies in them, as in `crm.frames.PRODUCTS`.
        members: the products of each category, as in `MEMBERS`.
        is_later: whether those held out are the later ones.
    """

    searched: pd.DataFrame
    held: pd.DataFrame
    products: pd.DataFrame
    members: pd.DataFrame
    is_later: bool
    notes: tuple[Note, ...]


def shaped(
    baskets: pd.DataFrame, products: pd.DataFrame, asked: Mapping[str, Any]
) -> Shaped:
    """The baskets as `unit`, `level`, `check` and `all_sizes` of `asked` want them.

    Raises:
        NotEnoughData: no sales, a single product, or baskets that are all alike.
    """
    members = empty(MEMBERS)
    notes: tuple[Note, ...] = ()
    if asked.get("level") == "category":
        grouped = by_category(baskets, products)
        baskets, products, members = grouped.baskets, grouped.groups, grouped.members
        notes = (Note(NO_CATEGORY, {"n": grouped.left_out}),) * (grouped.left_out > 0)
    is_customer = asked.get("unit") == "customer"
    _refuse(by_customer(baskets) if is_customer else baskets, asked)

    check = asked["check"]
    is_one_day = baskets["ordered_on"].nunique() < 2
    if check == "later" and is_one_day:
        check, notes = "random", (*notes, Note(ONE_DAY))
    parts = _split(baskets, check, is_customer)
    if not asked.get("all_sizes"):
        parts, more = _without_the_largest(parts)
        notes += more
    return Shaped(*parts, products, members, check == "later", notes)


def _without_the_largest(parts: Parts) -> tuple[Parts, tuple[Note, ...]]:
    """Both parts by the bound of the searched one, and what is said of it."""
    most = basket_sizes.largest(parts[0])
    searched, n_searched = basket_sizes.up_to(parts[0], most)
    held, n_held = basket_sizes.up_to(parts[1], most)
    told = {"most": most, "n": n_searched + n_held}
    return (searched, held), (Note(TOO_LARGE, told),) * (told["n"] > 0)


def _split(baskets: pd.DataFrame, check: str, is_customer: bool) -> Parts:
    """Customers are held out whole by lot; by time, a part of what each bought is."""
    if check == "later":
        earlier, later = split_by_time(baskets)
        return (
            (by_customer(earlier), by_customer(later))
            if is_customer
            else (earlier, later)
        )
    if is_customer:
        baskets = by_customer(baskets)
    if check == "none":
        return baskets, baskets.head(0)
    return split_at_random(baskets, seed=SEED)


def _refuse(baskets: pd.DataFrame, asked: Mapping[str, Any]) -> None:
    if not len(baskets):
        raise NotEnoughData(_("There are no sales with products in this time."))
    baskets = baskets[["order_id", "product_id"]].drop_duplicates()
    products, orders = baskets["product_id"].nunique(), baskets["order_id"].nunique()
    if products == 1 and asked.get("level") == "category":
        raise NotEnoughData(
            _("Products of only one category were sold in this time; a rule joins two.")
        )
    if products == 1:
        words = _("Only one product was sold in this time; a rule joins two.")
        raise NotEnoughData(words)
    if len(baskets) == products * orders:  # every basket holds every product
        words = _(
            "All {n} baskets of this time hold the same products, so none of them says "
            "anything about another."
        )
        raise NotEnoughData(words.format(n=orders))
