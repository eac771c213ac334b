"""One entry of a timeline: an activity, what a campaign meant, what was changed."""

import streamlit as st

from crm.i18n import N_, _
from crm.models import Activity, utcnow
from crm.services import activities
from crm.services.marketing.campaign_events import Event, Step
from crm.services.timeline import CAMPAIGNS, CHANGES, Entry
from crm.ui import change_words, feedback, navigation
from crm.ui.format import ago, moment, plain, whole_moment, whose_times

KINDS = {
    "note": (N_("Note"), "sticky_note_2"),
    "task": (N_("Task"), "task_alt"),
    "call": (N_("Call"), "call"),
    "meeting": (N_("Meeting"), "groups"),
    "mail": (N_("Mail"), "mail"),
    CHANGES: (N_("Change"), "edit"),
    CAMPAIGNS: (N_("Campaign"), "campaign"),
}
STEPS = {
    Step.ADDED: N_("Added to the campaign “{name}”"),
    Step.HELD_OUT: N_("Held out of the campaign “{name}” by lot"),
    Step.REACHED: N_("Reached by the campaign “{name}”"),
    Step.RESPONDED: N_("Responded to the campaign “{name}”"),
}
CLOSED = "_closed_for"  # in the session: the opportunity of what was done last


def show(entry: Entry, labels: dict[str, str]) -> None:
    """What happened, who did it, and when; `labels` as for `change_words.label`."""
    label, icon = KINDS[entry.kind]
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/{icon}: {plain(_(label))}", width="content")
            st.caption(plain(entry.who), width="stretch")
            st.caption(ago(entry.at), width="content", help=whole_moment(entry.at))
        if entry.activity is not None:
            _activity(entry.activity)
        elif entry.event is not None:
            _event(entry.event)
        elif entry.reason is not None:
            for heading in change_words.headings(entry.reason, entry.changes):
                st.caption(plain(heading))
            for change in change_words.told(change_words.altered(entry.changes))[:12]:
                st.text(change_words.line(change, labels))


def _event(event: Event) -> None:
    told = _(STEPS[event.step]).format(name=event.campaign)
    navigation.link("campaign", told, id=event.campaign_id)


def _activity(activity: Activity) -> None:
    st.markdown(f"**{plain(activity.subject)}**")
    if activity.body:
        st.text(activity.body)
    if not activity.kind.can_be_due:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if activity.due_at:
            late = activity.is_overdue(at=utcnow())
            st.badge(
                _("due {day}").format(day=moment(activity.due_at)),
                color="red" if late else "gray",
                help=whose_times(),
            )
        if activity.done_at:
            st.badge(_("Done"), icon=":material/check:", color="green")
        else:
            st.button(
                _("Done"),
                key=f"activity_{activity.id}_done",
                type="tertiary",
                icon=":material/check:",
                on_click=complete,
                args=[activity.id],
            )


def complete(activity_id: int) -> None:
    """For callbacks: mark as done; see `opportunity_step` for what comes after it."""
    done: Activity | None = feedback.run(
        _("Done."), activities.complete, activity_id, at=utcnow()
    )
    if done and done.opportunity_id is not None:
        st.session_state[CLOSED] = done.opportunity_id
