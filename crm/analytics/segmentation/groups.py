"""Customers by group: who is in which, medians, shares."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics.notes import Note
from crm.errors import Invalid, NotEnoughData
from crm.i18n import N_, _

AT_LEAST = 5  # customers, below which no segmentation says anything

NO_REVENUE = Note(
    N_("Returns and cancellations outweigh the sales, so there are no revenue shares.")
)


def members(group: NDArray[np.integer[Any]], count: int) -> list[NDArray[np.intp]]:
    """The positions of the rows of each group, 0 to `count` - 1."""
    order = np.argsort(group.astype(np.uint16), kind="stable")  # radix sort: linear
    bounds = np.cumsum(np.bincount(group, minlength=count))[:-1]
    return np.split(order, bounds)


def shares(totals: NDArray[Any]) -> NDArray[np.float64]:
    """Each of `totals` as a share of their sum; all 0 where that is not positive."""
    whole = totals.sum()
    return totals / whole if whole > 0 else np.zeros(len(totals))


def check(
    buyers: pd.DataFrame, columns: Sequence[str], *, at_least: int = AT_LEAST
) -> None:
    """Refuse a table too short, or with holes, to compute with.

    Raises:
        NotEnoughData: fewer than `at_least` rows.
        Invalid: one of `columns` has an empty or infinite value.
    """
    if len(buyers) < at_least:
        raise NotEnoughData(
            _(
                "Segments need customers with orders, at least {needed}; there are "
                "{count} so far."
            ).format(needed=at_least, count=len(buyers))
        )
    for column in columns:
        if not np.isfinite(buyers[column].to_numpy(dtype=np.float64)).all():
            raise Invalid(
                _("The column “{column}” has values that are not numbers.").format(
                    column=column
                ),
                field=column,
            )
