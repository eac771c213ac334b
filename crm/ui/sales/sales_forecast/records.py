"""The way from a number to its opportunities, and what is said where none is made."""

import streamlit as st

from crm.i18n import _, ngettext
from crm.models import Analysis
from crm.services import filters
from crm.services.sales.forecast_calls_sums import Sum, unpriced_rule
from crm.ui import filter_builder, navigation
from crm.ui.format import number, plain, rounded

REST = "sales_rest"


def adds_up_the_rest() -> bool:
    """Whether the reader has said to leave out what has no rate."""
    return bool(st.session_state.get(REST) or st.query_params.get(REST) == "true")


def amount(total: Sum) -> str:
    """The sum, or a dash where it cannot be made."""
    if total.is_whole or adds_up_the_rest():
        return rounded(float(total.amount))
    return "–"


def button(total: Sum, key: str) -> None:
    """How many opportunities there are; a click lists them."""
    words = ngettext("{n} opportunity", "{n} opportunities", total.count)
    st.button(
        plain(words.format(n=number(total.count))),
        icon=":material/list:",
        type="tertiary",
        key=key,
        on_click=open_list,
        args=[total.rule],
    )


def open_list(rule: filters.Rule) -> None:
    """The list of opportunities that `rule` finds."""
    filter_builder.clear("opportunities")
    dumped = filter_builder.dumped(rule)
    navigation.go("opportunities", view="list", opportunities_f=dumped)


def refusal(*sums: Sum, simulated: dict[str, int] | None = None) -> None:
    """What has no rate, the way there, and the choice to add up the rest.

    `simulated` is what the simulation lacks, by currency.
    """
    lacking = [(one.unpriced, one.rule) for one in sums if not one.is_whole]
    if simulated and not lacking:
        lacking = [(simulated, {"match": "all", "rules": []})]
    if not lacking:
        return
    with st.container(border=True, key="sales_unpriced"):
        for position, (unpriced, rule) in enumerate(lacking):
            _missing(unpriced, rule, position)
        st.toggle(_("Add up the rest without them"), key=REST, bind="query-params")


def is_refused(shown: Analysis) -> bool:
    """Whether a result is not shown for want of rates; says so."""
    unpriced = shown.summary["unpriced"]
    if not unpriced or adds_up_the_rest():
        return False
    st.warning(plain(unpriced_words(unpriced)), icon=":material/warning:")
    return True


def unpriced_words(unpriced: dict[str, int]) -> str:
    """“A sum cannot be made: 3 opportunities in USD have no rate”."""
    told = [
        ngettext(
            "{n} opportunity in {currency} has no rate",
            "{n} opportunities in {currency} have no rate",
            count,
        ).format(n=number(count), currency=currency)
        for currency, count in unpriced.items()
    ]
    return _("A sum cannot be made: {reasons}.").format(reasons=", ".join(told))


def _missing(unpriced: dict[str, int], rule: filters.Rule, position: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":material/warning: " + plain(unpriced_words(unpriced)), width="stretch"
        )
        st.button(
            _("Show them"),
            key=f"sales_unpriced_{position}",
            on_click=open_list,
            args=[unpriced_rule(rule)],
        )
