"""A table in which one types how much of each line, while others book too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.ui.format import cell, plain
from crm.ui.sales.invoice_quantities import Offer, held


@dataclass(frozen=True)
class Sheet:
    """A table as a drawer has it open, under a key of its own.

    `once` names what is booked of it. Where somebody else has taken from the lines
    since it was opened, it `has_moved`.
    """

    key: str
    offered: list[Offer]
    once: str
    turn: int = 0
    has_moved: bool = False

    @property
    def seen(self) -> dict[int, Decimal]:
        """How much was left of each line, by its id."""
        return {one.line_id: one.left for one in self.offered}

    @property
    def held(self) -> dict[int, Decimal]:
        """What the table holds now, by line: for callbacks."""
        return held(self.offered, f"{self.key}_{self.turn}")


def opened(offered: list[Offer], *, key: str) -> Sheet:
    """The table that is open under `key`, or a new one.

    When another tab has taken from the lines meanwhile, what was typed stays, as far
    as it is left.
    """
    kept: Sheet | None = st.session_state.get(f"_{key}")
    if kept is None:
        kept = Sheet(key, offered, uuid4().hex)
    elif kept.seen != {one.line_id: one.left for one in offered}:
        moved = _carried(kept.held, kept.offered, offered)
        kept = replace(kept, offered=moved, turn=kept.turn + 1, has_moved=True)
    st.session_state[f"_{key}"] = kept
    return kept


def close(prefix: str) -> None:
    """Forget the tables whose keys begin like that, so that they open anew."""
    for name in list(st.session_state):
        if str(name).startswith(f"_{prefix}"):
            del st.session_state[name]


def ask(label: str, sheet: Sheet) -> None:
    """Draw the table, filled with all that is left."""
    frame = pd.DataFrame(
        [(cell(one.wanted), one.name, cell(one.left)) for one in sheet.offered],
        columns=["quantity", "name", "left"],
    )
    if sheet.has_moved:
        words = _("Something else was booked meanwhile: the table shows what is left.")
        st.warning(plain(words), icon=":material/sync_problem:")
    number: Any = st.column_config.NumberColumn
    st.data_editor(
        frame,
        key=f"{sheet.key}_{sheet.turn}",
        hide_index=True,
        num_rows="fixed",
        disabled=["name", "left"],
        column_config={
            "quantity": number(label, format="localized", width=100),
            "name": st.column_config.TextColumn(_("Product"), width="large"),
            "left": number(_("Remaining"), format="localized", width=90),
        },
        alt=_("Lines"),
    )


def _carried(
    typed: Mapping[int, Decimal], before: Sequence[Offer], now: Sequence[Offer]
) -> list[Offer]:
    """`now`, with what was typed into `before`."""
    touched = {
        one.line_id: typed[one.line_id]
        for one in before
        if typed[one.line_id] != one.left
    }
    return [
        replace(one, asked=touched[one.line_id])
        if one.line_id in touched and abs(touched[one.line_id]) <= abs(one.left)
        else one
        for one in now
    ]
