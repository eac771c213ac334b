"""What everybody is to win this year, and what a manager expects of the quarter."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo.opportunities import WON

REACHED = (0.82, 1.1)  # share of the target, of quarters that are over
ROUND = 500  # euro
LEAST = 1_000  # euro a month
SURE = 0.85  # share of what is committed that the manager counts on
NOTE = "One of these will slip into the next quarter."
SCALE = 10_000


def draw_targets(opportunities: pd.DataFrame, today: date, rng: Any) -> pd.DataFrame:
    """Targets of the year of `today`: every month and quarter, of each owner and all.

    Those of the quarters that are over were reached about as targets are; the others
    ask for what the last twelve months have brought.

    Args:
        opportunities: `owner`, `stage`, `closed_at`, `worth` (euro).

    Returns:
        `crm.demo.company.TARGETS`.
    """
    won = opportunities[opportunities["stage"] == WON]
    closed, now = won["closed_at"], pd.Timestamp(today)
    lately = won[closed >= now - pd.Timedelta(days=365)]
    usual = lately.groupby("owner")["worth"].sum() / 4
    closed_in, rows = closed.dt.to_period("Q"), []
    for period in pd.period_range(f"{today.year}Q1", periods=4, freq="Q"):
        brought = won[closed_in == period].groupby("owner")["worth"].sum()
        is_over = period.end_time < now
        for owner, level in usual.items():
            basis = brought.get(owner, level) if is_over else level
            wanted = float(basis) / rng.uniform(*REACHED) / 3
            month = max(round(wanted / ROUND) * ROUND, LEAST)
            rows.append((owner, "quarter", period.start_time, 3 * month))
            rows += [
                (owner, "month", start, month)
                for start in pd.date_range(period.start_time, periods=3, freq="MS")
            ]
    table = pd.DataFrame(rows, columns=["owner", "period", "starts_on", "amount"])
    together = table.groupby(["period", "starts_on"], as_index=False)["amount"].sum()
    both = pd.concat([table, together.assign(owner="")], ignore_index=True)
    return both.assign(amount=(both["amount"] * SCALE).astype("int64"))


def expected(opportunities: pd.DataFrame, today: date) -> int:
    """What the manager counts on of what is committed for this quarter; 0 for nothing.

    Args:
        opportunities: `stage`, `category`, `close_on`, `worth` (euro).

    Returns:
        Ten-thousandths of a euro.
    """
    mine = (opportunities["stage"] < WON) & (opportunities["category"] == "commit")
    mine &= opportunities["close_on"] <= quarter(today).end_time  # overdue ones, too
    total = opportunities.loc[mine, "worth"].sum() * SURE
    return int(np.floor(total / ROUND)) * ROUND * SCALE


def quarter(today: date) -> pd.Period:
    """The one that runs."""
    return pd.Timestamp(today).to_period("Q")
