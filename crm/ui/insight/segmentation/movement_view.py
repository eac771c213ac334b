"""Movement: who changed group between two days, by one kept model."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Analysis
from crm.services import kept_models
from crm.ui import access, address, charts, day_input, feedback, insight
from crm.ui.format import label, plain
from crm.ui.insight.segmentation import (
    chosen,
    movement_chart,
    movement_models,
    movement_table,
    movement_words,
    picks,
)
from crm.ui.insight.segmentation.actions import Chosen
from crm.ui.insight.segmentation.movement_words import Flow

KIND = VIEW = "migration"
USUAL = timedelta(days=90)


def show() -> None:
    """The view: a model, two days, who went where."""
    with db.reading(access.current()) as session:
        models = kept_models.listed(session)
    if not models:
        feedback.empty(
            _("No model is kept yet."),
            _("Under “RFM” or “Clusters”, press “Keep this model”; then come back."),
            icon="move_up",
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _ask(models)
    movement_models.show(models)
    shown = insight.current(KIND)
    st.caption(plain(movement_words.basis(shown)))
    st.markdown(plain(movement_words.conclusion(shown, _flows(shown))))
    _pictures(shown)
    insight.made(shown, movement_words.how(shown))


def _ask(models: list[Analysis]) -> None:
    options = {str(one.id): label(one.title or "", one.id) for one in models}
    model = address.menu(
        _("Model"), options, "migration_model", usual=str(models[0].id), width=300
    )
    until = insight.as_of(KIND)
    since: date = day_input.date_input(
        _("Compared with"), value=until - USUAL, key="migration_since"
    )
    asked = {"model": int(model), "since": since.isoformat()}
    insight.compute(KIND, _("Movement between segments"), asked, as_of=until)


def _flows(shown: Analysis) -> pd.DataFrame:
    return insight.table(shown, "flows")


def _pictures(shown: Analysis) -> None:
    """The flows, and the same as a table; a click on either picks its customers."""
    flows = _flows(shown)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        drawn = charts.pick(
            movement_chart.flows(shown, flows),
            key=f"migration_flows_{picks.turn(VIEW)}",
            alt=_("Customers by group on the first and on the second day, as flows"),
            height=movement_chart.height(flows),
        )
        st.caption(plain(_(movement_words.HINT)))
        one = movement_chart.flow(drawn.ids[-1]) if drawn.ids else None
        if picks.is_new(VIEW, "flows", one):
            picks.choose(VIEW, "flows", one)
    with right:
        movement_table.show(shown, flows, _pick)
    _panel(shown)


def _pick(flow: Flow) -> None:
    picks.choose(VIEW, "table", flow)


def _panel(shown: Analysis) -> None:
    """The customers of the flow picked last."""
    match (picks.last(VIEW) or ("", None))[1]:
        case (before, after):
            picked = _chosen(shown, (before, after))
        case _:
            return
    chosen.show(shown, picked, key=VIEW, close=lambda: picks.forget(VIEW))


def _chosen(shown: Analysis, flow: Flow) -> Chosen:
    title = movement_words.flow(shown, flow)
    description = _("{title}, from {since} to {until}.").format(
        title=title,
        since=shown.parameters["since"],
        until=shown.as_of.isoformat(),
    )
    moves = insight.table(shown, "moves")
    inside: Any = (moves["before"] == flow[0]) & (moves["after"] == flow[1])
    rows = np.flatnonzero(inside.to_numpy())
    return Chosen(title, description, rows, mark=f"{shown.id} {description}")
