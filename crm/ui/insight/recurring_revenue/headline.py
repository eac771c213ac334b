"""The conclusion first: how much comes in by the month and the year, and stays."""

from typing import Any

import streamlit as st

from crm.i18n import _, ngettext
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import number, percent, plain, rounded


def show(shown: Analysis) -> None:
    """A sentence, the figures, and what could not be added up."""
    found = shown.summary
    told = _("Subscriptions bring {mrr} a month, {arr} a year")
    figures = {"mrr": rounded(found["mrr"]), "arr": rounded(found["arr"])}
    st.subheader(plain(told.format(**figures)))
    _figures(shown, found)
    if lacking := found.get("no_rate"):
        words = ngettext(
            "{n} running subscription in a currency without a rate is not in the sum.",
            "{n} running subscriptions in a currency without a rate are not in the "
            "sum.",
            lacking,
        )
        st.info(plain(words.format(n=number(lacking))), icon=":material/info:")


def _figures(shown: Analysis, found: dict[str, Any]) -> None:
    months = insight.table(shown, "months")["mrr"].tolist()
    before = months[-2] if len(months) > 1 else 0
    with st.grid(4, min_column_width=150):
        st.metric(
            _("MRR"),
            rounded(found["mrr"]),
            delta=f"{found['mrr'] / before - 1:+.1%}" if before > 0 else None,
            border=True,
            help=_("Monthly recurring revenue; the change is against last month."),
        )
        st.metric(
            _("ARR"),
            rounded(found["arr"]),
            border=True,
            help=_("Annual recurring revenue: twelve times the MRR."),
        )
        st.metric(_("Running subscriptions"), number(found["running"]), border=True)
        st.metric(
            _("Net retention"),
            percent(found["net_retention"]),
            border=True,
            help=_(
                "What customers with subscriptions a year ago bring now, by what they "
                "brought then. Without what they have added: {gross}."
            ).format(gross=percent(found["gross_retention"])),
        )
