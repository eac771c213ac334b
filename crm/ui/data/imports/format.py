"""Step 1, file: how it is read, with its first rows as they come out."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _, ngettext
from crm.services.imports import runs
from crm.services.imports.delimited import DELIMITERS
from crm.services.imports.encodings import ENCODINGS
from crm.services.imports.formats import CSV
from crm.ui import access, feedback
from crm.ui.data.imports import state
from crm.ui.format import number, plain

SHOWN = 10
AGAIN = "import_format_again"  # counts what was refused, to set the widgets back


def show(one: runs.Import) -> None:
    """The format as found, each part to be changed; the first rows; the way on."""
    form = one.form
    with (
        st.container(border=True),
        st.grid(4, min_column_width=170, vertical_alignment="bottom"),
    ):
        if form.kind == CSV:
            _select(one, "encoding", _("Encoding"), ENCODINGS, form.encoding)
            _select(one, "delimiter", _("Delimiter"), DELIMITERS, form.delimiter)
        elif len(form.sheets) > 1:
            sheets = {name: name for name in form.sheets}
            _select(one, "sheet", _("Sheet"), sheets, form.sheet)
        _skip(one)
        _header(one)
    for note in form.notes:
        st.info(plain(note), icon=":material/info:")
    preview(form)
    st.button(
        _("Next: map the columns"),
        type="primary",
        icon=":material/arrow_forward:",
        key="import_to_map",
        disabled=form.is_empty,
        on_click=state.go,
        args=[state.Step.MAP],
    )


def preview(form: runs.FileFormat) -> None:
    """The first rows of the file under its header."""
    rows = [list(row) for row in form.sample_rows[:SHOWN]]
    names = [str(place) for place in range(len(form.header))]
    st.dataframe(
        pd.DataFrame(rows, columns=names, dtype=str),
        hide_index=True,
        key="import_preview",
        height="content",
        column_config={
            name: st.column_config.TextColumn(label, width="small")
            for name, label in zip(names, form.header, strict=True)
        },
    )
    words = ngettext(
        "{columns} column · the first {rows} rows",
        "{columns} columns · the first {rows} rows",
        len(names),
    )
    st.caption(words.format(columns=number(len(names)), rows=number(len(rows))))


def _select(
    one: runs.Import, part: str, label: str, options: dict[str, str], held: str
) -> None:
    known = options if held in options else {held: held, **options}
    key = _key(one, part)
    st.selectbox(
        label,
        list(known),
        index=list(known).index(held),
        format_func=known.__getitem__,
        key=key,
        on_change=_choose,
        args=[one, part, key],
    )


def _skip(one: runs.Import) -> None:
    key = _key(one, "skip")
    st.number_input(
        _("Rows above the table"),
        min_value=0,
        max_value=1000,
        value=min(one.form.skipped, 1000),
        key=key,
        on_change=_choose,
        args=[one, "skip", key],
    )


def _header(one: runs.Import) -> None:
    key = _key(one, "has_header")
    st.toggle(
        _("First row is the header"),
        value=one.form.has_header,
        key=key,
        on_change=_choose,
        args=[one, "has_header", key],
    )


def _choose(one: runs.Import, part: str, key: str) -> None:
    """Read the file in another way, from now on."""
    changes: dict[str, Any] = {part: st.session_state[key]}
    if part == "sheet":  # another sheet has its own rows on top
        changes["skip"] = 0
    chosen = replace(_as_now(one.form), **changes)
    form = None
    with feedback.caught(), db.reading(access.current()) as session:
        form = runs.read_as(session, one.id, chosen)
    if not form or not state.act(one.id, one.revision, runs.choose_format, form):
        st.session_state[AGAIN] = st.session_state.get(AGAIN, 0) + 1
    state.go(state.Step.FILE)


def _as_now(form: runs.FileFormat) -> runs.Chosen:
    """What was settled about the file up to now."""
    return runs.Chosen(
        encoding=form.encoding or None,
        delimiter=form.delimiter or None,
        quotechar=form.quotechar or '"',
        sheet=form.sheet or None,
        has_header=form.has_header,
        skip=form.skipped,
    )


def _key(one: runs.Import, part: str) -> str:
    return state.key(one, f"{part}_{st.session_state.get(AGAIN, 0)}")
