"""Whose customers an analysis is about, which of its results is shown, and its file."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from crm import db
from crm.errors import NotFound
from crm.i18n import _, current, language
from crm.models import Action, Actor, Analysis
from crm.services import analyses, analysis_files, exporting
from crm.services.customers import segments
from crm.services.days import today
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
    shown, key = _named(kind, found), f"{kind}_shown"
    st.session_state[key] = shown.id
    if shown.id != found[0].id:
        st.query_params[key] = str(shown.id)
    elif key in st.query_params:
        del st.query_params[key]
    return shown


def _named(kind: str, found: list[Analysis]) -> Analysis:
    by_id, key = {one.id: one for one in found}, f"{kind}_shown"
    if (known := st.session_state.get(key)) in by_id:
        return by_id[known]
    given = str(st.query_params.get(key, ""))
    named = int(given) if given.isascii() and given.isdecimal() else 0
    return by_id.get(named, found[0])


def starting_day(kind: str) -> date:
    """Today; the day of the result that is shown, where somebody has chosen that day.

    What the user has chosen to compute anew is forgotten when another result is shown.
    """
    if (shown := _about_to_show(kind)) is None:
        return today()
    seen = f"{kind}_seen"
    if st.session_state.get(seen) not in (None, shown.id):
        st.session_state.pop(f"{kind}_as_of", None)
        st.query_params.pop(f"{kind}_as_of", None)
    st.session_state[seen] = shown.id
    return shown.as_of if analyses.looks_back(shown) else today()


def _about_to_show(kind: str) -> Analysis | None:
    """What `chosen` will give, without looking through them all where it is known."""
    known = st.session_state.get(f"{kind}_shown")
    with db.reading(access.current()) as session:
        if known is not None:
            with suppress(NotFound):
                return analyses.analysis(session, known)
        found = analyses.listed(session, kind)
    return _named(kind, found) if found else None


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
            with db.transaction(actor) as session:
                exporting.noted(session, _("Analysis"), "zip")
            return path.read_bytes()

    return made
