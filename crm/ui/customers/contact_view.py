"""The parts of a contact's page."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Contact
from crm.services.customers import vcards
from crm.ui import access, feedback
from crm.ui.format import plain

PROFILE = ("role", "email", "phone", "language", "external_id", "notes")


def profile(contact: Contact, labels: dict[str, str], extra: dict[str, Any]) -> None:
    """What is known about the contact, field by field; empty ones are left out."""
    held = {name: getattr(contact, name) for name in PROFILE} | extra
    with st.container(border=True):
        for name, value in held.items():
            if value not in (None, "", []):
                shown = ", ".join(value) if isinstance(value, list) else value
                with st.container(gap=None):
                    st.caption(plain(labels.get(name, name)))
                    st.text(str(shown))


def bring_in() -> None:
    """Contacts from a vCard file, where the user may make some."""
    if not access.current().may(Action.CREATE, "contact"):
        return
    with (
        st.popover(_("From vCards"), icon=":material/contact_page:"),
        st.form("vcards", border=False, clear_on_submit=True),
    ):
        file = st.file_uploader(
            _("vCard file"), type=["vcf"], max_upload_size=1, key="vcards_file"
        )
        if st.form_submit_button(_("Add"), type="primary") and file is not None:
            text = file.getvalue().decode("utf-8", "replace")
            feedback.run(_("The contacts are added."), vcards.bring_in, text)
            st.rerun()


def download(contact: Contact) -> None:
    """The contact as a vCard file."""
    actor = access.current()

    def made() -> bytes:
        with db.reading(actor) as session:
            return vcards.contact(session, contact.id).encode()

    st.download_button(
        _("vCard"),
        data=made,
        file_name=f"contact-{contact.id}.vcf",
        mime="text/vcard",
        icon=":material/contact_page:",
        on_click="ignore",
        key="vcard",
    )
