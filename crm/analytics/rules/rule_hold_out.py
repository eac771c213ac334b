"""Do the rules hold on baskets that they were not found in?

A rule found among thousands looks better than it is: on the data that chose it. So
`earlier, later = split_by_time(baskets)`, `rules = mine(earlier, …)`, and
`hold_out(rules.table, later)` says what is left of each.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm.analytics import significance
from crm.analytics.rules.itemset_counts import count_in
from crm.analytics.rules.rule_check import Check, check
from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

LATER: Schema = {  # one row per rule, in the order given
    "antecedents": "object",
    "consequents": "object",
    "confidence": "float64",  # where the rule was found
    "lift": "float64",
    "later_baskets": "int64",  # held-out baskets with both sides
    "later_antecedent_baskets": "int64",
    "later_confidence": "float64",  # NaN where no held-out basket has the antecedents
    "later_lift": "float64",  # NaN where a side does not occur
    "later_p_value": "float64",  # one-sided Fisher exact, on held-out baskets alone
}

Parts = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class HoldOut:
    """Rules measured again on held-out baskets.

    Attributes:
        table: as in `LATER`.
        n_baskets: held-out baskets.
        check: how all of them did together.
    """

    table: pd.DataFrame
    n_baskets: int
    check: Check


def split_by_time(baskets: pd.DataFrame, share: float = 0.3) -> Parts:
    """Baskets before a day, and those from it on: about `share` of all.

    Raises:
        NotEnoughData: all baskets are of one day.
    """
    days = baskets.drop_duplicates("order_id")["ordered_on"].sort_values()
    if days.nunique() < 2:
        raise NotEnoughData(
            _("All sales are of one day; they cannot be split by time.")
        )
    first = max(
        days.iloc[int(len(days) * (1 - share))], days[days > days.iloc[0]].min()
    )
    later = baskets["ordered_on"] >= first
    return baskets[~later], baskets[later]


def split_at_random(baskets: pd.DataFrame, share: float = 0.3, *, seed: int) -> Parts:
    """Whole baskets drawn by lot: the rest, and `share` of all.

    Raises:
        NotEnoughData: fewer than two baskets.
    """
    orders = np.sort(baskets["order_id"].unique())
    if len(orders) < 2:
        raise NotEnoughData(_("One basket cannot be split."))
    size = min(max(round(len(orders) * share), 1), len(orders) - 1)
    drawn = np.random.default_rng(seed).choice(orders, size, replace=False)
    later = baskets["order_id"].isin(drawn)
    return baskets[~later], baskets[later]


def hold_out(rules: pd.DataFrame, later: pd.DataFrame) -> HoldOut:
    """Measure each rule on baskets that had no part in finding it.

    Args:
        rules: as `Rules.table`, mined from other baskets.
        later: the held-out baskets, as in `crm.frames.BASKETS`.
    """
    n = int(later["order_id"].nunique())
    antecedents, consequents = rules["antecedents"], rules["consequents"]
    both = [tuple(sorted(a + c)) for a, c in zip(antecedents, consequents, strict=True)]
    joint, antecedent, consequent = (
        count_in(later, list(sets)) for sets in (both, antecedents, consequents)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        confidence = joint / antecedent
        lift = confidence / consequent * n
    columns = {
        "antecedents": antecedents.to_numpy(),
        "consequents": consequents.to_numpy(),
        "confidence": rules["confidence"].to_numpy(),
        "lift": rules["lift"].to_numpy(),
        "later_baskets": joint,
        "later_antecedent_baskets": antecedent,
        "later_confidence": confidence,
        "later_lift": lift,
        "later_p_value": significance.fisher(joint, antecedent, consequent, n),
    }
    table = typed(columns, LATER)
    return HoldOut(table, n, check(table))
