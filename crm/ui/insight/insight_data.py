"""Whose customers an analysis is about, which of its results is shown, and its file."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _, current, language
from crm.models import Action, Actor, Analysis, Reason
from crm.services import analyses, analysis_files, exporting
from crm.services.customers import segments
from crm.ui import access, address

EVERYBODY = ""


def segment(kind: str) -> dict[str, Any]:
    """A choice between all customers and a segment, as parameters of an analysis."""
    actor = access.current()
    if not actor.may(Action.READ, "segment"):
        return {}
    with db.reading(actor) as session:
        known = segments.listed(session)
    if not known:
        return {}
    options = {EVERYBODY: _("All customers")}
    options |= {str(one.id): one.name for one in known}
    chosen = address.menu(
        _("Customers"), options, f"{kind}_segment", usual=EVERYBODY, width=200
    )
    return {analyses.SEGMENT: int(chosen)} if chosen else {}


def chosen(kind: str, found: list[Analysis]) -> Analysis:
    """The result to show: the newest, or the one that the user or the link names."""
    by_id = {one.id: one for one in found}
    key = f"{kind}_shown"
    if st.session_state.get(key) not in by_id:
        given = str(st.query_params.get(key, ""))
        named = int(given) if given.isascii() and given.isdecimal() else 0
        st.session_state[key] = named if named in by_id else found[0].id
    shown = by_id[st.session_state[key]]
    if shown.id != found[0].id:
        st.query_params[key] = str(shown.id)
    elif key in st.query_params:
        del st.query_params[key]
    return shown


def file_button(shown: Analysis) -> None:
    """All tables of the result as a file, for whoever may export."""
    actor = access.current()
    if not actor.may(Action.EXPORT, "analysis"):
        return
    st.download_button(
        _("Data of this page (CSV, zipped)"),
        data=_maker(actor, shown.id),
        file_name=f"{shown.kind}-{shown.as_of.isoformat()}.zip",
        mime="application/zip",
        icon=":material/download:",
        key=f"{shown.kind}_data",
        on_click="ignore",
    )


def _maker(actor: Actor, analysis_id: int) -> Callable[[], bytes]:
    """A function that makes the file; it runs outside the page, on the click."""
    speech = current()

    def made() -> bytes:
        with TemporaryDirectory() as folder, language(speech):
            path = Path(folder) / "analysis.zip"
            with db.reading(actor) as session:
                analysis_files.write_zip(session, analysis_id, path)
            note = "analysis csv"
            with db.transaction(actor, reason=Reason.EXPORT, note=note) as session:
                exporting.noted(session)
            return path.read_bytes()

    return made
