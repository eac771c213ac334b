"""Opportunities at moments of their way, with what was known and how they ended."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Events = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Opportunities at moments, and how they ended.

    `landmarks` as in `win_landmarks.LANDMARKS`, `table` as in
    `win_features.DESCRIBED`; row by row the same.
    """

    landmarks: pd.DataFrame
    table: pd.DataFrame

    @property
    def won(self) -> Events:
        found: Events = self.landmarks["won"].to_numpy()
        return found

    @property
    def counts(self) -> tuple[int, int]:
        """Opportunities, and those of them that were won."""
        once = self.landmarks.drop_duplicates("opportunity_id")
        return len(once), int(once["won"].sum())

    @property
    def ids(self) -> pd.Series:
        """The opportunity of each row."""
        return self.landmarks["opportunity_id"]

    @property
    def rate(self) -> float:
        """The share of the rows that are of what was won."""
        return float(self.won.mean())

    @property
    def openings(self) -> "Rows":
        """When they were opened."""
        return self.where(self.landmarks["is_opening"].to_numpy())

    def where(self, kept: Events) -> "Rows":
        """Some of them."""
        first, second = self.landmarks[kept], self.table[kept]
        return Rows(first.reset_index(drop=True), second.reset_index(drop=True))
