"""What a sales forecast knows at a moment: the past, and what stands open then."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.deals import sales_slip
from crm.analytics.deals.sales_book import Book, ended, spells, standing
from crm.analytics.deals.sales_chances import EDGE, Chances, chances, odds
from crm.analytics.deals.sales_simulation import Group
from crm.analytics.deals.sales_slip import Deck, Past
from crm.errors import NotEnoughData
from crm.i18n import _

FEWEST = 30  # closed opportunities
SHORTEST = 182  # days of history

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Horizon:
    """Months from that of a moment on; `month_of` the month of each day from it on."""

    moment: pd.Timestamp
    months: pd.PeriodIndex

    @cached_property
    def month_of(self) -> npt.NDArray[np.int64]:
        start = self.moment.normalize()
        days = pd.date_range(start, self.months[-1].end_time.normalize(), freq="D")
        every: npt.NDArray[np.int64] = days.to_period("M").astype("int64").to_numpy()
        found: npt.NDArray[np.int64] = every - self.months[0].ordinal
        return found


def horizon(moment: pd.Timestamp, quarters: int) -> Horizon:
    """Up to the end of the quarter of `moment` and the `quarters` - 1 after it."""
    last = (moment.to_period("Q") + (quarters - 1)).end_time.to_period("M")
    return Horizon(moment, pd.period_range(moment.to_period("M"), last, freq="M"))


class Known:
    """What is known of the past at a moment, and what stands open then.

    Args:
        seen: as from `sales_slip.seen`, which may go on after the moment.
        by_model: chances that a model gives, by `opportunity_id`.

    Raises:
        NotEnoughData: too few closed opportunities, or too short a history.
    """

    def __init__(
        self,
        book: Book,
        moment: pd.Timestamp,
        seen: pd.DataFrame,
        by_model: pd.Series | None = None,
    ) -> None:
        self.book, self.moment, self.at = book, moment, book.utc(moment)
        self.closed = ended(book, moment)
        self._refuse_thin_history()
        self.open = standing(book, moment)
        self.chances: Chances = chances(spells(book, moment))
        self.past: Past = sales_slip.outcomes(seen, self.closed, self.at)
        self.cycle = self.past.cycles()
        won = self.closed[self.closed["won"]]
        self.won = won[won["amount"].notna()]
        self.chance = self.chances.of(self.open["stage_id"], self.open["in_stage"])
        given = (
            None if by_model is None else by_model.reindex(self.open["opportunity_id"])
        )
        self.is_modelled = np.zeros(len(self.open), bool)
        if given is not None:
            self.is_modelled = given.notna().to_numpy()
            modelled = np.clip(given.to_numpy(dtype="float64"), EDGE, 1 - EDGE)
            self.chance = np.where(self.is_modelled, modelled, self.chance)
        self.decks: list[tuple[Deck, npt.NDArray[np.intp]]] = list(
            self.past.decks(self.open)
        )

    def _refuse_thin_history(self) -> None:
        known = self.book.opportunities["opened_at"]
        known = known[known < self.at]
        days = (self.at - known.min()).days if len(known) else 0
        if len(self.closed) >= FEWEST and days >= SHORTEST:
            return
        words = _(
            "A simulation takes at least {n} opportunities that were won or lost, and "
            "half a year of history. There are {closed}, and {days} days."
        )
        told = words.format(n=FEWEST, closed=len(self.closed), days=days)
        raise NotEnoughData(told)

    def groups(
        self, mine: npt.NDArray[np.bool_], draws: int, rng: np.random.Generator
    ) -> list[Group]:
        """The open ones of `mine`, by deck and stage."""
        stages = self.open["stage_id"].to_numpy()
        shifts = self.chances.shifts(np.unique(stages), draws, rng)
        found = []
        for deck, every in self.decks:
            rows = every[mine[every]]
            for stage in np.unique(stages[rows]):
                here = rows[stages[rows] == stage]
                found.append(self.group(deck, here, shifts[stage]))
        return found

    def group(self, deck: Deck, rows: npt.NDArray[np.intp], shifts: Floats) -> Group:
        return Group(
            deck,
            self.open["ahead"].to_numpy()[rows],
            self.open["amount"].to_numpy()[rows],
            odds(self.chance[rows]),
            shifts,
        )


def owned(owner: pd.Series, owners: Collection[int] | None) -> npt.NDArray[np.bool_]:
    """Which of them belong to one of `owners`; None means all, also nobody's."""
    if owners is None:
        return np.ones(len(owner), bool)
    found: npt.NDArray[np.bool_] = owner.isin(list(owners)).to_numpy(dtype=bool)
    return found
