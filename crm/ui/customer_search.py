"""Choose a customer: look for it by a word, then say which one is meant."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services import lists
from crm.services.days import today
from crm.ui import access

FOUND = 20  # customers to choose from


def find_customer(key: str) -> int | None:
    """A customer by a word of its name, e-mail or phone."""
    word = st.text_input(
        _("Customer"), key=f"{key}_word", placeholder=_("Search a customer …")
    )
    query = lists.Query("customer", search=word or "", sort="name", columns=("name",))
    with db.reading(access.current()) as session:
        page = lists.page(session, query, today=today(), size=FOUND)
    names = {int(row["id"]): str(row["name"]) for row in page.rows}
    if not names:
        st.caption(_("No customer fits; add it first."))
        return None
    return st.selectbox(
        _("Which one"),
        list(names),
        index=0 if word and len(names) == 1 else None,
        format_func=lambda one: f"{names[one]} (#{one})",
        placeholder=_("Choose one"),
        key=f"{key}_customer_{word}",
    )
