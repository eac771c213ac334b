"""Users and teams: who may come in, as what, and whose records they see."""

import streamlit as st

from crm.i18n import _
from crm.ui.admin import hidden_fields_view, users_view

st.title(_("Users and teams"))
people, teams, hidden = st.tabs(
    [_("Users"), _("Teams"), _("Hidden fields")], key="users_tabs"
)
with people:
    users_view.invitation()
    users_view.users()
    users_view.new_user()
with teams:
    users_view.teams()
with hidden:
    hidden_fields_view.show()
