"""Keep a frozen segmentation under a name, to compare other days with."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from crm.i18n import N_, _
from crm.models import Action, Analysis
from crm.services import kept_models
from crm.ui import access, feedback
from crm.ui.format import plain


def button(shown: Analysis, model: Mapping[str, Any], name: str, *, key: str) -> None:
    """The button, with the name to give; nothing for who may not make analyses."""
    if not access.current().may(Action.CREATE, "analysis"):
        return
    with st.popover(_("Keep this model"), icon=":material/keep:"):
        st.caption(plain(_(WHY)))
        field = f"{key}_keep_name"
        st.text_input(_("Name of the model"), value=name, key=field)
        st.button(
            _("Keep"),
            type="primary",
            key=f"{key}_keep",
            on_click=_keep,
            args=[shown, model, field],
        )


def _keep(shown: Analysis, model: Mapping[str, Any], field: str) -> None:
    name = st.session_state[field]
    feedback.perform(
        _("The model “{name}” is kept.").format(name=name.strip()),
        kept_models.keep,
        name,
        shown,
        model,
    )


WHY = N_(
    "Scales, centres and cut points are kept as they are. Under “Movement” they assign "
    "the customers of other days, so that who changes group has changed."
)
