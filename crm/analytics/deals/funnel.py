"""The funnel: of the opportunities that were opened, how many came how far."""

import numpy as np
import pandas as pd

from crm.analytics.shares import wilson
from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

FUNNEL: Schema = {  # one row per open stage in its order, then what was won
    "stage_id": "int64",  # 0: won
    "stage": "str",  # empty: won
    "reached": "int64",  # opportunities that came to it or further
    "waiting": "int64",  # of these, still open in it
    "share": "float64",  # reached, of all that were opened
    "low": "float64",  # 95 % interval of the share (Wilson)
    "high": "float64",
    "passed": "float64",  # of those that reached the row before, 0 to 1; NaN: first
    "passed_low": "float64",
    "passed_high": "float64",
}
FURTHEST: Schema = {  # one row per opportunity
    "opportunity_id": "int64",
    "furthest": "int64",  # place among the open stages, from 0; their number: won
}


def furthest(
    opportunities: pd.DataFrame, changes: pd.DataFrame, stages: pd.DataFrame
) -> pd.DataFrame:
    """How far each opportunity of one pipeline has ever come; see `FURTHEST`.

    A stage that was jumped over counts as reached. What was won has gone through all;
    what was lost came as far as the last open stage that it was in. Stages of another
    pipeline, from before a move to this one, count as the first.

    Args:
        opportunities: as in `frames.OPPORTUNITIES`, of one pipeline.
        changes: as in `frames.STAGE_CHANGES`; of others they are passed over.
        stages: as in `frames.STAGES`, of that pipeline.
    """
    places = _places(stages)
    entered = changes.assign(place=changes["to_stage_id"].map(places).fillna(0))
    most = entered.groupby("opportunity_id")["place"].max()
    now = opportunities["stage_id"].map(places).fillna(0)
    came = opportunities["opportunity_id"].map(most).fillna(0)
    place = np.maximum(came, now).astype("int64")
    won = opportunities["state"] == "won"
    return typed(
        {
            "opportunity_id": opportunities["opportunity_id"],
            "furthest": place.mask(won, len(places)),
        },
        FURTHEST,
    )


def funnel(
    opportunities: pd.DataFrame, came: pd.Series, stages: pd.DataFrame
) -> pd.DataFrame:
    """Who reached each stage; see `FUNNEL`.

    What is still open may yet come further: `waiting` counts it where it stands.

    Args:
        opportunities: as in `frames.OPPORTUNITIES`, of one pipeline.
        came: `furthest` of each, in the same order.
        stages: as in `frames.STAGES`, of that pipeline.

    Raises:
        NotEnoughData: there is no opportunity.
    """
    if opportunities.empty:
        raise NotEnoughData(_("No opportunity was opened in this time."))
    there = stages[stages["kind"] == "open"].sort_values("position")
    steps = range(len(there) + 1)
    reached = np.array([int((came >= step).sum()) for step in steps])
    is_open = opportunities["state"] == "open"
    waiting = opportunities.loc[is_open, "stage_id"].value_counts()
    low, high = wilson(reached, len(opportunities))
    before = np.concatenate([[np.nan], reached[:-1].astype("float64")])
    before[before == 0] = np.nan
    passed_low, passed_high = wilson(np.fmin(reached, before), before)
    return typed(
        {
            "stage_id": [*there["stage_id"], 0],
            "stage": [*there["stage"], ""],
            "reached": reached,
            "waiting": [*(int(waiting.get(one, 0)) for one in there["stage_id"]), 0],
            "share": reached / len(opportunities),
            "low": low,
            "high": high,
            "passed": reached / before,
            "passed_low": passed_low,
            "passed_high": passed_high,
        },
        FUNNEL,
    )


def _places(stages: pd.DataFrame) -> dict[int, int]:
    """The place of each open stage among them, from 0."""
    there = stages[stages["kind"] == "open"].sort_values("position")
    return {int(one): place for place, one in enumerate(there["stage_id"])}
