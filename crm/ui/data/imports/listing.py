"""The list of imports, newest first."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import JobState
from crm.services.fields import Kind
from crm.services.imports import runs
from crm.services.list_values import names
from crm.ui import access, navigation
from crm.ui.data.imports import state, words
from crm.ui.feedback import empty
from crm.ui.format import ago, plain

PER_PAGE = 20


def show() -> None:
    """The imports in reach, in pages."""
    with db.reading(access.current()) as session:
        total = runs.count(session)
    if not total:
        empty(
            _("Nothing has been imported yet."),
            _("Drop a file above. Nothing is written before you have seen a check."),
            icon="upload_file",
        )
        return
    slot = st.container()
    pages = -(-total // PER_PAGE)
    at = 1
    if pages > 1:
        at = st.pagination(pages, key="imports_p", bind="query-params") or 1
    with db.reading(access.current()) as session:
        found = runs.listed(session, limit=PER_PAGE, page=at)
        owners = names(session, Kind.USER, [o.owner_id for o in found if o.owner_id])
        done = {
            one.id: runs.report(session, one.id)
            for one in found
            if one.state not in state.OPEN
        }
    with slot:
        for one in found:
            _card(one, owners.get(one.owner_id or 0), done.get(one.id))


def _card(one: runs.Import, owner: str | None, done: runs.Report | None) -> None:
    """One import: what, whose, when, how far, how many rows."""
    label, icon, color = words.STATES[one.state]
    if one.job is not None and one.job.state is JobState.RUNNING:
        label, icon, color = _("Running"), "progress_activity", "blue"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap="xsmall"):
            kind = words.TARGETS.get(one.target, ("", "upload_file"))[1]
            navigation.link(
                "import", one.file_name, icon=f":material/{kind}:", id=one.id
            )
            facts = [words.target(one.target), owner, ago(one.created_at)]
            if done is not None:
                facts.append(words.sum_up(done.counts))
            st.caption(plain(" · ".join(fact for fact in facts if fact)))
        st.badge(_(label), icon=f":material/{icon}:", color=color)
