"""How long opportunities stay in a stage, and from their opening to their end."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binom

from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

FEWEST = 5
DAY = np.timedelta64(86_400, "s")

PASSAGES: Schema = {  # one row per stay in a stage
    "opportunity_id": "int64",
    "stage_id": "int64",
    "days": "float64",  # so far, where it is still there
    "left": "bool",
    "to_stage_id": "Int64",  # where it went; none while it is there
}


@dataclass(frozen=True)
class CycleTime:
    """Days from opening to end: the median with its 95 % interval, and the quarters."""

    opportunities: int
    median: float
    low: float
    high: float
    quarter: float
    three_quarters: float


def passages(
    opportunities: pd.DataFrame,
    changes: pd.DataFrame,
    stages: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Each stay of an opportunity in an open stage; see `PASSAGES`.

    Args:
        opportunities: as in `frames.OPPORTUNITIES`.
        changes: as in `frames.STAGE_CHANGES`.
        stages: as in `frames.STAGES`.
        as_of: until when those that are still there have stayed.
    """
    mine = changes[changes["opportunity_id"].isin(opportunities["opportunity_id"])]
    after = mine.groupby("opportunity_id")[["at", "to_stage_id"]].shift(-1)
    until = after["at"].fillna(as_of)
    table = typed(
        {
            "opportunity_id": mine["opportunity_id"],
            "stage_id": mine["to_stage_id"],
            "days": (until - mine["at"]) / DAY,
            "left": after["at"].notna(),
            "to_stage_id": after["to_stage_id"],
        },
        PASSAGES,
    )
    is_open = stages.loc[stages["kind"] == "open", "stage_id"]
    known = table["stage_id"].isin(is_open) & (table["days"] >= 0)
    return table[known].reset_index(drop=True)


def cycle_time(days: pd.Series) -> CycleTime:
    """How long it took, of opportunities that have ended.

    The interval of the median is between two of the observed times, chosen by the
    binomial distribution: it holds at least 95 % whatever the times are like.

    Args:
        days: from opening to end, one for each.

    Raises:
        NotEnoughData: fewer than five.
    """
    times = np.sort(days.dropna().to_numpy(dtype="float64"))
    count = len(times)
    if count < FEWEST:
        words = _("A cycle time takes at least {n} opportunities that have ended.")
        raise NotEnoughData(words.format(n=FEWEST))
    place = int(binom.ppf(0.025, count, 0.5))
    first = max(place - 1, 0)
    quarter, median, three = np.quantile(times, [0.25, 0.5, 0.75])
    return CycleTime(
        opportunities=count,
        median=float(median),
        low=float(times[first]),
        high=float(times[count - 1 - first]),
        quarter=float(quarter),
        three_quarters=float(three),
    )
