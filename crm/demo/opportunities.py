"""What Larkfield tries to sell: opportunities, their way through the stages, their end."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import truths
from crm.demo.activities import working_hours
from crm.demo.pools import pick

A_YEAR = 0.55  # opportunities a year and customer that is a company
STAGES = 4  # that are open; then WON and LOST
WON, LOST = 4, 5
DAYS = (9.0, 13.0, 17.0, 11.0)  # in each open stage, on average
LEFT = (0.3, 0.25, 0.25, 0.2)  # of what is lost: in which stage
PLANNED = 0.6  # share with a next step
OFTEN = 0.4  # share of those with whom we talk often
QUARTER = np.timedelta64(900, "s")
FOREIGN = {"US": ("USD", 0.35), "GB": ("GBP", 0.2)}  # currency, share of a country
CALLED = {  # how surely it is counted on, by open stage; "" by the stage alone
    2: {"best_case": 0.4, "pipeline": 0.1, "": 0.5},
    3: {"commit": 0.65, "best_case": 0.15, "omitted": 0.05, "": 0.15},
}
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


def draw_opportunities(
    customers: pd.DataFrame, today: date, days: int, rng: Any
) -> pd.DataFrame:
    """The opportunities as they stand on the morning of `today`, by their opening.

    Args:
        customers: `external_id`, `source`, `owner`, `country`, `created_on` of the
            companies.
        days: how long back the first may have been opened.

    Returns:
        The columns of `crm.demo.company.OPPORTUNITIES` but for amount and expected
        day; `worth`, what it is about to be worth in euro; `is_unknown`, whether
        nobody knows that yet; `would_end`, when it is won or would have been.
    """
    now = np.datetime64(today, "D")
    count = max(1, round(len(customers) * A_YEAR * days / 365.25))
    opened = now - rng.integers(1, days + 1, count)
    known = customers.sort_values("created_on", kind="stable", ignore_index=True)
    since = known["created_on"].to_numpy().astype("datetime64[D]")
    there = np.searchsorted(since, opened, side="right").clip(min=1)
    one = known.iloc[(rng.random(count) * there).astype(int)].reset_index(drop=True)
    opened = np.maximum(opened, one["created_on"].to_numpy().astype("datetime64[D]"))
    table = one[["external_id", "source", "owner", "country"]].rename(
        columns={"external_id": "customer_external_id"}
    )
    table["planned"] = rng.random(count) < PLANNED
    table["often"] = rng.random(count) < OFTEN
    wins = rng.random(count) < chance(table)
    table = table.join(_way(opened, wins, now, rng))
    return _described(table, now, rng).sort_values(
        "entered_0", kind="stable", ignore_index=True
    )


def chance(table: pd.DataFrame) -> Any:
    """To win, of each: `source`, `planned`, `often`."""
    share = np.full(len(table), truths.WINS)
    told = {"next step": table["planned"], "contact": table["often"]}
    for (field, level), ratio in truths.WINS_MORE.items():
        holds = told[field] if field in told else table[field] == level
        share = share * np.where(holds, ratio, 1.0)
    return share


def _way(opened: Any, wins: Any, now: Any, rng: Any) -> pd.DataFrame:
    """When each stage was entered, NaT where it was not; `stage` is the last of them."""
    count = len(opened)
    last = np.where(wins, STAGES - 1, rng.choice(STAGES, count, p=LEFT))
    closed, never = np.full(count, "NaT", "datetime64[s]"), np.datetime64("NaT")
    stage, entered = np.zeros(count, dtype=int), {}
    at = working_hours(opened, rng) + seconds(count, rng)
    for step, mean in enumerate(DAYS):
        is_there = (step <= last) & (at < now)
        entered[f"entered_{step}"] = np.where(is_there, at, never)
        stage = np.where(is_there, step, stage)
        at = later_on(at, rng.gamma(2.0, mean / 2.0, count), rng)
        closes = is_there & (step == last) & (at < now)
        closed = np.where(closes, at, closed)
        stage = np.where(closes, np.where(wins, WON, LOST), stage)
    return pd.DataFrame(
        entered | {"would_end": at, "closed_at": closed, "stage": stage}
    )


def later_on(at: Any, days: Any, rng: Any) -> Any:
    """About so many days later, on a workday."""
    then = at + (days * 86_400).astype("int64").astype("timedelta64[s]")
    day = np.busday_offset(then.astype("datetime64[D]"), 0, roll="forward")
    worked = working_hours(day, rng) + seconds(len(at), rng)
    return np.maximum(worked, at + QUARTER)


def seconds(count: int, rng: Any) -> Any:
    """Within a quarter of an hour."""
    return rng.integers(1, 900, count).astype("timedelta64[s]")


def _described(table: pd.DataFrame, now: Any, rng: Any) -> pd.DataFrame:
    """With names, what it is worth, next steps and reasons."""
    count = len(table)
    thing = rng.integers(0, len(THINGS), count)
    is_open = (table["stage"] < WON).to_numpy()
    lost, won = table["stage"] == LOST, table["stage"] == WON
    rival = pick(RIVALS, rng.integers(0, len(RIVALS), count))
    step_on = np.where(is_open, now + rng.integers(-3, 10, count), _middle(table))
    return table.assign(
        name=pick(list(THINGS), thing),
        worth=np.array(list(THINGS.values()))[thing] * rng.lognormal(0, 0.5, count),
        is_unknown=(table["stage"] == 0) & (rng.random(count) < 0.2),
        currency=_currency(table["country"], rng),
        category=_category(table["stage"].to_numpy(), rng),
        competitor=rival.where(lost | (rng.random(count) < 0.25), ""),
        lost_reason=_reason(WHY_LOST, lost, rng),
        won_reason=_reason(WHY_WON, won, rng),
        step_on=np.where(table["planned"], step_on, np.datetime64("NaT")),
    )


def _currency(country: pd.Series, rng: Any) -> Any:
    """ "" is the book currency."""
    draw = rng.random(len(country))
    currency = np.full(len(country), "", dtype=object)
    for code, (name, share) in FOREIGN.items():
        currency[(country == code).to_numpy() & (draw < share)] = name
    return currency


def _category(stage: Any, rng: Any) -> Any:
    called = np.full(len(stage), "", dtype=object)
    for place, chances in CALLED.items():
        drawn = rng.choice(list(chances), len(stage), p=list(chances.values()))
        called = np.where(stage == place, drawn, called)
    return called


def _middle(table: pd.DataFrame) -> Any:
    """The day half-way between the opening and the end; of what is open, NaT."""
    wait = (table["closed_at"] - table["entered_0"]) / 2
    return (table["entered_0"] + wait).to_numpy().astype("datetime64[D]")


def _reason(chances: dict[str, float], holds: pd.Series, rng: Any) -> Any:
    drawn = rng.choice(list(chances), len(holds), p=list(chances.values()))
    return np.where(holds, drawn, "")
