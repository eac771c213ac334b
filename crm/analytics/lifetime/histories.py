"""Purchase histories, each kept once with the number of customers who share it.

What a purchase model makes of a customer depends on x, t_x and T alone, so it is
computed for distinct histories: of a million customers there are far fewer.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.errors import Invalid
from crm.i18n import _

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WEEK = 7  # days


@dataclass(frozen=True)
class Histories:
    """Distinct histories; arrays of one length but for `rows`.

    Attributes:
        x: days with a purchase after the first one.
        t_x, age: whole days from the first such day to the last, and to the day of
            the analysis (T).
        customers: how many have it.
        rows: the place of its history, for each customer.
    """

    x: Ints
    t_x: Ints
    age: Ints
    customers: Ints
    rows: Ints

    def __len__(self) -> int:
        return len(self.x)

    def coarser(self, at_most: int) -> "Histories":
        """The same customers, days in ever longer steps until so few are distinct.

        `rows` leads from these histories, not from customers, to the coarser ones.
        """
        coarse, step = self, 1
        while len(coarse) > at_most and step < 1024:
            step = WEEK if step == 1 else 2 * step
            t_x, age = (
                step * ((days + step // 2) // step) for days in (self.t_x, self.age)
            )
            coarse = _distinct(self.x, t_x, age, self.customers)
        return coarse


def histories(buyers: pd.DataFrame) -> Histories:
    """The distinct histories of customers, and who has which.

    Args:
        buyers: `x`, `t_x` and `T` as in `crm.frames.REPEAT_BUYERS`.

    Raises:
        Invalid: a history that cannot be, such as a last purchase after the day.
    """
    x, t_x, age = (buyers[name].to_numpy(dtype="int64") for name in ("x", "t_x", "T"))
    impossible = (x < 0) | (t_x > age) | (t_x < x) | ((x == 0) & (t_x > 0))
    if impossible.any():
        raise Invalid(
            _(
                "Some purchase histories cannot be: the last purchase is too early or "
                "too late."
            )
        )
    return _distinct(x, t_x, age, np.ones(len(x), dtype="int64"))


def in_weeks(known: Histories) -> tuple[Floats, Floats, Floats]:
    """x, t_x and T, times in weeks."""
    return known.x.astype("float64"), known.t_x / WEEK, known.age / WEEK


def _distinct(x: Ints, t_x: Ints, age: Ints, customers: Ints) -> Histories:
    days = int(age.max(initial=0)) + 1
    keys = (x * days + np.minimum(t_x, age)) * days + age
    _keys, first, rows = np.unique(keys, return_index=True, return_inverse=True)
    counts = np.bincount(rows, weights=customers, minlength=len(first))
    return Histories(x[first], t_x[first], age[first], counts.astype("int64"), rows)
