"""A table in which one types how much of each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.models import PricedLine, Product
from crm.ui.format import cell


@dataclass(frozen=True)
class Offer:
    """A line, what it is called, and how much of it there is to take."""

    line_id: int
    name: str
    left: Decimal


def offers(
    lines: Sequence[PricedLine],
    products: Mapping[int, Product],
    left: Mapping[int, Decimal],
) -> list[Offer]:
    """The lines of which something is left."""
    return [
        Offer(line.id, line.description or _name(products, line), left[line.id])
        for line in lines
        if left[line.id]
    ]


def ask(label: str, offered: Sequence[Offer], *, key: str) -> None:
    """Draw the table, filled with all that is left."""
    frame = pd.DataFrame(
        [(cell(one.left), one.name, cell(one.left)) for one in offered],
        columns=["quantity", "name", "left"],
    )
    number: Any = st.column_config.NumberColumn
    st.data_editor(
        frame,
        key=key,
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


def held(offered: Sequence[Offer], key: str) -> dict[int, Decimal]:
    """What the table holds now, by line: for callbacks.

    Their arguments would be those of the run before, without what was typed last.
    """
    state = st.session_state.get(key) or {}
    edited = {int(at): row for at, row in state.get("edited_rows", {}).items()}
    typed = [
        edited.get(at, {}).get("quantity", cell(one.left))
        for at, one in enumerate(offered)
    ]
    return read(offered, typed)


def read(offered: Sequence[Offer], typed: Sequence[float]) -> dict[int, Decimal]:
    """What was typed, exact; what was left as it was is all that is left."""
    return {
        one.line_id: _exact(one.left, number)
        for one, number in zip(offered, typed, strict=True)
    }


def _exact(left: Decimal, number: float) -> Decimal:
    if pd.isna(number):
        return Decimal(0)
    return left if number == float(left) else Decimal(repr(float(number)))


def _name(products: Mapping[int, Product], line: PricedLine) -> str:
    found = products.get(line.product_id)
    return found.name if found else f"#{line.product_id}"
