"""What the scores stand on, over all leads."""

import pandas as pd
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import plain
from crm.ui.insight.model_evidence import bars
from crm.ui.sales.lead_score import words

FIRST = 10  # coefficients shown


def show(shown: Analysis) -> None:
    """How much each thing matters to the ranking, and which way it weighs."""
    first, second = st.columns(2, gap="medium")
    with first:
        _importances(insight.table(shown, "importances"))
    with second:
        _coefficients(insight.table(shown, "coefficients"))
    st.caption(plain(_(NO_CAUSE)))


def _importances(table: pd.DataFrame) -> None:
    charts.titled(
        _("What the ranking stands on"),
        _("What the AUC loses on later leads when this is shuffled."),
    )
    fig = bars.losses(table, words.THEMES)
    charts.show(
        fig,
        key="leads_importances",
        alt=_("Loss of AUC by what is shuffled"),
        height=bars.height(fig),
    )


def _coefficients(table: pd.DataFrame) -> None:
    charts.titled(_("Which way it weighs"), _(WEIGHTS))
    rows = bars.strongest(table, FIRST)
    labels = [words.column(row) for row in rows.to_dict("records")]
    fig = bars.factors(rows, labels, up=charts.SERIES[0], down=charts.SERIES[1])
    charts.show(
        fig,
        key="leads_weights",
        alt=_("Factors on the odds to be converted"),
        height=bars.height(fig),
    )


WEIGHTS = N_(
    "Factor on the odds to be converted: for sources against the average lead, for the "
    "others per standard deviation."
)
NO_CAUSE = N_(
    "These are associations, not causes: what goes along with conversion need not "
    "bring it about."
)
