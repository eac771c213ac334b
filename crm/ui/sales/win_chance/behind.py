"""The opportunities behind a mark of a chart."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from crm.analytics import clocks
from crm.i18n import _
from crm.models import Analysis
from crm.services.days import zone
from crm.ui import insight
from crm.ui.format import date_column, number, percent, plain
from crm.ui.sales.win_chance import deals_table, marks, words
from crm.ui.sales.win_chance.deals_table import Listed


def of_group(shown: Analysis, landmark: str, mark: str) -> None:
    """Those of a group of the reliability chart."""
    model = shown.summary["best"]
    groups = insight.table(shown, f"reliability_{landmark}")
    groups = groups[groups["model"] == model]
    if not mark.isdecimal() or int(mark) >= len(groups):
        return
    sizes = np.append(0, groups["customers"].cumsum())
    judged = insight.table(shown, f"judged_{landmark}").sort_values(model)
    rows = judged.iloc[sizes[int(mark)] : sizes[int(mark) + 1]]
    title = _("Predicted {low} to {high}").format(
        low=percent(rows[model].min()), high=percent(rows[model].max())
    )
    _show(shown, rows, model, title)


def of_first(shown: Analysis, landmark: str, mark: str) -> None:
    """The first so many by a model, from a mark of the lift chart."""
    model, _colon, text = mark.partition(":")
    if model not in words.MODELS or not text.isdecimal() or not 0 < int(text) <= 100:
        return
    judged = insight.table(shown, f"judged_{landmark}")
    ranked = judged.sort_values([model, "opportunity_id"], ascending=[False, True])
    rows = ranked.head(round(int(text) / 100 * len(ranked)))
    title = _("The first {share} by: {model}").format(
        share=percent(int(text) / 100), model=_(words.MODELS[model])
    )
    _show(shown, rows, model, title)


def _show(shown: Analysis, rows: pd.DataFrame, model: str, title: str) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(title)}**")
            marks.close()
        count, won = len(rows), int(rows["won"].sum())
        told = _("{count} moments of {deals} opportunities, {won} of what was won")
        deals = number(rows["opportunity_id"].nunique())
        st.caption(
            plain(told.format(count=number(count), deals=deals, won=number(won)))
        )
        listed = Listed(
            rows.sort_values(model, ascending=False),
            lambda some: _columns(some, model),
            _config(),
        )
        file = f"win-probability-judged-{shown.as_of.isoformat()}"
        deals_table.show(listed, key="win_behind", file=file)


def _columns(rows: pd.DataFrame, model: str) -> pd.DataFrame:
    outcome = np.where(rows["won"], _("Won"), _("Lost"))
    told = rows[model].round(3)
    days = clocks.days_of(rows["at"], zone()).dt.date
    return pd.DataFrame({"day": days, "probability": told, "outcome": outcome})


def _config() -> dict[str, Any]:
    kinds = st.column_config
    return {
        "day": date_column(_("As it stood on")),
        "probability": kinds.ProgressColumn(
            _("Probability"), format="percent", min_value=0, max_value=1, width=105
        ),
        "outcome": kinds.TextColumn(_("Outcome")),
    }
