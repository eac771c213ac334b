"""The parts of a contact's page."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Contact
from crm.services import vcards
from crm.ui import access
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
