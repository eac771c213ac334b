"""The parameters of the models, with how well they are known."""

import pandas as pd
import streamlit as st

from crm.analytics.notes import Note
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import plain

MEANINGS = {
    "r": N_("Purchases: how alike rates are (shape)"),
    "alpha": N_("Purchases: scale of the rates, in weeks"),
    "a": N_("Leaving after a purchase: the higher, the more leave"),
    "b": N_("Leaving after a purchase: the higher, the more stay"),
    "p": N_("Amounts: how alike those of one customer are (shape)"),
    "q": N_("Amounts: how alike customers are (shape)"),
    "gamma": N_("Amounts: scale across customers, in money"),
}
SIGNS = {"alpha": "α", "gamma": "γ"}


def show(shown: Analysis) -> None:
    """A row for each, and the correlation that the models leave out."""
    with st.expander(_("Parameters of the models"), icon=":material/tune:"):
        rows = [
            {
                "name": SIGNS.get(name, name),
                "meaning": _(meaning),
                **{end: _short(shown.summary["parameters"][name][end]) for end in ENDS},
            }
            for name, meaning in MEANINGS.items()
        ]
        kinds = st.column_config
        figures = {
            end: kinds.TextColumn(_(label), alignment="right")
            for end, label in ENDS.items()
        }
        st.dataframe(
            pd.DataFrame(rows),
            key="lifetime_value_parameters",
            hide_index=True,
            height="content",
            column_config={
                "name": kinds.TextColumn(_("Parameter"), width=85, pinned=True),
                "meaning": kinds.TextColumn(_("Meaning")),
                **figures,
            },
        )
        st.caption(plain(_related(shown)))
        for note in shown.summary["unsettled"]:
            st.caption(plain(Note(note["text"], note["values"])))


ENDS = {
    "value": N_("Fitted"),
    "low": N_("At least (90%)"),
    "high": N_("At most (90%)"),
}


def _short(value: float) -> str:
    return f"{value:,.4g}" if value < 10_000 else f"{value:,.0f}"


def _related(shown: Analysis) -> str:
    found = shown.summary["correlation"]
    if found is None:
        return _("Whether frequency and value are related cannot be told.")
    return _(
        "The models take how often a customer buys and how much at a time for "
        "unrelated; among these repeat buyers their rank correlation is {correlation}."
    ).format(correlation=f"{found:.2f}")
