"""What association rules would offer next, to compare with other ways."""

from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.rules.next_product import Flags, Floats, Scorer, popularity
from crm.analytics.rules.purchases import Purchases

MOST = 5_000  # rules, the most significant


def by_rules(rules: pd.DataFrame, of: Purchases, offered: Flags) -> Scorer:
    """The right sides of rules whose left side a customer has, by confidence.

    Args:
        rules: as `RULES` of `crm.analytics.rules.rule_table`.
    """
    from scipy.sparse import csr_array

    rules = rules.head(MOST)
    place = pd.Index(of.products)
    left = rules["antecedents"].reset_index(drop=True).explode()
    column, row = left.index.to_numpy(), place.get_indexer(left)
    known = row >= 0
    ones = np.ones(int(known.sum()), dtype="float32")
    shape = (len(place), len(rules))
    holds = csr_array((ones, (row[known], column[known])), shape=shape)
    size = rules["antecedents"].map(len).to_numpy()
    target = place.get_indexer([right[0] for right in rules["consequents"]])
    confidence = np.where(target >= 0, rules["confidence"], 0).astype("float32")

    def given(held: Any) -> Floats:
        applied = (held @ holds).tocoo()
        whole = applied.data == size[applied.col]
        customer, rule = applied.row[whole], applied.col[whole]
        scores = np.zeros(held.shape, dtype="float32")
        np.maximum.at(scores, (customer, target[rule]), confidence[rule])
        return scores

    return Scorer(given, popularity(of), offered)
