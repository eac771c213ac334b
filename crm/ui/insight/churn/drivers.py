"""What the predictions stand on, over all customers."""

from typing import Any

import streamlit as st

from crm.analytics.churn.churn_features import GROUPS
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import plain
from crm.ui.insight.churn import by_word, words
from crm.ui.insight.model_evidence import bars

FIRST = 12  # coefficients shown


def show(shown: Analysis, model: str) -> None:
    """How much each thing matters to the ranking, and which way it weighs."""
    first, second = st.columns(2, gap="medium")
    with first:
        _importances(shown, model)
    with second:
        _coefficients(shown)
    by_word.show(shown)
    st.caption(plain(_(NO_CAUSE)))


def _importances(shown: Analysis, model: str) -> None:
    told = _("{model}: what the AUC loses when this is shuffled among the customers.")
    charts.titled(
        _("What the ranking stands on"), told.format(model=_(words.MODELS[model]))
    )
    table = insight.table(shown, "importances").query("model == @model")
    fig = bars.losses(table, words.THEMES)
    charts.show(
        fig,
        key="churn_importances",
        alt=_("Loss of AUC by what is shuffled"),
        height=bars.height(fig),
    )


def _coefficients(shown: Analysis) -> None:
    charts.titled(_("Which way it weighs"), _(WEIGHTS))
    rows = bars.strongest(insight.table(shown, "coefficients"), FIRST)
    labels = [_label(row) for row in rows.to_dict("records")]
    fig = bars.factors(rows, labels, up=charts.SERIES[1], down=charts.SERIES[0])
    charts.show(
        fig,
        key="churn_coefficients",
        alt=_("Factors on the odds of no order"),
        height=bars.height(fig),
    )


def _label(row: dict[Any, Any]) -> str:
    feature = row["feature"]
    if feature in GROUPS:
        return words.level(feature, row["level"])
    return _(words.BRIEF[feature])


WEIGHTS = N_(
    "Logistic regression: factor on the odds of no order, for numbers per standard "
    "deviation, for words against the average customer. What speaks of one thing is to "
    "be read together."
)
NO_CAUSE = N_(
    "These are associations, not causes: what goes along with leaving need not make "
    "anybody leave, and changing it need not keep anybody."
)
