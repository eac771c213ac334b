"""Why this customer? What moved its probability most, told by its features."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.frames import Schema

REASONS: Schema = {  # by falling weight; an empty name and zeros where there are fewer
    column: kind
    for number in (1, 2, 3)
    for column, kind in (
        (f"reason_{number}", "str"),  # name of the theme; of a word, theme=word
        (f"value_{number}", "float32"),  # the theme's first feature, in its own unit
        (f"second_{number}", "float32"),  # its second feature; 0 where there is none
        (f"contribution_{number}", "float32"),  # above 0 raises the probability
    )
}

Floats = npt.NDArray[np.float64]
Themes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Reason:
    """One theme, what it is for this customer, and which way it moves it.

    `contribution` is in the unit of the model that gave it. A theme that is a word has
    it in `word`, and no values.
    """

    theme: str
    value: float
    second: float
    contribution: float
    word: str = ""

    @property
    def direction(self) -> Literal["raises", "lowers"]:
        return "raises" if self.contribution > 0 else "lowers"


def columns(
    values: pd.DataFrame, contributions: pd.DataFrame, themes: Themes
) -> dict[str, Any]:
    """The columns of `REASONS` for each row.

    A theme weighs what its features contribute together: apart from each other, two
    that speak of one thing may point in opposite ways.

    Args:
        values: features in their units; NaN where a customer does not have one; or
            words, each the only feature of its theme.
        contributions: of some or all of the features, rows as in `values`.
        themes: by name, one or two features.
    """
    weights = np.column_stack(
        [
            contributions[[name for name in names if name in contributions]].sum(axis=1)
            for names in themes.values()
        ]
    )
    first, second = (
        np.column_stack([_nth(values, names, n) for names in themes.values()])
        for n in (0, 1)
    )
    order = np.argsort(-np.abs(weights), axis=1, kind="stable")
    rows, named = np.arange(len(values)), _names(values, themes)
    table: dict[str, Any] = {}
    for number, at in zip((1, 2, 3), order.T, strict=False):
        moved = weights[rows, at]
        told = moved != 0
        table[f"reason_{number}"] = np.where(told, named[rows, at], "")
        table[f"value_{number}"] = np.where(told, first[rows, at], 0.0)
        table[f"second_{number}"] = np.where(told, second[rows, at], 0.0)
        table[f"contribution_{number}"] = moved
    return table


def reasons(row: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The reasons in a row with the columns of `REASONS`, the heaviest first."""
    return tuple(
        Reason(
            theme,
            float(row[f"value_{number}"]),
            float(row[f"second_{number}"]),
            float(row[f"contribution_{number}"]),
            word,
        )
        for number in (1, 2, 3)
        for theme, _sign, word in [row[f"reason_{number}"].partition("=")]
        if theme
    )


def _names(values: pd.DataFrame, themes: Themes) -> npt.NDArray[np.object_]:
    """What each theme is called for each customer."""
    table = np.empty((len(values), len(themes)), dtype=object)
    for column, (theme, (first, *_more)) in enumerate(themes.items()):
        is_word = not pd.api.types.is_numeric_dtype(values[first])
        table[:, column] = f"{theme}=" + values[first] if is_word else theme
    return table


def _nth(values: pd.DataFrame, names: tuple[str, ...], n: int) -> Floats:
    if len(names) <= n or not pd.api.types.is_numeric_dtype(values[names[n]]):
        return np.zeros(len(values))
    known: Floats = values[names[n]].fillna(0).to_numpy(dtype="float64")
    return known
