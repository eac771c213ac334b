"""The parts of the page for users and teams."""

from typing import Any

import streamlit as st

from crm import db
from crm.config import settings
from crm.i18n import LANGUAGES, _
from crm.models import Reach, Role, User, UserFields, utcnow
from crm.models.rights import REACH_LABELS, ROLE_LABELS
from crm.services import records
from crm.services.admin import invitations
from crm.services.admin import users as people
from crm.ui import access, anew, feedback
from crm.ui.format import plain

LINK = "_invitation"


def invitation() -> None:
    """The link made by the run before, shown once."""
    if link := st.session_state.pop(LINK, None):
        st.info(
            _("Send this link to {name}. It works once, for two days.").format(
                name=plain(link[0])
            ),
            icon=":material/mail:",
        )
        st.code(link[1], language=None)


def users() -> None:
    """Everyone who may sign in, and those who may no longer."""
    with db.reading(access.current()) as session:
        found, teams_ = people.listed(session), people.teams(session)
    names = {team.id: team.name for team in teams_}
    for user in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap="xsmall"):
                st.markdown(f"**{plain(user.name)}**")
                st.caption(plain(user.email))
            if user.team_id in names:
                st.badge(plain(names[user.team_id]), color="blue")
            st.badge(_(ROLE_LABELS[user.role]), color="gray")
            if not user.active:
                st.badge(_("Disabled"), color="red")
            with st.popover(_("Edit"), icon=":material/edit:"):
                _form(user, names)
            _doors(user)


def new_user() -> None:
    """The form for one more user."""
    with db.reading(access.current()) as session:
        names = {team.id: team.name for team in people.teams(session)}
    with st.container(border=True):
        st.subheader(_("New user"))
        _form(None, names)


def teams() -> None:
    """The teams, and one more."""
    with db.reading(access.current()) as session:
        found = people.teams(session)
    for team in found:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Name"), team.name, key=f"team_{team.id}")
            st.button(
                _("Rename"),
                key=f"team_{team.id}_save",
                on_click=_rename,
                args=[team.id],
            )
            st.button(
                _("Delete"),
                key=f"team_{team.id}_delete",
                type="tertiary",
                on_click=feedback.run,
                args=[_("The team is deleted."), people.delete_team, team.id],
            )
    form = anew.key("new_team")
    with st.form(form):
        name = st.text_input(_("New team"), key=f"{form}_name")
        if st.form_submit_button(_("Add team")):
            if feedback.run(_("The team is added."), people.create_team, name):
                anew.begin("new_team")
            st.rerun()


def _rename(team_id: int) -> None:
    name = st.session_state[f"team_{team_id}"]  # an argument would be the one before
    feedback.run(_("Saved."), people.rename_team, team_id, name)


def _form(user: User | None, teams_: dict[int, str]) -> None:
    key = f"user_{user.id if user else 'new'}"
    st.text_input(_("E-mail"), user.email if user else "", key=f"{key}_email")
    st.text_input(_("Name"), user.name if user else "", key=f"{key}_name")
    roles, reaches = list(Role), list(Reach)
    st.selectbox(
        _("Role"),
        roles,
        index=roles.index(user.role if user else Role.SALES),
        format_func=lambda one: _(ROLE_LABELS[one]),
        key=f"{key}_role",
    )
    st.selectbox(
        _("Sees"),
        reaches,
        index=reaches.index(user.reach if user else Reach.ALL),
        format_func=lambda one: _(REACH_LABELS[one]),
        key=f"{key}_reach",
    )
    keys = list(teams_)
    team_id = user.team_id if user else None
    st.selectbox(
        _("Team"),
        keys,
        index=keys.index(team_id) if team_id in teams_ else None,
        format_func=teams_.__getitem__,
        key=f"{key}_team_id",
    )
    codes = list(LANGUAGES)
    spoken = (user.language if user else None) or "en"
    st.selectbox(
        _("Language"),
        codes,
        index=codes.index(spoken) if spoken in codes else 0,
        format_func=LANGUAGES.__getitem__,
        key=f"{key}_language",
    )
    st.button(
        _("Save") if user else _("Add user"),
        type="primary",
        key=f"{key}_save",
        on_click=_save,
        args=[key, user.id if user else None, user.version if user else None],
    )


def _doors(user: User) -> None:
    """A new link to come in by; shut out, or let in again."""
    me = access.current().user_id == user.id
    if user.active:
        st.button(
            _("Link"),
            key=f"user_{user.id}_invite",
            help=_("Make a link by which this user sets a password"),
            icon=":material/link:",
            on_click=_invite,
            args=[user.id, user.name],
        )
        st.button(
            _("Disable"),
            key=f"user_{user.id}_disable",
            type="tertiary",
            disabled=me,
            on_click=_disable,
            args=[user.id, user.name],
        )
    else:
        st.button(
            _("Enable"),
            key=f"user_{user.id}_enable",
            on_click=feedback.run,
            args=[_("Saved."), people.enable, user.id],
        )


def _save(key: str, user_id: int | None, version: int | None) -> None:
    names = ("email", "name", "role", "reach", "team_id", "language")
    typed = {name: st.session_state[f"{key}_{name}"] for name in names}
    if user_id is None:
        made: Any = feedback.run(_("The user is added."), _create, typed)
        if made:
            _invite(made.id, made.name)
            st.session_state[f"{key}_email"] = st.session_state[f"{key}_name"] = ""
        return
    feedback.run(
        _("Saved."), people.update, user_id, typed, at=utcnow(), version=version
    )


def _create(session: Any, typed: dict[str, Any]) -> User:
    return people.create(session, records.valid(UserFields, typed))


def _invite(user_id: int, name: str) -> None:
    token = feedback.run(
        _("The link is made."), invitations.invite, user_id, at=utcnow()
    )
    if token:
        address = f"{settings().base_url}/account/invitation?token={token}"
        st.session_state[LINK] = (name, address)


def _disable(user_id: int, name: str) -> None:
    done = _("{name} cannot sign in any more.").format(name=name)
    feedback.run(done, people.disable, user_id, at=utcnow())
