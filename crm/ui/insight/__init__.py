"""What the pages of insight share: ask for a result, follow it, say how it was made.

as_of = insight.as_of("churn")
insight.compute("churn", _("Churn"), {"horizon": horizon}, as_of=as_of)
shown = insight.current("churn")  # stops the page where there is none yet
scores = insight.table(shown, "scores")
...
insight.made(shown, [_("A customer churns when …"), …])
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.errors import NotFound
from crm.i18n import _
from crm.models import Action, Analysis, JobState
from crm.services import analyses, analysis_kinds
from crm.services.days import today
from crm.ui import access, address, feedback
from crm.ui.data import jobs_view
from crm.ui.format import day, moment, number, plain, whose_times
from crm.ui.insight import insight_data, last_order, outdated
from crm.warehouse import LEFT_OUT

LINE = 2000  # pixels: in a row of controls, this takes a line of its own


def as_of(kind: str) -> date:
    """The day that the analysis pretends to be today, as the user chooses it.

    It goes along with the result that is shown where that looks back.
    """
    return address.day(
        _("As of"),
        f"{kind}_as_of",
        usual=insight_data.starting_day(kind),
        latest=today(),
        help=_("Nothing that happened after this day is looked at."),
    )


def compute(kind: str, title: str, parameters: dict[str, Any], *, as_of: date) -> None:
    """Whose customers, a button that has it computed, and its progress while it is.

    Below, where orders end long before `as_of`: when, and a way back to that day.
    """
    actor = access.current()
    parameters = parameters | insight_data.segment(kind)
    with db.reading(actor) as session:
        under_way = analyses.under_way(session, kind)
        last = analyses.last_job(session, kind)
    awaited = f"{kind}_awaited"
    if under_way is not None:
        st.session_state[awaited] = True
        with st.container(width=LINE):
            jobs_view.follow(under_way.id, done=lambda _job: None)
        return
    if st.session_state.pop(awaited, False):
        st.session_state.pop(f"{kind}_shown", None)  # the newest is wanted
    if actor.may(Action.CREATE, "analysis"):
        if as_of < today():
            _today_button(kind)
        st.button(
            _("Compute"),
            icon=":material/play_arrow:",
            type="primary",
            key=f"{kind}_compute",
            on_click=_ask,
            args=[kind, title, parameters, as_of],
        )
    if last is not None and last.state is JobState.FAILED:
        with st.container(width=LINE):
            st.error(plain(last.error or ""), icon=":material/block:")
    last_order.tell(kind, as_of, width=LINE)


def compute_again(kind: str, *, key: str) -> None:
    """A button that has it computed as of today, and the progress while it is."""
    actor = access.current()
    with db.reading(actor) as session:
        under_way = analyses.under_way(session, kind)
    if under_way is not None:
        with st.container(width=LINE):
            jobs_view.follow(under_way.id, done=lambda _job: None)
    elif actor.may(Action.CREATE, "analysis"):
        st.button(
            _("Compute"),
            icon=":material/play_arrow:",
            key=key,
            on_click=_ask_as_usual,
            args=[kind],
        )


def current(kind: str) -> Analysis:
    """The result to show: the newest, or an earlier one that the user chose.

    Says as of which day it is, when it was computed, about whom, and whether it still
    fits what is on record. Where there is none, says what to do next, and the page
    ends here.
    """
    with db.reading(access.current()) as session:
        found = analyses.listed(session, kind)
    if not found:
        feedback.empty(
            _("Nothing has been computed yet."),
            _("Choose above what to look at, then press “Compute”."),
            icon="query_stats",
        )
        st.stop()
    shown = insight_data.chosen(kind, found)
    stamp(shown)
    if segment := shown.summary.get("segment"):
        words = _("Only customers of the segment “{segment}”")
        with st.container(horizontal=True):
            st.badge(plain(words.format(segment=segment)), icon=":material/workspaces:")
    return shown


def table(shown: Analysis, name: str) -> pd.DataFrame:
    """A table of a stored result, of `current`; what is changed in it is a copy."""
    return _table(shown, name).copy(deep=False)


def identity(shown: Analysis) -> tuple[int, datetime]:
    """For `hash_funcs` of caches: ids may be given anew after a restore."""
    return shown.id, shown.created_at


def has_table(shown: Analysis, name: str) -> bool:
    """Whether the result has that table."""
    try:
        table(shown, name)
    except NotFound:
        return False
    return True


def stamp(shown: Analysis) -> None:
    """As of which day and when it was computed; and where it no longer fits, why."""
    words = _("As of {day} · computed {moment}")
    told = words.format(day=day(shown.as_of), moment=moment(shown.created_at))
    st.caption(plain(told), help=whose_times())
    outdated.tell(shown)


def made(shown: Analysis, how: Sequence[str], *, left_out: bool = True) -> None:
    """The panel “How this was made”: sentences, what was left out, earlier results.

    `how` are sentences of ours; what they quote of users' text comes out as typed.
    `left_out` is False where the analysis looks at baskets, which are all there.
    """
    with st.expander(_("How this was made"), icon=":material/science:"):
        words = _("As of {day} · data of {moment}")
        told = words.format(day=day(shown.as_of), moment=moment(shown.data_at))
        st.caption(plain(told), help=whose_times())
        for sentence in how:
            st.markdown("- " + plain(sentence))
        counts = (shown.summary.get("left_out") or {}) if left_out else {}
        for reason, count in counts.items():
            if count:
                words = _(LEFT_OUT.get(reason, "{count}"))
                st.markdown("- " + plain(words.format(count=number(count))))
        _earlier(shown)
        insight_data.file_button(shown)


def _earlier(shown: Analysis) -> None:
    """A choice among the results there are."""
    with db.reading(access.current()) as session:
        found = analyses.listed(session, shown.kind)
    labels = {
        one.id: f"{day(one.as_of)} · {moment(one.created_at)} (#{one.id})"
        for one in found
    }
    if len(labels) > 1:
        st.selectbox(
            _("Results"),
            list(labels),
            format_func=labels.__getitem__,
            key=f"{shown.kind}_shown",
        )


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs={Analysis: identity})
def _table(shown: Analysis, name: str) -> pd.DataFrame:
    """Kept in memory, once for all: a stored result never changes.

    `current` has listed the analysis for this reader in the same run.
    """
    with db.reading(access.current()) as session:
        return analyses.table(session, shown.id, name)


def _today_button(kind: str) -> None:
    st.button(
        _("As of today"),
        icon=":material/today:",
        type="tertiary",
        key=f"{kind}_today",
        on_click=_go_to_today,
        args=[kind],
    )


def _go_to_today(kind: str) -> None:
    st.session_state[f"{kind}_as_of"] = today()


def _ask(kind: str, title: str, parameters: dict[str, Any], as_of: date) -> None:
    st.session_state.pop(f"{kind}_shown", None)
    with feedback.caught(), db.transaction(access.current()) as session:
        analyses.ask(session, kind, title, parameters, as_of=as_of)


def _ask_as_usual(kind: str) -> None:
    with feedback.caught(), db.transaction(access.current()) as session:
        analysis_kinds.ask(session, kind, {}, as_of=today())
