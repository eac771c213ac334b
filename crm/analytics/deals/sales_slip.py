"""When opportunities close, against what was expected of them: learned from the past.

On the first of each past month every open opportunity is looked at: its stage, its
age, the day that was stated then, and when it was won in truth. An open one draws
from those that looked like it: with a day ahead, how much later or earlier than stated
they were won; overdue or without a day, how long it still took. Drawn with it is what
became of the stated amount.

What is known of the last months are only the quick ones: each counts as many times as
the months in which one so slow could have been seen ask for (inverse probability of
censoring).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.deals.sales_book import Book, standing
from crm.frames import Schema, typed

BANDS = (30.0, 90.0)  # days ahead, or of age where there is no day ahead
LEAST = 30  # won ones that a group takes
SLOTS = 2048  # of a deck
MONTHS = 36  # looked back
HEAVIEST = 10.0  # no one counts for more than so many
DUE, OVERDUE, UNDATED = "due", "overdue", "undated"
ANY = "any"

SEEN: Schema = {  # one row per month of the past and opportunity open on its first
    "opportunity_id": "int64",
    "at": "datetime64[s]",
    "stage_id": "int64",
    "age": "float64",
    "amount": "float64",
    "ahead": "float64",
}
SLIPS: Schema = {  # one row per group that anything was drawn from
    "kind": "str",  # due, overdue, undated or any
    "won": "int64",  # times that one of it, seen before, was won
    "p25": "float64",  # days later than stated if due, else from then on
    "median": "float64",
    "p75": "float64",
}
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Deck:
    """What the past gives for a group, one slot as likely as the other.

    `offsets` are days, ascending, from the stated day where `is_slip`, else from now;
    `ratios` of the amount in the end to the stated one, `amounts` in the end; each
    slot is one opportunity of the past.
    """

    kind: str
    won: int
    is_slip: bool
    offsets: Floats
    ratios: Floats
    amounts: Floats


def seen(book: Book, until: pd.Timestamp) -> pd.DataFrame:
    """What stood open on the first of each month before `until`: `SEEN`."""
    begun = book.opportunities["opened_at"].min()
    last = until.to_period("M").to_timestamp()
    months = pd.date_range(end=last, periods=MONTHS, freq="MS")
    found = [
        standing(book, month).assign(at=at)
        for month in months[months < until]
        if (at := book.utc(month)) > begun
    ]
    return typed(pd.concat(found) if found else [], SEEN)


@dataclass(frozen=True)
class Past:
    """`rows` as `SEEN` with `left` (days to its end), `won`, and `final`, the amount.

    `waited` are the days since each row was seen, ascending; `closed` as `ENDED`.
    """

    rows: pd.DataFrame
    waited: Floats
    closed: pd.DataFrame

    def weights(self, left: Floats) -> Floats:
        """How many each stands for, given how long it took."""
        return _weights(left, self.waited)

    def decks(self, now: pd.DataFrame) -> Iterator[tuple[Deck, npt.NDArray[np.intp]]]:
        """For each group of `now` (as `STANDING`) its deck and its rows.

        The narrowest group with `LEAST` won ones counts: kind, band and stage; kind
        and band; kind; all.
        """
        won = self.rows[self.rows["won"]]
        mine, theirs = _keys(now), _keys(won)
        waiting = np.arange(len(now))
        for level, (asked, known) in enumerate(zip(mine, theirs, strict=True)):
            counts = known.value_counts()
            enough = counts.index[counts >= LEAST]
            here = waiting[asked.iloc[waiting].isin(enough).to_numpy()]
            for key, rows in asked.iloc[here].groupby(asked.iloc[here]):
                like = won[(known == key).to_numpy()]
                kind = str(key).partition(" ")[0]
                yield self._deck(kind, like), rows.index.to_numpy()
            waiting = np.setdiff1d(waiting, here)
            if level == len(mine) - 1 and len(waiting):
                yield self._rest(won), waiting

    def cycles(self) -> Deck:
        """From the opening to the win; of what was lost, where nothing was won."""
        closed = self.closed
        mine = closed[closed["won"]] if closed["won"].any() else closed
        days = (mine["closed_at"] - mine["opened_at"]) / pd.Timedelta(days=1)
        rows = pd.DataFrame(
            {"left": days, "final": mine["amount"], "ahead": 0.0, "amount": np.nan}
        )
        return _dealt(ANY, rows.reset_index(drop=True), rows["left"], None)

    def _deck(self, kind: str, like: pd.DataFrame) -> Deck:
        offsets = like["left"] - like["ahead"] if kind == DUE else like["left"]
        weights = self.weights(like["left"].to_numpy())
        return _dealt(kind, like, offsets, weights)

    def _rest(self, won: pd.DataFrame) -> Deck:
        """Of too few like it: all that were won, or the time that sales took."""
        return self._deck(ANY, won) if len(won) else self.cycles()


def outcomes(past: pd.DataFrame, closed: pd.DataFrame, moment: pd.Timestamp) -> Past:
    """What had become of it at `moment` (in UTC, as the times of the tables).

    Args:
        past: as from `seen`; what is of `moment` or later is not looked at.
        closed: as from `sales_book.ended`, of that moment.
    """
    past = past[past["at"] < moment]
    ends = closed.set_index("opportunity_id").reindex(past["opportunity_id"])
    one = pd.Timedelta(days=1)
    left = (ends["closed_at"].to_numpy() - past["at"].to_numpy()) / one
    rows = past.assign(
        left=left,
        won=ends["won"].eq(True).to_numpy() & (left >= 0),
        final=ends["amount"].to_numpy(),
    ).reset_index(drop=True)
    waited = np.sort((moment - rows["at"]) / one)
    return Past(rows, waited, closed)


def _weights(left: Floats, waited: Floats) -> Floats:
    at_least = len(waited) - np.searchsorted(waited, left, side="left")
    return np.minimum(len(waited) / np.maximum(at_least, 1), HEAVIEST)


def _keys(rows: pd.DataFrame) -> list[pd.Series]:
    """The group of each row, the narrowest first."""
    rows = rows.reset_index(drop=True)
    kind = np.select([rows["ahead"].isna(), rows["ahead"] < 0], [UNDATED, OVERDUE], DUE)
    kinds = pd.Series(kind, dtype="str")
    ahead = np.where(rows["ahead"].isna(), rows["age"], rows["ahead"].abs())
    bands = pd.Series(np.digitize(ahead, BANDS)).astype("str")
    stages = rows["stage_id"].astype("str")
    banded = kinds + " " + bands
    return [banded + " " + stages, banded, kinds]


def _dealt(
    kind: str, rows: pd.DataFrame, offsets: pd.Series, weights: Floats | None
) -> Deck:
    order = np.argsort(offsets.to_numpy(), kind="stable")
    weight = np.ones(len(rows)) if weights is None else weights[order]
    share = np.cumsum(weight) / weight.sum()
    slots = (np.arange(SLOTS) + 0.5) / SLOTS
    taken = order[np.minimum(np.searchsorted(share, slots), len(rows) - 1)]
    stated, final = (rows[name].to_numpy()[taken] for name in ("amount", "final"))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where((stated > 0) & ~np.isnan(final), final / stated, 1.0)
    return Deck(
        kind,
        len(rows),
        kind == DUE,
        offsets.to_numpy()[taken],
        ratios,
        np.nan_to_num(final),
    )
