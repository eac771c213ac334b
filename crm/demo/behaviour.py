"""When customers buy, send back, make up their minds to leave, and are gone.

The purchases of a customer are a renewal process with gamma gaps in busy days
(see `crm.demo.calendar`). After each order it may decide to leave; it then buys
more rarely for `FADE_DAYS`, and never again. Between joining and leaving this is
the BG/NBD story (Fader, Hardie and Lee 2005), with regular gaps.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import truths
from crm.demo.calendar import DAYS_A_YEAR, Calendar
from crm.demo.truths import CANCELLED, FADE, FADE_DAYS, FOUNDING, SEGMENTS

STAYING = 0.97  # share of orders left when some customers leave, by experience


@dataclass(frozen=True)
class Buyers:
    """How each customer buys: arrays of one length, in the order of customers.

    `joined` and `gap` are in busy days, `size` scales quantities (mean 1).
    """

    segment: Any  # index in SEGMENTS
    company: Any
    founding: Any
    joined: Any
    gap: Any
    leave: Any  # chance after an order that is kept
    return_chance: Any
    size: Any

    def __len__(self) -> int:
        return len(self.segment)


@dataclass(frozen=True)
class Sales:
    """Orders placed, by customer and time, and what became of the customers.

    `buyer` and `day` (float, from the start of the calendar), `returned` and
    `cancelled` have one entry per order, `leaving` one per customer: the day of
    the decision to leave, or infinity.
    """

    buyer: Any
    day: Any
    returned: Any
    cancelled: Any
    leaving: Any


def parameters(field: str) -> Any:
    """One field of all segments, as an array."""
    return np.array([getattr(segment, field) for segment in SEGMENTS])


def buyers(
    customers: pd.DataFrame, calendar: Calendar, orders: int, rng: Any
) -> Buyers:
    """Draw how each of `customers` (columns segment, kind, sector, source) buys.

    Args:
        orders: about how many sales there shall be; the pace of all follows.
    """
    count = len(customers)
    segment = segments_of(customers)
    company = (customers["kind"] == "company").to_numpy()
    earliest, latest = parameters("joined")[segment].T
    founding = (earliest == 0) & (rng.random(count) < FOUNDING)
    part = np.where(founding, 0.0, earliest + (latest - earliest) * rng.random(count))
    joined = part * calendar.to_busy(company, calendar.days)
    pace = rng.lognormal(-0.01, 0.15, count)
    drawn = Buyers(
        segment=segment,
        company=company,
        founding=founding,
        joined=joined,
        gap=DAYS_A_YEAR / (parameters("orders_a_year")[segment] * pace),
        leave=(parameters("leave")[segment] * hazard_ratios(customers)).clip(max=0.8),
        return_chance=rng.choice(
            list(truths.RETURNS), count, p=list(truths.RETURNS.values())
        ),
        size=rng.lognormal(-0.02, 0.2, count),
    )
    return at_pace(drawn, calendar, orders)


def segments_of(customers: pd.DataFrame) -> Any:
    """The place in SEGMENTS of each customer's segment."""
    names = [segment.name for segment in SEGMENTS]
    return pd.Index(names).get_indexer(customers["segment"])


def at_pace(buyers: Buyers, calendar: Calendar, orders: int) -> Buyers:
    """`buyers`, all of them faster or slower, so that about `orders` result.

    Raises:
        ValueError: so few are out of reach.
    """
    gaps = (
        calendar.to_busy(buyers.company, calendar.days) - buyers.joined
    ) / buyers.gap
    regularity = parameters("regularity")[buyers.segment]
    openers = (
        ~buyers.founding * (1 + 1 / regularity) / 2
    ).sum()  # of a renewal process
    pace = (orders / STAYING - openers) / gaps.sum()
    if pace <= 0:
        raise ValueError(f"{len(buyers)} buyers place {openers:.0f} orders or more.")
    return replace(buyers, gap=buyers.gap / pace)


def hazard_ratios(customers: pd.DataFrame) -> Any:
    """By how much each customer is likelier to leave than the rest of its segment."""
    ratio = np.ones(len(customers))
    for (column, level), factor in truths.HAZARD.items():
        ratio[(customers[column] == level).to_numpy()] *= factor
    return ratio


def sales(buyers: Buyers, calendar: Calendar, rng: Any) -> Sales:
    """Draw all orders from the first day to the last."""
    whole = calendar.to_busy(buyers.company, calendar.days) - buyers.joined
    owner, first, clock = rhythm(buyers, whole, rng)
    returned = rng.random(len(owner)) < buyers.return_chance[owner]
    chance = buyers.leave[owner] * np.where(returned, truths.RETURN_HAZARD, 1.0)
    year_ago = calendar.to_busy(buyers.company, calendar.days - 365) - buyers.joined
    chance[clock < year_ago[owner]] *= truths.CALM
    decided = np.flatnonzero(rng.random(len(owner)) < chance.clip(max=truths.LIKELIEST))

    leaving = np.full(len(buyers), np.inf)
    who, where = np.unique(owner[decided], return_index=True)
    leaving[who] = clock[decided[where]]
    clock, last_day = faded(buyers, calendar, owner, clock, leaving)

    keep = clock < np.minimum(whole, last_day - buyers.joined)[owner]
    inside = leaving < whole
    leaving[inside] = calendar.to_day(
        buyers.company[inside], (buyers.joined + leaving)[inside]
    )
    leaving[~inside] = np.inf
    day = calendar.to_day(
        buyers.company[owner[keep]], (buyers.joined[owner] + clock)[keep]
    )
    cancelled = (rng.random(len(owner)) < CANCELLED) & ~returned
    cancelled[first] = False
    return Sales(owner[keep], day, returned[keep], cancelled[keep], leaving)


def rhythm(buyers: Buyers, whole: Any, rng: Any) -> tuple[Any, Any, Any]:
    """More orders than fit in `whole` busy days, of customers that never leave.

    Returns:
        The customer of each order, the place of each customer's first order, and
        the busy days of each order since its customer joined.
    """
    regularity = parameters("regularity")[buyers.segment]
    expected = whole / buyers.gap
    counts = np.ceil(expected + 5 * np.sqrt(expected / regularity)).astype(int) + 3
    owner = np.repeat(np.arange(len(buyers)), counts)
    first = counts.cumsum() - counts

    gaps = rng.standard_gamma(regularity[owner]) * (buyers.gap / regularity)[owner]
    waiting = rng.random(len(buyers)) * rng.standard_gamma(regularity + 1)
    waiting *= buyers.gap / regularity  # what is left of a gap that is under way
    gaps[first] = np.where(buyers.founding, waiting, 0.0)
    total = gaps.cumsum()
    return owner, first, total - (total[first] - gaps[first])[owner]


def faded(
    buyers: Buyers, calendar: Calendar, owner: Any, clock: Any, leaving: Any
) -> tuple[Any, Any]:
    """Stretch the gaps after the decision to leave.

    Returns:
        The busy days of each order since its customer joined, and for each
        customer the busy day, from the start, at which it is gone.
    """
    decided = calendar.to_day(buyers.company, buyers.joined + leaving)
    gone = calendar.to_busy(buyers.company, decided + FADE_DAYS)
    gone[decided >= calendar.days] = np.inf
    since = (clock - leaving[owner]).clip(min=0)
    return clock + since * (1 / FADE - 1), gone
