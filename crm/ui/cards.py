"""Amounts in cards: short where a card would cut them, with the whole on the hint."""

from decimal import Decimal
from typing import Any

import streamlit as st
from babel.numbers import format_compact_currency

from crm.config import settings
from crm.i18n import current
from crm.ui.format import money, plain

ROOM = 14  # characters of an amount that fit into a card of 160 pixels


def brief(amount: Decimal | None, currency: str | None = None) -> str:
    """An amount for a card: “€1,234.50”, but “€999.99B” where it would be cut."""
    whole = money(amount, currency)
    if amount is None or len(whole) <= ROOM:
        return whole
    code = currency or settings().currency
    return str(
        format_compact_currency(amount, code, locale=current(), fraction_digits=2)
    )


def amount(
    label: str,
    value: Decimal | None,
    currency: str | None = None,
    *,
    help: str | None = None,
    **more: Any,
) -> None:
    """A card with an amount; what is shortened stands on its hint as a whole."""
    whole, shown = money(value, currency), brief(value, currency)
    hints = [plain(whole) if shown != whole else None, help]
    told = "  \n".join(filter(None, hints)) or None
    st.metric(label, plain(shown), border=True, help=told, **more)
