"""Which clusters: the figures side by side, a suggestion, the user's choice."""

from typing import Any

import streamlit as st

from crm.analytics.segmentation import frozen
from crm.i18n import _
from crm.jobs.divisions import CROWDS
from crm.models import Analysis
from crm.ui import address, insight
from crm.ui.format import number, percent, plain
from crm.ui.insight.segmentation import choice_figures, words

METHODS = {name: label for name, label in frozen.METHODS.items() if name != "rfm"}


def choose(shown: Analysis) -> str | None:
    """The division to show; None until the user has chosen a number of clusters."""
    figures = st.container()
    with st.container(horizontal=True, gap="medium"):
        method = address.choice(_("Method"), METHODS, "clusters_method")
        k = None if method == CROWDS else _number(shown)
    is_open = method != CROWDS and k is None
    with figures:
        if is_open:
            st.markdown(plain(_suggestion(shown)))
        _figures(shown, "kmeans" if method == CROWDS else method, is_open=is_open)
    if method == CROWDS:
        st.caption(plain(_crowds(shown.summary["crowds"])))
        return CROWDS
    if k is None:
        st.caption(_("Choose a number of clusters to see them."))
        return None
    st.caption(plain(_steadiness(shown, method, k)))
    return f"{method} {k}"


def named(division: str) -> str:
    """A division in words: “k-means, 3”."""
    method, *number_of = division.split()
    return ", ".join([_(METHODS[method]), *number_of])


def _number(shown: Analysis) -> int | None:
    k = st.segmented_control(
        _("Number of clusters"),
        [int(one) for one in insight.table(shown, "choice")["k"]],
        key="clusters_k",
        bind="query-params",
    )
    return None if k is None else int(k)


def _suggestion(shown: Analysis) -> str:
    why = words.note(shown.summary["why"])
    return _("Suggestion: {why}").format(why=why)


def _figures(shown: Analysis, method: str, *, is_open: bool) -> None:
    label = _("Figures for each number of clusters")
    with st.expander(label, icon=":material/query_stats:", expanded=is_open):
        choice_figures.show(shown, method)
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


def _steadiness(shown: Analysis, method: str, k: int) -> str:
    row = choice_figures.table(shown, method).set_index("k").loc[k]
    told = _(
        "{k} clusters. Among resampled customers they come out with an agreement of "
        "{mean} of 1 on average, {least} at worst; the silhouette is {silhouette}."
    )
    return told.format(
        k=k,
        mean=f"{row['stability']:.2f}",
        least=f"{row['stability_min']:.2f}",
        silhouette=choice_figures.figure(row["silhouette"]),
    )


def _crowds(crowds: dict[str, Any]) -> str:
    """What HDBSCAN has found, and how many customers it has looked at."""
    if not crowds["count"]:
        told = _(
            "HDBSCAN finds no clusters: nowhere do at least {least} customers crowd "
            "together, apart from others."
        )
    else:
        told = _(
            "HDBSCAN finds {count} clusters of at least {least} customers; {noise} of "
            "all stand apart and are in none. It looked at {rows} customers, and never "
            "looks at more than 20,000."
        )
    return told.format(
        count=number(crowds["count"]),
        least=number(crowds["least"]),
        noise=percent(crowds["noise"]),
        rows=number(crowds["rows"]),
    )
