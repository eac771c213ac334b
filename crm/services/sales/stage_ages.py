"""How long opportunities stay in a stage, by the history of those that were won."""

from collections import defaultdict
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from crm.models import Opportunity, StageChange, StageKind

LATEST = 1_000  # won opportunities that are looked at
FEWEST = 20  # passages through a stage: below, nothing is said
SHARE = 0.9
DAY = timedelta(days=1)

Days = dict[int, float]  # by the id of a stage


def usual_days(session: Session, pipeline_id: int, *, before: datetime) -> Days:
    """The days in which 90 % of what was won had left each stage.

    Of the latest 1,000 opportunities won before `before` in the pipeline; each passage
    through a stage counts. A stage with fewer than 20 passages is left out.
    """
    won = (
        select(col(Opportunity.id))
        .where(
            col(Opportunity.pipeline_id) == pipeline_id,
            col(Opportunity.state) == StageKind.WON,
            col(Opportunity.closed_at) < before,
        )
        .order_by(col(Opportunity.closed_at).desc(), col(Opportunity.id).desc())
        .limit(LATEST)
        .subquery()
    )
    moves = (
        select(
            col(StageChange.opportunity_id),
            col(StageChange.at),
            col(StageChange.to_stage_id),
        )
        .join(won, won.c.id == col(StageChange.opportunity_id))
        .order_by(
            col(StageChange.opportunity_id), col(StageChange.at), col(StageChange.id)
        )
    )
    stayed: dict[int, list[float]] = defaultdict(list)
    whose, since, stage = 0, before, 0
    for opportunity_id, at, to_stage_id in session.execute(moves):
        if opportunity_id == whose:
            stayed[stage].append((at - since) / DAY)
        whose, since, stage = opportunity_id, at, to_stage_id
    return {
        stage_id: float(np.quantile(days, SHARE))
        for stage_id, days in stayed.items()
        if len(days) >= FEWEST
    }
