"""Customers as rows of numbers: features on one scale, and a column a group."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.churn.churn_features import FEATURES, GROUPS, Scaler, scaler
from crm.frames import Schema, typed

COLUMNS: Schema = {  # one row per column of `Encoder.apply`, in its order
    "feature": "str",
    "level": "str",  # of a group; empty for a feature that is a number
    "mean": "float64",  # z = (log x - mean) / deviation: see `Scaler`
    "deviation": "float64",
    "low": "float64",  # of log x
    "high": "float64",
}
RARE = 0.01  # levels of a smaller share, or of fewer than
FEW = 30  # customers, are not told apart
MOST = 15  # levels told apart in one group

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Level:
    """One word of a group, and the share of customers who have it."""

    group: str
    word: str
    share: float


@dataclass(frozen=True)
class Encoder:
    """What was learned of the scale of numbers and of the words in groups.

    z of a level is 1 less its share for who has it, else 0 less its share: its mean
    is 0, as that of the numbers. Who has a rare word has none of the levels.
    """

    scale: Scaler
    levels: tuple[Level, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The feature or group of each column."""
        return (*self.scale.names, *(level.group for level in self.levels))

    def apply(self, table: pd.DataFrame) -> Floats:
        """One row per customer.

        Args:
            table: the columns of `FEATURES` and of `GROUPS`.
        """
        words = [
            (table[level.group].to_numpy() == level.word) - level.share
            for level in self.levels
        ]
        return np.column_stack([self.scale.apply(table), *words])

    def columns(self) -> pd.DataFrame:
        """As in `COLUMNS`; of a level, x is 1 or 0 instead of a logarithm."""
        scale = self.scale
        numbers = zip(scale.mean, scale.deviation, scale.low, scale.high, strict=True)
        rows: list[tuple[str | float, ...]] = [
            (name, "", *one) for name, one in zip(scale.names, numbers, strict=True)
        ]
        rows += [(one.group, one.word, one.share, 1, 0, 1) for one in self.levels]
        return typed(rows, COLUMNS)


def encoder(table: pd.DataFrame) -> Encoder:
    """What is to be learned of these customers' columns `FEATURES` and `GROUPS`.

    What is the same for all is left out.
    """
    levels = [level for group in GROUPS for level in _levels(table[group])]
    return Encoder(scaler(table[list(FEATURES)]), tuple(levels))


def _levels(words: pd.Series) -> list[Level]:
    counts = (
        words.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    )
    enough = max(RARE * len(words), FEW)
    kept = counts[(counts >= enough) & (counts < len(words))].head(MOST)
    return [
        Level(str(words.name), str(word), float(count / len(words)))
        for word, count in kept.items()
    ]
