"""Opportunities as they stood at moments of their way, without what came later.

Each closed opportunity is looked at when it was opened, when it entered each open
stage, and at a few ages, as long as it was open. So stage and age count, and nothing
later than the moment is known.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

import numpy as np
import pandas as pd

from crm.frames import Schema, typed

LANDMARKS: Schema = {  # one row per opportunity and moment, by opportunity and moment
    "opportunity_id": "int64",
    "at": "datetime64[s]",  # naive, as the times of `Past`
    "is_opening": "bool",
    "won": "bool",  # how it ended; False where it is open
    "closed_at": "datetime64[s]",  # NaT where it is open
}
AGES = (7, 30, 60, 120, 240, 480)  # days since the opening


@dataclass(frozen=True)
class Past:
    """Opportunities and all that is known of their past, as in `crm.frames`.

    `opportunities` as in OPPORTUNITIES, `stages` STAGES, `changes` STAGE_CHANGES,
    `estimates` ESTIMATES, `contacted` CONTACTED, `steps` NEXT_STEPS. Days are those
    of `zone`.
    """

    opportunities: pd.DataFrame
    stages: pd.DataFrame
    changes: pd.DataFrame
    estimates: pd.DataFrame
    contacted: pd.DataFrame
    steps: pd.DataFrame
    zone: tzinfo = UTC


@dataclass(frozen=True)
class Known:
    """The opportunities of `Past` as of a moment, and where their way is known.

    Attributes:
        at: the moment, naive, as the times of `Past`.
        closed, open: rows as in `frames.OPPORTUNITIES`; times after the moment are not
            looked at, so that what was closed later is open.
        followed: ids of those that were seen in an open stage from their opening on;
            of the others, such as those imported when they had ended, only the opening
            is known.
        left_out: opportunities whose opening lies after the moment, or after the end.
    """

    at: pd.Timestamp
    closed: pd.DataFrame
    open: pd.DataFrame
    followed: frozenset[int]
    left_out: int


def known(past: Past, at: datetime) -> Known:
    """What was closed and what was open at a moment (naive, as times of `past`)."""
    table, now = past.opportunities, pd.Timestamp(at)
    is_closed = table["state"].isin(["won", "lost"]) & (table["closed_at"] <= now)
    is_later = table["state"].eq("open") | (table["closed_at"] > now)
    begun = table["opened_at"] <= now
    in_order = begun & ~(is_closed & (table["closed_at"] < table["opened_at"]))
    closed, open_ = (table[one & in_order] for one in (is_closed, is_later))
    return Known(
        now,
        closed.reset_index(drop=True),
        open_.reset_index(drop=True),
        _followed(past),
        len(table) - len(closed) - len(open_),
    )


def landmarks(past: Past, found: Known) -> pd.DataFrame:
    """The moments of what is closed: rows as in `LANDMARKS`."""
    closed = found.closed[["opportunity_id", "opened_at", "closed_at", "state"]]
    followed = closed[closed["opportunity_id"].isin(found.followed)]
    openings = closed.assign(at=closed["opened_at"], is_opening=True)
    later = pd.concat([_entries(past, followed), *_ages(followed)], ignore_index=True)
    is_within = (later["at"] > later["opened_at"]) & (later["at"] < later["closed_at"])
    rows = pd.concat([openings, later[is_within].assign(is_opening=False)])
    once = rows.drop_duplicates(["opportunity_id", "at"])
    ordered = once.sort_values(["opportunity_id", "at"], ignore_index=True)
    ordered["won"] = ordered["state"] == "won"
    return typed(ordered, LANDMARKS)


def today(found: Known) -> pd.DataFrame:
    """What is open, at the moment of `found`: rows as in `LANDMARKS`."""
    rows = found.open.assign(at=found.at, is_opening=False, won=False)
    return typed(rows.assign(closed_at=pd.NaT), LANDMARKS)


def open_stages(past: Past) -> pd.DataFrame:
    """The open ones: `stage_id`, `place` in the pipeline from 1 on, and of `places`."""
    kept = past.stages[past.stages["kind"] == "open"]
    kept = kept.sort_values(["pipeline_id", "position"])
    grouped = kept.groupby("pipeline_id")["stage_id"]
    return pd.DataFrame(
        {
            "stage_id": kept["stage_id"],
            "place": grouped.cumcount() + 1.0,
            "places": grouped.transform("size").astype("float64"),
        }
    )


def _followed(past: Past) -> frozenset[int]:
    first = past.changes.drop_duplicates("opportunity_id")
    is_open = first["to_stage_id"].isin(open_stages(past)["stage_id"])
    return frozenset(first.loc[is_open, "opportunity_id"])


def _entries(past: Past, followed: pd.DataFrame) -> pd.DataFrame:
    """When they entered open stages."""
    into = past.changes["to_stage_id"].isin(open_stages(past)["stage_id"])
    moves = past.changes.loc[into, ["opportunity_id", "at"]]
    return followed.merge(moves, on="opportunity_id")


def _ages(followed: pd.DataFrame) -> list[pd.DataFrame]:
    return [
        followed.assign(at=followed["opened_at"] + np.timedelta64(days, "D"))
        for days in AGES
    ]
