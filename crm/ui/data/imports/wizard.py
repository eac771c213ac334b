"""One import on its page: what it is, its steps, the step where it stands."""

from collections.abc import Callable

import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.services.fields import Kind
from crm.services.imports import runs
from crm.services.list_values import names
from crm.ui import access, feedback, navigation
from crm.ui.data.imports import check, mapping, run, state, words
from crm.ui.data.imports import format as file_format
from crm.ui.data.imports.state import Step
from crm.ui.format import moment, number, plain, whose_times

STEPS: dict[Step, tuple[str, str, Callable[[runs.Import], None]]] = {
    Step.FILE: (N_("File"), "draft", file_format.show),
    Step.MAP: (N_("Map"), "conversion_path", mapping.show),
    Step.CHECK: (N_("Check"), "fact_check", check.show),
    Step.REPORT: (N_("Report"), "task_alt", run.show),
}


def show() -> None:
    """The import of the address; in words where there is none to show."""
    navigation.link("imports", _("All imports"), icon=":material/arrow_back:")
    if (import_id := navigation.record_id()) is None:
        st.info(_("Choose an import from the list."), icon=":material/list:")
        return
    with feedback.told():
        with db.reading(access.current()) as session:
            one = runs.get(session, import_id)
        _head(one)
        now = state.step(one)
        _bar(one, now)
        STEPS[now][2](one)


def _head(one: runs.Import) -> None:
    """Name of the file, what is in it, whose it is, since when."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(one.file_name), width="stretch")
        _discard(one)
    with db.reading(access.current()) as session:
        owner = names(session, Kind.USER, [one.owner_id] if one.owner_id else [])
    facts = [words.target(one.target), *owner.values(), moment(one.created_at)]
    told = plain(" · ".join([*facts, _size(one.form.n_bytes)]))
    st.caption(told, help=whose_times())


def _bar(one: runs.Import, now: Step) -> None:
    """The four steps: done ones and open ones to click on, the present one marked."""
    possible = state.steps(one)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="import_steps"
    ):
        for place, (step, (label, icon, _show)) in enumerate(STEPS.items(), 1):
            text = f"{place} {_(label)}"
            if step is now:
                st.badge(text, icon=f":material/{icon}:", color="blue")
                continue
            st.button(
                text,
                type="tertiary",
                icon=f":material/{icon}:",
                key=f"import_step_{step}",
                disabled=step not in possible,
                on_click=state.go,
                args=[step],
            )


def _discard(one: runs.Import) -> None:
    """Forget an import that has written nothing."""
    if state.is_run(one):
        navigation.link("imports", _("Import another file"), icon=":material/add:")
        return
    with st.popover(_("Discard"), icon=":material/delete:"):
        st.markdown(plain(_("The file is deleted. Nothing of it has been imported.")))
        st.button(
            _("Discard it"),
            type="primary",
            key="import_discard",
            on_click=_forget,
            args=[one.id, one.file_name],
        )


def _forget(import_id: int, name: str) -> None:
    done = _("“{name}” is discarded.").format(name=name)
    with feedback.caught():
        with db.transaction(access.current()) as session:
            runs.discard(session, import_id)
        feedback.flash(done)
        navigation.go("imports")


def _size(n_bytes: int) -> str:
    if n_bytes < 1024**2:
        return f"{number(max(1, n_bytes // 1024))} kB"
    return f"{number(n_bytes / 1024**2, places=1)} MB"
