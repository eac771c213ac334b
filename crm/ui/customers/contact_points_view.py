"""Further e-mails and phones on the page of a customer or contact."""

import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.models import Action, PointKind
from crm.services.customers import contact_points
from crm.ui import access, anew, feedback
from crm.ui.format import plain

KINDS = {
    PointKind.EMAIL: (N_("E-mail"), "mail"),
    PointKind.PHONE: (N_("Phone"), "call"),
}


def show(entity: str, record_id: int) -> None:
    """What there is, and a short form for one more."""
    actor = access.current()
    may = actor.may(Action.UPDATE, entity)
    with db.reading(actor) as session:
        found = contact_points.of_record(session, entity, record_id)
    for one in found:
        icon = KINDS[one.kind][1]
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f":material/{icon}:", width="content")
            st.text(one.content, width="stretch")
            st.caption(plain(_type(one.type)), width="content")
            if may:
                st.button(
                    "",
                    key=f"point_{one.id}_remove",
                    icon=":material/close:",
                    type="tertiary",
                    help=plain(_("Remove {value}").format(value=one.content)),
                    on_click=_remove,
                    args=[one.id, one.content],
                )
    if may:
        with st.popover(
            _("Add e-mail or phone"), icon=":material/add:", type="tertiary"
        ):
            _form(entity, record_id)


def _form(entity: str, record_id: int) -> None:
    name = f"point_{entity}_{record_id}"
    form = anew.key(name)
    with st.form(form, border=False):
        kind = st.segmented_control(
            _("Kind"),
            list(KINDS),
            default=PointKind.EMAIL,
            format_func=lambda one: _(KINDS[one][0]),
            key=f"{form}_kind",
        )
        content = st.text_input(_("E-mail or phone"), key=f"{form}_content")
        type_ = st.selectbox(
            _("Type"),
            list(contact_points.TYPES),
            format_func=_type,
            key=f"{form}_type",
        )
        if st.form_submit_button(_("Add"), type="primary"):
            made = feedback.run(
                _("{name} is added.").format(name=content),
                contact_points.add,
                entity,
                record_id,
                kind or PointKind.EMAIL,
                content,
                type=type_,
            )
            if made:
                anew.begin(name)
            st.rerun()


def _type(name: str) -> str:
    return _(contact_points.TYPES.get(name, name))


def _remove(point_id: int, content: str) -> None:
    done = _("{value} is removed.").format(value=content)
    feedback.run(done, contact_points.remove, point_id)
