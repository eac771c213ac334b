"""Opportunities as they stood at any moment of the past, from what was noted then.

Stages and ends come from the stage changes, amounts and expected days from the
estimates. Of what came in without them only its opening and its end are known.

A `moment` is what the clocks of the book's zone show, as the first of a month does;
times in tables are in UTC, so that spans are exact where clocks were changed.
"""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics import clocks
from crm.frames import Schema, typed

UNKNOWN = -1  # the stage of what was imported when it had ended

MOVES: Schema = {  # one row per move, in the order of time
    "opportunity_id": "int64",
    "at": "datetime64[s]",
    "stage_id": "int64",
    "state": "str",  # open, won or lost
    "since": "datetime64[s]",  # when it came into this stage for the first time
    "amount": "float64",  # of what ends here, as it was stated then; else NaN
}
STANDING: Schema = {  # one row per opportunity that is open at a moment
    "opportunity_id": "int64",
    "owner_id": "Int64",
    "stage_id": "int64",
    "age": "float64",  # days since it was opened
    "in_stage": "float64",  # days since it was in this stage first
    "amount": "float64",  # base currency, NaN where none is stated
    "ahead": "float64",  # days to the stated day, below 0 overdue; NaN without one
}
ENDED: Schema = {  # one row per opportunity that is closed at a moment
    "opportunity_id": "int64",
    "owner_id": "Int64",
    "opened_at": "datetime64[s]",
    "closed_at": "datetime64[s]",
    "closed_on": "datetime64[s]",  # the day of it in the zone of the book
    "won": "bool",
    "amount": "float64",
}


@dataclass(frozen=True)
class Book:
    """All opportunities with their past.

    `opportunities` as in `frames.OPPORTUNITIES` by id, `opened_at` never later than
    what happened first, and with `opened_on`, the day of it, and `is_stated`, whether
    it has estimates; `stages` as STAGES; `moves` as MOVES and `estimates` as ESTIMATES
    in the order of time. Days and months are those of `zone`.
    """

    opportunities: pd.DataFrame
    stages: pd.DataFrame
    moves: pd.DataFrame
    estimates: pd.DataFrame
    zone: tzinfo = UTC

    def utc(self, moment: pd.Timestamp) -> pd.Timestamp:
        """`moment` as the times of the tables are."""
        return clocks.utc(moment, self.zone)


def book(
    opportunities: pd.DataFrame,
    stages: pd.DataFrame,
    changes: pd.DataFrame,
    estimates: pd.DataFrame,
    zone: tzinfo = UTC,
) -> Book:
    """Put the tables of `crm.frames` in order; what has no rate is left out."""
    table = opportunities[~opportunities["no_rate"]].set_index("opportunity_id")
    changes = changes[changes["opportunity_id"].isin(table.index)]
    estimates = estimates[estimates["opportunity_id"].isin(table.index)]
    estimates = estimates.sort_values("at", kind="stable")
    first = changes.groupby("opportunity_id")["at"].min().reindex(table.index)
    known = pd.concat([table["opened_at"], table["closed_at"], first], axis=1)
    opened_at = known.min(axis=1).astype("datetime64[s]")
    table = table.assign(
        opened_at=opened_at,
        opened_on=clocks.days_of(opened_at, zone),
        is_stated=table.index.isin(estimates["opportunity_id"]),
    )
    moves = _moves(table, stages, changes)
    moves = _with_amounts(moves, table, estimates)
    return Book(table, stages, moves, estimates, zone)


def standing(book: Book, moment: pd.Timestamp) -> pd.DataFrame:
    """What was open just before `moment`: `STANDING`."""
    at = book.utc(moment)
    last = _last(book.moves, at)
    last = last[last["state"] == "open"]
    ids = last["opportunity_id"].to_numpy()
    table = book.opportunities.loc[ids]
    stated = _last(book.estimates, at).set_index("opportunity_id").reindex(ids)
    # of what is open and was never stated there is only what is now
    never = (~table["is_stated"] & (table["state"] == "open")).to_numpy()
    close_on = np.where(never, table["close_on"], stated["close_on"])
    found = {
        "opportunity_id": ids,
        "owner_id": table["owner_id"].array,
        "stage_id": last["stage_id"].to_numpy(),
        "age": _days(table["opened_at"], at),
        "in_stage": _days(last["since"], at),
        "amount": np.where(never, table["amount"], stated["amount"]),
        "ahead": -_days(close_on, moment),
    }
    return pd.DataFrame(found)


