"""The heat map: a row for each cohort or group, a cell for each period since."""

import streamlit as st

from crm.analytics.cohorts.cohorts import ALL, FEW
from crm.i18n import _
from crm.ui import charts
from crm.ui.format import plain
from crm.ui.insight.cohorts import heat_figure, words
from crm.ui.insight.cohorts.view import AVERAGE, View

ROW, AROUND = 25, 70  # pixels


def show(view: View, periods: int) -> tuple[int, int] | None:
    """The map of so many periods; the row and period that the user clicked."""
    st.markdown(f"**{plain(_(words.SHORT[view.question.measure]))}**")
    st.caption(plain(_legend(view)))
    picked = charts.pick(
        heat_figure.figure(view, periods),
        key=f"cohorts_heat_{view.key}",
        alt=_("Cohorts by what they do in the periods since the first order"),
        x=words.since(view.question),
        height=AROUND + ROW * (len(view.rows) + 1),
    )
    if not picked.ids:
        return None
    row, period = divmod(int(picked.ids[-1]), heat_figure.PERIODS)
    return row + AVERAGE, period


def _legend(view: View) -> str:
    told = [
        _(words.MEANINGS[view.question.measure]),
        _("n is the number of customers."),
        _("Grey: fewer than {few} customers. Hatched: not over yet.").format(few=FEW),
    ]
    if view.question.grouping != ALL:
        told.append(_("A period counts only the customers for whom it is over."))
    told.append(_("Click a cell to see its customers."))
    return " ".join(told)
