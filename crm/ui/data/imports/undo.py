"""Take an import back: what will happen, and then what did."""

from collections.abc import Mapping

import streamlit as st

from crm.i18n import _
from crm.services.imports import runs
from crm.ui.data.imports import state, words
from crm.ui.format import number, plain


def offer(one: runs.Import, found: runs.Report) -> None:
    """The button, behind a sentence that says what it does."""
    if not found.made and not found.changed:
        return
    with st.popover(_("Undo this import"), icon=":material/undo:"):
        for sentence in consequences(found):
            st.markdown("- " + plain(sentence))
        st.button(
            _("Undo it now"),
            type="primary",
            icon=":material/undo:",
            key="import_undo",
            on_click=state.act,
            args=[one.id, one.revision, runs.ask_undo],
        )


def consequences(found: runs.Report) -> list[str]:
    """What an undo would do, in words."""
    said = []
    if made := by_kind(found.made):
        text = _("What it has made goes to the recycle bin: {records}.")
        said.append(text.format(records=made))
    if changed := by_kind(found.changed):
        text = _("What it has changed gets back what it held before: {records}.")
        said.append(text.format(records=changed))
    return [
        *said,
        _("What somebody has changed or used since stays as it is, and is told."),
    ]


def by_kind(numbers: Mapping[str, int]) -> str:
    """Records per table in one line; lines go with their orders, and stages stay."""
    return ", ".join(
        f"{_(words.TABLES[table][0])} {number(n)}"
        for table, n in numbers.items()
        if n and table in words.TABLES and table not in ("order_line", "stage")
    )


def told(found: runs.Report) -> None:
    """What an undo has done, and what it has left, with the reasons."""
    undone = found.undo
    if undone is None:
        return
    parts = []
    if removed := by_kind(undone.removed):
        parts.append(_("to the recycle bin: {records}").format(records=removed))
    if undone.set_back:
        text = _("set back: {records}")
        parts.append(text.format(records=words.records(undone.set_back)))
    said = _("Undone") + " – " + "; ".join(parts) if parts else _("Undone")
    st.success(plain(said), icon=":material/undo:")
    if not undone.n_kept:
        return
    said = _("{records} stay as they are:").format(records=words.records(undone.n_kept))
    with st.expander(plain(said), expanded=undone.n_kept <= 5):
        for reason in undone.kept:
            st.markdown("- " + plain(reason))
        if undone.n_kept > len(undone.kept):
            left = undone.n_kept - len(undone.kept)
            st.caption(plain(_("… and {n} more").format(n=number(left))))
