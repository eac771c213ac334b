"""Does a rule say more than each shorter one that it contains?

Where A → B holds, so does A + C → B for whatever C lies in baskets by chance: it
passes a test against independence, and adds nothing. A rule is *productive* (Webb
2007, “Discovering significant patterns”) if leaving any product out of its left side
makes it worse by more than chance.
"""

from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.rules.itemset_counts import count_in
from crm.analytics.rules.itemsets import Itemset

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def productive(rules: pd.DataFrame, baskets: pd.DataFrame) -> Floats:
    """For each rule the largest p-value against its shorter rules.

    Against one of them: Fisher's exact test, one-sided, in the baskets with its left
    side; does the right side come more often where the product left out is there? A
    single product on the left has only “whatever is bought” below it: `p_value`.

    Args:
        rules: as `RULES` of `crm.analytics.rules.rule_table`.
        baskets: those that the rules were found in, as in `crm.frames.BASKETS`.
    """
    p: Floats = rules["p_value"].to_numpy().copy()
    pairs = [
        (at, left, left[:out] + left[out + 1 :], right)
        for at, (left, right) in enumerate(
            zip(rules["antecedents"], rules["consequents"], strict=True)
        )
        if len(left) > 1
        for out in range(len(left))
    ]
    if not pairs:
        return p
    where, lefts, shorts, rights = zip(*pairs, strict=True)
    joint, left, short_joint, short = _counts(
        baskets, _joined(lefts, rights), lefts, _joined(shorts, rights), shorts
    )
    worst = np.zeros(len(p))
    np.maximum.at(worst, list(where), _fisher(joint, left, short_joint, short))
    longer = rules["antecedents"].map(len).to_numpy() > 1
    p[longer] = np.maximum(p, worst)[longer]
    return p


def _fisher(joint: Counts, left: Counts, right: Counts, n: Counts) -> Floats:
    """As `significance.fisher`, with a number of baskets of its own for each test."""
    from scipy.stats import hypergeom

    cases, which = np.unique(
        np.stack([joint, n, left, right]), axis=1, return_inverse=True
    )
    tails = hypergeom.sf(cases[0] - 1, *cases[1:])
    p: Floats = np.clip(tails, 0, 1)[which.reshape(-1)]
    return p


def _joined(lefts: tuple[Itemset, ...], rights: tuple[Itemset, ...]) -> list[Itemset]:
    return [
        tuple(sorted(left + right)) for left, right in zip(lefts, rights, strict=True)
    ]


def _counts(
    baskets: pd.DataFrame, *groups: list[Itemset] | tuple[Itemset, ...]
) -> list[Counts]:
    """In how many baskets each set lies; each different set is counted once."""
    different = list(dict.fromkeys(chain(*groups)))
    counted = dict(zip(different, count_in(baskets, different).tolist(), strict=True))
    return [np.array([counted[one] for one in group]) for group in groups]
