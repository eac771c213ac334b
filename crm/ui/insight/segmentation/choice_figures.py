"""The figures for each number of clusters: as lines, and side by side in a table."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight

LINES = {  # columns of `choice` and `mixtures`, as the chart shows them
    "stability": N_("Stability"),
    "stability_min": N_("Stability, lowest"),
    "silhouette": N_("Silhouette"),
    "smallest": N_("Smallest share"),
}
OF_MIXTURE = {
    "stability": N_("Stability (mixture)"),
    "stability_min": N_("Stability, lowest (mixture)"),
    "silhouette": N_("Silhouette (mixture)"),
    "smallest": N_("Smallest share (mixture)"),
}
HEIGHT = 300


def table(shown: Analysis, method: str) -> pd.DataFrame:
    """The figures of one method, a row per `k`."""
    return insight.table(shown, "mixtures" if method == "mixture" else "choice")


def figure(value: float) -> str:
    """With two decimals; a dash where there is none."""
    return "–" if value != value else f"{value:.2f}"  # noqa: PLR0124  (NaN alone)


def show(shown: Analysis, method: str) -> None:
    """The charts, those of 0 to 1 for `method`, and the table of all."""
    left, middle, right = st.columns(3, gap="medium")
    by_means, by_mixtures = table(shown, "kmeans"), table(shown, "mixture")
    across = _("Number of clusters")
    with left:
        charts.show(
            _lines(table(shown, method)),
            key="clusters_choice",
            alt=_("Stability, silhouette and smallest cluster by number"),
            x=across,
            y=_("0 to 1"),
            height=HEIGHT,
        )
    with middle:
        charts.show(
            _gaps(by_means),
            key="clusters_gap",
            alt=_("Gap statistic by number of clusters"),
            x=across,
            y=_("Gap statistic (higher is better)"),
            height=HEIGHT,
        )
    with right:
        charts.show(
            _bic(by_mixtures),
            key="clusters_bic",
            alt=_("BIC of the mixture by number of clusters"),
            x=across,
            y=_("BIC of the mixture (lower is better)"),
            height=HEIGHT,
        )
    _side_by_side(by_means, by_mixtures)


def _lines(found: pd.DataFrame) -> go.Figure:
    fig = go.Figure()
    for position, (column, label) in enumerate(LINES.items()):
        fig.add_scatter(
            x=found["k"],
            y=found[column],
            mode="lines+markers",
            name=_(label),
            line={
                "color": charts.SERIES[position],
                "dash": "dot" if column == "stability_min" else "solid",
            },
            hovertemplate="%{y:.2f}",
        )
    fig.update_xaxes(tickvals=list(found["k"]))
    fig.update_layout(hovermode="x unified")
    return fig


def _gaps(found: pd.DataFrame) -> go.Figure:
    line = go.Scatter(
        x=found["k"],
        y=found["gap"],
        error_y={"array": found["gap_error"], "color": charts.MUTED},
        mode="lines+markers",
        line={"color": charts.SERIES[0]},
        hovertemplate="%{y:.2f}<extra></extra>",
    )
    return go.Figure(line, {"xaxis": {"tickvals": list(found["k"])}})


def _bic(found: pd.DataFrame) -> go.Figure:
    line = go.Scatter(
        x=found["k"],
        y=found["bic"],
        mode="lines+markers",
        line={"color": charts.SERIES[1]},
        hovertemplate="%{y:,.0f}<extra></extra>",
    )
    return go.Figure(line, {"xaxis": {"tickvals": list(found["k"])}})


def _side_by_side(by_means: pd.DataFrame, by_mixtures: pd.DataFrame) -> None:
    both = by_means.merge(by_mixtures, on="k", suffixes=("", "_mixture"))
    mixture = [f"{column}_mixture" for column in LINES]
    for column in ("smallest", "smallest_mixture"):
        both[column] *= 100
    both = both.round({"bic": 0, "calinski_harabasz": 0})
    kinds = st.column_config
    labels = {column: _(label) for column, label in LINES.items()}
    labels |= {f"{column}_mixture": _(label) for column, label in OF_MIXTURE.items()}
    helps = {"stability": _(RAND), "silhouette": _(SILHOUETTE)}
    st.dataframe(
        both,
        key="clusters_figures",
        hide_index=True,
        placeholder="–",
        height="content",
        column_order=["k", *LINES, "gap", "bic", *mixture, *INDICES],
        column_config={
            "k": kinds.NumberColumn(_("Clusters"), pinned=True),
            **{
                column: kinds.NumberColumn(
                    label,
                    help=helps.get(column),
                    format="%.0f %%" if column.startswith("smallest") else "%.2f",
                )
                for column, label in labels.items()
            },
            "gap": kinds.NumberColumn(_("Gap statistic"), format="%.2f"),
            "bic": kinds.NumberColumn(
                _("BIC (mixture)"), help=_("Lower is better."), format="localized"
            ),
            "calinski_harabasz": kinds.NumberColumn(
                INDICES["calinski_harabasz"],
                help=_("Higher is better."),
                format="localized",
            ),
            "davies_bouldin": kinds.NumberColumn(
                INDICES["davies_bouldin"], help=_("Lower is better."), format="%.2f"
            ),
        },
    )


INDICES = {
    "calinski_harabasz": "Calinski-Harabasz",
    "davies_bouldin": "Davies-Bouldin",
}
RAND = N_(
    "Agreement of the clusters of resamples: 1 is the same, 0 what chance gives "
    "(adjusted Rand index)."
)
SILHOUETTE = N_(
    "How much nearer customers are to their own cluster than to the next, −1 to 1; "
    "below 0.5 the structure is weak."
)
