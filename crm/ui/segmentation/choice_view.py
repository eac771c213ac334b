"""How many clusters: the figures for each number, a suggestion, the user's choice."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import number, plain
from crm.ui.segmentation import words

LINES = {  # columns of the table `choice`, as the chart shows them
    "stability": N_("Stability"),
    "stability_min": N_("Stability, lowest"),
    "silhouette": N_("Silhouette"),
    "smallest": N_("Smallest share"),
}


def choose(shown: Analysis) -> int | None:
    """The number of clusters; None until the user has chosen one."""
    table = insight.table(shown, "choice")
    figures = st.container()
    k = st.segmented_control(
        _("Number of clusters"),
        [int(one) for one in table["k"]],
        key="clusters_k",
        bind="query-params",
    )
    with figures:
        if k is None:
            st.markdown(plain(_suggestion(shown)))
        _figures(shown, table, is_open=k is None)
    if k is None:
        st.caption(_("Choose a number of clusters to see them."))
    else:
        st.caption(plain(_steadiness(table, k)))
    return k


def _suggestion(shown: Analysis) -> str:
    why = words.note(shown.summary["why"])
    return _("Suggestion: {why}").format(why=why)


def _figures(shown: Analysis, table: pd.DataFrame, *, is_open: bool) -> None:
    label = _("Figures for each number of clusters")
    with st.expander(label, icon=":material/query_stats:", expanded=is_open):
        left, right = st.columns(2, gap="medium")
        with left:
            charts.show(
                _chart(table),
                key="clusters_choice",
                alt=_("Stability, silhouette and smallest cluster by number"),
                x=_("Number of clusters"),
                y=_("0 to 1"),
            )
        with right:
            _table(table)
        if not is_open:
            st.caption(plain(_suggestion(shown)))
        counts = _(
            "From {rows} customers; the silhouette from {silhouette_rows}. The "
            "clusters were sought again in {resamples} resamples of the customers."
        )
        names = ("rows", "silhouette_rows", "resamples")
        told = {name: number(shown.summary[name]) for name in names}
        st.caption(plain(counts.format(**told)))
        for note in shown.summary["notes"]:
            st.caption(plain(words.note(note)))


def _chart(table: pd.DataFrame) -> go.Figure:
    fig = go.Figure()
    for position, (column, label) in enumerate(LINES.items()):
        fig.add_scatter(
            x=table["k"],
            y=table[column],
            mode="lines+markers",
            name=_(label),
            line={
                "color": charts.SERIES[position],
                "dash": "dot" if column == "stability_min" else "solid",
            },
            hovertemplate="%{y:.2f}",
        )
    fig.update_xaxes(tickvals=list(table["k"]))
    fig.update_layout(hovermode="x unified")
    return fig


def _table(table: pd.DataFrame) -> None:
    kinds = st.column_config
    title = {column: _(label) for column, label in LINES.items()}
    st.dataframe(
        table.assign(smallest=100 * table["smallest"]),
        key="clusters_figures",
        hide_index=True,
        height="content",
        column_order=["k", *LINES, "calinski_harabasz", "davies_bouldin"],
        column_config={
            "k": kinds.NumberColumn(_("Clusters"), pinned=True),
            "stability": kinds.NumberColumn(
                title["stability"], help=_(RAND), format="%.2f"
            ),
            "stability_min": kinds.NumberColumn(title["stability_min"], format="%.2f"),
            "silhouette": kinds.NumberColumn(
                title["silhouette"], help=_(SILHOUETTE), format="%.2f"
            ),
            "smallest": kinds.NumberColumn(title["smallest"], format="%.0f %%"),
            "calinski_harabasz": kinds.NumberColumn(
                "Calinski-Harabasz", help=_("Higher is better."), format="localized"
            ),
            "davies_bouldin": kinds.NumberColumn(
                "Davies-Bouldin", help=_("Lower is better."), format="%.2f"
            ),
        },
    )


def _steadiness(table: pd.DataFrame, k: int) -> str:
    row = table.set_index("k").loc[k]
    told = _(
        "{k} clusters. Among resampled customers they come out with an agreement of "
        "{mean} of 1 on average, {least} at worst; the silhouette is {silhouette}."
    )
    return told.format(
        k=k,
        mean=f"{row['stability']:.2f}",
        least=f"{row['stability_min']:.2f}",
        silhouette=f"{row['silhouette']:.2f}",
    )


RAND = N_(
    "Agreement of the clusters of resamples: 1 is the same, 0 what chance gives "
    "(adjusted Rand index)."
)
SILHOUETTE = N_(
    "How much nearer customers are to their own cluster than to the next, −1 to 1; "
    "below 0.5 the structure is weak."
)
