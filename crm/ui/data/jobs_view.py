"""Background work on the screen: progress, result, error, another try."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.models import Job, JobState
from crm.services import analysis_kinds, jobs
from crm.ui import access, feedback, navigation, rate_words
from crm.ui.data import worker_view
from crm.ui.feedback import empty
from crm.ui.format import ago, plain, whole_moment

STATES: dict[JobState, tuple[str, str, Any]] = {
    JobState.WAITING: (N_("Waiting"), "schedule", "gray"),
    JobState.RUNNING: (N_("Running"), "progress_activity", "blue"),
    JobState.DONE: (N_("Done"), "check_circle", "green"),
    JobState.FAILED: (N_("Failed"), "error", "red"),
    JobState.CANCELLED: (N_("Cancelled"), "cancel", "gray"),
}
PER_PAGE = 20
PAGES: dict[str, tuple[str, dict[str, str]]] = {  # of a kind of job: slug and choices
    **{kind: (kind, {}) for kind in analysis_kinds.kinds()},
    "lead_score": ("leads", {"leads_how": "true"}),
    "campaign_effects": ("campaigns", {}),
    "migration": ("segmentation", {"segmentation_view": "movement"}),
    "suggestions": ("today", {}),
}


def table() -> None:
    """The jobs in reach, newest first; those under way move by themselves."""

    @st.fragment(run_every=2)
    def moving() -> None:
        with db.reading(access.current()) as session:
            found = jobs.listed(session, limit=PER_PAGE)
        if not found:
            empty(
                _("Nothing has run yet."),
                _("Background work shows here while it runs and after."),
                icon="sync",
            )
        worker_view.warn(waits=any(not job.state.is_over for job in found))
        for job in found:
            card(job)

    moving()


def card(job: Job) -> None:
    """One job."""
    label, icon, color = STATES[job.state]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(_(job.title))}**", width="stretch")
            st.badge(_(label), icon=f":material/{icon}:", color=color)
            when = job.ended_at or job.created_at
            st.caption(ago(when), width="content", help=whole_moment(when))
            _result(job)
            _buttons(job)
        if not job.state.is_over:
            st.progress(min(1.0, job.progress), text=plain(job.stage or _("Waiting")))
        if job.error:
            st.error(plain(job.error), icon=":material/block:")


def _result(job: Job) -> None:
    """The way to what came of it, where that has a page."""
    if job.kind.startswith("import") and "import_id" in job.arguments:
        navigation.link("import", _("Open"), id=job.arguments["import_id"])
    elif job.state is JobState.DONE and job.kind == "rate_gaps":
        found = job.result or {}
        left = int(found.get("too_large", 0))
        st.caption(plain(rate_words.filled(int(found.get("documents", 0)), left)))
    elif job.state is JobState.DONE and job.kind in PAGES:
        slug, choices = PAGES[job.kind]
        navigation.link(slug, _("Open"), **choices)


def follow(job_id: int, *, done: Callable[[Job], None]) -> None:
    """Show one job while it works; when it is over, run the page anew with `done`.

    `done` draws what the page shows for a job that is over.
    """
    with db.reading(access.current()) as session:
        job = jobs.job(session, job_id)
    if job.state.is_over:
        done(job)
        return

    @st.fragment(run_every=1)
    def moving() -> None:
        with db.reading(access.current()) as session:
            now = jobs.job(session, job_id)
        worker_view.warn(waits=not now.state.is_over)
        card(now)
        if now.state.is_over:
            st.rerun()

    moving()


def shown_while_running(*kinds: str) -> bool:
    """Show a job of `kinds` that is under way; whether there is one.

    The page is run anew once it is over.
    """
    waiting = [JobState.WAITING, JobState.RUNNING]
    with db.reading(access.current()) as session:
        found = jobs.listed(session, kinds=kinds, states=waiting, limit=1)
    if found:
        follow(found[0].id, done=lambda _job: None)
    return bool(found)


def _buttons(job: Job) -> None:
    if not job.state.is_over:
        st.button(
            _("Cancel"),
            key=f"job_{job.id}_cancel",
            type="tertiary",
            on_click=_cancel,
            args=[job.id],
        )
    elif job.state in (JobState.FAILED, JobState.CANCELLED):
        st.button(
            _("Try again"),
            key=f"job_{job.id}_retry",
            icon=":material/refresh:",
            on_click=_retry,
            args=[job.id],
        )


def _cancel(job_id: int) -> None:
    feedback.run(_("The job stops after its present step."), jobs.cancel, job_id)


def _retry(job_id: int) -> None:
    feedback.run(_("The job is tried again."), jobs.retry, job_id)
