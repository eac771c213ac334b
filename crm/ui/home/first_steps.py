"""What to do with an empty house: three ways to fill it."""

from collections.abc import Callable

import streamlit as st

from crm.i18n import _
from crm.models import Action
from crm.ui import access, feedback, navigation, quick_create
from crm.ui.data import demo_company
from crm.ui.data.imports import way


def show() -> None:
    """The ways that are open to the user, side by side."""
    feedback.empty(
        _("Nothing is here yet."),
        _("Customers appear here as soon as there are any."),
        icon="waving_hand",
    )
    with st.grid(3, min_column_width=240):
        if way.is_open():
            _way(
                "upload_file",
                _("Bring your data"),
                _(
                    "Customers, contacts, products, orders, leads and opportunities "
                    "from CSV or XLSX. Everything is checked before anything is "
                    "written, and can be undone."
                ),
                _import,
            )
        if access.current().may(Action.CREATE, "customer"):
            _way(
                "person_add",
                _("Write down a customer"),
                _(
                    "A name is enough to begin. You are told when somebody alike is "
                    "there already."
                ),
                quick_create.first_button,
            )
        if demo_company.may_load():
            _way(
                "travel_explore",
                _("Look around first"),
                _(
                    "A made-up company with 2,000 customers and three years of orders, "
                    "analysed. One click on the Settings page takes it out again."
                ),
                demo_company.load_button,
            )


def _import() -> None:
    if st.button(_("Import a file"), key="first_import", icon=":material/upload_file:"):
        navigation.go("imports")


def _way(icon: str, title: str, text: str, action: Callable[[], None]) -> None:
    with st.container(border=True, height="stretch", vertical_alignment="distribute"):
        with st.container(gap="small"):
            st.markdown(f":material/{icon}: **{title}**")
            st.caption(text)
        action()
