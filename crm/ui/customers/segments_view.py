"""The parts of the segments page."""

import streamlit as st

from crm import db
from crm.i18n import N_, _, ngettext
from crm.models import Action, Segment, SegmentKind
from crm.services.customers import segments
from crm.services.days import today
from crm.services.fields import fields_of
from crm.services.lists import COUNT_LIMIT
from crm.services.marketing import recipients
from crm.ui import access, feedback, filter_builder, navigation
from crm.ui.format import day, number, plain
from crm.ui.marketing import add_to_campaign

SLUG = "segment_rule"
KINDS = {
    SegmentKind.STATIC: N_("Fixed list"),
    SegmentKind.LIVE: N_("Live rule"),
    SegmentKind.ANALYSIS: N_("From an analysis"),
}


def new_live() -> None:
    """A form for a segment by rule, where the user may make one."""
    actor = access.current()
    if not actor.may(Action.CREATE, "segment"):
        return
    with st.popover(_("New live segment"), icon=":material/add:"):
        st.text_input(_("Name"), key="segment_name")
        with db.reading(actor) as session:
            fields = fields_of(session, "customer")
            known = filter_builder.known(session, fields)
        filter_builder.build(SLUG, fields, known)
        st.button(
            _("Save segment"),
            type="primary",
            key="segment_save",
            on_click=_save,
        )


def card(segment: Segment, size: int) -> None:
    """One segment: what it is, how many are in it, the way to them."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap="xsmall"):
            st.markdown(f"**{plain(segment.name)}**")
            st.caption(f"{plain(_(KINDS[segment.kind]))} · {day(segment.created_at)}")
        more = "+" if size >= COUNT_LIMIT else ""
        count = ngettext("{n} customer", "{n} customers", size)
        st.markdown(plain(count.format(n=number(size) + more)), width="content")
        st.button(
            _("Show customers"),
            key=f"segment_{segment.id}_show",
            icon=":material/groups:",
            on_click=show_customers,
            args=[segment.id],
        )
        add_to_campaign.popover(
            f"segment_{segment.id}",
            lambda session: recipients.of_segment(session, segment.id, today=today()),
        )
        if access.current().may(Action.DELETE, "segment"):
            st.button(
                "",
                key=f"segment_{segment.id}_delete",
                icon=":material/delete:",
                help=_("Delete this segment"),
                type="tertiary",
                on_click=_delete,
                args=[segment.id, segment.name],
            )


def show_customers(segment_id: int) -> None:
    """Open the customers of a segment in their list; for callbacks."""
    with feedback.told(), db.reading(access.current()) as session:
        segment = db.get(session, Segment, segment_id)
        rule = segments.rule_of(segment, access.current())
        filter_builder.clear("customers")
        navigation.go("customers", customers_f=filter_builder.dumped(rule))


def _save() -> None:
    """Save what the form holds now: an argument would be that of the run before."""
    name = st.session_state["segment_name"]
    rule = filter_builder.read(SLUG) or {}
    done = _("Segment “{name}” is saved.").format(name=name)
    if feedback.run(done, segments.save_rule, name, rule, today=today()):
        filter_builder.clear(SLUG)
        st.session_state["segment_name"] = ""


def _delete(segment_id: int, name: str) -> None:
    done = _("Segment “{name}” is deleted.").format(name=name)
    feedback.run(done, segments.remove, segment_id)
