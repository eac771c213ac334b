"""Customers by when they first bought, and what they did in the periods since."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from crm import frames
from crm.frames import typed
from crm.warehouse import cohort_queries as queries

YEARS = 5  # before as_of: cohorts older than that are left out
NAMED = 11  # groups of one kind that are told apart; the others are taken together
UNITS = ("month", "quarter")


@dataclass(frozen=True)
class Cohorts:
    """As in `frames.COHORT_CELLS`, `COHORT_GROUPS` and `COHORT_CUSTOMERS`."""

    since: date  # the first day of the oldest cohort there may be
    cells: pd.DataFrame
    groups: pd.DataFrame
    customers: pd.DataFrame


def cohorts(duck: Any, as_of: date) -> Cohorts:
    """All cohorts as of a day, from the views of a `House`."""
    first = oldest(as_of)
    duck.execute(queries.MEMBERS, {"as_of": as_of, "since": first})
    duck.execute(queries.GROUPS, {"most": NAMED})
    duck.execute(queries.PLACES)
    cells = [
        duck.execute(queries.CELLS, {"as_of": as_of, "unit": unit}).df()
        for unit in UNITS
    ]
    groups = duck.execute(queries.NAMES, {"most": NAMED}).df()
    customers = duck.execute(queries.CUSTOMERS, {"as_of": as_of}).df()
    return Cohorts(
        first,
        typed(pd.concat(cells, ignore_index=True), frames.COHORT_CELLS),
        typed(groups, frames.COHORT_GROUPS),
        typed(customers, frames.COHORT_CUSTOMERS),
    )


def oldest(as_of: date) -> date:
    """The first day of the quarter `YEARS` before that of `as_of`.

    At most 63 months lie between: each is a bit of a 64-bit number.
    """
    year = max(as_of.year - YEARS, date.min.year)
    return date(year, (as_of.month - 1) // 3 * 3 + 1, 1)
