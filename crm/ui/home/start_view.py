"""The parts of the first page."""

from datetime import timedelta

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Activity, utcnow
from crm.services import activities, list_values, lists, overview
from crm.services.customers import favourites
from crm.services.days import start_of, today
from crm.services.fields import ENTITIES, Kind
from crm.ui import access, feedback, navigation, record_header
from crm.ui.format import ago, number, whole_moment
from crm.ui.search_box import PAGES


def is_empty() -> bool:
    """Whether there is no customer in reach."""
    with db.reading(access.current()) as session:
        query = lists.Query("customer")
        return not lists.count(session, query, today=today(), limit=1)


def figures() -> None:
    """How many of each, counted up to the limit of a list; a click opens the list."""
    with db.reading(access.current()) as session:
        found = overview.counts(session)
    st.subheader(_("On record"))
    with st.grid(4, min_column_width=150):
        for entity, count in found.items():
            more = "+" if count >= lists.COUNT_LIMIT else ""
            words = f"{number(count)}{more} {_(ENTITIES[entity].label)}"
            navigation.link(record_header.LISTS[entity], words)


def agenda() -> None:
    """What the user has to do, overdue first, up to the end of tomorrow."""
    actor = access.current()
    end = start_of(today() + timedelta(days=2))
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
        st.badge(
            ago(one.due_at),
            color="red" if late else "green",
            help=whole_moment(one.due_at),
        )
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
