"""What foreign currencies were worth in euro, month by month; invented."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from crm.demo.team import CURRENCY

WORTH = {"USD": 0.92, "GBP": 1.16}  # euro, around which they move
MONTHLY = 0.012  # standard deviation of a month's move, of the logarithm
DRAWN_BACK = 0.1  # share of the way back to the usual worth, each month
MILLIONTHS = 1_000_000  # rates are kept as whole millionths


def draw_rates(today: date, days: int, rng: Any) -> pd.DataFrame:
    """The rates of the first of each month, from before the first day on record.

    Returns:
        `crm.demo.company.RATES`.
    """
    now = pd.Timestamp(today)
    start = (now - pd.Timedelta(days=days)).to_period("M").to_timestamp()
    months = pd.date_range(start, now, freq="MS")
    tables = []
    for currency, worth in WORTH.items():
        off, level = [], 0.0
        for move in rng.normal(0, MONTHLY, len(months)):
            level += move - DRAWN_BACK * level
            off.append(level)
        rates = (worth * np.exp(off) * 10_000).round().astype("int64") * 100
        rows = {"currency": currency, "rate_on": months, "rate": rates}
        tables.append(pd.DataFrame(rows))
    return pd.concat(tables, ignore_index=True)


def in_euro(amounts: Any, currency: pd.Series, on: Any, rates: pd.DataFrame) -> Any:
    """`amounts` at the rates of their days, as whole ten-thousandths; "" is euro."""
    rows = pd.DataFrame({"currency": currency.to_numpy(), "on": month_of(on)})
    rows = rows.merge(
        rates, left_on=["currency", "on"], right_on=["currency", "rate_on"], how="left"
    )
    share = rows["rate"].fillna(MILLIONTHS).to_numpy() / MILLIONTHS
    return np.rint(np.asarray(amounts) * share).astype("int64")


def month_of(on: Any) -> Any:
    """The first day of each month."""
    return np.asarray(on).astype("datetime64[M]").astype("datetime64[s]")


class Rates:
    """What is written on documents: the rate of a currency, and the day it is of."""

    def __init__(self, table: pd.DataFrame, book: str) -> None:
        """`table` as from `draw_rates`; everything is in `book` unless that is euro."""
        self._book = book
        self.known = {
            (row.currency, row.rate_on.date()): Decimal(int(row.rate)).scaleb(-6)
            for row in table.itertuples()
            if book == CURRENCY
        }

    def at(self, currency: str, day: date) -> dict[str, Any]:
        """`currency`, `rate` and `rate_on` of a document of a day; "" is the book's."""
        month = day.replace(day=1)
        if (rate := self.known.get((currency, month))) is None:
            return {"currency": self._book, "rate": Decimal(1), "rate_on": day}
        return {"currency": currency, "rate": rate, "rate_on": month}
