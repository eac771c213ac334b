"""The rows that a check tells about; their bad cells can be put right."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _, ngettext
from crm.services.imports import runs
from crm.ui import access
from crm.ui.data.imports import reasons, state
from crm.ui.format import number, plain

LONGEST = 20_000  # characters that a cell may be given
Cell = tuple[int, str]


def show(one: runs.Import, found: runs.Checked) -> None:
    """The reasons, and the first rows of the one that is chosen."""
    if found.reasons:
        st.subheader(_("Rows to look at"))
        chosen = reasons.choose(one, found.reasons)
        _grid(one, chosen.issues)
        reasons.rest(chosen)
    _fixed(one)


def _grid(one: runs.Import, issues: Sequence[runs.Issue]) -> None:
    """The rows as a grid, in which the column at fault can be written into."""
    header, fault = one.form.header, issues[0].column
    may_fix = fault in header
    with db.reading(access.current()) as session:
        fixes = runs.fixes(session, one.id)
    key = state.key(one, f"grid_{issues[0].row}_{issues[0].outcome}_{fault}")
    st.data_editor(
        _frame(header, issues, fixes),
        hide_index=True,
        num_rows="fixed",
        key=key,
        on_change="ignore",
        disabled=[
            n for n in ("row", "reason", *_ids(header)) if n != _id(header, fault)
        ],
        column_order=_order(header, fault),
        column_config=_columns(header),
    )
    if may_fix:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Save the corrections"),
                icon=":material/save:",
                key="import_fix",
                on_click=_save,
                args=[one, issues, key],
            )
            words_ = _("Write into “{column}”, then save, then check again.")
            st.caption(plain(words_.format(column=fault)))


def _frame(
    header: Sequence[str], issues: Sequence[runs.Issue], fixes: Mapping[Cell, str]
) -> pd.DataFrame:
    rows = []
    for issue in issues:
        cells = [*issue.cells, *[""] * len(header)][: len(header)]
        given = [
            fixes.get((issue.row, column), cell)
            for column, cell in zip(header, cells, strict=True)
        ]
        rows.append([str(issue.row), issue.reason, *given])
    return pd.DataFrame(rows, columns=["row", "reason", *_ids(header)], dtype=str)


def _ids(header: Sequence[str]) -> list[str]:
    """Names of the grid's columns: those of the file may be anything."""
    return [f"c{place}" for place in range(len(header))]


def _id(header: Sequence[str], column: str | None) -> str | None:
    return f"c{header.index(column)}" if column in header else None


def _order(header: Sequence[str], fault: str | None) -> list[str]:
    """The row, the cell at fault, why; then the rest of the row."""
    first = _id(header, fault)
    rest = [name for name in _ids(header) if name != first]
    return ["row", *([first] if first else []), "reason", *rest]


def _columns(header: Sequence[str]) -> dict[str, Any]:
    kind = st.column_config.TextColumn
    named = {
        name: kind(column, max_chars=LONGEST)
        for name, column in zip(_ids(header), header, strict=True)
    }
    return {
        "row": kind(_("Row"), width="small", pinned=True),
        "reason": kind(_("Reason"), width="large"),
        **named,
    }


def corrections(
    header: Sequence[str], issues: Sequence[runs.Issue], edited: Any
) -> dict[Cell, str | None]:
    """What was typed into the grid: cells (row, column) → text; None is as in the file.

    `edited` comes from the browser: only rows and columns that the grid has shown
    for writing count, and values only as text.
    """
    found: dict[Cell, str | None] = {}
    for place, typed in edited.items() if isinstance(edited, Mapping) else ():
        if not str(place).isdecimal() or int(place) >= len(issues):
            continue
        issue = issues[int(place)]
        name = _id(header, issue.column)
        if issue.column is None or not isinstance(typed, Mapping) or name not in typed:
            continue
        text = "" if typed[name] is None else str(typed[name])[:LONGEST]
        column = header.index(issue.column)
        before = issue.cells[column] if column < len(issue.cells) else ""
        found[issue.row, issue.column] = None if text == before else text
    return found


def _save(one: runs.Import, issues: Sequence[runs.Issue], key: str) -> None:
    edited = dict(st.session_state.get(key) or {}).get("edited_rows")
    if cells := corrections(one.form.header, issues, edited):
        state.act(one.id, one.revision, runs.fix, cells)


def _fixed(one: runs.Import) -> None:
    """How many cells are put right, and the way back."""
    with db.reading(access.current()) as session:
        held = runs.fixes(session, one.id)
    if not held:
        return
    said = ngettext("{n} cell is corrected.", "{n} cells are corrected.", len(held))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(said.format(n=number(len(held))))
        st.button(
            _("Take the corrections back"),
            type="tertiary",
            key="import_unfix",
            on_click=state.act,
            args=[one.id, one.revision, runs.fix, dict.fromkeys(held)],
        )
