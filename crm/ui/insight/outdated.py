"""What is said of a stored result whose records have gone, or come in late."""

from datetime import datetime

import streamlit as st
from babel.lists import format_list

from crm import db
from crm.i18n import _, current, ngettext
from crm.models import Action, Actor, Analysis
from crm.services import analyses, analysis_basis, analysis_kinds
from crm.services.analysis_basis import Since
from crm.ui import access, feedback
from crm.ui.format import number, plain

DAILY = "overview"  # of what only the clock has computed, and what is brought in


def tell(shown: Analysis) -> None:
    """That the result no longer fits, why, and a button that asks the same anew.

    Nothing while it fits.
    """
    actor = access.current()
    with db.reading(actor) as session:
        newest = analysis_basis.last_change(session)
    found = _since(actor, (shown.id, shown.created_at, newest))
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        told = sentences(found)
        if shown.kind == DAILY:
            told.append(_("It is computed anew every day."))
        st.warning(plain(" ".join(told)), icon=":material/history:")
        if can_be_asked(actor, shown):
            st.button(
                _("Compute again"),
                icon=":material/refresh:",
                key=f"{shown.kind}_again",
                on_click=_ask_again,
                args=[shown],
            )


def sentences(found: Since) -> list[str]:
    """What has changed since, and what follows."""
    told = [_("This result no longer fits what is on record.")]
    if found.gone:
        gone = [_counted(name, count) for name, count in found.gone.items()]
        words = _("Gone since it was computed: {records}.")
        told.append(words.format(records=format_list(gone, locale=current())))
    if found.late:
        late = _counted("orders", found.late)
        words = _("Come in since, of the time that it looked at: {records}.")
        told.append(words.format(records=late))
    return told


def can_be_asked(actor: Actor, shown: Analysis) -> bool:
    """Whether the reader may ask for such an analysis, and has not done so already."""
    is_awaited = st.session_state.get(f"{shown.kind}_awaited", False)
    known = shown.kind in analysis_kinds.TITLES
    return known and not is_awaited and actor.may(Action.CREATE, "analysis")


def _counted(name: str, n: int) -> str:
    words = {
        "customers": ngettext("{n} customer", "{n} customers", n),
        "orders": ngettext("{n} order", "{n} orders", n),
        "subscriptions": ngettext("{n} subscription", "{n} subscriptions", n),
        "opportunities": ngettext("{n} opportunity", "{n} opportunities", n),
        "leads": ngettext("{n} lead", "{n} leads", n),
    }
    return words[name].format(n=number(n))


def _ask_again(shown: Analysis) -> None:
    """The same question as of the same day, of what is on record now."""
    asked = {name: one for name, one in shown.parameters.items() if name != "scope"}
    st.session_state.pop(f"{shown.kind}_shown", None)
    with feedback.caught(), db.transaction(access.current()) as session:
        title = _(analysis_kinds.TITLES[shown.kind])
        analyses.ask(session, shown.kind, title, asked, as_of=shown.as_of)


@st.cache_data(max_entries=200, show_spinner=False, hash_funcs={Actor: str})
def _since(actor: Actor, identity: tuple[int, datetime, int]) -> Since:
    """Counted anew only once something has changed; ids may be given anew, too."""
    with db.reading(actor) as session:
        shown = analyses.analysis(session, identity[0])
        return analysis_basis.since(session, shown)
