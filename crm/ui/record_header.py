"""The head of a record's page: its name, the way back and on, what can be done."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Binned
from crm.services import bulk, list_values
from crm.services.customers import favourites, tags
from crm.services.fields import Kind
from crm.ui import access, feedback, navigation, record_form, row_links
from crm.ui.format import plain

NAMED_BY = ("name", "number", "subject")
LISTS = {
    "customer": "customers",
    "contact": "contacts",
    "product": "products",
    "price_list": "price_lists",
    "quote": "quotes",
    "invoice": "invoices",
    "payment": "payments",
    "sales_order": "orders",
    "subscription": "subscriptions",
    "lead": "leads",
    "opportunity": "opportunities",
    "ticket": "tickets",
    "campaign": "campaigns",
}


def show(record: Any, entity: str, *, starred: bool = False) -> None:
    """Title, owner, tags; previous and next; star, edit, delete."""
    actor = access.current()
    name = next(
        str(getattr(record, one)) for one in NAMED_BY if getattr(record, one, None)
    )
    _neighbours(record.id, entity)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(name), width="stretch")
        if entity in ("customer", "contact"):
            _star(entity, record.id, starred)
        if actor.may(Action.UPDATE, entity) and entity in record_form.TABLES:
            record_form.button(entity, record.id)
        if actor.may(Action.DELETE, entity):
            _delete(record, entity, name)
    _badges(record, entity)
    with db.transaction(actor) as session:
        favourites.seen(session, entity, record.id)


def _neighbours(record_id: int, entity: str) -> None:
    """Previous and next of the list that this record was opened from."""
    slug = {"sales_order": "order"}.get(entity, entity)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        navigation.link(LISTS[entity], _("All"), icon=":material/arrow_back:")
        ids = row_links.trail(slug)
        if record_id not in ids:
            return
        at = ids.index(record_id)
        for label, icon, to, keys in (
            (_("Previous record"), "chevron_left", at - 1, "Alt+Left"),
            (_("Next record"), "chevron_right", at + 1, "Alt+Right"),
        ):
            st.button(
                "",
                icon=f":material/{icon}:",
                help=label,
                key=f"neighbour_{icon}",
                type="tertiary",
                shortcut=keys,
                disabled=not 0 <= to < len(ids),
                on_click=navigation.go,
                args=[slug],
                kwargs={"id": ids[to] if 0 <= to < len(ids) else 0},
            )
        st.caption(_("{at} of {n}").format(at=at + 1, n=len(ids)), width="content")


def _badges(record: Any, entity: str) -> None:
    with db.reading(access.current()) as session:
        owners = list_values.names(
            session, Kind.USER, [getattr(record, "owner_id", None) or 0]
        )
        held = tags.tags_of(session, entity, [record.id]).get(record.id, [])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for owner in owners.values():
            st.badge(plain(owner), icon=":material/person:", color="gray")
        for tag in held:
            color: Any = tag.color
            st.badge(plain(tag.name), color=color)


def _star(entity: str, record_id: int, starred: bool) -> None:
    st.button(
        "",
        icon=":material/star:" if starred else ":material/star_border:",
        help=_("Take off the favourites") if starred else _("Add to the favourites"),
        key="star",
        type="tertiary",
        on_click=_toggle,
        args=[entity, record_id, starred],
    )


def _toggle(entity: str, record_id: int, starred: bool) -> None:
    with feedback.told(), db.transaction(access.current()) as session:
        change = favourites.unstar if starred else favourites.star
        change(session, entity, record_id)


def _delete(record: Binned, entity: str, name: str) -> None:
    with st.popover(_("Delete"), icon=":material/delete:"):
        st.markdown(plain(_("“{name}” will go to the recycle bin.").format(name=name)))
        st.button(
            _("Delete"),
            type="primary",
            key="delete",
            on_click=_remove,
            args=[entity, record.id, name],
        )


def _remove(entity: str, record_id: int, name: str) -> None:
    done = _("“{name}” is deleted.").format(name=name)
    if feedback.run(done, bulk.remove, entity, [record_id]):
        navigation.go(LISTS[entity])
