"""Clusters: how many, what each of them is like, and who lies where."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from crm.i18n import _
from crm.models import Analysis
from crm.models.words import told
from crm.ui import charts, insight
from crm.ui.charts import Picked
from crm.ui.format import day, plain
from crm.ui.insight.segmentation import (
    choice_view,
    chosen,
    cluster_cards,
    cluster_map,
    cluster_words,
    keep,
    picks,
)
from crm.ui.insight.segmentation.actions import Chosen
from crm.ui.insight.segmentation.words import heading

VIEW = "clusters"


def show(shown: Analysis) -> None:
    """The view, on a stored result."""
    if refused := _refused(shown):
        st.info(plain(refused), icon=":material/info:")
        insight.made(shown, [])
        return
    conclusion = st.container(gap="xsmall")
    conclusion.caption(plain(cluster_words.basis(shown)))
    if (division := choice_view.choose(shown)) is None:
        insight.made(shown, cluster_words.how(shown, None))
        return
    _division(shown, division, conclusion)
    insight.made(shown, cluster_words.how(shown, division))


def _refused(shown: Analysis) -> str | None:
    """Why there are no clusters to show."""
    if "refused" not in shown.summary and "crowds" not in shown.summary:
        return _("This result is of an earlier version. Compute it again.")
    refused = shown.summary.get("refused")
    return told(refused) if refused else None


def _division(shown: Analysis, division: str, conclusion: Any) -> None:
    """All about one way to divide the customers."""
    profiles = cluster_cards.profiles(shown, division)
    traits = cluster_cards.of(shown, "traits", division)
    labels = insight.table(shown, "clusters")[division].to_numpy()
    conclusion.markdown(plain(cluster_words.conclusion(shown, profiles, traits)))
    cluster_cards.show(shown, profiles, traits, _pick_cluster)
    below_cards = st.container()
    _keep(shown, division)
    _pictures(shown, profiles, labels)
    _panel(shown, division, labels, {"cards": below_cards, "pictures": st.container()})
    with st.expander(_("The middle of each cluster"), icon=":material/adjust:"):
        cluster_cards.centres(shown, cluster_cards.of(shown, "centres", division))
    with st.expander(_("Each cluster against the others"), icon=":material/compare:"):
        cluster_cards.differences(shown, traits)


def _keep(shown: Analysis, division: str) -> None:
    if (model := shown.summary["models"].get(division)) is None:
        return
    name = _("{method}, {features}, {day}").format(
        method=choice_view.named(division),
        features=cluster_words.features(shown),
        day=day(shown.as_of),
    )
    keep.button(shown, model, name[:120], key=f"clusters_{division}")


def _pictures(shown: Analysis, profiles: pd.DataFrame, labels: NDArray[Any]) -> None:
    """The shares as bars, and the customers as points."""
    turn = picks.turn(VIEW)
    left, right = st.columns([2, 3], gap="medium")
    with right:
        across, up = cluster_map.chosen_axes(shown)
        key = f"clusters_map_{turn}"
        picked = cluster_map.show(shown, labels, across, up, key=key)
        where = f"{across.title} × {up.title}"
        if picks.is_new(VIEW, "map", _mark(picked, where)):
            rows = cluster_map.rows(picked, labels, across, up)
            picks.choose(VIEW, "pictures", (shown.id, where, rows))
    with left:
        heading(_("Shares"), len(labels))
        bars = charts.pick(
            cluster_cards.bars(profiles),
            key=f"clusters_bars_{turn}",
            alt=_("Each cluster's share of the customers and of the revenue"),
            x=_("Share"),
        )
        one = int(bars.ids[-1]) if bars.ids else None
        if picks.is_new(VIEW, "bars", one):
            picks.choose(VIEW, "pictures", one)


def _mark(picked: Picked, what: str) -> str | None:
    """Tells one lasso from another."""
    if not picked.ids:
        return None
    return repr((what, picked.lassos, picked.boxes, len(picked.ids), picked.ids[:3]))


def _pick_cluster(cluster: int) -> None:
    picks.choose(VIEW, "cards", cluster)


def _panel(
    shown: Analysis, division: str, labels: NDArray[Any], places: dict[str, Any]
) -> None:
    """The customers picked last, below where they were picked."""
    place, what = picks.last(VIEW) or ("pictures", None)
    match what:
        case int() if labels.min() <= what <= labels.max():
            picked = _cluster(shown, division, what, labels)
        case (shown.id, where, rows):
            picked = _lasso(shown, where, rows)
        case _:
            return
    with places[place]:
        chosen.show(shown, picked, key=VIEW, close=lambda: picks.forget(VIEW))


def _cluster(
    shown: Analysis, division: str, cluster: int, labels: NDArray[Any]
) -> Chosen:
    title = cluster_words.title(cluster)
    description = _("{cluster} ({method}), as of {day}, by: {features}.").format(
        cluster=title,
        method=choice_view.named(division),
        day=shown.as_of.isoformat(),
        features=cluster_words.features(shown),
    )
    rows = np.flatnonzero(labels == cluster)
    return Chosen(title, description, rows, mark=f"{shown.id} {description}")


def _lasso(shown: Analysis, where: str, rows: NDArray[np.intp]) -> Chosen:
    title = _("Inside the lasso")
    description = _("Drawn by hand in the picture {where}, as of {day}.").format(
        where=where, day=shown.as_of.isoformat()
    )
    mark = f"{shown.id} {hash(rows.tobytes())}"
    return Chosen(title, description, rows, mark=mark)
