"""The values of fields as columns of numbers, as far as there is enough of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

RARE, RARE_ENDED = 20, 5  # fewer of a value: it is not looked at by itself
EVENTS_EACH = 10  # ended subscriptions for each column (Peduzzi et al. 1995)


@dataclass(frozen=True)
class Levels:
    """`design` has a 0 or 1 for each subscription and each of `columns`.

    A column is a value of a field, told by `field`, `level`, `against` (the most
    frequent value, which has none), `subscriptions` and `ended`. Rare values count
    with the one compared with.
    """

    design: Any
    columns: list[dict[str, Any]]
    left_out: list[str]


def levels(lifetimes: pd.DataFrame, fields: Sequence[str]) -> Levels:
    """The values of `fields`, the first first, while there are ends enough.

    Args:
        lifetimes: as in `survival.LIFETIMES`.
    """
    room = int(lifetimes["ended"].sum()) // EVENTS_EACH
    columns: list[dict[str, Any]] = []
    arrays: list[Any] = []
    left_out = []
    for field in fields:
        made = _of_field(lifetimes, field)
        if len(made) > room - len(columns):
            left_out.append(field)
            continue
        for column in made:
            mine = (lifetimes[field] == column["level"]).to_numpy(float)
            if _is_new([*arrays, mine]):
                columns.append(column)
                arrays.append(mine)
    design = np.column_stack(arrays) if arrays else np.empty((len(lifetimes), 0))
    return Levels(design, columns, left_out)


def _of_field(lifetimes: pd.DataFrame, field: str) -> list[dict[str, Any]]:
    """The values of a field that are frequent enough, but the most frequent one."""
    counts = lifetimes.groupby(field)["ended"].agg(["size", "sum"])
    counts = counts.sort_values("size", ascending=False, kind="stable")
    against = str(counts.index[0])
    enough = (counts["size"] >= RARE) & (counts["sum"] >= RARE_ENDED)
    return [
        {
            "field": field,
            "level": str(level),
            "against": against,
            "subscriptions": int(row["size"]),
            "ended": int(row["sum"]),
        }
        for level, row in counts[enough].iterrows()
        if str(level) != against
    ]


def _is_new(arrays: list[Any]) -> bool:
    """Whether the last column tells what those before it do not tell together."""
    table = np.column_stack([np.ones(len(arrays[0])), *arrays])
    return bool(np.linalg.matrix_rank(table) == table.shape[1])
