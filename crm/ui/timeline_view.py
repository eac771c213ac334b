"""The timeline on a customer's page: write something down, see what happened."""

from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, Activity, ActivityFields, ActivityKind, utcnow
from crm.services import activities, drafts, records
from crm.services.days import due_on, today
from crm.services.timeline import Entry, of_ticket, timeline
from crm.ui import access, day_input, feedback, timeline_entry
from crm.ui.timeline_entry import KINDS

STEP = 20


def composer(
    customer_id: int | None,
    opportunity_id: int | None = None,
    *,
    ticket_id: int | None = None,
) -> None:
    """One place to write a note, a task, a call or a meeting."""
    actor = access.current()
    if not actor.may(Action.CREATE, "activity"):
        return
    form = f"activity_{customer_id}"
    if opportunity_id is not None:
        form = f"activity_of_{opportunity_id}"
    if ticket_id is not None:
        form = f"activity_of_ticket_{ticket_id}"
    about = {
        "customer_id": customer_id,
        "opportunity_id": opportunity_id,
        "ticket_id": ticket_id,
    }
    if f"{form}_subject" not in st.session_state:
        with db.reading(actor) as session:
            kept = drafts.load(session, form) or {}
        st.session_state[f"{form}_subject"] = kept.get("subject") or ""
        st.session_state[f"{form}_body"] = kept.get("body") or ""
    with st.container(border=True, key="composer"):
        kind = st.segmented_control(
            _("Kind"),
            ["note", "task", "call", "meeting"],
            default="note",
            format_func=lambda one: f":material/{KINDS[one][1]}: {_(KINDS[one][0])}",
            key=f"{form}_kind",
            label_visibility="collapsed",
        )
        st.text_input(
            _("Subject"),
            key=f"{form}_subject",
            placeholder=_("What is it about?"),
            label_visibility="collapsed",
            on_change=_keep,
            args=[form],
        )
        st.text_area(
            _("Text"),
            key=f"{form}_body",
            placeholder=_("Details …"),
            label_visibility="collapsed",
            height=80,
            on_change=_keep,
            args=[form],
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if ActivityKind(kind or "note").can_be_due:
                day_input.date_input(
                    _("Due"), value=today(), key=f"{form}_due", width=160
                )
            st.button(
                _("Save"),
                type="primary",
                key=f"{form}_save",
                on_click=_save,
                args=[form, about],
            )


def stream(
    customer_id: int | None,
    labels: dict[str, str],
    opportunity_id: int | None = None,
    *,
    ticket_id: int | None = None,
) -> None:
    """What happened, newest first, narrowed by kind and by a word.

    At an opportunity or a ticket, one can look at all that happened around its
    customer, too.
    """
    part = {"opportunity_id": opportunity_id, "ticket_id": ticket_id}
    is_part = customer_id is not None and any(part.values())
    if is_part and st.toggle(_("All of the customer"), key="timeline_all"):
        part = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kinds = st.pills(
            _("Kinds"),
            list(KINDS),
            selection_mode="multi",
            format_func=lambda one: _(KINDS[one][0]),
            key="timeline_kinds",
            wrap=True,
            label_visibility="collapsed",
        )
        text = st.text_input(
            _("Search"),
            key="timeline_text",
            placeholder=_("Search …"),
            icon=":material/search:",
            label_visibility="collapsed",
            width=200,
        )
    limit = st.session_state.setdefault("timeline_limit", STEP)
    with db.reading(access.current()) as session:
        found = _found(
            session,
            customer_id,
            part,
            kinds=kinds or (),
            text=text or "",
            limit=limit + 1,
        )
    if not found:
        st.caption(_("Nothing here yet. Write a note above."))
    for entry in found[:limit]:
        timeline_entry.show(entry, labels)
    if len(found) > limit:
        st.button(_("Show more"), key="timeline_more", on_click=_more)


def _found(
    session: Session, customer_id: int | None, part: dict[str, int | None], **more: Any
) -> list[Entry]:
    """What there is of a customer, or of the `part` that is named."""
    if (ticket_id := part.get("ticket_id")) is not None:
        return of_ticket(session, ticket_id, **more)
    opportunity_id = part.get("opportunity_id")
    return timeline(session, customer_id or 0, opportunity_id=opportunity_id, **more)


def _keep(form: str) -> None:
    state = st.session_state
    typed = {"subject": state[f"{form}_subject"], "body": state[f"{form}_body"]}
    with feedback.told(), db.transaction(access.current()) as session:
        drafts.save(session, form, typed)


def _save(form: str, about: dict[str, int | None]) -> None:
    """Save what stands in the composer, and empty it: a second click finds nothing."""
    state = st.session_state
    kind = ActivityKind(state.get(f"{form}_kind") or "note")
    typed: dict[str, Any] = {
        "kind": kind,
        "subject": state[f"{form}_subject"].strip(),
        "body": state[f"{form}_body"] or None,
        **about,
    }
    if not typed["subject"]:
        return
    if kind.can_be_due and (due := state.get(f"{form}_due")):
        typed["due_at"] = due_on(due)
    if feedback.run(_("Saved."), _record, form, typed):
        state[f"{form}_subject"] = state[f"{form}_body"] = ""


def _record(session: Any, form: str, typed: dict[str, Any]) -> Activity:
    drafts.drop(session, form)
    fields = records.valid(ActivityFields, typed)
    return activities.record(session, fields, at=utcnow())


def _more() -> None:
    st.session_state["timeline_limit"] += STEP
