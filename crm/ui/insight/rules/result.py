"""A stored result, ready to be narrowed and drawn at once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from crm.analytics.rules.association_rules import select
from crm.analytics.rules.itemsets import Itemset
from crm.analytics.rules.rule_check import Check, check
from crm.models import Analysis, folded
from crm.ui import insight

STANDS = 0.05  # share of false discoveries up to which a rule stands beyond chance
SURE = 0.05  # how sure it must be that a rule says more than a shorter one

Side = Literal["either", "left", "right"]


@dataclass(frozen=True)
class Found:
    """Rules and products as stored; shared by all readers, so do not change them.

    Attributes:
        rules: numbered from 0, the most significant; see `crm.jobs.association_rules`.
        products: the frequent ones, with names.
        is_checked: whether baskets were held out.
        is_customer: whether a basket is all that a customer bought, not a sale.
        members: where the products are categories, the products of each.
    """

    identity: tuple[int, datetime]
    rules: pd.DataFrame
    products: pd.DataFrame
    is_checked: bool
    is_customer: bool = False
    members: pd.DataFrame | None = None

    @property
    def analysis_id(self) -> int:
        return self.identity[0]

    @property
    def picked(self) -> str:
        """Where the session keeps the number of the rule that is looked at."""
        return f"rules_picked_{self.analysis_id}"

    @cached_property
    def check(self) -> Check:
        """How the rules that stand beyond chance did on the baskets held out."""
        return check(select(self.rules, q=STANDS))

    @cached_property
    def names(self) -> dict[int, str]:
        """Names of products by id."""
        ids = self.products["product_id"].tolist()
        return dict(zip(ids, self.products["name"].tolist(), strict=True))

    @cached_property
    def sides(self) -> list[tuple[Itemset, Itemset]]:
        """Left and right side of each rule: plain numbers, quick to look up."""
        left, right = (
            [tuple(map(int, side)) for side in self.rules[name]]
            for name in ("antecedents", "consequents")
        )
        return list(zip(left, right, strict=True))

    @cached_property
    def left(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The products of all left sides, one after the other, and whose they are."""
        lengths = [len(left) for left, _right in self.sides]
        whose = np.repeat(np.arange(len(lengths)), lengths)
        flat = chain.from_iterable(left for left, _right in self.sides)
        return np.fromiter(flat, "int64", len(whose)), whose

    @cached_property
    def single(self) -> npt.NDArray[np.int64]:
        """The product of each left side; 0 where it has several."""
        return np.array(
            [left[0] if len(left) == 1 else 0 for left, _right in self.sides],
            dtype="int64",
        )

    @cached_property
    def right(self) -> npt.NDArray[np.int64]:
        """The product of each right side."""
        return np.array([right[0] for _left, right in self.sides], dtype="int64")

    @cached_property
    def _keys(self) -> list[str]:
        texts = self.products["name"] + " " + self.products["sku"]
        return [folded(text) for text in texts]

    def holding(self, text: str, side: Side) -> npt.NDArray[np.bool_]:
        """Which rules have a product on `side` whose name or SKU has all the words."""
        words = folded(text).split()
        fits = [all(word in key for word in words) for key in self._keys]
        ids = self.products["product_id"].to_numpy()[np.array(fits, dtype=bool)]
        held = np.isin(self.right, ids)
        if side == "right":
            return held
        flat, whose = self.left
        on_left = np.zeros(len(self.rules), dtype=bool)
        on_left[whose[np.isin(flat, ids)]] = True
        return on_left if side == "left" else on_left | held

    def side(self, products: Itemset) -> str:
        """One side of a rule in words: “A + B”."""
        return " + ".join([self.names[one] for one in products])

    def bought(self, product: int) -> list[int]:
        """The ids of the products that one of `products` stands for."""
        if self.members is None:
            return [product]
        held = self.members.loc[self.members["product_id"] == product, "member_id"]
        return [int(one) for one in held]

    def label(self, number: int) -> str:
        """A rule in words: “A + B → C”."""
        left, right = self.sides[number]
        return f"{self.side(left)} → {self.side(right)}"


@dataclass(frozen=True)
class Bounds:
    """What the sliders are at, and how to rank what is left."""

    support: float = 0
    confidence: float = 0
    lift: float = 0
    q: float = 1
    text: str = ""
    side: Side = "either"
    shorter: bool = True  # also those that say no more than a shorter rule
    rank: str = "p_value"


@dataclass(frozen=True)
class Chosen:
    """The rules within the bounds, best first; how many more a shorter rule says."""

    rules: pd.DataFrame
    redundant: int

    def __len__(self) -> int:
        return len(self.rules)


def narrow(found: Found, bounds: Bounds) -> Chosen:
    """The rules of `found` within `bounds`."""
    rules = found.rules
    if bounds.text.strip():
        rules = rules[found.holding(bounds.text, bounds.side)]
    rules = select(
        rules,
        support=bounds.support,
        confidence=bounds.confidence,
        lift=bounds.lift,
        q=bounds.q,
    )
    within = len(rules)
    if not bounds.shorter:
        rules = rules[rules["q_shorter"] <= max(bounds.q, SURE)]
    redundant = within - len(rules)
    if bounds.rank != "p_value":  # the stored order
        rules = rules.sort_values(bounds.rank, ascending=False, kind="stable")
    return Chosen(rules, redundant)


@st.cache_resource(
    max_entries=16, show_spinner=False, hash_funcs={Analysis: insight.identity}
)
def load(shown: Analysis) -> Found:
    """The result of `insight.current`; kept as it is, not copied for each run."""
    return Found(
        identity=insight.identity(shown),
        rules=insight.table(shown, "rules"),
        products=insight.table(shown, "products"),
        is_checked=shown.summary["held_out"]["baskets"] > 0,
        is_customer=shown.parameters.get("unit") == "customer",
        members=_members(shown),
    )


def _members(shown: Analysis) -> pd.DataFrame | None:
    if shown.parameters.get("level") != "category":
        return None
    return insight.table(shown, "members")
