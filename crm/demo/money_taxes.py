"""Taxes on what the demo company sells: by product, and of each order."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

USUAL, REDUCED = 19, 7  # percent
FOOD = ("Coffee", "Tea & cocoa", "Snacks & drinks")
CENT = 100  # ten-thousandths


def rates(products: pd.DataFrame) -> pd.Series:
    """The tax on each product in percent, by SKU."""
    is_food = products["category"].isin(FOOD).to_numpy()
    return pd.Series(np.where(is_food, REDUCED, USUAL), products["sku"])


def share(rate: pd.Series, sku: str) -> Decimal:
    """The tax on one product as documents have it, 0 to 1."""
    return Decimal(int(rate[sku])).scaleb(-2)


def of_orders(orders: pd.DataFrame, lines: pd.DataFrame, rate: pd.Series) -> pd.Series:
    """The tax of each order in ten-thousandths, by its number.

    It is worked out on the sum of the lines with one rate, and rounded to cents. Of a
    return it is what makes the tax of the sale that of what was kept.

    Args:
        orders: `number`, `returns_number`.
        lines: `order_number`, `sku`, `quantity`, `unit_price`.
        rate: as from `rates`.
    """
    percent = rate[lines["sku"]].to_numpy()
    amount = (lines["quantity"] * lines["unit_price"]).to_numpy()
    net = pd.DataFrame(
        {one: np.where(percent == one, amount, 0) for one in (REDUCED, USUAL)}
    )
    net = net.groupby(lines["order_number"].to_numpy()).sum().reindex(orders["number"])
    tax = _rounded(net).sum(axis="columns")
    back = orders[orders["returns_number"] != ""]
    sold, sent = (
        net.loc[back[name]].to_numpy() for name in ("returns_number", "number")
    )
    kept = pd.DataFrame(sold + sent, back["number"], net.columns)
    left = _rounded(kept).sum(axis="columns")
    tax.loc[back["number"]] = left.to_numpy() - tax[back["returns_number"]].to_numpy()
    return tax


def _rounded(net: pd.DataFrame) -> Any:
    """Tax of sums that are not negative, or of rounding that does not count."""
    percent = net.columns.to_numpy()
    return (net * percent + 50 * CENT) // (100 * CENT) * CENT
