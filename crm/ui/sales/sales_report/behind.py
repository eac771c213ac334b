"""The opportunities behind a bar, each a click away."""

import pandas as pd
import streamlit as st

from crm.config import settings
from crm.i18n import _
from crm.services.sales.opportunity_fields import STATES
from crm.ui import row_links
from crm.ui.format import date_column, number, plain

MOST = 200  # rows shown
COLUMNS = ("name", "customer", "owner", "state", "amount", "opened_at", "closed_at")


def show(rows: pd.DataFrame, title: str, *, key: str) -> None:
    """A table of them, the largest amount first."""
    rows = rows.sort_values("amount", ascending=False, na_position="last").head(MOST)
    ids = [int(one) for one in rows["opportunity_id"]]
    table = rows[list(COLUMNS)].assign(
        state=[_(STATES[state]) for state in rows["state"]],
        name=rows["name"].fillna("").replace("", "–"),
    )
    kinds = st.column_config
    with st.container(border=True):
        st.markdown(f"**{plain(title)}** · {number(len(rows))}")
        st.dataframe(
            table,
            key=f"behind_{key}",
            hide_index=True,
            height=min(460, 38 + 35 * len(table)),
            column_config={
                "name": row_links.column(
                    _("Name"),
                    key=f"behind_{key}_open",
                    slug="opportunity",
                    ids=ids,
                    pinned=True,
                ),
                "customer": kinds.TextColumn(_("Customer")),
                "owner": kinds.TextColumn(_("Owner")),
                "state": kinds.TextColumn(_("Outcome")),
                "amount": kinds.NumberColumn(
                    _("Amount, {currency}").format(currency=settings().currency),
                    format="localized",
                ),
                "opened_at": date_column(_("Opened")),
                "closed_at": date_column(_("Closed")),
            },
        )
