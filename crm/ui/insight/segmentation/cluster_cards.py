"""Every cluster in words: how many, what they bring in, what sets them apart."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import N_, _, ngettext
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import money, number, percent, plain
from crm.ui.insight.segmentation import stored, trait_words
from crm.ui.insight.segmentation.cluster_words import title
from crm.ui.insight.segmentation.share_bars import share_bars


def of(shown: Analysis, name: str, division: str) -> pd.DataFrame:
    """The rows of a stored table for one division."""
    table = insight.table(shown, name)
    mine = table[table["division"] == division]
    return mine.drop(columns="division").reset_index(drop=True)


def profiles(shown: Analysis, division: str) -> pd.DataFrame:
    """What each cluster is like; those in none come last."""
    found = of(shown, "profiles", division)
    return found.sort_values("cluster", key=lambda one: one == 0, kind="stable")


def show(
    shown: Analysis,
    profiles: pd.DataFrame,
    traits: pd.DataFrame,
    pick: Callable[[int], None],
) -> None:
    """A card per cluster; its button calls `pick` with the cluster."""
    labels = stored.labels(shown)
    with st.grid(4, min_column_width=195):
        for row in profiles.itertuples(index=False):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _card(row, trait_words.told(traits, row.cluster, labels))
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


def centres(shown: Analysis, table: pd.DataFrame) -> None:
    """The middle of each cluster in the features that it was made by."""
    st.dataframe(
        table.assign(cluster=table["cluster"].map(title)),
        key="clusters_centres",
        hide_index=True,
        height="content",
        column_config={
            "cluster": st.column_config.TextColumn(_("Cluster"), pinned=True),
            **{
                name: st.column_config.NumberColumn(label, format="%.1f")
                for name, label in stored.labels(shown).items()
            },
        },
    )


def differences(shown: Analysis, traits: pd.DataFrame) -> None:
    """Every cluster against the others in every feature."""
    kinds = st.column_config
    labels = stored.labels(shown)
    st.dataframe(
        traits.assign(
            cluster=traits["cluster"].map(title), feature=traits["feature"].map(labels)
        ),
        key="clusters_traits",
        hide_index=True,
        placeholder="–",
        column_config={
            "cluster": kinds.TextColumn(_("Cluster")),
            "feature": kinds.TextColumn(_("Feature")),
            "median": kinds.NumberColumn(_("Median"), format="localized"),
            "rest": kinds.NumberColumn(_("Median of the others"), format="localized"),
            "ratio": kinds.NumberColumn(_("Ratio"), format="%.2f"),
            "difference": kinds.NumberColumn(
                _("Difference"), help=_(DIFFERENCE), format="%.2f"
            ),
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


DIFFERENCE = N_(
    "Between the means, in standard deviations of all customers; from 0.5 on it is "
    "told in words."
)
