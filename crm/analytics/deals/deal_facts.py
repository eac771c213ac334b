"""Opportunities as a report counts them: how they stood on a day, how far they came."""

from datetime import UTC, date, tzinfo

import pandas as pd

from crm.analytics import clocks
from crm.analytics.deals.funnel import furthest
from crm.frames import OPPORTUNITIES, Schema, typed

NOT_YET = ("competitor", "won_reason", "lost_reason")  # said when it ended
FACTS: Schema = OPPORTUNITIES | {
    "furthest": "int64",  # as in `funnel.FURTHEST`
    "days": "float64",  # from opening to end; NaN while it is open
}


def end_of(day: date, zone: tzinfo = UTC) -> pd.Timestamp:
    """The first moment (naive, UTC) after a day of `zone`."""
    return clocks.utc(pd.Timestamp(day) + pd.Timedelta(days=1), zone)


def as_of_day(
    opportunities: pd.DataFrame,
    changes: pd.DataFrame,
    day: date,
    zone: tzinfo = UTC,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables as they stood at the end of a day of `zone`.

    What was closed later is open, in the stage that it was in; what was opened later
    is not there. Amounts and fields are those of today: reports go by what is known.
    """
    until = end_of(day, zone)
    changes = changes[changes["at"] < until]
    table = opportunities[opportunities["opened_at"] < until]
    later = table["closed_at"] >= until
    last = changes.drop_duplicates("opportunity_id", keep="last")
    stage = table["opportunity_id"].map(last.set_index("opportunity_id")["to_stage_id"])
    table = table.assign(
        stage_id=table["stage_id"].where(~later, stage.fillna(table["stage_id"])),
        state=table["state"].mask(later, "open"),
        closed_at=table["closed_at"].mask(later),
        **{name: table[name].mask(later, "") for name in NOT_YET},
    )
    return typed(table.reset_index(drop=True), OPPORTUNITIES), changes


def facts(
    opportunities: pd.DataFrame, changes: pd.DataFrame, stages: pd.DataFrame
) -> pd.DataFrame:
    """See `FACTS`; of all pipelines.

    Args:
        opportunities: as in `frames.OPPORTUNITIES`.
        changes: as in `frames.STAGE_CHANGES`.
        stages: as in `frames.STAGES`.
    """
    came = [
        furthest(mine, changes, stages[stages["pipeline_id"] == pipeline_id])
        for pipeline_id, mine in opportunities.groupby("pipeline_id")
    ]
    if not came:
        return typed([], FACTS)
    spent = opportunities["closed_at"] - opportunities["opened_at"]
    table = opportunities.assign(days=spent / pd.Timedelta(days=1))
    return typed(table.merge(pd.concat(came), on="opportunity_id"), FACTS)
