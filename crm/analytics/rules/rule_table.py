"""From frequent itemsets to a table of rules with their measures and tests."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import significance
from crm.analytics.rules.itemsets import Itemset
from crm.frames import Schema, typed

RULES: Schema = {  # one row per rule, most significant first
    "antecedents": "object",  # tuple of product ids, ascending
    "consequents": "object",  # tuple of one product id
    "baskets": "int64",  # baskets with both sides
    "antecedent_baskets": "int64",
    "consequent_baskets": "int64",
    "support": "float64",  # share of all baskets with both sides
    "confidence": "float64",  # of the baskets with the antecedents: share with both
    "lift": "float64",  # confidence / share of all baskets with the consequent
    "leverage": "float64",  # support less what independence would give
    "conviction": "float64",  # inf where confidence is 1; 1 where independent
    "p_value": "float64",  # one-sided Fisher exact
    "q_value": "float64",  # Benjamini-Hochberg over all possible rules
    "holm": "float64",  # Holm over all possible rules
}

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Sides = list[tuple[Itemset, Itemset]]


def rule_table(
    sets: Mapping[Itemset, int],
    *,
    n: int,
    possible: int,
    min_confidence: float,
    limit: int,
) -> tuple[pd.DataFrame, int]:
    """The most significant rules, as in `RULES`, and how many reach the confidence.

    Args:
        sets: frequent itemsets with their counts; every subset of one is among them.
        n: number of baskets.
        possible: number of tests to correct for.
        limit: the most rows to give back.
    """
    sides, counts = _candidates(sets)
    joint, antecedent, consequent = counts
    p = significance.fisher(joint, antecedent, consequent, n)
    q, holm = (
        significance.benjamini_hochberg(p, possible),
        significance.holm(p, possible),
    )

    good = np.flatnonzero(joint >= min_confidence * antecedent - 1e-9)
    confidence, lift = joint / antecedent, joint * n / (antecedent * consequent)
    best = good[np.lexsort((-confidence[good], -lift[good], p[good]))][:limit]
    columns: dict[str, Any] = {
        "antecedents": _column([sides[at][0] for at in best]),
        "consequents": _column([sides[at][1] for at in best]),
        **_measures(counts[:, best], n),
        "p_value": p[best],
        "q_value": q[best],
        "holm": holm[best],
    }
    return typed(columns, RULES), len(good)


def _candidates(sets: Mapping[Itemset, int]) -> tuple[Sides, Counts]:
    """Every split of a set into others and one; baskets of both, of each side."""
    sides: Sides = []
    counts = []
    for items, count in sorted(sets.items()):
        for at in reversed(range(len(items) if len(items) > 1 else 0)):
            antecedent, consequent = items[:at] + items[at + 1 :], items[at : at + 1]
            sides.append((antecedent, consequent))
            counts.append((count, sets[antecedent], sets[consequent]))
    return sides, np.array(counts, dtype="int64").reshape(-1, 3).T


def _measures(counts: Counts, n: int) -> dict[str, Counts | Floats]:
    """Agrawal et al. 1993; conviction after Brin et al. 1997."""
    joint, antecedent, consequent = counts
    independent = antecedent * (n - consequent) / n  # expected without the consequent
    without = antecedent - joint
    conviction = np.full(len(joint), np.inf)
    np.divide(independent, without, out=conviction, where=without > 0)
    conviction[consequent == n] = 1
    return {
        "baskets": joint,
        "antecedent_baskets": antecedent,
        "consequent_baskets": consequent,
        "support": joint / n,
        "confidence": joint / antecedent,
        "lift": joint * n / (antecedent * consequent),
        "leverage": joint / n - antecedent / n * (consequent / n),
        "conviction": conviction,
    }


def _column(itemsets: list[Itemset]) -> pd.Series:
    return pd.Series(itemsets, dtype="object")
