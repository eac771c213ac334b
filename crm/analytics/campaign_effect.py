"""What a campaign has changed: everyone added to it beside those held out by lot.

By intention to treat: whoever was added and not held out counts as treated, reached or
not, so that the two sides differ by lot alone. The method is that of
`crm.analytics.hold_out`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics import hold_out
from crm.analytics.hold_out import LEAST, Effect
from crm.analytics.notes import Note
from crm.i18n import N_

HORIZONS = (14, 30, 60, 90)  # days in which orders are looked at
USUAL = 30

_FIGURES = tuple(Effect.__dataclass_fields__)
COLUMNS = ("campaign_id", "days", "waiting", "treated", "held_out", *_FIGURES)


@dataclass(frozen=True)
class Watched:
    """Recipients of a campaign whose days are over, and those that are still to come.

    `effect` is None where there are too few of them; `why_not` says so.
    """

    days: int
    treated: int
    held_out: int
    waiting: int
    effect: Effect | None

    @property
    def why_not(self) -> Note | None:
        """Why the effect cannot be told; None where it can."""
        if self.effect is not None:
            return None
        values = {"days": self.days, "least": LEAST}
        if not self.held_out and not self.treated:
            return Note(NOT_YET, values) if self.waiting else Note(NOBODY)
        if not self.held_out and not self.waiting:
            return Note(NO_HOLD_OUT, values)
        counts = {"held_out": self.held_out, "treated": self.treated}
        return Note(TOO_FEW, values | counts)


@dataclass(frozen=True)
class Return:
    """What a campaign has brought beyond what would have come without it.

    In the book currency, each with its 95 % interval: `revenue` of all those treated
    whose days are over, and `profit`, that less the cost of the campaign.
    """

    revenue: float
    revenue_low: float
    revenue_high: float
    cost: float

    @property
    def profit(self) -> float:
        return self.revenue - self.cost

    @property
    def profit_low(self) -> float:
        return self.revenue_low - self.cost

    @property
    def profit_high(self) -> float:
        return self.revenue_high - self.cost

    @property
    def ratio(self) -> float | None:
        """Profit per unit of cost; None where it has cost nothing."""
        return self.profit / self.cost if self.cost else None


def watched(outcomes: pd.DataFrame, *, days: int, as_of: date) -> Watched:
    """Compare the two sides, as far as their `days` are over at `as_of`.

    Args:
        outcomes: as in `crm.frames.CAMPAIGN_OUTCOMES`, of these `days`.
    """
    last = np.datetime64(as_of - timedelta(days=days), "s")
    is_over = outcomes["day"] <= last
    over = outcomes[is_over]
    held = int(over["held_out"].sum())
    treated, waiting = len(over) - held, int((~is_over).sum())
    found = None
    if min(held, treated) >= LEAST:
        found = hold_out.effect(
            pd.DataFrame(
                {
                    "left_alone": over["held_out"],
                    "revenue": over["revenue"],
                    "bought": over["orders"] > 0,
                }
            )
        )
    return Watched(days, treated, held, waiting, found)


class Verdict(StrEnum):
    """What a campaign may be said to have done."""

    MORE = "more"  # customers ordered
    FEWER = "fewer"
    UNCLEAR = "unclear"


def verdict(effect: Effect) -> Verdict:
    """By the share that ordered alone, so that of campaigns that do nothing one in
    twenty is said to do something: with revenue as a second try it would be more."""
    if effect.bought_low > 0:
        return Verdict.MORE
    return Verdict.FEWER if effect.bought_high < 0 else Verdict.UNCLEAR


def returned(effect: Effect, cost: float) -> Return:
    """The difference per customer, times all who were treated, beside the `cost`."""
    many = effect.acted_on
    return Return(
        many * effect.revenue,
        many * effect.revenue_low,
        many * effect.revenue_high,
        cost,
    )


def row(campaign_id: int, one: Watched) -> dict[str, Any]:
    """`one` as a row of a table of `COLUMNS`; figures not known are NaN."""
    counts = {"waiting": one.waiting, "treated": one.treated, "held_out": one.held_out}
    figures = {
        name: np.nan if one.effect is None else getattr(one.effect, name)
        for name in _FIGURES
    }
    return {"campaign_id": campaign_id, "days": one.days} | counts | figures


def of_row(found: Mapping[str, Any]) -> Watched:
    """Back from `row`."""
    figures = {name: float(found[name]) for name in _FIGURES}
    counts = {name: int(found[name]) for name in ("treated", "held_out", "waiting")}
    effect = None
    if not np.isnan(figures["revenue_low"]):
        sizes = {name: int(figures[name]) for name in ("acted_on", "left_alone")}
        effect = Effect(**figures | sizes)  # type: ignore[arg-type]  # two are counts
    return Watched(days=int(found["days"]), effect=effect, **counts)


NOBODY = N_("Nobody has been added yet.")
NOT_YET = N_("The {days} days after the start are not over for anybody yet.")
NO_HOLD_OUT = N_(
    "Nobody is held out, so nothing tells what would have happened without the "
    "campaign."
)
TOO_FEW = N_(
    "Not enough data: the {days} days are over for {held_out} customers held out and "
    "{treated} others; {least} of each are needed."
)
