"""What had happened by a moment: for many opportunities and moments at once."""

import pandas as pd


def record(table: pd.DataFrame, closed: pd.DataFrame, key: str) -> pd.DataFrame:
    """`wins` and `ended`: how many had been closed before, of the same `key`."""
    ends = closed[[key, "closed_at", "state"]].dropna().sort_values("closed_at")
    by = ends.groupby(key)
    ends = ends.assign(
        at=ends["closed_at"],
        ended=by.cumcount() + 1.0,
        wins=(ends["state"] == "won").groupby(ends[key]).cumsum().astype("float64"),
    )
    found = latest(table, ends[[key, "at", "ended", "wins"]], key, also_now=False)
    return found[["wins", "ended"]].fillna(0.0)


def counted(table: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The last event by then, and the `count` of all by then."""
    events = events.sort_values("at", kind="stable")
    events = events.assign(count=events.groupby("opportunity_id").cumcount() + 1.0)
    found = latest(table, events, "opportunity_id")
    return found.assign(count=found["count"].fillna(0.0))


def latest(
    table: pd.DataFrame, events: pd.DataFrame, key: str, *, also_now: bool = True
) -> pd.DataFrame:
    """For each row the last event of the same `key` by then; of `events` the columns.

    Args:
        table: by `at`.
        also_now: whether what happened at the very moment counts.
    """
    left = table[["at", key]].astype({key: "Int64"})
    right = events.astype({key: "Int64"}).sort_values("at", kind="stable")
    named = left[key].fillna(-1).astype("int64")
    found = pd.merge_asof(
        left.assign(**{key: named}),
        right.astype({key: "int64"}),
        on="at",
        by=key,
        allow_exact_matches=also_now,
    )
    return found.drop(columns=["at", key])


def days(spans: pd.Series) -> pd.Series:
    """Spans of time in days."""
    found: pd.Series = spans.dt.total_seconds() / 86_400
    return found
