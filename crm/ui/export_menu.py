"""Export of a list: CSV or XLSX, made when it is asked for."""

import tempfile
from pathlib import Path

import streamlit as st

from crm import db
from crm.i18n import _, current, language
from crm.models import Action, Actor
from crm.services import export_format, exporting, lists, naming
from crm.services.days import today, zone
from crm.ui import access
from crm.ui.format import whose_times

MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def show(query: lists.Query, slug: str) -> None:
    """A popover with a download for each format, where the user may export."""
    actor = access.current()
    if not actor.may(Action.EXPORT, query.entity):
        return
    with st.popover(_("Export"), icon=":material/download:"):
        st.caption(_("All rows that the filter finds, with the columns shown."))
        st.caption(whose_times())
        for kind, label in (("csv", _("CSV file")), ("xlsx", _("Excel file"))):
            st.download_button(
                label,
                data=_maker(actor, query, kind),
                file_name=f"{slug}-{today().isoformat()}.{kind}",
                mime=MIME[kind],
                key=f"{slug}_export_{kind}",
                on_click="ignore",
                width="stretch",
            )


def _maker(actor: Actor, query: lists.Query, kind: str):  # type: ignore[no-untyped-def]  # a closure for Streamlit
    """A function that makes the file; it runs outside the page, on the click."""
    day, place, speech = today(), zone(), current()

    def made() -> bytes:
        with tempfile.TemporaryDirectory() as folder, language(speech):
            path = Path(folder) / f"export.{kind}"
            with db.reading(actor) as session:
                header, rows = exporting.table(session, query, today=day)
                if kind == "csv":
                    export_format.write_csv(path, header, rows, zone=place)
                else:
                    export_format.write_xlsx(path, header, rows, zone=place)
            with db.transaction(actor) as session:
                exporting.noted(session, naming.kind_of(query.entity), kind)
            return path.read_bytes()

    return made
