"""The parts of the first page."""

from datetime import datetime, time, timedelta

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Activity, utcnow
from crm.services import activities, list_values, lists, overview
from crm.services.customers import favourites
from crm.services.fields import ENTITIES, Kind
from crm.ui import access, feedback, navigation
from crm.ui.data import jobs_view
from crm.ui.data.imports import way
from crm.ui.format import ago, number, today, zone
from crm.ui.search_box import PAGES


def is_empty() -> bool:
    """Whether there is no customer in reach."""
    with db.reading(access.current()) as session:
        query = lists.Query("customer")
        return not lists.count(session, query, today=today(), limit=1)


def is_loading() -> bool:
    """Whether the demo company is on its way; then its progress is shown."""
    return jobs_view.shown_while_running("demo", "wipe_demo")


def first_steps() -> None:
    """What to do with an empty house."""
    box = feedback.empty(
        _("Nothing is here yet."),
        _("Write down your first customer, or load the demo company."),
        icon="waving_hand",
    )
    with box:
        navigation.link("customers", _("Customers"), icon=":material/groups:")
        way.show()
        navigation.link("settings", _("Settings"), icon=":material/settings:")


def figures() -> None:
    """How many of each, counted up to the limit of a list."""
    with db.reading(access.current()) as session:
        found = overview.counts(session)
    with st.grid(4, min_column_width=140):
        for entity, count in found.items():
            more = "+" if count >= lists.COUNT_LIMIT else ""
            st.metric(_(ENTITIES[entity].label), number(count) + more, border=True)


def agenda() -> None:
    """What the user has to do, overdue first, up to the end of tomorrow."""
    actor = access.current()
    end = datetime.combine(today() + timedelta(days=2), time(), zone())
    with db.reading(actor) as session:
        found = activities.agenda(session, actor.user_id or 0, before=end)
        ids = [one.customer_id for one in found if one.customer_id]
        names = list_values.names(session, Kind.CUSTOMER, ids)
    st.subheader(_("To do"))
    if not found:
        st.caption(_("Nothing is due until tomorrow night."))
    for one in found[:15]:
        _task(one, names.get(one.customer_id or 0, ""))


def at_hand() -> None:
    """Favourites, and what was looked at lately."""
    with db.reading(access.current()) as session:
        shelves = {
            _("Favourites"): overview.named(session, favourites.starred(session)),
            _("Lately"): overview.named(session, favourites.recent(session)),
        }
    for title, records in shelves.items():
        st.subheader(title)
        if not records:
            st.caption(_("Nothing yet."))
        for entity, record_id, name in records[:8]:
            slug, icon = PAGES[entity]
            navigation.link(slug, name, icon=f":material/{icon}:", id=record_id)


def _task(one: Activity, customer: str) -> None:
    late = one.is_overdue(at=utcnow())
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        with st.container(width="stretch", gap=None):
            st.text(one.subject)
            if customer and one.customer_id:
                navigation.link("customer", customer, id=one.customer_id)
        st.badge(ago(one.due_at), color="red" if late else "green")
        if access.current().may(Action.UPDATE, "activity"):
            st.button(
                _("Done"),
                key=f"todo_{one.id}",
                icon=":material/check:",
                on_click=_complete,
                args=[one.id],
            )


def _complete(activity_id: int) -> None:
    feedback.run(_("Done."), activities.complete, activity_id, at=utcnow())
