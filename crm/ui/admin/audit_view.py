"""The parts of the audit page: what was done, which fields changed, the seals."""

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import N_, _, current, language, ngettext
from crm.models import Action, Actor, Deed, JobState
from crm.models.changes import REASON_LABELS
from crm.services import audit, export_format, jobs, naming, undo
from crm.services.changes import FieldChange
from crm.services.days import today, zone
from crm.ui import access, change_words, feedback
from crm.ui.data import jobs_view
from crm.ui.feedback import empty
from crm.ui.format import ago, cell, moment_column, number, plain

PER_PAGE = 50
DEEDS = {
    Deed.CREATE: N_("Record created"),
    Deed.UPDATE: N_("Field changed"),
    Deed.DELETE: N_("Record deleted"),
    Deed.BATCH: N_("Records created at once"),
}
KINDS = {"user": N_("User"), "token": N_("API token"), "job": N_("Job"),
         "system": N_("System"), "customer": N_("Customer")}  # fmt: skip


def table(query: audit.Query) -> int | None:
    """The operations found, newest first; the id of the one that is chosen."""
    trail: list[int | None] = st.session_state.setdefault("audit_trail", [None])
    if st.session_state.get("audit_query") != query:
        st.session_state["audit_query"] = query
        trail[:] = [None]
    with db.reading(access.current()) as session:
        page = audit.operations(session, query, before=trail[-1], limit=PER_PAGE)
    if not page.entries:
        empty(
            _("Nothing was found."),
            _("Everything that is changed, imported or exported is written down here."),
            icon="policy",
        )
    frame = pd.DataFrame([_row(entry) for entry in page.entries])
    event: Any = st.dataframe(
        frame,
        key="audit_table",
        hide_index=True,
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        height="content",
        column_config={
            "at": moment_column(_("When")),
            "who": _("Who"),
            "as": _("As"),
            "what": _("What"),
            "records": _("Records"),
            "note": _("Note"),
        },
    )
    _turn(trail, page.next)
    rows = [row for row in event.selection.rows if row < len(page.entries)]
    return page.entries[rows[0]].id if rows else None


def details(operation_id: int) -> None:
    """What one operation altered, field by field, and the way back."""
    actor = access.current()
    with feedback.told(), db.reading(actor) as session:
        found = audit.changes(session, operation_id, limit=500)
        may_undo = undo.undoable(session, operation_id)
        labels = change_words.custom_labels(session)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Operation {n}").format(n=operation_id), width="stretch")
        if may_undo:
            st.button(
                _("Undo"),
                key=f"audit_undo_{operation_id}",
                icon=":material/undo:",
                on_click=feedback.undo,
                args=[operation_id],
            )
    if not found:
        st.caption(_("It changed no record."))
        return
    st.dataframe(
        pd.DataFrame([_change(one, labels) for one in found]),
        hide_index=True,
        placeholder="",
        column_config={
            "record": _("Record"),
            "deed": _("What"),
            "field": _("Field"),
            "before": _("Before"),
            "after": _("After"),
        },
    )


def export(query: audit.Query) -> None:
    """A download of all that is found."""
    actor = access.current()
    if actor.may(Action.EXPORT, "audit"):
        st.download_button(
            _("Export"),
            data=_maker(actor, query),
            file_name=f"audit-{today().isoformat()}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="audit_export",
            on_click="ignore",
        )


def _maker(actor: Actor, query: audit.Query) -> Any:
    """A function that makes the file; it runs outside the page, on the click."""
    speech = current()

    def made() -> bytes:
        with tempfile.TemporaryDirectory() as folder, language(speech):
            path = Path(folder) / "audit.csv"
            with db.reading(actor) as session:
                found = audit.export(session, query)
                rows = export_format.write_csv(
                    path, list(audit.COLUMNS), found, zone=zone()
                )
            with db.transaction(actor) as session:
                audit.note_export(session, "audit", rows, "audit.csv")
            return path.read_bytes()

    return made


def _row(entry: audit.Entry) -> dict[str, Any]:
    records = [
        f"{naming.kind_of(entity)}: {number(n)}" for entity, n in entry.counts.items()
    ]
    return {
        "at": cell(entry.at),
        "who": entry.actor_name,
        "as": _(KINDS.get(entry.actor_kind, entry.actor_kind)),
        "what": _(REASON_LABELS[entry.reason]),
        "records": ", ".join(records),
        "note": entry.note or "",
    }


def _change(one: FieldChange, labels: dict[str, str]) -> dict[str, Any]:
    name = one.record or (f"#{one.record_id}" if one.record_id else "")
    return {
        "record": f"{naming.kind_of(one.entity)} {name}",
        "deed": _(DEEDS[one.deed]),
        "field": change_words.label(one, labels),
        "before": _said(one.before),
        "after": _said(one.after),
    }


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _turn(trail: list[int | None], following: int | None) -> None:
    """Newer and older."""
    if len(trail) == 1 and following is None:
        return
    with st.container(horizontal=True):
        st.button(
            _("Newer"),
            key="audit_newer",
            icon=":material/chevron_left:",
            disabled=len(trail) == 1,
            on_click=_newer,
        )
        st.button(
            _("Older"),
            key="audit_older",
            icon=":material/chevron_right:",
            disabled=following is None,
            on_click=_older,
            args=[following],
        )


def _newer() -> None:
    st.session_state["audit_trail"].pop()


def _older(following: int) -> None:
    st.session_state["audit_trail"].append(following)


def seals() -> None:
    """Have the seals of the log checked, and say what came of it."""
    if jobs_view.shown_while_running("verify_log"):
        return
    with db.reading(access.current()) as session:
        last = jobs.listed(session, kinds=["verify_log"], limit=1)
    st.button(
        _("Check the seals"),
        icon=":material/verified_user:",
        key="audit_verify",
        on_click=_verify,
    )
    if last and last[0].state is JobState.DONE:
        count = int((last[0].result or {}).get("operations") or 0)
        words = ngettext(
            "{n} operation is as it was written ({ago}).",
            "{n} operations are as they were written ({ago}).",
            count,
        )
        st.caption(plain(words.format(n=number(count), ago=ago(last[0].ended_at))))
    elif last and last[0].error:
        st.error(plain(last[0].error), icon=":material/gpp_bad:")


def _verify() -> None:
    with feedback.caught(), db.transaction(access.current()) as session:
        jobs.ask(session, "verify_log", _("Check of the change log"), {})
