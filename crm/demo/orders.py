"""The order book: sales, returns and their lines, numbered by time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import baskets
from crm.demo.baskets import Assortment
from crm.demo.behaviour import Buyers, Sales
from crm.demo.calendar import Calendar

FIRST_NUMBER = 100_001
RETURN_DAYS = (3, 21)  # an order comes back after so many days
SATURDAY = 5


@dataclass(frozen=True)
class Book:
    """Orders by time and their lines by order.

    Attributes:
        orders: `buyer`, `ordered_at` (naive UTC), `kind`, `status`, `number`,
            `returns_number` (of the sale that a return belongs to, else ""), `kept`
            (a confirmed sale of which nothing came back).
        lines: `order` (row of `orders`), `product`, `quantity`, `unit_price`
            (ten-thousandths of a euro).
    """

    orders: pd.DataFrame
    lines: pd.DataFrame


def book(
    buyers: Buyers, sales: Sales, calendar: Calendar, assortment: Assortment, rng: Any
) -> Book:
    """Fill the baskets of `sales`, let some come back, and number it all."""
    segment = buyers.segment[sales.buyer]
    lines = baskets.fill(segment, buyers.size[sales.buyer], assortment, rng)
    ordered_at = calendar.at(sales.day)
    basket, bought = lines["basket"].to_numpy(), lines.pop("product").to_numpy()
    years_ago = (
        calendar.today.year - 1970 - ordered_at.astype("datetime64[Y]").astype(int)
    )
    net = assortment.net[segment[basket], bought]
    lines["unit_price"] = baskets.prices(net, years_ago[basket])
    lines["product"] = bought
    sold = pd.DataFrame({"buyer": sales.buyer, "ordered_at": ordered_at})
    sold["cancelled"], sold["of"] = sales.cancelled, -1

    back = returns(sales, buyers, calendar, rng)
    sent = sent_back(lines[np.isin(basket, back["of"])], back["of"], len(sold), rng)
    both = pd.concat([sold, back], ignore_index=True)
    return numbered(both, pd.concat([lines, sent], ignore_index=True), len(sold))


def returns(sales: Sales, buyers: Buyers, calendar: Calendar, rng: Any) -> pd.DataFrame:
    """The returns made so far; `of` is the row of the sale."""
    of = np.flatnonzero(sales.returned)
    day = np.floor(sales.day[of]) + rng.integers(*RETURN_DAYS, len(of))
    weekday = (calendar.start.weekday() + day) % 7
    closed = buyers.company[sales.buyer[of]] & (weekday >= SATURDAY)
    day = np.where(closed, day + 2, day)
    made = day < calendar.days
    of, day = of[made], day[made]
    at = calendar.at(day + rng.random(len(of)))
    return pd.DataFrame(
        {"buyer": sales.buyer[of], "ordered_at": at, "cancelled": False, "of": of}
    )


def sent_back(lines: pd.DataFrame, of: pd.Series, sold: int, rng: Any) -> pd.DataFrame:
    """The lines of returns: each of the sale's by even chances, but one at least.

    Args:
        lines: those of the sales `of`, by basket; `sold` is the number of sales.
    """
    draw = pd.Series(rng.random(len(lines)), index=lines.index)
    least = draw.groupby(lines["basket"]).transform("min")
    back = lines[(draw < 0.5) | (draw == least)]
    place = pd.Series(np.arange(len(of)) + sold, index=of.to_numpy())
    basket = place.loc[back["basket"]].to_numpy()
    return back.assign(basket=basket, quantity=-back["quantity"])


def numbered(both: pd.DataFrame, lines: pd.DataFrame, sold: int) -> Book:
    """Sort by time and number sales and returns."""
    order = np.argsort(both["ordered_at"].to_numpy(), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    kind = np.where(np.arange(len(both)) < sold, "sale", "return")
    prefix = pd.Series(np.where(kind == "sale", "SO-", "RE-"), dtype="str")
    number = prefix + pd.Series(rank + FIRST_NUMBER).astype("str")
    of = both.pop("of").to_numpy()
    cancelled = both.pop("cancelled").to_numpy()
    both["kept"] = (kind == "sale") & ~cancelled
    both.loc[of[of >= 0], "kept"] = False
    both["kind"] = pd.Series(kind, dtype="str")
    both["status"] = pd.Series(
        np.where(cancelled, "cancelled", "confirmed"), dtype="str"
    )
    both["number"] = number
    both["returns_number"] = number.take(of).reset_index(drop=True).where(of >= 0, "")

    lines = lines.assign(order=rank[lines.pop("basket").to_numpy()])
    lines = lines.iloc[np.argsort(lines["order"].to_numpy(), kind="stable")]
    orders = both.take(order).reset_index(drop=True)
    return Book(orders, lines.reset_index(drop=True))
