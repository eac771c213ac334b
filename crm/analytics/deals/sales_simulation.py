"""Many possible futures of open opportunities: which are won, in which month.

Each opportunity is won within the horizon by its chance times the share of its deck
that closes in time; the draw that decides it also picks the slot of the deck, so that
one random number does for each opportunity and future. Worked through in blocks that
stay in the processor's cache.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm.analytics.deals.sales_slip import Deck

BLOCK = 1 << 18  # opportunities times futures at once

Singles = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Opportunities that draw from the same deck, with chances that err together.

    Attributes:
        ahead: days to the stated day; not looked at where the deck gives days from now.
        amounts: as stated, NaN where none is.
        odds: p / (1 - p) of being won in the end.
        shifts: factors of these odds, one for each future.
    """

    deck: Deck
    ahead: Floats
    amounts: Floats
    odds: Floats
    shifts: Floats

    def within(self, days: int) -> npt.NDArray[np.int64]:
        """How many slots of the deck close each within so many days."""
        # floor(max(base + offset, 0)) < days
        return np.searchsorted(self.deck.offsets, days - self.base, side="left")

    @property
    def base(self) -> Floats:
        return self.ahead if self.deck.is_slip else np.zeros(len(self.odds))


def simulate(
    groups: Sequence[Group],
    month_of: npt.NDArray[np.int64],
    draws: int,
    rng: np.random.Generator,
) -> Floats:
    """What is won, base currency: one row per future, one column per month.

    Args:
        month_of: the month, from 0, of each day of the horizon.
    """
    months = int(month_of[-1]) + 1
    totals = np.zeros((draws, months))
    for group in groups:
        _add(totals, group, month_of, rng)
    return totals


def _add(
    totals: Floats,
    group: Group,
    month_of: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    """Add the futures of one group."""
    slots, days = group.within(len(month_of)), len(month_of)
    some = slots > 0  # the others close later
    deck = group.deck
    share = (slots[some] / len(deck.offsets)).astype(np.float32)
    odds, slots = group.odds[some].astype(np.float32), slots[some].astype(np.float32)
    base, amounts = group.base[some].astype(np.float32), group.amounts[some]
    without = np.isnan(amounts)
    stated = np.where(without, 0.0, amounts)
    shifts = group.shifts.astype(np.float32)
    offsets = deck.offsets.astype(np.float32)
    rows, months = max(BLOCK // max(len(odds), 1), 1), totals.shape[1]
    for start in range(0, len(shifts) if len(odds) else 0, rows):
        leaning = np.multiply.outer(shifts[start : start + rows], odds)
        likely = leaning * share
        likely /= leaning + 1
        drawn = rng.random(likely.shape, dtype=np.float32)
        hits = np.flatnonzero(drawn < likely)
        future, one = np.divmod(hits, len(odds))
        rest = drawn.ravel()[hits] / likely.ravel()[hits]  # even again, below 1
        slot = (rest * slots[one]).astype(np.int32)
        np.minimum(slot, slots[one].astype(np.int32) - 1, out=slot)
        day = np.clip(base[one] + offsets[slot], 0, days - 1).astype(np.int32)
        worth = stated[one] * deck.ratios[slot]
        if without.any():
            worth += without[one] * deck.amounts[slot]
        cell = future * months + month_of[day]
        block = totals[start : start + rows]
        block += np.bincount(cell, worth, block.size).reshape(block.shape)
