"""What a ranking stands on: how much worse it is where a feature is shuffled."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import ranking
from crm.frames import Schema, typed

IMPORTANCE: Schema = {  # one row per theme, the most important first
    "theme": "str",
    "drop": "float64",  # of the AUC when the theme's features are shuffled
    "low": "float64",  # 95 % interval of that (DeLong)
    "high": "float64",
}
ROWS = 10_000  # customers looked at
TIMES = 3  # shuffles of each theme, averaged

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def importance(
    events: Events,
    z: Floats,
    probability: Callable[[Floats], Floats],
    themes: Mapping[str, list[int]],
    *,
    seed: int,
) -> pd.DataFrame:
    """Permutation importance (Breiman 2001) of themes, as in `IMPORTANCE`.

    Columns that speak of one thing are shuffled together, rows as they are: apart
    from each other, each would stand in for the other.

    Args:
        events: what came, of customers that the model did not learn from.
        z: their features; `probability` tells events from them.
        themes: by name, its columns of `z`; none is empty.

    Raises:
        NotEnoughData: fewer than two customers of one outcome.
    """
    random = np.random.default_rng(seed)
    rows = random.permutation(len(z))[:ROWS]
    z, events = z[rows], events[rows]
    told = probability(z)
    found = []
    for theme, columns in themes.items():
        drops = []
        for _time in range(TIMES):
            mixed = z.copy()
            mixed[:, columns] = z[np.ix_(random.permutation(len(z)), np.array(columns))]
            gain = ranking.auc_gain(events, told, probability(mixed))
            drops.append((gain.value, gain.low, gain.high))
        found.append((theme, *np.mean(drops, axis=0)))
    table = typed(found, IMPORTANCE)
    return table.sort_values("drop", ascending=False, ignore_index=True)


def columns_of(
    themes: Mapping[str, Collection[str]], features: Sequence[str]
) -> dict[str, list[int]]:
    """The columns that speak of each theme; themes without any are left out.

    Args:
        themes: by name, the features that speak of it.
        features: of which each column is.
    """
    found = {
        theme: [at for at, name in enumerate(features) if name in members]
        for theme, members in themes.items()
    }
    return {theme: columns for theme, columns in found.items() if columns}
