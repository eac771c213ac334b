"""The customers behind a cell: who was active in a period, and who was not."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.cohorts.cohorts import ALL, Question, ordinals
from crm.frames import Schema, typed

MEMBERS: Schema = {  # those who are active in most months first
    "customer_id": "int64",
    "cohort": "datetime64[s]",  # first day of the month of the first sale
    "active": "bool",  # with a sale in the period
    "months": "int64",  # in which there was a sale, that first one included
    "last": "datetime64[s]",  # first day of the month of the last sale
}

HALF = 31  # bits; both halves of a mask are exact as floats
Bits = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def members(
    customers: pd.DataFrame, question: Question, row: int | None, period: int
) -> pd.DataFrame:
    """The customers of a row (None: of all rows) for whom the period is over.

    Of those, where it is over for none, for whom it is running.

    Args:
        customers: as in `frames.COHORT_CUSTOMERS`.

    Returns:
        rows as in `MEMBERS`.
    """
    mine = _asked(customers, question, row)
    ends = ordinals(mine["cohort"], question.unit) + period
    if (over := ends <= question.over).any():
        mine = mine[over]
    else:
        mine = mine[ends == question.now]
    bits = mine["active"].to_numpy(dtype="int64")
    started = mine["cohort"].dt.to_period("M")
    table = pd.DataFrame(
        {
            "customer_id": mine["customer_id"],
            "cohort": mine["cohort"],
            "active": _active(mine, question, period),
            "months": np.bitwise_count(bits),
            "last": (started + last_bit(bits)).dt.to_timestamp(),
        }
    )
    order = ["months", "customer_id"]
    table = table.sort_values(order, ascending=[False, True], ignore_index=True)
    return typed(table, MEMBERS)


def last_bit(bits: Bits) -> Bits:
    """The place of the highest bit that is set; 0 where none is."""
    high = bits >> HALF
    part = np.where(high > 0, high, np.maximum(bits, 1)).astype("float64")
    place: Bits = np.frexp(part)[1].astype("int64") - 1
    return place + np.where(high > 0, HALF, 0)


def _asked(
    customers: pd.DataFrame, question: Question, row: int | None
) -> pd.DataFrame:
    began = ordinals(customers["cohort"], question.unit)
    kept = pd.Series(True, index=customers.index)
    if not question.early:
        kept &= ~customers["early"]
    if question.between:
        days = pd.Series([pd.Timestamp(day) for day in question.between])
        kept &= began.between(*ordinals(days, question.unit))
    if row is not None:
        place = began if question.grouping == ALL else customers[question.grouping]
        kept &= place == row
    return customers[kept]


def _active(mine: pd.DataFrame, question: Question, period: int) -> Flags:
    """Whether each customer bought in the period, from the bits of months."""
    bits = mine["active"].to_numpy(dtype="int64")
    wanted = np.ones_like(bits)
    start = np.full_like(bits, period)
    if question.unit == "quarter":
        start = 3 * period - (mine["cohort"].dt.month.to_numpy(dtype="int64") - 1) % 3
        wanted = 0b111 >> np.maximum(-start, 0)
    found: Flags = (bits >> np.maximum(start, 0) & wanted) > 0
    return found
