"""Leads as of a moment: those that had ended, and how; those that were open."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.deals.lead_features import described
from crm.analytics.deals.win_judging import LATER
from crm.analytics.ranking import Interval
from crm.analytics.shares import wilson

ENDED = ("converted", "disqualified")

Events = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Leads that have ended.

    `leads` as in `frames.LEADS`, `table` as in `lead_features.DESCRIBED`; row by row
    the same.
    """

    leads: pd.DataFrame
    table: pd.DataFrame

    @property
    def converted(self) -> Events:
        found: Events = (self.leads["status"] == "converted").to_numpy()
        return found

    @property
    def counts(self) -> tuple[int, int]:
        """Leads, and those of them that were converted."""
        return len(self.leads), int(self.converted.sum())

    @property
    def rate(self) -> float:
        """The share converted."""
        return float(self.converted.mean())

    def where(self, kept: Events) -> "Rows":
        """Some of them."""
        first, second = self.leads[kept], self.table[kept]
        return Rows(first.reset_index(drop=True), second.reset_index(drop=True))


@dataclass(frozen=True)
class Known:
    """Leads as of a moment.

    Attributes:
        ended: in the order in which they ended.
        open: rows as in `frames.LEADS`.
        left_out: how many had ended when they came in, or whose times are in no order.
    """

    ended: Rows
    open: pd.DataFrame
    left_out: int


@dataclass(frozen=True)
class Split:
    """What ended before a moment, and what has ended since."""

    at: pd.Timestamp
    earlier: Rows
    later: Rows


@dataclass(frozen=True)
class Counts:
    """Leads; of pairs the second is how many of them were converted.

    Attributes:
        ended: all that have.
        learned: ended before the split; `judged` since.
        open: now.
        left_out: as in `Known`.
    """

    ended: tuple[int, int]
    learned: tuple[int, int]
    judged: tuple[int, int]
    open: int
    left_out: int

    @property
    def base_rate(self) -> Interval | None:
        """Share converted of what has ended, with Wilson's interval; or None."""
        count, converted = self.ended
        if not count:
            return None
        low, high = wilson(converted, count)
        return Interval(converted / count, float(low), float(high))


def known(leads: pd.DataFrame, at: datetime) -> Known:
    """What had ended and what was open at a moment (naive, UTC).

    A lead that had ended when it came in says nothing of how leads end: nobody ever
    worked on it, and what is told of it may have been written at its end.
    """
    now = pd.Timestamp(at)
    is_there = leads["created_at"] <= now
    has_ended = leads["status"].isin(ENDED) & (leads["ended_at"] <= now)
    was_open = leads["ended_at"] > leads["created_at"]
    ended = leads[is_there & has_ended & was_open]
    ended = ended.sort_values(["ended_at", "lead_id"], ignore_index=True)
    open_ = leads[is_there & ~has_ended].reset_index(drop=True)
    left_out = int((is_there & has_ended & ~was_open).sum())
    return Known(Rows(ended, described(ended)), open_, left_out)


def split(ended: Rows) -> Split | None:
    """By the time of the end, so that nothing is judged by what came after it.

    None where nothing has ended.
    """
    if ended.leads.empty:
        return None
    ends = ended.leads["ended_at"]
    at = ends.iloc[int((1 - LATER) * len(ends))]
    before = (ends < at).to_numpy()
    return Split(at, ended.where(before), ended.where(~before))


def counts(found: Known, parts: Split | None) -> Counts:
    """What there is to learn from, to judge by and to score."""
    nothing = (0, 0)
    return Counts(
        ended=found.ended.counts,
        learned=parts.earlier.counts if parts else nothing,
        judged=parts.later.counts if parts else nothing,
        open=len(found.open),
        left_out=found.left_out,
    )
