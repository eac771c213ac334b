"""What acting on suggestions has changed, beside customers left alone by lot."""

from typing import Any

import streamlit as st

from crm import db
from crm.analytics.hold_out import Effect
from crm.i18n import _
from crm.models import SuggestionKind
from crm.models.words import told
from crm.services import analyses
from crm.ui import access
from crm.ui.format import money, number, percent, plain


def show() -> None:
    """A panel with the effect of each kind, or why it cannot be told yet."""
    with st.expander(_("Does it help?"), icon=":material/science:"):
        st.markdown(
            plain(
                _(
                    "One suggestion in ten is shown to nobody, drawn by lot. What "
                    "customers buy in the 28 days after is compared: all that were "
                    "suggested, whatever became of it, beside those left alone."
                )
            )
        )
        with db.reading(access.current()) as session:
            shown = analyses.latest(session, "suggestions")
        effects = shown.summary["effects"] if shown else {}
        for kind in SuggestionKind:
            if found := effects.get(kind.value):
                _kind(kind, found)
        if not effects:
            st.caption(_("Nothing has been measured yet."))


def _kind(kind: SuggestionKind, found: dict[str, Any]) -> None:
    titles = {
        SuggestionKind.WIN_BACK: _("Win back"),
        SuggestionKind.NEXT_PRODUCT: _("Next product"),
    }
    st.markdown(f"**{plain(titles[kind])}**")
    if "why_not" in found:
        st.caption(plain(told(found["why_not"])))
        return
    effect = Effect(**found)
    words = _(
        "{n} customers suggested, {m} left alone. Revenue per customer {a} against "
        "{b}: a difference of {difference} (95% interval {low} to {high})."
    )
    st.markdown(
        plain(
            words.format(
                n=number(effect.acted_on),
                m=number(effect.left_alone),
                a=money(effect.revenue_acted_on),
                b=money(effect.revenue_left_alone),
                difference=money(effect.revenue),
                low=money(effect.revenue_low),
                high=money(effect.revenue_high),
            )
        )
    )
    bought = _("Bought at all: {a} against {b}.").format(
        a=percent(effect.bought_acted_on), b=percent(effect.bought_left_alone)
    )
    clear = (
        _("More than chance explains.")
        if effect.is_clear
        else _("Not yet told apart from chance.")
    )
    st.caption(plain(f"{bought} {clear}"))
