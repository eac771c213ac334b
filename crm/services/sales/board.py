"""The board: opportunities by stage, with counts, sums and the first cards of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col

from crm.models import Opportunity, Stage, StageKind
from crm.services import activities, days, filters
from crm.services.activities import NextStep
from crm.services.customers import live_segments
from crm.services.fields import entity_of, fields_of, in_rules
from crm.services.money.exchange_sums import Sum, summed_by
from crm.services.sales import pipelines

CARDS = 30  # of a stage, before “show more”
CLOSED_FOR = timedelta(days=90)  # what is won or lost stays on the board so long


@dataclass(frozen=True)
class Card:
    """An opportunity on the board, and when the next thing is due for it."""

    opportunity: Opportunity
    step: NextStep
    days: int  # in its stage


@dataclass(frozen=True)
class Column:
    """A stage with all that is in it; `cards` are the first ones, next to close."""

    stage: Stage
    total: Sum = field(default_factory=Sum)
    cards: list[Card] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.total.count

    @property
    def weighted(self) -> Sum:
        """The sum times the probability of the stage."""
        return self.total.times(self.stage.probability)


def board(
    session: Session,
    pipeline_id: int,
    *,
    at: datetime,
    search: str = "",
    rule: filters.Rule | None = None,
    cards: int = CARDS,
) -> list[Column]:
    """The stages of a pipeline, each with at most `cards` of its opportunities.

    What is won or lost is left out once it has been closed for 90 days at `at`.

    Raises:
        Invalid: the rule names what is not there.
    """
    there = pipelines.stages(session, pipeline_id)
    where = _where(session, pipeline_id, at, search, rule)
    totals = summed_by(session, Opportunity, col(Opportunity.stage_id), *where)
    found = {s.id: _first(session, s, where, cards) for s in there if s.id in totals}
    rows = [row for some in found.values() for row in some]
    ids = [row.id for row in rows]
    steps = activities.next_step(session, ids, at=at, link="opportunity_id")
    return [
        Column(
            stage,
            totals.get(stage.id, Sum()),
            [
                Card(row, steps[row.id], (at - row.stage_since).days)
                for row in found.get(stage.id, ())
            ],
        )
        for stage in there
    ]


def open_sums(columns: Sequence[Column]) -> tuple[Sum, Sum]:
    """What is open in all stages together, and the same weighted."""
    still = [one for one in columns if one.stage.kind is StageKind.OPEN]
    return (
        sum((one.total for one in still), Sum()),
        sum((one.weighted for one in still), Sum()),
    )


def _where(
    session: Session,
    pipeline_id: int,
    at: datetime,
    search: str,
    rule: filters.Rule | None,
) -> list[Any]:
    entity, today = entity_of("opportunity"), days.day_of(at)
    spelled = live_segments.spelled_out(session, rule)
    fields = fields_of(session, entity.name)
    return [
        col(Opportunity.pipeline_id) == pipeline_id,
        or_(
            col(Opportunity.closed_at).is_(None),
            col(Opportunity.closed_at) >= at - CLOSED_FOR,
        ),
        filters.where(
            entity, in_rules(session, entity.name, fields), spelled, today=today
        ),
        filters.matches_search(entity, search),
    ]


def _first(
    session: Session, stage: Stage, where: list[Any], limit: int
) -> list[Opportunity]:
    """Those next to close first; what is closed, the latest first."""
    day = col(Opportunity.close_on)
    unknown = func.coalesce(day, date(2999, 12, 31))
    order = (
        unknown if stage.kind is StageKind.OPEN else col(Opportunity.closed_at).desc()
    )
    statement = (
        select(Opportunity)
        .where(col(Opportunity.stage_id) == stage.id, *where)
        .options(joinedload(Opportunity.customer))
        .order_by(order, col(Opportunity.id))
        .limit(limit)
    )
    return list(session.scalars(statement))
