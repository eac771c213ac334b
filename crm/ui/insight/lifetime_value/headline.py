"""The conclusion first: what all customers will bring, and on how few it rests."""

from typing import Any

import streamlit as st

from crm.analytics.notes import Note
from crm.i18n import _
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import day, number, percent, plain, rounded


def show(shown: Analysis) -> None:
    """The total in a sentence, figures beside it, and what speaks against them."""
    st.subheader(plain(_conclusion(shown)))
    st.markdown(plain(_interval(shown)))
    _figures(shown)
    for note in shown.summary["notes"]:
        told = str(Note(note["text"], note["values"]))
        st.warning(plain(told), icon=":material/info:")


def _conclusion(shown: Analysis) -> str:
    told = _(
        "{count} customers will bring about {total} in the {days} days after {day}"
    )
    return told.format(
        count=number(shown.summary["customers"]),
        total=rounded(shown.summary["total"]["value"]),
        days=number(shown.summary["horizon"]),
        day=day(shown.as_of),
    )


def _interval(shown: Analysis) -> str:
    told = _(
        "With 90% probability between {low} and {high}, as far as the models are right."
    )
    low, high = (rounded(shown.summary["total"][end]) for end in ("low", "high"))
    return told.format(low=low, high=high)


def _figures(shown: Analysis) -> None:
    summary: dict[str, Any] = shown.summary
    customers = insight.table(shown, "customers")
    with st.grid(4, min_column_width=150):
        st.metric(
            _("Mean of a customer"),
            rounded(summary["total"]["value"] / summary["customers"]),
            border=True,
        )
        st.metric(
            _("From the best tenth"),
            percent(summary["top_share"]),
            border=True,
            help=_("What the 10% of customers who are worth most bring of the total."),
        )
        st.metric(
            _("Expected purchases"),
            number(round(customers["purchases"].sum())),
            border=True,
            help=_("Days with a purchase; several orders on one day count as one."),
        )
        st.metric(
            _("Value at risk"),
            rounded(customers["at_risk"].sum()),
            border=True,
            help=_(
                "What customers would be worth if they were surely still there, less "
                "what they are expected to be worth."
            ),
        )
