"""The field for a day, also for one of long ago.

Left to itself, Streamlit takes no day more than ten years from the one that the field
begins with, and says nothing of the kind to who types one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from crm.models.values import YEARS

EARLIEST = date(YEARS[0], 1, 1)
LATEST = date(2100, 12, 31)  # the field has a list of years to choose from


def date_input(
    label: str,
    value: Any = "today",
    *,
    key: str,
    max_value: date | None = None,
    **rest: Any,
) -> Any:
    """As `st.date_input`: the day; None where empty; of two days a tuple.

    A day beyond the usual bounds that the field holds already, as from an import,
    widens them; `max_value` holds as given.
    """
    held = [*_days(value), *_days(st.session_state.get(key))]
    return st.date_input(
        label,
        value,
        min_value=min([EARLIEST, *held]),
        max_value=max_value or max([LATEST, *held]),
        key=key,
        **rest,
    )


def _days(value: Any) -> list[date]:
    found = value if isinstance(value, Sequence) else [value]
    return [one for one in found if isinstance(one, date)]
