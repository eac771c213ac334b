"""Step 4, report, while the rows are being written: how far it is, and how to stop."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import JobState
from crm.services.imports import runs
from crm.ui import access
from crm.ui.data import jobs_view, worker_view
from crm.ui.data.imports import report, words
from crm.ui.format import number, plain


def show(one: runs.Import) -> None:
    """The job while it works; the report of what is done so far, or in all."""
    if one.job is not None and not one.job.state.is_over:
        _moving(one)
        return
    if one.job is not None and one.job.state is not JobState.DONE:
        jobs_view.card(one.job)
        _stopped(one)
    report.show(one)


def _moving(one: runs.Import) -> None:
    """Progress and counts, every second; at the end, the page anew."""

    @st.fragment(run_every=1)
    def moving() -> None:
        with db.reading(access.current()) as session:
            now = runs.get(session, one.id)
            done = runs.report(session, one.id)
        if now.job is None or now.job.state.is_over:
            st.rerun()
        worker_view.warn(waits=True)
        jobs_view.card(now.job)
        if done.counts.rows:
            st.caption(plain(words.sum_up(done.counts)))
        st.caption(_("You may close this page: the work goes on."))

    moving()


def _stopped(one: runs.Import) -> None:
    """Where a run was stopped half-way: how far it had come."""
    with db.reading(access.current()) as session:
        done = runs.report(session, one.id)
    if not done.finished:
        said = _(
            "It was stopped after {n} of {rows}. Try again to go on from there; what "
            "is written stays until it is undone."
        )
        total = words.rows(done.total or 0)
        st.warning(plain(said.format(n=number(done.counts.rows), rows=total)))
