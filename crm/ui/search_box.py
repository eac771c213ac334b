"""The search box on every page: names, e-mail, phone digits, pinyin initials."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services import search
from crm.services.fields import ENTITIES
from crm.ui import access, navigation

PAGES = {
    "customer": ("customer", "person"),
    "contact": ("contact", "contact_page"),
    "quote": ("quote", "request_quote"),
    "sales_order": ("order", "shopping_bag"),
    "invoice": ("invoice", "receipt_long"),
    "price_list": ("price_list", "sell"),
    "product": ("product", "deployed_code"),
    "subscription": ("subscription", "autorenew"),
    "lead": ("lead", "person_search"),
    "opportunity": ("opportunity", "handshake"),
    "ticket": ("ticket", "support_agent"),
    "campaign": ("campaign", "campaign"),
}


def show() -> None:
    """The box, and below it what was found, by kind."""
    text = st.text_input(
        _("Search everything"),
        key="search_everything",
        placeholder=_("Search everything …"),
        icon=":material/search:",
        label_visibility="collapsed",
    )
    if not text:
        return
    with db.reading(access.current()) as session:
        hits = search.everywhere(session, text)
    with st.container(key="hits"):
        if not hits:
            st.caption(_("Nothing found."))
        for entity in dict.fromkeys(hit.entity for hit in hits):
            st.caption(_(ENTITIES[entity].label))
            for hit in (one for one in hits if one.entity == entity):
                slug, icon = PAGES[entity]
                about = f" · {hit.about}" if hit.about else ""
                navigation.link(
                    slug,
                    f"{hit.name}{about}",
                    icon=f":material/{icon}:",
                    id=hit.record_id,
                )
    st.button(
        _("Clear search"),
        key="search_clear",
        type="tertiary",
        on_click=_clear,
        icon=":material/close:",
    )


def _clear() -> None:
    st.session_state["search_everything"] = ""
