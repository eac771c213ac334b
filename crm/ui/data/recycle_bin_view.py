"""The parts of the recycle bin's page."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Binned, Reason
from crm.services import recycle_bin
from crm.services.fields import ENTITIES
from crm.ui import access, address, feedback
from crm.ui.feedback import empty
from crm.ui.format import ago, plain, whole_moment
from crm.ui.record_header import NAMED_BY

SHOWN = 50


def which() -> str:
    """The kind of record whose bin is open."""
    labels = {
        name: entity.label
        for name, entity in ENTITIES.items()
        if issubclass(entity.table, Binned)
    }
    return address.choice(_("Kind"), labels, "bin_entity", is_labelled=False)


def table(entity: str) -> None:
    """What was deleted, latest first, each with the way back."""
    actor = access.current()
    search = st.text_input(
        _("Search"),
        key="bin_search",
        placeholder=_("Search …"),
        icon=":material/search:",
        label_visibility="collapsed",
        width=260,
    )
    with db.reading(actor) as session:
        found = recycle_bin.listed(session, entity, search=search or "", limit=SHOWN)
        total = recycle_bin.count(session, entity)
    if not found:
        empty(
            _("Nothing is in the bin."), _("What you delete comes here."), icon="delete"
        )
    for row in found:
        _row(entity, row, may=actor.may(Action.DELETE, entity))
    if total > len(found):
        st.caption(_("{n} of {total}").format(n=len(found), total=total))


def _row(entity: str, row: Any, *, may: bool) -> None:
    name = next(
        getattr(row, one) for one in NAMED_BY if getattr(row, one, None) is not None
    )
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(name)}**", width="stretch")
        when = row.deleted_at
        st.caption(ago(when), width="content", help=whole_moment(when))
        st.button(
            _("Restore"),
            key=f"bin_{entity}_{row.id}",
            icon=":material/restore_from_trash:",
            disabled=not may,
            on_click=_restore,
            args=[entity, row.id, str(name)],
        )


def _restore(entity: str, record_id: int, name: str) -> None:
    done = _("“{name}” is back.").format(name=name)
    feedback.run(done, recycle_bin.restore, entity, [record_id], reason=Reason.RESTORE)
