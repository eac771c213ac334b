"""The customers that were picked: how many, what they bring in, the first of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from crm import db
from crm.i18n import _, ngettext
from crm.models import Analysis
from crm.services import list_values
from crm.services.fields import Kind
from crm.ui import access, row_links
from crm.ui.format import money, number, percent, plain
from crm.ui.insight.segmentation import actions, stored
from crm.ui.insight.segmentation.actions import Chosen

FIRST = 10  # customers shown
LOOKED_UP = 100  # so that ten are found though some are out of reach


def show(
    shown: Analysis, chosen: Chosen, *, key: str, close: Callable[[], None]
) -> None:
    """The panel of the customers picked."""
    with st.container(border=True, key=f"{key}_chosen"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(chosen.title)}**", width="stretch")
            st.button(
                "",
                icon=":material/close:",
                help=_("Close"),
                type="tertiary",
                key=f"{key}_close",
                on_click=close,
            )
        if not len(chosen.rows):
            st.caption(_("Nobody is in it."))
            return
        st.markdown(plain(_figures(shown, chosen.rows)))
        with st.container(horizontal=True):
            actions.buttons(shown, chosen, key=key)
        _first(shown, chosen, key)


def _figures(shown: Analysis, rows: NDArray[np.intp]) -> str:
    """How many they are, and what they mean to the business."""
    table = stored.buyers(shown)
    recency, frequency, revenue = (
        table[name].to_numpy() for name in ("recency", "frequency", "revenue")
    )
    brought, whole = revenue[rows].sum(), revenue.sum()
    count = ngettext("{n} customer", "{n} customers", len(rows))
    middle = _("median: {days} days since the last order, {orders} orders")
    parts = [
        count.format(n=number(len(rows))),
        _("{share} of all").format(share=percent(len(rows) / len(table), places=1)),
        _("revenue {amount}").format(amount=money(brought))
        + (f" ({percent(brought / whole, places=1)})" if whole > 0 else ""),
        middle.format(
            days=number(np.median(recency[rows])),
            orders=number(np.median(frequency[rows]), places=1),
        ),
    ]
    return " · ".join(parts)


def _first(shown: Analysis, chosen: Chosen, key: str) -> None:
    """Those with the highest revenue, as far as the reader may see them."""
    table = stored.buyers(shown)
    best = _highest(table["revenue"].to_numpy()[chosen.rows], LOOKED_UP)
    candidates = table.iloc[chosen.rows[best]]
    with db.reading(access.current()) as session:
        names = list_values.names(
            session, Kind.CUSTOMER, candidates["customer_id"].tolist()
        )
    first = candidates[candidates["customer_id"].isin(list(names))].head(FIRST)
    if first.empty:
        st.caption(_("None of them is in your reach any more."))
        return
    ids = [int(one) for one in first["customer_id"]]
    columns = ["recency", "frequency", "monetary", "revenue"]
    kinds = st.column_config
    st.dataframe(
        first[columns]
        .round(2)
        .assign(name=[names[one] for one in ids])[["name", *columns]],
        key=f"{key}_first",
        hide_index=True,
        column_config={
            "name": row_links.column(
                _("Customer"), key=f"{key}_open", slug="customer", ids=ids
            ),
            "recency": kinds.NumberColumn(_("Days since the last order")),
            "frequency": kinds.NumberColumn(_("Orders")),
            "monetary": kinds.NumberColumn(_("Mean order value"), format="localized"),
            "revenue": kinds.NumberColumn(_("Revenue"), format="localized"),
        },
    )
    words = _("The first {count} of {all}, by revenue.")
    st.caption(
        plain(words.format(count=number(len(ids)), all=number(len(chosen.rows))))
    )


def _highest(values: NDArray[Any], count: int) -> NDArray[np.intp]:
    """The positions of the highest values, best first."""
    if len(values) > count:
        found = np.argpartition(-values, count)[:count]
        return found[np.argsort(-values[found], kind="stable")]
    return np.argsort(-values, kind="stable")
