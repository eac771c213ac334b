"""The way of quotes: when they were sent, revised and answered, by whom and how."""

from typing import Any

import numpy as np
import pandas as pd

from crm.demo.activities import working_hours
from crm.demo.opportunities import later_on

VALID = 30  # days
HOUR = np.timedelta64(3_600, "s")
DAY = np.timedelta64(1, "D")
NEVER = np.datetime64("NaT", "s")
NOTES = {  # what is said when a quote is declined, by the reason of the loss
    "price": "Another offer was cheaper.",
    "competitor": "We have decided for another supplier.",
    "no_need": "The project was called off.",
    "no_budget": "Not this year, the budget is spent.",
    "timing": "We come back to you next year.",
}


def sent(table: pd.DataFrame, now: Any, lately: int, rng: Any) -> pd.DataFrame:
    """When each was sent: soon after the proposal; what is open, not long ago.

    Args:
        table: `kind` (open, won or lost), `entered_2` and `until`.
        lately: days, at most, since what is open was sent.

    Returns:
        `table` with `status`, `sent_at`, `issued_on`, `valid_until`.
    """
    proposed, until = table["entered_2"].to_numpy(), table["until"].to_numpy()
    is_open = (table["kind"] == "open").to_numpy()
    day = now.astype("datetime64[D]") - rng.integers(1, lately, len(table))
    recent = working_hours(np.busday_offset(day, 0, roll="backward"), rng)
    soon = np.minimum(proposed + HOUR, proposed + (until - proposed) // 2)
    at = np.where(is_open, np.maximum(recent, soon), soon)
    status = table["kind"].map({"open": "sent", "won": "accepted", "lost": "declined"})
    status, valid = status.to_numpy(object), np.full(len(table), VALID)
    waiting = np.flatnonzero(is_open)
    if len(waiting) > 1:
        oldest, *_others, newest = waiting[np.argsort(proposed[waiting], kind="stable")]
        status[newest], at[oldest] = "draft", soon[oldest]
        valid[oldest] = np.clip((now - at[oldest]) // DAY - 2, 1, VALID)
    issued = at.astype("datetime64[D]")
    return table.assign(
        status=status, sent_at=at, issued_on=issued, valid_until=issued + valid
    )


def answered(table: pd.DataFrame, now: Any, rng: Any) -> pd.DataFrame:
    """With answers at the end; of what was accepted, the order follows within a day or two."""
    is_won, is_open = (table["kind"] == one for one in ("won", "open"))
    until = table["until"].to_numpy()
    ordered = later_on(until, rng.random(len(table)), rng)
    note = table["lost_reason"].map(NOTES).fillna("")
    return table.assign(
        answered_at=table["until"].mask(is_open),
        answered_by=table["person"].mask(is_open, ""),
        answer_note=note.where(table["kind"] == "lost", ""),
        ordered_at=np.where(is_won, np.where(ordered < now, ordered, until), NEVER),
    )


def versions(table: pd.DataFrame, bargained: Any, rng: Any) -> pd.DataFrame:
    """The last version of each; before it another, where one was `bargained` for.

    Where there is time for it: no draft, nothing that has lapsed.

    Returns:
        By the day of the first version: the columns of `table` and `revision`.
    """
    at, until = table["sent_at"].to_numpy(), table["until"].to_numpy()
    share = (until - at) / DAY * rng.uniform(0.3, 0.6, len(table))
    again = later_on(at, share, rng)
    valid = (table["valid_until"] - table["issued_on"]).to_numpy()
    is_sent = (table["status"] != "draft").to_numpy() & (valid == VALID * DAY)
    twice = bargained & is_sent & (again < until)
    last_at = np.where(twice, again, at)
    issued = last_at.astype("datetime64[D]")
    last = table.assign(
        revision=np.where(twice, 2, 1), sent_at=last_at, issued_on=issued,
        valid_until=issued + valid, begun=at,
    )  # fmt: skip
    last["sent_at"] = last["sent_at"].where(last["status"] != "draft")
    first = table.assign(
        revision=1, status="replaced", discount=0, answered_at=NEVER, answered_by="",
        answer_note="", ordered_at=NEVER, begun=at,
    )[twice]  # fmt: skip
    keys = ["begun", "opportunity", "revision"]
    return pd.concat([first, last]).sort_values(keys, ignore_index=True)
