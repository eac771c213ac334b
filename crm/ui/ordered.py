"""Customers of a stored result in an order: sorted once, then only picked from.

A slider over a million customers neither sorts them anew nor copies their columns.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from crm.models import Analysis
from crm.ui import insight

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Kept:
    """Some rows of a table, by their places in it; copied only as far as asked for."""

    table: pd.DataFrame
    places: Rows

    def __len__(self) -> int:
        return len(self.places)

    def head(self, count: int) -> pd.DataFrame:
        """The first of them."""
        return self.table.iloc[self.places[:count]]

    def rows(self) -> pd.DataFrame:
        """All of them."""
        return self.table.iloc[self.places]

    def column(self, name: str) -> npt.NDArray[Any]:
        values: npt.NDArray[Any] = self.table[name].to_numpy()
        return values[self.places]

    def total(self, name: str) -> float:
        """The sum of a column, as far as it is known."""
        return float(np.nansum(self.column(name)))


@st.cache_resource(
    max_entries=8, show_spinner=False, hash_funcs={Analysis: insight.identity}
)
def customers(shown: Analysis, table: str, by: str) -> pd.DataFrame:
    """A table of a result of `insight.current`, by a column, the highest first.

    Its index tells the places in the stored table. It is shared by all readers: do not
    change it.
    """
    stored = insight.table(shown, table)
    return stored.sort_values([by, "customer_id"], ascending=[False, True])


def kept(table: pd.DataFrame, mask: pd.Series) -> Kept:
    """The rows for which `mask` holds, in the order of the table."""
    return Kept(table, np.flatnonzero(mask.to_numpy()))


def among(ordered: pd.DataFrame, stored: Rows) -> npt.NDArray[np.bool_]:
    """Whether each row of `customers` is at one of these places in the stored table."""
    is_among = np.zeros(len(ordered), dtype=bool)
    is_among[stored] = True
    found: npt.NDArray[np.bool_] = is_among[ordered.index]
    return found
