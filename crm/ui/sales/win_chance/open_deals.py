"""The open opportunities by their chance to be won: filter, table, file."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.config import settings
from crm.i18n import N_, _, ngettext
from crm.models import Analysis
from crm.ui import address, insight
from crm.ui.format import number, percent, plain, rounded
from crm.ui.insight.model_evidence import reason_columns
from crm.ui.sales.win_chance import deals_table, words
from crm.ui.sales.win_chance.deals_table import Listed

ROW = 60  # pixels, for three lines of text
ORDERS = {
    "probability": N_("Probability"),
    "expected": N_("Expected amount"),
    "amount": N_("Amount"),
}
STEPS = [step / 20 for step in range(21)]


def show(shown: Analysis) -> None:
    """The filter, and the opportunities that it leaves."""
    st.subheader(_("What is open"))
    scores = insight.table(shown, "scores")
    if scores.empty:
        st.info(_("Nothing is open."), icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=280):
            least = address.step(
                _("Probability, at least"),
                STEPS,
                "win_least",
                usual=0.0,
                in_words=percent,
                help=_("Opportunities that are less likely to be won are left out."),
            )
        order = address.choice(_("Order by"), ORDERS, "win_order")
    kept = scores[scores["probability"] >= least]
    kept = kept.sort_values([order, "opportunity_id"], ascending=[False, True])
    st.markdown(plain(_summary(scores, kept)))
    if kept.empty:
        st.info(_("None is within these limits."), icon=":material/filter_alt_off:")
        return
    table(shown, kept, key="win_open")
    st.caption(_("▲ makes it likelier to be won, ▼ less likely."))


def table(shown: Analysis, rows: pd.DataFrame, *, key: str) -> None:
    """Rows of the scores with their reasons.

    Args:
        key: of its own among the tables of the page.
    """
    usual = shown.summary["usual_amount"]
    listed = Listed(rows, lambda some: columns(some, usual), _config())
    file = f"win-probability-{shown.as_of.isoformat()}"
    deals_table.show(listed, key=key, file=file, row_height=ROW)


def columns(rows: pd.DataFrame, usual_amount: float | None) -> pd.DataFrame:
    """What is shown and exported of each opportunity, reasons in words."""
    why = reason_columns.told(rows, lambda one: words.reason(one, usual_amount))
    figures = rows[["probability", "expected", "amount", "days_open", "is_old"]]
    places = {"probability": 2, "expected": 0, "amount": 2, "days_open": 0}
    return figures.round(places).join(why)


def _summary(scores: pd.DataFrame, kept: pd.DataFrame) -> str:
    told = ngettext(
        "{count} of {all} open opportunity; about {wins} of them will be won.",
        "{count} of {all} open opportunities; about {wins} of them will be won.",
        len(scores),
    )
    summary = told.format(
        count=number(len(kept)),
        all=number(len(scores)),
        wins=number(round(kept["probability"].sum())),
    )
    if kept["amount"].isna().all():
        return summary
    expected, amount = (rounded(kept[name].sum()) for name in ("expected", "amount"))
    told = _("Expected amount: {expected}, of {amount}.")
    return f"{summary} {told.format(expected=expected, amount=amount)}"


def _config() -> dict[str, Any]:
    kinds, book = st.column_config, settings().currency
    return {
        "probability": kinds.ProgressColumn(
            _("Probability"), format="percent", min_value=0, max_value=1, width=95
        ),
        "expected": kinds.NumberColumn(
            _("Expected amount, {currency}").format(currency=book),
            format="localized",
            width=155,
            help=_("In the book currency: the amount times the probability."),
        ),
        "amount": kinds.NumberColumn(
            _("Amount, {currency}").format(currency=book),
            format="localized",
            width=105,
            help=_("In the book currency, at the rate of the opportunity."),
        ),
        **reason_columns.config(width=145),
        "days_open": kinds.NumberColumn(_("Days open"), format="localized"),
        "is_old": kinds.CheckboxColumn(
            _("Open for very long"),
            help=_("Longer than 95% of all that was won: trust its chance less."),
        ),
    }
