"""Win rates: of what was decided, what was won, by any field; and the reasons."""

import pandas as pd

from crm.analytics.shares import wilson
from crm.frames import Schema, typed

WIN_RATES: Schema = {  # one row per value of the field, the most opportunities first
    "level": "str",  # the value; empty where nothing is entered
    "won": "int64",
    "lost": "int64",
    "decided": "int64",  # both together
    "share": "float64",  # won, of what was decided
    "low": "float64",  # 95 % interval (Wilson)
    "high": "float64",
    "amount": "float64",  # of what was won, base currency
}
REASONS: Schema = {  # one row per reason, the most frequent first
    "reason": "str",  # empty where nothing is entered
    "opportunities": "int64",
    "share": "float64",
    "amount": "float64",  # base currency
}


def win_rates(decided: pd.DataFrame, field: str) -> pd.DataFrame:
    """See `WIN_RATES`.

    Args:
        decided: `state` (won or lost), `amount` and the field, a row for each that has
            ended.
        field: the name of a column of texts.
    """
    won = decided["state"] == "won"
    grouped = decided.assign(
        won=won.astype("int64"), amount=decided["amount"].where(won).fillna(0.0)
    ).groupby(decided[field].astype("str"))
    found = grouped.agg(
        won=("won", "sum"), decided=("won", "size"), amount=("amount", "sum")
    )
    low, high = wilson(found["won"], found["decided"])
    table = found.assign(
        level=found.index,
        lost=found["decided"] - found["won"],
        share=found["won"] / found["decided"],
        low=low,
        high=high,
    )
    order = table.sort_values(["decided", "level"], ascending=[False, True])
    return typed(order.reset_index(drop=True), WIN_RATES)


def overall(decided: pd.DataFrame) -> pd.Series:
    """The win rate of all together: one row of `WIN_RATES`, or of zeros."""
    rates = win_rates(decided.assign(all=""), "all")
    if rates.empty:
        return pd.Series({"won": 0, "decided": 0, "share": float("nan"), "amount": 0.0})
    return rates.iloc[0]


def reasons(ended: pd.DataFrame, field: str) -> pd.DataFrame:
    """See `REASONS`: why opportunities ended as they did.

    Args:
        ended: `amount` and the field, a row for each that was won (or lost).
        field: the name of a column of texts.
    """
    grouped = ended.assign(amount=ended["amount"].fillna(0.0)).groupby(
        ended[field].astype("str")
    )
    found = grouped.agg(opportunities=("amount", "size"), amount=("amount", "sum"))
    table = found.assign(
        reason=found.index, share=found["opportunities"] / max(len(ended), 1)
    )
    order = table.sort_values(["opportunities", "reason"], ascending=[False, True])
    return typed(order.reset_index(drop=True), REASONS)
