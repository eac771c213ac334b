"""What to do with the records picked in a list: edit, tag, hand over, delete."""

import streamlit as st

from crm import db
from crm.i18n import _, ngettext
from crm.models import Action, Reason
from crm.services import bulk, lists
from crm.services.admin import users
from crm.services.customers import assignment, segments, tags
from crm.services.days import today
from crm.ui import access, feedback, filter_builder, inputs
from crm.ui.format import number, plain
from crm.ui.marketing import add_to_campaign

ALL = 10_000  # how many a click on “all” takes in


def show(
    entity: str, slug: str, query: lists.Query, ids: list[int], found: lists.Page
) -> None:
    """The bar above the list while something is picked."""
    actor = access.current()
    if not ids or not (
        actor.may(Action.UPDATE, entity) or actor.may(Action.DELETE, entity)
    ):
        return
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, key=f"{slug}_bulk"
    ):
        everything = _scope(slug, len(ids), found)
        if everything:
            with db.reading(actor) as session:
                ids = lists.ids(session, query, today=today(), limit=ALL)
        if actor.may(Action.UPDATE, entity):
            _edit(entity, slug, ids)
            if entity in ("customer", "contact"):
                _tag(entity, slug, ids)
            if entity == "customer":
                _hand_out(slug, ids)
                _segment(slug, ids)
                add_to_campaign.popover(slug, lambda _session: ids)
        if actor.may(Action.DELETE, entity):
            _delete(entity, slug, ids)


def records(count: int) -> str:
    """“3 records”, in the user's language."""
    return ngettext("{n} record", "{n} records", count).format(n=number(count))


def _changed(count: int) -> str:
    return _("{records} changed.").format(records=records(count))


def _tagged(count: int) -> str:
    return _("Tags put on or taken off: {n}.").format(n=number(count))


def _deleted(count: int) -> str:
    return _("{records} deleted.").format(records=records(count))


def _handed_out(got: dict[int, int]) -> str:
    return _("{records} handed out.").format(records=records(sum(got.values())))


def _scope(slug: str, picked: int, found: lists.Page) -> bool:
    st.markdown(
        _("{records} picked").format(records=f"**{plain(records(picked))}**"),
        width="content",
    )
    if found.total <= picked:
        return False
    most = min(found.total, ALL)
    label = _("All {n} that the list finds").format(n=number(most))
    return st.checkbox(plain(label), key=f"{slug}_bulk_all", width="content")


def _edit(entity: str, slug: str, ids: list[int]) -> None:
    with st.popover(_("Edit"), icon=":material/edit:"):
        with db.reading(access.current()) as session:
            fields = bulk.editable(session, entity)
            name = st.selectbox(
                _("Field"),
                list(fields),
                format_func=lambda one: _(fields[one].label),
                key=f"{slug}_bulk_field",
            )
            known = filter_builder.choices(session, fields[name])
        inputs.field(fields[name], None, known, key=f"{slug}_bulk_{name}")
        st.caption(_("This will change {records}.").format(records=records(len(ids))))
        st.button(
            _("Change"),
            type="primary",
            key=f"{slug}_bulk_change",
            on_click=_change,
            args=[entity, slug, ids],
        )


def _change(entity: str, slug: str, ids: list[int]) -> None:
    """Set what the boxes hold now: arguments would be those of the run before."""
    name = st.session_state[f"{slug}_bulk_field"]
    key = f"{slug}_bulk_{name}"
    if key not in st.session_state:  # another field by the same click: not seen yet
        return
    with feedback.caught():
        with db.reading(access.current()) as session:
            field = bulk.editable(session, entity)[name]
        value = inputs.typed(field, key)
        feedback.run(_changed, bulk.edit, entity, ids, name, value, reason=Reason.BULK)


def _tag(entity: str, slug: str, ids: list[int]) -> None:
    with st.popover(_("Tag"), icon=":material/sell:"):
        with db.reading(access.current()) as session:
            known = {tag.id: tag.name for tag in tags.listed(session)}
        chosen = st.multiselect(
            _("Tags"),
            list(known.values()),
            accept_new_options=True,
            key=f"{slug}_bulk_tags",
        )
        for take, label in ((False, _("Put on")), (True, _("Take off"))):
            st.button(
                label,
                key=f"{slug}_bulk_tag_{take}",
                on_click=_put_tags,
                args=[entity, slug, ids, take],
                disabled=not chosen,
            )


def _put_tags(entity: str, slug: str, ids: list[int], take: bool) -> None:
    feedback.run(
        _tagged,
        tags.take if take else tags.put,
        entity,
        ids,
        st.session_state[f"{slug}_bulk_tags"],
        reason=Reason.BULK,
    )


def _hand_out(slug: str, ids: list[int]) -> None:
    with st.popover(_("Hand out"), icon=":material/assignment_ind:"):
        with db.reading(access.current()) as session:
            people = {user.id: user.name for user in users.listed(session)}
        chosen = st.multiselect(
            _("Owners"),
            list(people),
            format_func=people.__getitem__,
            key=f"{slug}_bulk_owners",
        )
        st.segmented_control(
            _("Rule"),
            list(assignment.Rule),
            default=assignment.Rule.ROUND_ROBIN,
            format_func=lambda one: _(assignment.RULE_LABELS[one]),
            key=f"{slug}_bulk_rule",
        )
        st.button(
            _("Hand out"),
            type="primary",
            key=f"{slug}_bulk_hand_out",
            on_click=_assign,
            args=[slug, ids],
            disabled=not chosen,
        )


def _assign(slug: str, ids: list[int]) -> None:
    owners = st.session_state[f"{slug}_bulk_owners"]
    rule = st.session_state[f"{slug}_bulk_rule"] or assignment.Rule.ROUND_ROBIN
    feedback.run(
        _handed_out, assignment.hand_out, ids, owners, rule, reason=Reason.BULK
    )


def _segment(slug: str, ids: list[int]) -> None:
    with st.popover(_("Segment"), icon=":material/workspaces:"):
        name = st.text_input(_("Name of the new segment"), key=f"{slug}_bulk_segment")
        st.button(
            _("Save as segment"),
            key=f"{slug}_bulk_segment_save",
            on_click=_save_segment,
            args=[slug, ids],
            disabled=not name,
        )


def _save_segment(slug: str, ids: list[int]) -> None:
    name = st.session_state[f"{slug}_bulk_segment"]
    done = _("Segment “{name}” is saved.").format(name=name)
    feedback.run(done, segments.save, name, ids, reason=Reason.BULK)


def _delete(entity: str, slug: str, ids: list[int]) -> None:
    with st.popover(_("Delete"), icon=":material/delete:"):
        st.markdown(
            plain(
                _("{records} will go to the recycle bin.").format(
                    records=records(len(ids))
                )
            )
        )
        st.button(
            _("Delete"),
            type="primary",
            key=f"{slug}_bulk_delete",
            on_click=_remove,
            args=[entity, ids],
        )


def _remove(entity: str, ids: list[int]) -> None:
    feedback.run(_deleted, bulk.remove, entity, ids, reason=Reason.BULK)
