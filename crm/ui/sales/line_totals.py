"""What a document comes to: before tax, tax by rate, with tax."""

import streamlit as st

from crm.i18n import _
from crm.services.documents.papers.figures import percent
from crm.services.prices.pricing import Totals
from crm.ui.format import bold, money, plain


def show(sums: Totals | None, currency: str) -> None:
    """The sums, one below the other, at the right; dashes while there are none."""
    rows = [(_("Total without tax"), money(sums.net if sums else None, currency))]
    for rate, tax in sums.taxes if sums else ():
        label = _("Tax, {rate}").format(rate=percent(rate))
        rows.append((label, money(tax, currency)))
    total = money(sums.total if sums else None, currency)
    with (
        st.container(horizontal_alignment="right"),
        st.container(width=320, gap="xxsmall", border=True, key="line_totals"),
    ):
        for label, amount in rows:
            _row(plain(label), plain(amount))
        _row(bold(_("Total")), f"**{plain(total)}**")


def _row(label: str, amount: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(label, width="content")
        st.markdown(amount, width="content", text_alignment="right")
