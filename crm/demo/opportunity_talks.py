"""How we kept in touch about opportunities: calls, mails, meetings and next steps."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo.activities import weekday, working_hours
from crm.demo.opportunities import WON
from crm.demo.pools import lengths, pick, pick_from

APART = {True: 5.0, False: 14.0}  # days from one to the next: with some often, or not
KINDS = {"call": 0.4, "mail": 0.35, "meeting": 0.15, "note": 0.1}
TEXTS = {
    "call": (
        "Talked about dates and quantities", "Asked who decides, and when",
        "Went through open questions", "They compare with another offer",
    ),
    "mail": (
        "Sent product sheets", "Sent references of similar offices",
        "Answered questions about delivery", "Sent a summary of the last call",
    ),
    "meeting": (
        "Visit at their office", "Demonstration in the showroom",
        "Walked through the plan together",
    ),
    "note": (
        "Decision goes through purchasing", "Budget is for this quarter",
        "Needs it before the move",
    ),
}  # fmt: skip
STEPS = (  # what is planned, by the stage that it stands in, or ended in
    ("Call to find out what they need", "Arrange a first visit"),
    ("Agree on quantities", "Show samples at their office"),
    ("Send the quote", "Go through the quote with them"),
    ("Ask for the decision", "Settle the terms of delivery"),
)


def draw_talks(table: pd.DataFrame, today: date, rng: Any) -> pd.DataFrame:
    """What happened, and what is planned, by opportunity and time.

    Args:
        table: as from `draw_opportunities`.

    Returns:
        `crm.demo.company.TALKS`.
    """
    both = pd.concat([_held(table, today, rng), _steps(table, rng)])
    return both.sort_values(["opportunity", "at"], kind="stable", ignore_index=True)


def _held(table: pd.DataFrame, today: date, rng: Any) -> pd.DataFrame:
    """What is done, between the opening and the end."""
    start = table["entered_0"].to_numpy()
    until = table["closed_at"].fillna(pd.Timestamp(today)).to_numpy()
    days = (until - start) / np.timedelta64(1, "D")
    of = np.repeat(
        np.arange(len(table)), rng.poisson(days / table["often"].map(APART).to_numpy())
    )
    gone = (days[of] * rng.random(len(of)) * 86_400).astype("timedelta64[s]")
    at = working_hours(weekday((start[of] + gone).astype("datetime64[D]")), rng)
    kind = rng.choice(len(KINDS), len(of), p=list(KINDS.values()))
    texts = list(TEXTS.values())
    place = (rng.random(len(of)) * lengths(texts)[kind]).astype(int)
    rows = {
        "opportunity": of,
        "kind": pick(list(KINDS), kind),
        "subject": pick_from(texts, kind, place),
        "at": at,
        "due_at": np.datetime64("NaT", "s"),
        "done_at": np.where(kind == len(KINDS) - 1, np.datetime64("NaT"), at),
    }
    return pd.DataFrame(rows)[(at > start[of]) & (at < until[of])]


def _steps(table: pd.DataFrame, rng: Any) -> pd.DataFrame:
    """Next steps: written down at the opening, done half-way, or still to be done."""
    place = np.flatnonzero(table["planned"])
    mine = table.iloc[place].reset_index(drop=True)
    entered = mine[["entered_0", "entered_1", "entered_2", "entered_3"]]
    stage = entered.notna().sum(axis="columns").to_numpy() - 1
    due = working_hours(mine["step_on"].to_numpy().astype("datetime64[D]"), rng)
    due = np.maximum(due, mine["entered_0"].to_numpy())
    done = np.minimum(due, mine["closed_at"].to_numpy())
    rows = {
        "opportunity": place,
        "kind": "task",
        "subject": pick_from(STEPS, stage, rng.integers(0, 2, len(mine))),
        "at": mine["entered_0"],
        "due_at": due,
        "done_at": np.where(mine["stage"] >= WON, done, np.datetime64("NaT")),
    }
    return pd.DataFrame(rows)
