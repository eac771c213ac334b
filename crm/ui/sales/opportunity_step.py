"""The next step of an opportunity: when it is due, done, and what comes after it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import (
    Action,
    Activity,
    ActivityFields,
    ActivityKind,
    Opportunity,
    StageKind,
    utcnow,
)
from crm.services import activities, records
from crm.services.activities import NextStep
from crm.services.days import due_on, today
from crm.services.sales import opportunities
from crm.ui import access, day_input, feedback
from crm.ui.format import bold, moment, plain, whose_times
from crm.ui.timeline_entry import CLOSED, KINDS, complete

DATED = [ActivityKind.TASK, ActivityKind.CALL, ActivityKind.MEETING]
TONES: dict[NextStep, Any] = {
    NextStep.OVERDUE: "red",
    NextStep.TODAY: "green",
    NextStep.LATER: "gray",
    NextStep.NONE: "orange",
}


def show(row: Opportunity) -> None:
    """What is to be done first, and the way to close it; nothing for what is closed."""
    actor = access.current()
    with db.reading(actor) as session:
        step = opportunities.next_activity(session, row.id)
        found = activities.next_step(
            session, [row.id], at=utcnow(), link="opportunity_id"
        )
    if step is None and row.state is not StageKind.OPEN:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, key="next_step"
    ):
        st.badge(plain(step_words()[found[row.id]]), color=TONES[found[row.id]])
        if step is not None:
            _planned(step, may=actor.may(Action.UPDATE, "activity"))
        elif actor.may(Action.CREATE, "activity"):
            st.button(
                _("Plan the next step"),
                key="next_step_plan",
                icon=":material/add_task:",
                on_click=_want,
                args=[row.id],
            )


def ask_if_wanted() -> None:
    """The dialog for what comes next, once the last planned activity is closed."""
    if (wanted := st.session_state.get(CLOSED)) is None:
        return
    actor = access.current()
    with feedback.told(), db.reading(actor) as session:
        row = opportunities.opportunity(session, wanted)
        waits = opportunities.next_activity(session, row.id) is None
        if waits and row.state is StageKind.OPEN and actor.may(*_NEW):
            _dialog(row)
            return
    _forget()


def step_words() -> dict[NextStep, str]:
    """When the next thing is due, with a sign that needs no colour."""
    return {
        NextStep.OVERDUE: "! " + _("Overdue"),
        NextStep.TODAY: "● " + _("Today"),
        NextStep.LATER: "○ " + _("Later"),
        NextStep.NONE: "? " + _("No next step"),
    }


_NEW = (Action.CREATE, "activity")


def _planned(step: Activity, *, may: bool) -> None:
    icon = KINDS[step.kind.value][1]
    subject = f":material/{icon}: {bold(step.subject)}"
    with st.container(width="stretch", gap=None):
        st.markdown(subject)
        due = plain(_("due {day}").format(day=moment(step.due_at)))
        st.caption(due, help=whose_times())
    if may:
        st.button(
            _("Done"),
            key="next_step_done",
            icon=":material/check:",
            on_click=complete,
            args=[step.id],
        )


def _dialog(row: Opportunity) -> None:
    @st.dialog(_("What comes next?"), on_dismiss=_forget)
    def dialog() -> None:
        if CLOSED not in st.session_state:  # saved: the dialog alone ran again
            st.rerun()
        feedback.say()
        st.markdown(plain(row.name))
        _form(row.id)

    dialog()


def _form(opportunity_id: int) -> None:
    key = f"next_step_{opportunity_id}_{{}}".format
    st.segmented_control(
        _("Kind"),
        DATED,
        default=DATED[0],
        format_func=lambda one: f":material/{KINDS[one][1]}: {_(KINDS[one][0])}",
        key=key("kind"),
        label_visibility="collapsed",
    )
    st.text_input(
        _("Subject"),
        placeholder=_("What is it about?"),
        key=key("subject"),
    )
    day_input.date_input(_("Due"), value=today() + timedelta(days=1), key=key("due"))
    with st.container(horizontal=True):
        st.button(
            _("Save"),
            type="primary",
            key=key("save"),
            on_click=_save,
            args=[opportunity_id, key],
        )
        st.button(_("Nothing for now"), key=key("nothing"), on_click=_forget)


def _save(opportunity_id: int, key: Callable[[str], str]) -> None:
    """Plan what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    kind = ActivityKind(held[key("kind")] or DATED[0])
    label = KINDS[kind.value][0]
    typed = {
        "kind": kind,
        "subject": held[key("subject")].strip() or _(label),
        "opportunity_id": opportunity_id,
        "due_at": due_on(held[key("due")] or today()),
    }
    if feedback.run(_("Saved."), _record, typed):
        _forget()


def _record(session: Session, typed: dict[str, Any]) -> Activity:
    fields = records.valid(ActivityFields, typed)
    return activities.record(session, fields, at=utcnow())


def _want(opportunity_id: int) -> None:
    st.session_state[CLOSED] = opportunity_id


def _forget() -> None:
    st.session_state.pop(CLOSED, None)
