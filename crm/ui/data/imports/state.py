"""What the wizard remembers: its step, the choices being made, which tab is stale.

Choices live with the import once they are checked; until then in a draft of whoever
makes them, so that neither a reload nor a restart loses them.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any

import streamlit as st

from crm import db
from crm.errors import Stale
from crm.i18n import _
from crm.models import ImportState
from crm.services import drafts
from crm.services.imports import runs
from crm.ui import access, feedback

STEP = "step"  # in the address, where it is not the one that the state asks for
WORK, WROTE = "import_work", "import_wrote"
CHECK = "import_check"  # the kind of the job that writes nothing
OPEN = (ImportState.UPLOADED, ImportState.CHECKED)


class Step(StrEnum):
    """The steps of an import, in their order."""

    FILE = "file"
    MAP = "map"
    CHECK = "check"
    REPORT = "report"


def is_run(one: runs.Import) -> bool:
    """Whether it writes, has written, or is about to: then it stays as it is."""
    job = one.job
    waits = job is not None and job.kind != CHECK and not job.state.is_over
    return waits or one.state not in OPEN


def steps(one: runs.Import) -> list[Step]:
    """The steps that can be looked at now."""
    if is_run(one):
        return [Step.REPORT]
    if one.form.is_empty:  # but it may be read in another way
        return [Step.FILE]
    is_asked = one.state is ImportState.CHECKED or one.job is not None
    if is_asked and one.choices.mapping:  # else it has become something else since
        return [Step.FILE, Step.MAP, Step.CHECK]
    return [Step.FILE, Step.MAP]


def step(one: runs.Import) -> Step:
    """The step to show: the one in the address, else where the import stands."""
    possible = steps(one)
    asked = st.query_params.get(STEP)
    if asked in possible:
        return Step(asked)
    is_begun = bool(one.choices.mapping) or possible[-1] is not Step.MAP
    return possible[-1] if is_begun else Step.FILE


def go(step: Step | None) -> None:
    """For callbacks: show a step; None means the one where the import stands."""
    if step is None:
        st.query_params.pop(STEP, None)
    else:
        st.query_params[STEP] = step.value


def act(
    import_id: int, revision: int, use_case: Callable[..., Any], *args: Any
) -> Any | None:
    """For callbacks: one service call on the import as this tab has shown it.

    Whoever has an older state on the screen is told, and nothing is written. A quick
    second click, which asks for the same again, is not answered by an error. Returns
    what the use case does, None when it was not done.
    """
    wrote = st.session_state.setdefault(WROTE, {})
    asked = (use_case, args)
    done = None
    with feedback.caught():
        with db.transaction(access.current()) as session:
            now = runs.get(session, import_id).revision
            if wrote.get(import_id) == (now, revision, asked):
                return now
            if now != revision:
                words = _("This import was changed in another tab or by somebody else.")
                raise Stale(words)
            done = use_case(session, import_id, *args)
            now = runs.get(session, import_id).revision
        if now != revision:
            wrote[import_id] = (now, revision, asked)
    return done


def working(one: runs.Import) -> runs.Choices:
    """The choices on the screen: made here, or drafted, or settled, or proposed."""
    held = st.session_state.get(WORK)
    if held and held[:2] == (one.id, one.revision):
        choices: runs.Choices = held[2]
        return choices
    with db.reading(access.current()) as session:
        draft = drafts.load(session, _form(one.id)) or {}
        if draft.get("revision") == one.revision:
            choices = runs.Choices.of(draft["choices"])
        elif one.choices.mapping:
            choices = one.choices
        else:
            choices = runs.proposed(session, one.id)
    st.session_state[WORK] = (one.id, one.revision, choices)
    return choices


def change(import_id: int, **changes: Any) -> None:
    """For callbacks: other choices from here on, kept as a draft."""
    held = st.session_state.get(WORK)
    if not held or held[0] != import_id:
        return
    choices = replace(held[2], **changes)
    st.session_state[WORK] = (import_id, held[1], choices)
    draft = {"revision": held[1], "choices": choices.plain()}
    with feedback.caught(), db.transaction(access.current()) as session:
        drafts.save(session, _form(import_id), draft)


def settle(session: Any, import_id: int, choices: runs.Choices) -> runs.Import:
    """Keep the choices with the import and have it checked; the draft has served."""
    if runs.get(session, import_id).choices != choices:
        runs.choose(session, import_id, choices)
    runs.ask_check(session, import_id)
    drafts.drop(session, _form(import_id))
    return runs.get(session, import_id)


def key(one: runs.Import, name: object) -> str:
    """The key of a widget that is filled anew when the import has changed."""
    return f"import_{one.id}_{one.revision}_{name}"


def _form(import_id: int) -> str:
    return f"import:{import_id}"
