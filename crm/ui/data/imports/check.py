"""Step 3, check: what a run would do with each row, and the button that lets it."""

from dataclasses import replace
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import JobState
from crm.services.imports import runs
from crm.ui import access
from crm.ui.data import jobs_view
from crm.ui.data.imports import cells, state, terms, words
from crm.ui.format import ago, number, plain, whole_moment


def show(one: runs.Import) -> None:
    """The job while it works, then what it has found, the doubts, the button."""
    if one.job is not None and not one.job.state.is_over:
        jobs_view.follow(one.job.id, done=lambda _job: None)
        return
    with db.reading(access.current()) as session:
        found = runs.checked(session, one.id)
    if one.job is not None and one.job.state is not JobState.DONE:
        jobs_view.card(one.job)
    if found is None:
        _again(one, first=True)
        return
    counts(found)
    for note in found.notes:
        st.info(plain(note), icon=":material/info:")
    for place, doubt in enumerate(found.doubts):
        _doubt(one, place, doubt)
    terms.show(one)
    _buttons(one, found)
    cells.show(one, found)


def counts(found: runs.Checked) -> None:
    """Six figures that add up to the rows of the file."""
    seen = found.counts
    otherwise = seen.skipped - seen.unchanged - seen.duplicate
    figures = [
        (_("New"), seen.created, _("Rows that make a record")),
        (_("Updates"), seen.updated, _("Rows that change a record that is there")),
        (_("Unchanged"), seen.unchanged, _("The record holds all of it already")),
        (
            _("Duplicates"),
            seen.duplicate,
            _("Of an earlier row, or of a record that is to be left alone"),
        ),
        (_("Skipped"), otherwise, _("Left out for another reason, told below")),
        (_("Errors"), seen.failed, _("Rows that cannot be imported as they are")),
    ]
    with st.grid(6, min_column_width=120):
        for label, count, hint in figures:
            st.metric(label, number(count), help=hint, border=True)
    parts = [f"{label} {number(count)}" for label, count, _hint in figures if count]
    total = words.rows(seen.rows) + (" = " + " + ".join(parts) if parts else "")
    when = _("checked {ago}").format(ago=ago(found.at))
    st.caption(plain(f"{total} · {when}"), help=whole_moment(found.at))


def _doubt(one: runs.Import, place: int, doubt: runs.Doubt) -> None:
    """A column that can be read in two ways: both of them, to choose from."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/help: **{plain(doubt.column)}**: {plain(doubt.words)}",
            width="stretch",
        )
        key = state.key(one, f"doubt_{place}")
        st.segmented_control(
            plain(doubt.column),
            list(type(doubt.chosen)),
            default=doubt.chosen,
            format_func=lambda way: plain(way.value),
            required=True,
            key=key,
            label_visibility="collapsed",
            on_change=_decide,
            args=[one, doubt, key],
        )


def _decide(one: runs.Import, doubt: runs.Doubt, key: str) -> None:
    """Read the column in the other way, and check again."""
    way = st.session_state[key]
    if way is None:
        return
    part = "numbers" if isinstance(way, runs.NumberFormat) else "dates"
    held = dict(getattr(one.choices, part)) | {doubt.column: way}
    changes: dict[str, Any] = {part: held}
    choices = replace(one.choices, **changes)
    state.act(one.id, one.revision, state.settle, choices)


def _buttons(one: runs.Import, found: runs.Checked) -> None:
    """The one button that writes, or another check where choices have changed."""
    if not found.current:
        st.warning(
            _("Something was changed after this check, so check again."),
            icon=":material/history:",
        )
        _again(one)
        return
    n = found.counts.created + found.counts.updated
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Import {rows}").format(rows=words.rows(n)),
            type="primary",
            icon=":material/play_arrow:",
            key="import_run",
            disabled=not n,
            on_click=_run,
            args=[one],
        )
        _change_mapping()
        if not n:
            st.caption(_("No row would make or change a record."))


def _again(one: runs.Import, *, first: bool = False) -> None:
    with st.container(horizontal=True):
        st.button(
            _("Check the rows") if first else _("Check again"),
            type="primary",
            icon=":material/fact_check:",
            key="import_check_again",
            on_click=_check,
            args=[one],
        )
        _change_mapping()


def _change_mapping() -> None:
    st.button(
        _("Change the mapping"),
        icon=":material/arrow_back:",
        key="import_back_to_map",
        on_click=state.go,
        args=[state.Step.MAP],
    )


def _check(one: runs.Import) -> None:
    state.act(one.id, one.revision, runs.ask_check)
    state.go(None)


def _run(one: runs.Import) -> None:
    state.act(one.id, one.revision, runs.ask_run)
    state.go(None)
