"""What sets each cluster apart from all other customers."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics.segmentation import groups
from crm.analytics.segmentation.features import CUSTOM, FEATURES, learn

NOTABLE = 0.5  # standard deviations; Cohen (1988) calls this a medium difference


def traits(buyers: pd.DataFrame, labels: NDArray[np.intp]) -> pd.DataFrame:
    """Every cluster against all other customers, in each feature that varies.

    Args:
        labels: the number of each row's cluster.

    Returns:
        One row per `cluster` and `feature`, largest difference first:
        `median` of the cluster and `rest`, the median of the others; `ratio` between
        them (NaN unless both are positive); `difference` of the two means in standard
        deviations of all customers (of the logarithm where the feature is skewed).
        A gap counts where there are two orders, and is no trait of a cluster in which
        most have only one; a custom field likewise, where most have no value.
    """
    numbers, place = np.unique(labels, return_inverse=True)
    rows = groups.members(place, len(numbers))
    custom = [str(name) for name in buyers if str(name).startswith(CUSTOM)]
    compared = [
        trait | {"cluster": int(numbers[position])}
        for feature in [*FEATURES, *custom]
        for position, trait in _compare(buyers, feature, rows)
    ]
    columns = ["cluster", "feature", "median", "rest", "ratio", "difference"]
    table = pd.DataFrame(compared, columns=columns)
    table["size"] = -table["difference"].abs()
    table = table.sort_values(["cluster", "size"], kind="stable", ignore_index=True)
    return table.drop(columns="size")


def notable(traits: pd.DataFrame, cluster: int, *, at_most: int = 4) -> pd.DataFrame:
    """What sets `cluster` apart, the largest difference first.

    Empty where nothing differs by `NOTABLE` standard deviations.
    """
    mine = traits[traits["cluster"] == cluster]
    return mine[mine["difference"].abs() >= NOTABLE].head(at_most)


def _compare(
    buyers: pd.DataFrame, feature: str, rows: list[NDArray[np.intp]]
) -> Iterator[tuple[int, dict[str, str | float]]]:
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
        others = having[:position] + having[position + 1 :]
        outside = np.concatenate([np.empty(0, dtype=np.intp), *others])
        if not len(inside) or len(inside) < len(rows[position]) / 2 or not len(outside):
            continue
        median, rest = (
            float(np.median(values[inside])),
            float(np.median(values[outside])),
        )
        told: dict[str, str | float] = {
            "feature": feature,
            "median": median,
            "rest": rest,
            "ratio": median / rest if median > 0 and rest > 0 else np.nan,
            "difference": float(scaled[inside].mean() - scaled[outside].mean()),
        }
        yield position, told