def ended(book: Book, moment: pd.Timestamp) -> pd.DataFrame:
    """What was won or lost just before `moment`, and not opened again: `ENDED`."""
    last = _last(book.moves, book.utc(moment))
    last = last[last["state"] != "open"]
    table = book.opportunities.loc[last["opportunity_id"]]
    found = {
        "opportunity_id": last["opportunity_id"].to_numpy(),
        "owner_id": table["owner_id"].array,
        "opened_at": table["opened_at"].to_numpy(),
        "closed_at": last["at"].to_numpy(),
        "closed_on": clocks.days_of(last["at"], book.zone).to_numpy(),
        "won": (last["state"] == "won").to_numpy(),
        "amount": last["amount"].to_numpy(),
    }
    return pd.DataFrame(found)


def spells(book: Book, moment: pd.Timestamp) -> pd.DataFrame:
    """One row per opportunity and stage that it was in, and one with `UNKNOWN` for its
    whole way: `stage_id`, `days` from there to its end, or to `moment`, and `state`.
    """
    at = book.utc(moment)
    moves = book.moves[book.moves["at"] < at]
    last = moves.drop_duplicates("opportunity_id", keep="last")
    ends = last.set_index("opportunity_id")[["at", "state"]]
    entered = moves[moves["state"] == "open"]
    entered = entered[entered["stage_id"] != UNKNOWN]
    entered = entered.drop_duplicates(["opportunity_id", "stage_id"])
    whole = pd.DataFrame({
        "opportunity_id": ends.index,
        "stage_id": UNKNOWN,
        "at": book.opportunities.loc[ends.index, "opened_at"].to_numpy(),
    })  # fmt: skip
    every = pd.concat([entered[list(whole)], whole], ignore_index=True)
    of_each = ends.loc[every["opportunity_id"]].reset_index(drop=True)
    until = of_each["at"].where(of_each["state"] != "open", at)
    days = np.maximum(_days(every["at"], until), 0)
    return every[["stage_id"]].assign(days=days, state=of_each["state"])


def _moves(
    table: pd.DataFrame, stages: pd.DataFrame, changes: pd.DataFrame
) -> pd.DataFrame:
    """The changes, and an opening or an end for what has none among them."""
    kinds = stages.set_index("stage_id")["kind"]
    moves = changes[["opportunity_id", "at"]].assign(
        stage_id=changes["to_stage_id"], state=changes["to_stage_id"].map(kinds)
    )
    is_open = table["state"] == "open"
    unseen = table[~table.index.isin(moves["opportunity_id"])]
    begins = unseen.assign(
        at=unseen["opened_at"],
        stage_id=unseen["stage_id"].where(is_open[unseen.index], UNKNOWN),
        state="open",
    )
    closing = moves.loc[moves["state"] != "open", "opportunity_id"]
    unended = table[~is_open & ~table.index.isin(closing)]
    ends = unended.assign(at=unended["closed_at"]).dropna(subset="at")
    more = [one.reset_index()[list(moves)] for one in (begins, ends)]
    every = pd.concat([moves, *more], ignore_index=True)
    return every.sort_values("at", kind="stable", ignore_index=True)


def _with_amounts(
    moves: pd.DataFrame, table: pd.DataFrame, estimates: pd.DataFrame
) -> pd.DataFrame:
    """What ends with its amount at that time; where none was stated, as it is now."""
    stated = estimates[["opportunity_id", "at", "amount"]]
    moves = pd.merge_asof(moves, stated, on="at", by="opportunity_id")
    now = table["amount"].reindex(moves["opportunity_id"]).to_numpy()
    amount = moves["amount"].fillna(pd.Series(now, moves.index))
    since = moves.groupby(["opportunity_id", "stage_id"])["at"].transform("min")
    ends = amount.where(moves["state"] != "open")
    return typed(moves.assign(since=since, amount=ends), MOVES)


def _last(rows: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """The last row of each opportunity before `moment`; `rows` are in order of time."""
    before = rows.iloc[: int(rows["at"].searchsorted(moment))]
    return before.drop_duplicates("opportunity_id", keep="last")


def _days(start: Any, end: Any) -> npt.NDArray[np.float64]:
    """Days from `start` to `end`, moments or columns of them; NaN where one is none."""
    first, last = (np.asarray(one, dtype="datetime64[s]") for one in (start, end))
    days: npt.NDArray[np.float64] = (last - first) / np.timedelta64(1, "D")
    return days
