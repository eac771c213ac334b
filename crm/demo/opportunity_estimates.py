"""What was expected of opportunities: the amount, and the day on which they close.

Sellers are hopeful: what is won is won later than was said, by `truths.SLIP` days in
the middle. The day is said anew with the proposal, and when it has passed.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import truths
from crm.demo.activities import working_hours

SPREAD, LATER = 12.0, 7.0  # days; at the opening, and once more is known
SOONEST = 3  # days from the statement to the day that it says
ANEW = 0.5  # share that is dated anew with the proposal
RESTATED = 0.4  # share whose amount was a guess until the proposal
NEGLECTED = 0.15  # share that nobody dates anew when the day has passed
ROUNDS = 4
GUESS = 50 * 10_000  # guesses are round
NEVER = np.datetime64("NaT")


def draw_estimates(
    table: pd.DataFrame, amounts: Any, today: date, rng: Any
) -> pd.DataFrame:
    """Every statement, by opportunity and time; the last one holds.

    Args:
        table: as from `draw_opportunities`.
        amounts: of its lines together, in ten-thousandths; -1 where none is known.

    Returns:
        `crm.demo.company.ESTIMATES`.
    """
    count = len(table)
    end = _days(table["would_end"])
    until = table["closed_at"].fillna(pd.Timestamp(today)).to_numpy()
    proposed = table["entered_2"].to_numpy()
    guesses = (table["currency"] == "").to_numpy() & (rng.random(count) < RESTATED)
    guesses &= ~np.isnat(proposed)
    dates_anew = ~np.isnat(proposed) & (rng.random(count) < ANEW)
    waits = guesses | dates_anew  # for the proposal
    careful = rng.random(count) >= NEGLECTED
    at = table["entered_0"].to_numpy()
    day = _said(end, at, SPREAD, rng)
    amount = np.where(guesses, _guess(amounts, rng), amounts)
    rows = [_rows(at, amount, day, np.ones(count, bool))]
    for _round in range(ROUNDS):
        noticed = np.busday_offset(day + rng.integers(1, 8, count), 0, roll="forward")
        passed = np.where(careful, working_hours(noticed, rng), NEVER)
        is_proposal = waits & ~(passed < proposed)
        at = np.where(is_proposal, proposed, passed)
        happens = at < until
        anew = happens & (dates_anew | ~is_proposal)
        day = np.where(anew, _said(end, at, LATER, rng), day)
        amount = np.where(happens & is_proposal, amounts, amount)
        waits = waits & ~(happens & is_proposal)
        rows.append(_rows(at, amount, day, happens))
    return pd.concat(rows).sort_values(["opportunity", "at"], ignore_index=True)


def _said(end: Any, at: Any, spread: float, rng: Any) -> Any:
    """The day that is said at a moment of what ends, or would end, on another day."""
    count = len(end)
    slip = np.rint(rng.normal(truths.SLIP, spread, count)).astype(int)
    soonest = _days(at) + rng.integers(SOONEST, 7 * SOONEST, count)
    said = end - slip
    return np.where(said < _days(at) + SOONEST, soonest, said)


def _guess(amounts: Any, rng: Any) -> Any:
    near = amounts * rng.lognormal(0.05, 0.2, len(amounts))
    return np.where(amounts < 0, -1, np.maximum((near / GUESS).round(), 1) * GUESS)


def _rows(at: Any, amount: Any, day: Any, happens: Any) -> pd.DataFrame:
    rows = {"opportunity": np.arange(len(at)), "at": at, "amount": amount}
    return pd.DataFrame(rows | {"close_on": day})[happens]


def _days(times: Any) -> Any:
    return np.asarray(times).astype("datetime64[D]")
