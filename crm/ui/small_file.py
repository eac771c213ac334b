"""A small CSV file to bring in: the place to put it, and which cells are left out."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _, ngettext
from crm.services.small_files import LARGEST, Fault
from crm.ui.format import number

MOST = 200  # faults that are shown


def asked(key: str) -> Any:
    """The file that is there; None before, and again after `taken`."""
    turn = st.session_state.setdefault(_turn(key), 0)
    return st.file_uploader(
        _("CSV file"),
        type=["csv", "txt"],
        key=f"{key}_{turn}",
        max_upload_size=LARGEST // 1_000_000,
    )


def taken(key: str) -> None:
    """Its content is in: the next one may come."""
    st.session_state[_turn(key)] += 1


def left_out(faults: list[Fault]) -> str:
    """How many cells are, in words."""
    words = ngettext("{n} cell is left out", "{n} cells are left out", len(faults))
    return words.format(n=number(len(faults)))


def table(faults: list[Fault]) -> None:
    """The first cells that are left out, and why."""
    columns = ["line", "column", "cell", "reason"]
    rows = [(one.line, one.column, one.cell, one.reason) for one in faults[:MOST]]
    st.dataframe(
        pd.DataFrame(rows, columns=columns),
        hide_index=True,
        height="content" if len(rows) <= 10 else 390,
        column_config={
            "line": st.column_config.NumberColumn(_("Line"), format="localized"),
            "column": _("Column"),
            "cell": _("Cell"),
            "reason": _("Reason"),
        },
    )
    if len(faults) > MOST:
        st.caption(_("These are the first {n}.").format(n=MOST))


def _turn(key: str) -> str:
    return f"_{key}_turn"
