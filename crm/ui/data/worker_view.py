"""Whether anybody does what waits."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import utcnow
from crm.services import workers
from crm.ui import access
from crm.ui.format import plain


def warn(*, waits: bool) -> None:
    """Say that what `waits` will go on waiting, where no worker is alive."""
    if not waits:
        return
    with db.reading(access.current()) as session:
        is_missing = workers.is_missing(session, at=utcnow())
    if is_missing:
        words = _("No worker is running: what waits stays waiting until one starts.")
        st.warning(plain(words), icon=":material/hourglass_disabled:")
