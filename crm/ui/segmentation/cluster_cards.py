"""Every cluster in words: how many, what they bring in, what sets them apart."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics import profile
from crm.analytics.features import FEATURES
from crm.i18n import _, ngettext
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import money, number, percent, plain
from crm.ui.segmentation.cluster_words import title
from crm.ui.segmentation.share_bars import share_bars


def of(shown: Analysis, name: str, k: int) -> pd.DataFrame:
    """The rows of a stored table for `k` clusters."""
    table = insight.table(shown, name)
    return table[table["k"] == k].drop(columns="k").reset_index(drop=True)


def show(
    profiles: pd.DataFrame, traits: pd.DataFrame, pick: Callable[[int], None]
) -> None:
    """A card per cluster; its button calls `pick` with the cluster."""
    with st.grid(4, min_column_width=195):
        for row in profiles.itertuples(index=False):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _card(row, profile.in_words(traits, row.cluster))
                st.button(
                    _("Show customers"),
                    key=f"cluster_{row.cluster}_show",
                    icon=":material/groups:",
                    on_click=pick,
                    args=[row.cluster],
                )


def bars(profiles: pd.DataFrame) -> go.Figure:
    """Each cluster's share of the customers and of the revenue."""
    clusters = profiles["cluster"].tolist()
    return share_bars([title(one) for one in clusters], clusters, profiles)


def centres(table: pd.DataFrame) -> None:
    """The middle of each cluster in the features that it was made by."""
    st.dataframe(
        table,
        key="clusters_centres",
        hide_index=True,
        height="content",
        column_config={
            "cluster": st.column_config.NumberColumn(_("Cluster"), pinned=True),
            **{
                name: st.column_config.NumberColumn(_(label), format="%.1f")
                for name, label in FEATURES.items()
            },
        },
    )


def _card(row: Any, said: list[str]) -> None:
    count = ngettext("{n} customer", "{n} customers", row.customers)
    st.markdown(f"**{plain(title(row.cluster))}**")
    st.caption(
        plain(
            " · ".join(
                [
                    count.format(n=number(row.customers)),
                    percent(row.share),
                    _("{share} of the revenue").format(
                        share=percent(row.revenue_share)
                    ),
                    _("{amount} each").format(amount=money(row.revenue)),
                ]
            )
        )
    )
    if said:
        st.markdown("\n".join(f"- {plain(one)}" for one in said))
    else:
        st.markdown(plain(_("Much like the others in every respect.")))
