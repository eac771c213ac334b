"""Controls above a ranking of customers: its order, and between which shares."""

from collections.abc import Mapping

import streamlit as st

from crm.i18n import _


def order(orders: Mapping[str, str], key: str) -> str:
    """The name of the one chosen of `orders`, whose texts are to be translated."""
    first = next(iter(orders))
    chosen = st.segmented_control(
        _("Order by"),
        list(orders),
        default=first,
        required=True,
        format_func=lambda name: _(orders[name]),
        key=key,
    )
    return str(chosen or first)


def percents(label: str, key: str, *, least: int = 0, step: int = 1) -> tuple[int, int]:
    """From and to, in percent; at first from `least` to 100."""
    low, high = st.slider(
        label, 0, 100, (least, 100), step=step, format="%d%%", key=key, width=280
    )
    return int(low), int(high)
