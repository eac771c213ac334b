"""Lifetime value: what each customer is expected to bring within a horizon.

Expected days with a purchase (BG/NBD) times the expected amount of such a day
(Gamma-Gamma), less the share that is sent back, discounted to the day of the
analysis. Intervals and a test on the past stand beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.lifetime import bg_nbd, gamma_gamma, lifetime_notes
from crm.analytics.lifetime.histories import histories
from crm.analytics.lifetime.lifetime_check import Check, Past, judge
from crm.analytics.lifetime.lifetime_models import Models, fits, learn, purchase_days
from crm.analytics.lifetime.lifetime_spread import LEVEL, Ahead, Range, Spent, spread
from crm.analytics.notes import Note
from crm.errors import Invalid, NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

Floats = npt.NDArray[np.float64]
Progress = Callable[[float], None]

HORIZONS = (30, 1826)  # days, the shortest and the longest that can be asked for
HIGHEST_RATE = 1.0  # a year

WORTH: Schema = {  # one row per buyer, by lifetime value from the highest on
    "customer_id": "int64",
    "x": "int64",  # as in `crm.frames.REPEAT_BUYERS`
    "recency": "int64",  # days since the last purchase
    "alive": "float64",  # chance not to have left; NaN where x is 0: not known
    "purchases": "float64",  # expected days with a purchase within the horizon
    "value": "float64",  # expected of such a day, net
    "lifetime_value": "float64",  # expected within the horizon, net, discounted
    "low": "float64",  # 90 % of such customers bring from so much …
    "high": "float64",  # … to so much
    "at_risk": "float64",  # what it would be worth if surely there, less the above
}
CONCENTRATION: Schema = {  # up to 100 steps through the customers, the best first
    "customers": "float64",  # share, 0 to 1
    "value": "float64",  # share of the total that they bring
}


@dataclass(frozen=True)
class LifetimeValue:
    """What customers are worth as of a day, and how far to trust it.

    Attributes:
        customers: as in `WORTH`.
        total: of all customers, with its 90 % interval.
        top_share: part of the total that the best tenth of customers brings.
        models: fitted to all customers of the day.
        parameters: of the models, by name, with 90 % intervals.
        correlation: of purchases and their value; see `lifetime_notes.correlation`.
        check: the test on the past; None where there was too little of it.
        concentration: as in `CONCENTRATION`.
        notes: what to say beside the figures; `unsettled` beside the parameters.
    """

    as_of: date
    horizon: int
    annual_rate: float
    customers: pd.DataFrame
    total: Range
    top_share: float
    models: Models
    parameters: dict[str, Range]
    correlation: float | None
    check: Check | None
    concentration: pd.DataFrame
    notes: tuple[Note, ...]
    unsettled: tuple[Note, ...]


def held_out(buyers: pd.DataFrame, horizon: int) -> int:
    """How many days to hold out for the test: the horizon, or half the history."""
    history = int(buyers["T"].max()) if len(buyers) else 0
    return max(min(horizon, history // 2), 1)


def estimate(
    buyers: pd.DataFrame,
    past: Past,
    *,
    as_of: date,
    horizon: int,
    annual_rate: float,
    on_progress: Progress | None = None,
) -> LifetimeValue:
    """Value all customers, and put the models to the test on the past.

    Args:
        buyers: as of the day, as in `crm.frames.REPEAT_BUYERS`.
        past: the customers `held_out` days before.
        horizon: days to look ahead.
        annual_rate: of discount, 0.1 is 10 %.
        on_progress: told the share done, 0 to 1.

    Raises:
        NotEnoughData: too few repeat buyers, or too short a history.
        Invalid: a horizon or rate out of bounds, or impossible histories.
    """
    told = on_progress or (lambda _share: None)
    _check(horizon, annual_rate)
    models = learn(buyers, as_of=as_of)
    told(0.2)
    found = _valued(buyers, models, Ahead(horizon, annual_rate, models.kept), told)
    check, doubts = _tested(past, buyers, as_of)
    told(1.0)
    notes = lifetime_notes.of_data(buyers, as_of=as_of, horizon=horizon)
    return LifetimeValue(
        as_of=as_of,
        horizon=horizon,
        annual_rate=annual_rate,
        models=models,
        correlation=lifetime_notes.correlation(buyers),
        check=check,
        notes=notes + doubts,
        unsettled=lifetime_notes.of_models(models),
        **found,
    )


def _valued(
    buyers: pd.DataFrame, models: Models, ahead: Ahead, told: Progress
) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    drawn = fits(buyers, models, rng)
    told(0.4)
    table, if_alive = _expected(buyers, models, ahead)
    spent = Spent(histories(buyers), *purchase_days(buyers))
    around = spread(spent, ahead, drawn, rng, lambda share: told(0.4 + share / 2))
    table = table.assign(low=around.low, high=around.high)
    table["at_risk"] = if_alive - table["lifetime_value"]
    order = ["lifetime_value", "customer_id"]
    customers = typed(table.sort_values(order, ascending=[False, True]), WORTH)
    curve = _concentration(customers["lifetime_value"].to_numpy())
    tenth = int(np.searchsorted(curve["customers"], 0.1 - 1e-9))
    return {
        "customers": customers.reset_index(drop=True),
        "total": Range(float(table["lifetime_value"].sum()), *around.total),
        "top_share": float(curve["value"].iloc[tenth]),
        "parameters": _intervals(models, drawn),
        "concentration": curve,
    }


def _expected(
    buyers: pd.DataFrame, models: Models, ahead: Ahead
) -> tuple[pd.DataFrame, Floats]:
    """The columns of `WORTH` that are no intervals, and values if surely there."""
    known, model = histories(buyers), models.purchases
    alive = model.alive(known)[known.rows]
    rate = ahead.annual_rate
    made, counted = (
        one[known.rows] for one in model.ahead(known, ahead.days, annual_rate=rate)
    )
    value = models.value(buyers)
    table = buyers[["customer_id", "x"]].assign(
        recency=buyers["T"] - buyers["t_x"],
        alive=np.where(buyers["x"] > 0, alive, np.nan),
        purchases=alive * made,
        value=value,
        lifetime_value=alive * counted * value,
    )
    return table, counted * value


def _concentration(values: Floats) -> pd.DataFrame:
    """`values` are sorted, the highest first."""
    steps = np.unique(np.ceil(np.linspace(0, 1, 101) * len(values)).astype(int))
    summed = np.append(0, np.cumsum(values))
    shares = summed[steps] / summed[-1] if summed[-1] > 0 else steps / len(values)
    return typed({"customers": steps / len(values), "value": shares}, CONCENTRATION)


def _intervals(models: Models, drawn: list[Any]) -> dict[str, Range]:
    names = [(0, name) for name in bg_nbd.NAMES] + [(1, n) for n in gamma_gamma.NAMES]
    fitted = (models.purchases, models.spend)
    return {
        name: Range(
            getattr(fitted[part], name),
            *map(float, np.percentile([getattr(p[part], name) for p in drawn], LEVEL)),
        )
        for part, name in names
    }


def _tested(
    past: Past, now: pd.DataFrame, as_of: date
) -> tuple[Check | None, tuple[Note, ...]]:
    try:
        check = judge(past, now, as_of=as_of)
    except NotEnoughData:
        return None, ()
    return check, lifetime_notes.of_check(check)


def _check(horizon: int, annual_rate: float) -> None:
    shortest, longest = HORIZONS
    if not shortest <= horizon <= longest:
        raise Invalid(
            _("The horizon is a number of days from {shortest} to {longest}.").format(
                shortest=shortest, longest=longest
            ),
            field="horizon",
        )
    if not 0 <= annual_rate <= HIGHEST_RATE:
        raise Invalid(
            _("The discount rate is from 0 to 100% a year."), field="annual_rate"
        )
