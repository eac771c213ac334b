"""RFM: a grid of scores, named segments, and the customers behind each of them."""

from typing import Any

import numpy as np
import streamlit as st

from crm.analytics.segmentation import frozen
from crm.analytics.segmentation.frozen import RfmModel
from crm.analytics.segmentation.rfm import Segmentation
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.i18n import _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import plain
from crm.ui.insight.segmentation import (
    chosen,
    keep,
    picks,
    rfm_charts,
    rfm_cuts,
    rfm_look,
    rfm_table,
    rfm_words,
    stored,
)
from crm.ui.insight.segmentation.actions import Chosen
from crm.ui.insight.segmentation.rfm_look import Look
from crm.ui.insight.segmentation.words import heading

VIEW = "rfm"
Cell = tuple[int, int, int | None]  # scores; None where every m will do


def show(shown: Analysis) -> None:
    """The view, on a stored result."""
    conclusion = st.container(gap="xsmall")
    look = rfm_look.look()
    cuts = rfm_cuts.cuts(shown, look)
    if cuts is None:
        return
    found = stored.scored(shown, cuts, total=look.total)
    conclusion.caption(plain(rfm_words.basis(found)))
    conclusion.markdown(plain(rfm_words.conclusion(found)))
    _pictures(found, look)
    below_pictures = st.container()
    rfm_table.show(found, look, _pick_segment)
    _keep(shown, cuts)
    places = {"pictures": below_pictures, "table": st.container()}
    _panel(shown, found, places)
    for note in found.notes:
        st.caption(plain(note))
    insight.made(shown, [_(one) for one in rfm_words.HOW])
    rfm_table.rules(found)


def _keep(shown: Analysis, cuts: Cuts) -> None:
    name = _("RFM, {cuts}").format(cuts=rfm_cuts.in_words(cuts))
    model = frozen.as_json(RfmModel(cuts))
    keep.button(shown, model, name[:120], key=f"rfm_{hash(cuts)}")


def _pictures(found: Segmentation, look: Look) -> None:
    """The grid and the bars; a click on either picks its customers."""
    left, right = st.columns(2, gap="medium")
    with left:
        shown = int(found.grid_of(look.m)["customers"].sum())
        heading(_("Recency and frequency"), shown)
        cells = charts.pick(
            rfm_charts.grid(found, look),
            key=f"rfm_grid_{picks.turn(VIEW)}",
            alt=_("Customers by their scores of recency and frequency"),
            x=_("Frequency score (high: many orders)"),
            y=_("Recency score (high: lately)"),
        )
        picked = [(*divmod(one, rfm_charts.CELL), look.m) for one in cells.ids]
        _noticed("grid", picked)
    with right:
        heading(_("Segments"), len(found.customers))
        bars = charts.pick(
            rfm_charts.segments(found),
            key=f"rfm_bars_{picks.turn(VIEW)}",
            alt=_("Each segment's share of the customers and of the revenue"),
            x=_("Share"),
        )
        _noticed("bars", bars.ids)


def _noticed(source: str, picked: list[Any]) -> None:
    one = picked[-1] if picked else None
    if picks.is_new(VIEW, source, one):
        picks.choose(VIEW, "pictures", one)


def _pick_segment(name: str) -> None:
    picks.choose(VIEW, "table", name)


def _panel(shown: Analysis, found: Segmentation, places: dict[str, Any]) -> None:
    """The customers of the cell or segment picked last, below where it was picked."""
    place, what = picks.last(VIEW) or ("pictures", None)
    rows = _rows(found, what)
    with places[place]:
        if rows is None:
            st.caption(plain(_(rfm_words.HINT)))
            return
        picked = _chosen(shown, found, what, rows)
        chosen.show(shown, picked, key=VIEW, close=lambda: picks.forget(VIEW))


def _rows(found: Segmentation, what: str | Cell | None) -> Any:
    """The rows of the customers in a segment, or in a cell."""
    match what:
        case str():
            named = found.customers["segment"].cat
            code = named.categories.get_indexer([what])[0]
            return np.flatnonzero((named.codes == code) & (named.codes >= 0))
        case (r, f, m):
            scores = {name: found.customers[name].to_numpy() for name in "rfm"}
            inside = (scores["r"] == r) & (scores["f"] == f)
            return np.flatnonzero(inside if m is None else inside & (scores["m"] == m))
    return None


def _chosen(shown: Analysis, found: Segmentation, what: Any, rows: Any) -> Chosen:
    title = _(what) if isinstance(what, str) else _cell(found, *what)
    description = _("RFM as of {day}: {what}. Cut points: {cuts}.").format(
        day=shown.as_of.isoformat(), what=title, cuts=rfm_cuts.in_words(found.cuts)
    )
    return Chosen(title, description, rows, mark=f"{shown.id} {description}")


def _cell(found: Segmentation, r: int, f: int, m: int | None) -> str:
    """The scores of a cell, and the segment where it has only one."""
    grid = found.grid_of(m).set_index(["r", "f"])["segment"]
    scores = f"R {r}, F {f}" + (f", M {m}" if m else "")
    segment = grid.get((r, f), "")
    return f"{_(segment)} ({scores})" if segment else scores
