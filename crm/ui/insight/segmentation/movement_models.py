"""The models that are kept, and a way to be rid of one."""

import streamlit as st

from crm.analytics.segmentation.frozen import METHODS
from crm.i18n import _
from crm.models import Action, Analysis
from crm.services import kept_models
from crm.ui import access, feedback
from crm.ui.format import day, plain


def show(models: list[Analysis]) -> None:
    """Each model with its kind and day; a button for who may delete it."""
    may_delete = access.current().may(Action.DELETE, "analysis")
    with st.expander(_("Kept models"), icon=":material/keep:"):
        for one in models:
            with st.container(horizontal=True, vertical_alignment="center"):
                method = METHODS[one.parameters["model"]["method"]]
                told = f"{one.title} · {_(method)} · {day(one.as_of)}"
                st.markdown(plain(told), width="stretch")
                if may_delete:
                    st.button(
                        _("Delete"),
                        icon=":material/delete:",
                        type="tertiary",
                        key=f"model_{one.id}_delete",
                        on_click=_remove,
                        args=[one.id, one.title],
                    )


def _remove(model_id: int, name: str) -> None:
    feedback.perform(
        _("The model “{name}” is deleted.").format(name=name),
        kept_models.remove,
        model_id,
    )
