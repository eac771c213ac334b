"""How much of which line of an order or an invoice: offered, and typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
import streamlit as st

from crm.models import PricedLine, Product
from crm.ui.format import cell


@dataclass(frozen=True)
class Offer:
    """A line, what it is called, how much of it there is to take, and is wanted.

    Unless told, all of it is.
    """

    line_id: int
    name: str
    left: Decimal
    asked: Decimal | None = None

    @property
    def wanted(self) -> Decimal:
        return self.left if self.asked is None else self.asked


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


def held(offered: Sequence[Offer], key: str) -> dict[int, Decimal]:
    """What the table holds now, by line: for callbacks.

    Their arguments would be those of the run before, without what was typed last.
    """
    state = st.session_state.get(key) or {}
    edited = {int(at): row for at, row in state.get("edited_rows", {}).items()}
    typed = [
        edited.get(at, {}).get("quantity", cell(one.wanted))
        for at, one in enumerate(offered)
    ]
    return read(offered, typed)


def read(offered: Sequence[Offer], typed: Sequence[float]) -> dict[int, Decimal]:
    """What was typed, exact; what was not touched is what was wanted."""
    return {
        one.line_id: _exact(one.wanted, number)
        for one, number in zip(offered, typed, strict=True)
    }


def _exact(wanted: Decimal, number: float) -> Decimal:
    if pd.isna(number):
        return Decimal(0)
    return wanted if number == float(wanted) else Decimal(repr(float(number)))


def _name(products: Mapping[int, Product], line: PricedLine) -> str:
    found = products.get(line.product_id)
    return found.name if found else f"#{line.product_id}"
