"""What a page shows when it fails: words, and a reference into the log. No stack."""

import logging
import secrets

import streamlit as st

from crm.errors import CRMError
from crm.i18n import _
from crm.ui.format import plain

log = logging.getLogger(__name__)


def show(error: Exception) -> bool:
    """For `st.App(on_script_error=…)`: tell the user, and the log what it needs."""
    if isinstance(error, CRMError):
        st.error(plain(error), icon=":material/block:")
        return True
    reference = secrets.token_hex(4)
    log.error("a page failed, reference %s", reference, exc_info=error)
    words = _(
        "Something went wrong on this page. What you had saved is safe. The log has "
        "the details under the reference {reference}."
    )
    st.error(plain(words.format(reference=reference)), icon=":material/error:")
    return True
