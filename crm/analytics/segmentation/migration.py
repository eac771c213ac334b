"""Who has moved between the groups of one frozen segmentation, from day to day."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm.analytics.segmentation import frozen, groups
from crm.analytics.segmentation.features import Floats
from crm.analytics.segmentation.frozen import Frozen

NOT_YET = 0  # the group of those who had not bought by the first day


@dataclass(frozen=True)
class Migration:
    """The same customers by the same model on two days.

    Attributes:
        moves: one row per customer of the later day, in its order: `customer_id`,
            `before` (`NOT_YET` where there was no order) and `after`, groups from 1.
        flows: one row per pair of groups that somebody went between: `before`,
            `after`, `customers`, `share` of those who were in `before` (0 to 1),
            `revenue` of them all by the later day; in the order of the groups.
        stayed: share of those who were there on the first day that have not moved;
            None where nobody was.
    """

    moves: pd.DataFrame
    flows: pd.DataFrame
    stayed: float | None


def migrate(model: Frozen, before: pd.DataFrame, after: pd.DataFrame) -> Migration:
    """Assign the customers of both days by `model`, and compare.

    Args:
        before, after: as in `crm.frames.BUYERS`, of an earlier and of a later day.

    Raises:
        NotEnoughData: nobody has bought by the later day.
        Invalid: a value is missing.
    """
    groups.check(after, ["revenue"], at_least=1)
    later = frozen.assign(model, after)
    earlier = frozen.assign(model, before).reindex(later.index, fill_value=NOT_YET)
    moves = pd.DataFrame(
        {
            "customer_id": later.index.to_numpy(),
            "before": earlier.to_numpy().astype(np.int16),
            "after": later.to_numpy().astype(np.int16),
        }
    )
    known = moves["before"] != NOT_YET
    same = moves["before"] == moves["after"]
    stayed = float(same[known].mean()) if known.any() else None
    return Migration(moves, _flows(moves, after["revenue"].to_numpy()), stayed)


def _flows(moves: pd.DataFrame, revenue: Floats) -> pd.DataFrame:
    grouped = moves.assign(revenue=revenue).groupby(["before", "after"], sort=True)
    flows = grouped["revenue"].agg(customers="size", revenue="sum").reset_index()
    whole = flows.groupby("before")["customers"].transform("sum")
    columns = ["before", "after", "customers", "share", "revenue"]
    return flows.assign(share=flows["customers"] / whole)[columns]
