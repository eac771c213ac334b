"""What is open, overdue and in customers' favour, as figures; or why there is none."""

import streamlit as st

from crm import db
from crm.i18n import _, ngettext
from crm.services.days import today
from crm.services.documents import invoices_balance
from crm.services.documents.invoice_fields import InvoiceState
from crm.services.documents.invoices_balance import OpenSums
from crm.services.money.exchange_sums import Sum
from crm.ui import access, cards, filter_builder
from crm.ui.format import number, plain

LATE = {"match": "all", "rules": [{"field": "state", "op": "any",
        "value": [InvoiceState.OVERDUE.value]}]}  # fmt: skip


def over_all() -> None:
    """The figures over all in reach, and a way to see what is overdue in the list."""
    sums = show()
    if sums.overdue.count:
        st.button(
            _("Show what is overdue"),
            icon=":material/warning:",
            type="tertiary",
            key="invoices_late",
            on_click=_show_late,
        )


def show(customer_id: int | None = None) -> OpenSums:
    """The figures over the invoices in reach, or over those of one customer."""
    with db.reading(access.current()) as session:
        sums = invoices_balance.open_sums(session, on=today(), customer_id=customer_id)
    figures = {_("Open invoices"): sums.open, _("Overdue"): sums.overdue}
    if sums.in_favour.count:
        figures[_("In customers' favour")] = sums.in_favour
    with st.grid(len(figures), min_column_width=190):
        for label, total in figures.items():
            cards.amount(
                label,
                None if total.missing else abs(total.amount),
                delta=_invoices(total.count),
                delta_color="off",
                delta_arrow="off",
            )
    for words in dict.fromkeys(_why_not(total) for total in figures.values()):
        if words:
            st.warning(plain(words), icon=":material/currency_exchange:")
    return sums


def _show_late() -> None:
    filter_builder.use("invoices", LATE)
    st.session_state["invoices_p"] = 1


def _invoices(count: int) -> str:
    words = ngettext("{n} invoice", "{n} invoices", count)
    return words.format(n=number(count))


def _why_not(total: Sum) -> str:
    """Why a sum cannot be made; nothing where it can."""
    if not total.missing:
        return ""
    count = sum(total.missing.values())
    words = ngettext(
        "A sum cannot be made: {n} invoice in {currency} has no rate.",
        "A sum cannot be made: {n} invoices in {currency} have no rate.",
        count,
    )
    return words.format(n=number(count), currency=", ".join(sorted(total.missing)))
