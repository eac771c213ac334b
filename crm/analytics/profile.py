"""What sets each cluster apart, in numbers and in plain words."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics import groups
from crm.analytics.features import FEATURES, learn
from crm.i18n import N_, _

NOTABLE = 0.5  # standard deviations; Cohen (1988) calls this a medium difference

WORDS = {  # a feature: what more of it means, and less
    "recency": (N_("bought longer ago"), N_("bought more recently")),
    "frequency": (N_("buys more often"), N_("buys less often")),
    "monetary": (N_("spends more per order"), N_("spends less per order")),
    "revenue": (N_("brings in more"), N_("brings in less")),
    "tenure": (N_("has been a customer for longer"), N_("is a newer customer")),
    "products": (N_("buys more kinds of products"), N_("buys fewer kinds of products")),
    "returned": (N_("sends more back"), N_("sends less back")),
    "gap": (
        N_("lets more time pass between orders"),
        N_("orders at shorter intervals"),
    ),
}


def traits(buyers: pd.DataFrame, labels: NDArray[np.intp], k: int) -> pd.DataFrame:
    """Every cluster against all other customers, in each feature that varies.

    Args:
        labels: the cluster of each row, 0 to `k` - 1, none of them empty.

    Returns:
        One row per `cluster` (1 to `k`) and `feature`, largest difference first:
        `median` of the cluster and `rest`, the median of the others; `ratio` between
        them (NaN unless both are positive); `difference` of the two means in standard
        deviations of all customers (of the logarithm where the feature is skewed).
        A gap counts where there are two orders, and is no trait of a cluster in which
        most have only one.
    """
    rows = groups.members(labels, k)
    compared = [
        trait for feature in FEATURES for trait in _compare(buyers, feature, rows)
    ]
    columns = ["cluster", "feature", "median", "rest", "ratio", "difference"]
    table = pd.DataFrame(compared, columns=columns)
    table["size"] = -table["difference"].abs()
    table = table.sort_values(["cluster", "size"], kind="stable", ignore_index=True)
    return table.drop(columns="size")


def in_words(traits: pd.DataFrame, cluster: int, *, at_most: int = 4) -> list[str]:
    """What is notable about `cluster`, such as “buys more often (3.2×)”.

    The factor is that of the medians, left out where it does not show the difference.
    Empty where nothing differs by `NOTABLE` standard deviations.
    """
    mine = traits[traits["cluster"] == cluster]
    notable = mine[mine["difference"].abs() >= NOTABLE].head(at_most)
    return [
        _phrase(row.feature, row.difference, row.ratio)
        for row in notable.itertuples(index=False)
    ]


def _compare(
    buyers: pd.DataFrame, feature: str, rows: list[NDArray[np.intp]]
) -> Iterator[dict[str, str | float]]:
    """Each cluster against the rest, in those who have the feature.

    Nothing where all are alike, or where only a minority of the cluster has it: what
    two orders tell about a gap does not describe those who have ordered once.
    """
    values = buyers[feature].to_numpy(dtype=np.float64)
    known = np.isfinite(values)
    if not known.any() or (scale := learn(feature, values[known])) is None:
        return
    scaled = scale.apply(values)
    having = [row[known[row]] for row in rows]
    for position, inside in enumerate(having):
        outside = np.concatenate(having[:position] + having[position + 1 :])
        if len(inside) < len(rows[position]) / 2 or not len(outside):
            continue
        median, rest = (
            float(np.median(values[inside])),
            float(np.median(values[outside])),
        )
        yield {
            "cluster": position + 1,
            "feature": feature,
            "median": median,
            "rest": rest,
            "ratio": median / rest if median > 0 and rest > 0 else np.nan,
            "difference": float(scaled[inside].mean() - scaled[outside].mean()),
        }


def _phrase(feature: str, difference: float, ratio: float) -> str:
    more, less = WORDS[feature]
    words = _(more if difference > 0 else less)
    factor = round(ratio, 1)
    if (factor > 1) if difference > 0 else (0 < factor < 1):
        return _("{trait} ({factor:.1f}×)").format(trait=words, factor=factor)
    return words
