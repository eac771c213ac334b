"""The campaigns of Larkfield: whom they were for, who was held out, who responded.

Orders stay as they are, so that nothing else that is planted changes. What a campaign
lifts (`truths.LIFTS`) is planted by the lot: whoever orders in the days after is held
out less often, just so much that the shares that order, of those held out and of the
others, differ by the lift. That cannot be told from customers whom it made order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import team, truths

OWNER = "Katja Novak"
WATCHED = 30  # days in which the planted lift is there
GETS_THERE = 0.97  # share of those not held out that are reached
ANSWERS = {True: 0.4, False: 0.05}  # of those reached, by whether they order then
DAY = np.timedelta64(86_400, "s")
NEVER = np.datetime64("NaT", "s")

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Plan:
    """One campaign: `ago` (days before today) it began and for how long it went on."""

    name: str
    kind: str
    ago: int
    days: int
    share: float  # of the customers there were
    hold_out: float
    budget: int  # euro
    cost: int


PLANS = (
    Plan("Spring catalogue", "post", 700, 21, 0.8, 0.1, 6_000, 5_820),
    Plan("Reorder reminder", "email", 430, 14, 0.9, 0.2, 1_500, 1_240),
    Plan("Office coffee tasting", "event", 300, 10, 0.35, 0.15, 8_000, 8_450),
    Plan("Autumn newsletter", "email", 160, 14, 0.85, 0.2, 900, 760),
    Plan("Calls to quiet customers", "phone", 75, 21, 0.25, 0.15, 3_000, 2_900),
    Plan("Coffee month", "email", 12, 30, 0.8, 0.15, 1_500, 600),
    Plan("Summer fair", "event", -60, 2, 0.0, 0.1, 12_000, 0),
)


def draw_campaigns(today: date, tables: Tables, rng: Any) -> Tables:
    """The campaigns, and the recipients of each, as on the morning of `today`.

    Args:
        tables: of the company: `customers`, `orders`.

    Returns:
        `campaigns` and `recipients`, as in `crm.demo.company`.
    """
    now = np.datetime64(today, "s")
    sold = _sales(tables["orders"])
    parts = []
    for number, plan in enumerate(PLANS):
        start = now - plan.ago * DAY
        ids = _chosen(tables["customers"], start, plan, rng)
        if ids is not None:
            part = _recipients(ids, start, plan, sold, rng)
            parts.append(_by(part.assign(campaign=number), now))
    campaigns = pd.DataFrame([_campaign(plan, now) for plan in PLANS])
    nobody = _recipients(pd.Series([], dtype="str"), now, PLANS[0], sold, rng)
    parts.append(nobody.assign(campaign=0))
    return {"campaigns": campaigns, "recipients": pd.concat(parts, ignore_index=True)}


def hold_out(ordered: Any, share: float, lift: float) -> Any:
    """The chance of each to be held out, so that the sides differ by `lift`.

    With p of all ordering, of those held out p - (1 - share) · lift are to: by Bayes
    that is a chance of share · that / p for one who orders, and for one who does not
    share · (1 - that) / (1 - p).
    """
    p = float(ordered.mean()) if len(ordered) else 0.0
    if not 0 < p < 1:  # a company of hardly anybody
        return np.full(len(ordered), share)
    without = max(p - (1 - share) * lift, 0.0)
    return np.where(ordered, share * without / p, share * (1 - without) / (1 - p))


def _campaign(plan: Plan, now: np.datetime64) -> dict[str, Any]:
    start = now - plan.ago * DAY
    end = start + plan.days * DAY
    running = "running" if end >= now else "ended"
    return {
        "name": plan.name,
        "kind": plan.kind,
        "status": "planned" if start > now else running,
        "starts_on": start,
        "ends_on": end,
        "budget": plan.budget * 10_000,
        "cost": plan.cost * 10_000,
        "hold_out": plan.hold_out,
        "owner": team.email(OWNER),
    }


def _sales(orders: pd.DataFrame) -> pd.DataFrame:
    """Customer and day of the confirmed sales."""
    kept = (orders["kind"] == "sale") & (orders["status"] == "confirmed")
    days = orders["ordered_at"].to_numpy("datetime64[s]").astype("datetime64[D]")
    ids = orders["customer_external_id"]
    return pd.DataFrame({"customer": ids, "day": days.astype("datetime64[s]")})[kept]


def _chosen(
    customers: pd.DataFrame, start: np.datetime64, plan: Plan, rng: Any
) -> pd.Series | None:
    """Some of those who were there when it began."""
    there = customers.loc[customers["created_on"] < start, "external_id"]
    some = there[rng.random(len(there)) < plan.share].reset_index(drop=True)
    return some if len(some) else None


def _recipients(
    ids: pd.Series, start: np.datetime64, plan: Plan, sold: pd.DataFrame, rng: Any
) -> pd.DataFrame:
    """Added the evening before, reached within three days, answering in the week."""
    after = sold[(sold["day"] > start) & (sold["day"] <= start + WATCHED * DAY)]
    ordered = ids.isin(after["customer"]).to_numpy()
    chance = hold_out(ordered, plan.hold_out, truths.LIFTS.get(plan.name, 0.0))
    held = rng.random(len(ids)) < chance
    got = ~held & (rng.random(len(ids)) < GETS_THERE)
    hours = rng.integers(8, 3 * 24, len(ids)) * np.timedelta64(3_600, "s")
    likely = np.where(ordered, ANSWERS[True], ANSWERS[False])
    answers = got & (rng.random(len(ids)) < likely)
    wait = rng.integers(1, 7 * 24, len(ids)) * np.timedelta64(3_600, "s")
    return pd.DataFrame(
        {
            "customer_external_id": ids,
            "held_out": held,
            "added_at": start - np.timedelta64(6 * 3_600, "s"),
            "reached_at": np.where(got, start + hours, NEVER),
            "responded_at": np.where(answers, start + hours + wait, NEVER),
        }
    )


def _by(part: pd.DataFrame, now: np.datetime64) -> pd.DataFrame:
    """Without what has not happened yet."""
    times = {
        name: part[name].where(part[name] < now)
        for name in ("reached_at", "responded_at")
    }
    return part.assign(**times)
