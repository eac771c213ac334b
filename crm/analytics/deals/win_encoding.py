"""Opportunities at a moment as rows of numbers: features on one scale, and words."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.churn.churn_encoding import MOST, RARE, Level
from crm.analytics.deals.win_features import FEATURES, GROUPS, PLAIN
from crm.analytics.notes import Note
from crm.analytics.shares import two_shares
from crm.frames import Schema, typed
from crm.i18n import N_

COLUMNS: Schema = {  # one row per column of `Encoder.apply`, in its order
    "feature": "str",
    "level": "str",  # of a group; empty for a feature that is a number
    "mean": "float64",  # z = (x - mean) / deviation; of a level, x is 1 or 0
    "deviation": "float64",
}
FEW = 20  # opportunities: words of fewer are not told apart
GAP = 0.2  # share with a word, of what was won against what was lost
LUCK = 0.001

FILLED_LATER = N_(
    "{feature} was not used: it is entered for {won:.0%} of what was won and "
    "{lost:.0%} of what was lost, and so perhaps at the end."
)

Floats = npt.NDArray[np.float64]
Events = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scale:
    """z = (x - mean) / deviation of one feature, x being its logarithm + 1 mostly.

    x is kept within `low` and `high`, the range that was learned; what is not known
    becomes 0, the mean, and so says nothing for or against.
    """

    name: str
    mean: float
    deviation: float
    low: float
    high: float

    def apply(self, column: pd.Series) -> Floats:
        kept = np.clip(_x(column), self.low, self.high)
        return np.nan_to_num((kept - self.mean) / self.deviation, nan=0.0)


@dataclass(frozen=True)
class Encoder:
    """What was learned of the scale of numbers and of the words in groups.

    z of a level is 1 less its share for what has it, else 0 less its share. Where
    nothing is entered, it is 0 for all levels.
    """

    scales: tuple[Scale, ...]
    levels: tuple[Level, ...]
    left_out: tuple[Note, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The feature or group of each column."""
        return (
            *(one.name for one in self.scales),
            *(one.group for one in self.levels),
        )

    def apply(self, table: pd.DataFrame) -> Floats:
        """One row per row of `table`, which is as in `win_features.DESCRIBED`."""
        numbers = [one.apply(table[one.name]) for one in self.scales]
        words = [_z(table[one.group], one) for one in self.levels]
        return np.column_stack([np.empty((len(table), 0)), *numbers, *words])

    def columns(self) -> pd.DataFrame:
        """As in `COLUMNS`."""
        rows: list[tuple[str | float, ...]] = [
            (one.name, "", one.mean, one.deviation) for one in self.scales
        ]
        rows += [(one.group, one.word, one.share, 1.0) for one in self.levels]
        return typed(rows, COLUMNS)


def encoder(table: pd.DataFrame, once: pd.DataFrame, outcome: Events) -> Encoder:
    """What is to be learned of these rows.

    What is the same for all is left out, and so is a group that is entered much
    oftener for one outcome: such a word was filled in when the end was known.

    Args:
        table: as in `win_features.DESCRIBED`.
        once: the same with one row of each opportunity; `outcome` says which were won.
    """
    numbers = [scale(table[name]) for name in FEATURES]
    words: list[Level] = []
    notes: list[Note] = []
    for group in GROUPS:
        if note := _filled_later(once[group], outcome):
            notes.append(note)
        else:
            words += levels(once[group])
    return Encoder(tuple(filter(None, numbers)), tuple(words), tuple(notes))


def scale(column: pd.Series) -> Scale | None:
    """Of a feature in rows to learn from; None where all have the same."""
    x = _x(column)
    x = x[np.isfinite(x)]
    if not len(x) or x.std() < 1e-9:
        return None
    numbers = (x.mean(), x.std(), x.min(), x.max())
    return Scale(str(column.name), *map(float, numbers))


def levels(words: pd.Series) -> list[Level]:
    """The words of one group that are frequent enough, the most frequent first."""
    entered = words[words != ""]
    counts = entered.value_counts().sort_index()
    counts = counts.sort_values(ascending=False, kind="stable")
    enough = max(RARE * len(entered), FEW)
    kept = counts[(counts >= enough) & (counts < len(entered))].head(MOST)
    return [
        Level(str(words.name), str(word), float(count / len(entered)))
        for word, count in kept.items()
    ]


def _filled_later(words: pd.Series, won: Events) -> Note | None:
    """What to say of a group that seems to be filled in at the end."""
    has = (words != "").to_numpy()
    counts = [(int(has[one].sum()), int(one.sum())) for one in (won, ~won)]
    if not all(total for _filled, total in counts):
        return None
    shares = [filled / total for filled, total in counts]
    (first, n), (second, m) = counts
    if abs(shares[0] - shares[1]) < GAP or two_shares(first, n, second, m) > LUCK:
        return None
    told = {"won": shares[0], "lost": shares[1]}
    return Note(FILLED_LATER, {"feature": GROUPS[str(words.name)], **told})


def _z(words: pd.Series, level: Level) -> Floats:
    z = (words == level.word).to_numpy() - level.share
    return np.where(words == "", 0.0, z)


def _x(column: pd.Series) -> Floats:
    numbers: Floats = column.to_numpy(dtype="float64")
    if column.name in PLAIN:
        return numbers
    return np.log1p(np.maximum(numbers, 0))
