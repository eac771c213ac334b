"""The sales forecast as it would have stood on the first of past months.

Each time everything is as it stood then: stages, amounts, expected days, and a history
that ends there. Compared with what came: of that month, and of three months. Chances
are those of the stages, as what a model would have said then is not kept.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm.analytics.deals import sales_slip
from crm.analytics.deals.sales_book import Book, ended
from crm.analytics.deals.sales_forecast import LEVELS, draw
from crm.analytics.deals.sales_known import Horizon, Known
from crm.analytics.deals.sales_weighted import weighted
from crm.analytics.shares import wilson
from crm.errors import NotEnoughData
from crm.frames import Schema, typed

MONTHS = 12  # of the past that are tried
SPANS = (1, 3)  # months that are forecast
DRAWS = 4_000
LATELY = 6  # months whose mean is the simplest forecast

TRIED: Schema = {  # one row per span and first of a month
    "months": "int64",  # the span
    "period": "datetime64[s]",  # the first of the month
    "p10": "float64",
    "p50": "float64",
    "p90": "float64",
    "actual": "float64",  # what was won in the span, base currency
    "held": "bool",  # by p10 to p90
    "weighted": "float64",  # the plain weighted pipeline; NaN where too few had days
    "recent": "float64",  # the mean of the last months, times the span
    "open": "int64",  # opportunities then
}
JUDGED: Schema = {  # one row per span
    "months": "int64",
    "tried": "int64",
    "held": "int64",
    "coverage": "float64",  # share that the interval of 80 % has held
    "low": "float64",  # its own interval of 95 % (Wilson)
    "high": "float64",
    "mae": "float64",  # mean absolute error of p50
    "mae_weighted": "float64",  # of the weighted pipeline, on the months that have one
    "mae_beside": "float64",  # of p50 on these same months
    "mae_recent": "float64",
}


@dataclass(frozen=True)
class BackTest:
    """`tried` as `TRIED`, `judged` as `JUDGED`; `skipped` months had no history."""

    tried: pd.DataFrame
    judged: pd.DataFrame
    skipped: int


def back_test(
    book: Book,
    moment: pd.Timestamp,
    *,
    draws: int = DRAWS,
    on_progress: Callable[[float], None] = lambda _share: None,
) -> BackTest:
    """The last `MONTHS` months that were over at `moment`.

    Args:
        on_progress: called with the share that is done, 0 to 1.
    """
    over = moment.to_period("M") - 1
    seen = sales_slip.seen(book, moment)
    won = ended(book, moment)
    won = won[won["won"]]
    came = won.groupby(won["closed_on"].dt.to_period("M"))["amount"].sum()
    rows, skipped = [], 0
    for number, month in enumerate(pd.period_range(end=over, periods=MONTHS, freq="M")):
        try:
            rows += _asked(book, month, over, seen, came, draws)
        except NotEnoughData:
            skipped += 1
        on_progress((number + 1) / MONTHS)
    tried = typed(pd.DataFrame(rows, columns=list(TRIED)), TRIED)
    return BackTest(tried, _judged(tried), skipped)


def _asked(
    book: Book,
    month: pd.Period,
    over: pd.Period,
    seen: pd.DataFrame,
    came: pd.Series,
    draws: int,
) -> list[dict[str, object]]:
    """What would have been said on the first of `month`, for each span that is over."""
    first = month.start_time
    known = Known(book, first, seen)
    spans = [span for span in SPANS if month + (span - 1) <= over]
    ahead = Horizon(first, pd.period_range(month, periods=spans[-1], freq="M"))
    drawn = draw(known, ahead, draws=draws)
    totals = drawn["open"] + drawn["new"]
    plain = weighted(book, first) if _is_stated(known.open) else None
    lately = _lately(known, month)
    found: list[dict[str, object]] = []
    for span in spans:
        p10, p50, p90 = np.quantile(totals[:, :span].sum(axis=1), LEVELS)
        months = pd.period_range(month, periods=span, freq="M")
        actual = came.reindex(months, fill_value=0.0).sum()
        found.append({
            "months": span, "period": first, "p10": p10, "p50": p50, "p90": p90,
            "actual": actual, "held": p10 <= actual <= p90,
            "weighted": np.nan if plain is None
            else plain.reindex(months, fill_value=0.0).sum(),
            "recent": span * lately, "open": len(known.open),
        })  # fmt: skip
    return found


def _is_stated(open_: pd.DataFrame) -> bool:
    """Whether most of what is open has an amount and a day, so that weighing tells."""
    stated = open_["amount"].notna() & open_["ahead"].notna()
    return bool(stated.mean() >= 0.5)


def _lately(known: Known, month: pd.Period) -> float:
    """The mean of the `LATELY` months before, of fewer where the history is shorter."""
    won = known.closed[known.closed["won"]]
    first = max(month - LATELY, known.closed["closed_on"].min().to_period("M"))
    first = min(first, month - 1)
    sums = won.groupby(won["closed_on"].dt.to_period("M"))["amount"].sum()
    months = pd.period_range(first, month - 1, freq="M")
    return float(sums.reindex(months, fill_value=0.0).mean())


def _judged(tried: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for months, some in tried.groupby("months"):
        held, count = int(some["held"].sum()), len(some)
        low, high = wilson(held, count)
        has_plain = some["weighted"].notna()
        error = (some["actual"] - some["p50"]).abs()
        rows.append({
            "months": months, "tried": count, "held": held, "coverage": held / count,
            "low": float(low), "high": float(high), "mae": error.mean(),
            "mae_weighted": (some["actual"] - some["weighted"]).abs().mean(),
            "mae_beside": error[has_plain].mean(),
            "mae_recent": (some["actual"] - some["recent"]).abs().mean(),
        })  # fmt: skip
    return typed(pd.DataFrame(rows, columns=list(JUDGED)), JUDGED)
