"""What Larkfield tries to sell: opportunities, their way through the stages, their end."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import truths
from crm.demo.activities import working_hours
from crm.demo.pools import pick

A_YEAR = 0.28  # opportunities a year and customer that is a company
STAGES = 4  # that are open; then WON and LOST
WON, LOST = 4, 5
DAYS = (9.0, 13.0, 17.0, 11.0)  # in each open stage, on average
LEFT = (0.3, 0.25, 0.25, 0.2)  # of what is lost: in which stage
PLANNED = 0.6  # share with a next step
THINGS = {  # what it is about, and what it is worth, in euro
    "Office fit-out": 14_000.0,
    "Coffee corner": 4_500.0,
    "Framework agreement": 22_000.0,
    "Espresso machines": 6_000.0,
    "Printers for the new floor": 8_000.0,
    "Meeting room": 5_000.0,
    "Workplace supplies": 3_000.0,
}
RIVALS = ("Bürowelt Nord", "OfficeMax Depot", "Kaffeewerk", "Papyrus & Co", "")
WHY_LOST = {
    "price": 0.3, "competitor": 0.22, "no_need": 0.14, "no_budget": 0.12,
    "no_answer": 0.12, "timing": 0.1,
}  # fmt: skip
WHY_WON = {
    "product": 0.25, "price": 0.2, "service": 0.25, "relationship": 0.2, "speed": 0.1,
}  # fmt: skip
CENTS = 100  # ten-thousandths of a euro


def draw_opportunities(
    customers: pd.DataFrame, today: date, days: int, rng: Any
) -> pd.DataFrame:
    """The opportunities as they stand on the morning of `today`, by their opening.

    Args:
        customers: `external_id`, `source`, `owner`, `created_on` of the companies.
        days: how long back the first may have been opened.

    Returns:
        `crm.demo.company.OPPORTUNITIES`.
    """
    count = max(1, round(len(customers) * A_YEAR * days / 365.25))
    one = customers.iloc[np.sort(rng.integers(0, len(customers), count))]
    table = one[["external_id", "source", "owner"]].reset_index(drop=True)
    table = table.rename(columns={"external_id": "customer_external_id"})
    now = np.datetime64(today, "D")
    known = one["created_on"].to_numpy().astype("datetime64[D]")
    first = np.maximum(known, now - np.timedelta64(days, "D"))
    opened = first + ((now - first).astype(int) * rng.random(count)).astype(int)
    table["planned"] = rng.random(count) < PLANNED
    wins = rng.random(count) < chance(table["source"], table["planned"])
    table = table.join(_way(opened, wins, now, rng))
    return _described(table, now, rng).sort_values(
        "entered_0", kind="stable", ignore_index=True
    )


def chance(source: pd.Series, planned: pd.Series) -> Any:
    """To win, of each."""
    share = np.full(len(source), truths.WINS)
    for (field, level), ratio in truths.WINS_MORE.items():
        holds = source == level if field == "source" else planned
        share = share * np.where(holds, ratio, 1.0)
    return share


def _way(opened: Any, wins: Any, now: Any, rng: Any) -> pd.DataFrame:
    """When each stage was entered, NaT where it was not; `stage` is the last of them."""
    count = len(opened)
    takes = np.stack([rng.gamma(2.0, mean / 2.0, count) for mean in DAYS])
    last = np.where(wins, STAGES - 1, rng.choice(STAGES, count, p=LEFT))
    never = np.datetime64("NaT")
    at = working_hours(opened, rng)
    entered, stage = {}, np.zeros(count, dtype=int)
    for step in range(STAGES):
        is_there = (step <= last) & (at < now)
        entered[f"entered_{step}"] = np.where(is_there, at, never)
        stage = np.where(is_there, step, stage)
        reached = step < last
        wait = (takes[step] * 86_400).astype("int64").astype("timedelta64[s]")
        at = np.where(is_there, at + wait, at)
        closes = is_there & ~reached & (at < now)
        entered["closed_at"] = np.where(
            closes, at, entered.get("closed_at", np.full(count, never, "datetime64[s]"))
        )
        stage = np.where(closes, np.where(wins, WON, LOST), stage)
    return pd.DataFrame(entered | {"stage": stage})


def _described(table: pd.DataFrame, now: Any, rng: Any) -> pd.DataFrame:
    """With names, amounts, days and reasons."""
    count = len(table)
    thing = rng.integers(0, len(THINGS), count)
    worth = np.array(list(THINGS.values()))[thing] * rng.lognormal(0, 0.5, count)
    unknown = (table["stage"] == 0) & (rng.random(count) < 0.2)
    amount = (worth / 50).round().astype("int64") * 50 * 100 * CENTS
    opened = table["entered_0"].to_numpy().astype("datetime64[D]")
    hoped = opened + rng.integers(30, 80, count)
    soon = now + rng.integers(1, 45, count)
    is_open = (table["stage"] < WON).to_numpy()
    late = rng.random(count) < 0.15
    close = np.where(is_open & (hoped < now) & ~late, soon, hoped)
    lost, won = table["stage"] == LOST, table["stage"] == WON
    rival = pick(RIVALS, rng.integers(0, len(RIVALS), count))
    return table.assign(
        name=pick(list(THINGS), thing),
        amount=np.where(unknown, -1, amount),
        close_on=close,
        competitor=rival.where(lost | (rng.random(count) < 0.25), ""),
        lost_reason=_reason(WHY_LOST, lost, rng),
        won_reason=_reason(WHY_WON, won, rng),
        step_on=np.where(
            table["planned"],
            np.where(is_open, now + rng.integers(-3, 10, count), _middle(table)),
            np.datetime64("NaT"),
        ),
    )


def _middle(table: pd.DataFrame) -> Any:
    """The day half-way between the opening and the end; of what is open, NaT."""
    wait = (table["closed_at"] - table["entered_0"]) / 2
    return (table["entered_0"] + wait).to_numpy().astype("datetime64[D]")


def _reason(chances: dict[str, float], holds: pd.Series, rng: Any) -> Any:
    drawn = rng.choice(list(chances), len(holds), p=list(chances.values()))
    return np.where(holds, drawn, "")
