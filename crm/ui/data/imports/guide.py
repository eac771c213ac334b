"""What can be imported and how: the fields of a target, and a file to fill in."""

import csv
import io

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _
from crm.services.export_format import csv_out
from crm.services.imports import runs
from crm.services.imports.headers import suggest
from crm.ui import access
from crm.ui.data.imports import words
from crm.ui.format import plain


def show() -> None:
    """Per target its fields, in a panel that is closed at first."""
    panel = st.expander(
        _("What can be imported, and how"),
        icon=":material/help:",
        key="import_guide",
        on_change="rerun",
    )
    if not panel.open:
        return
    with db.reading(access.current()) as session:
        targets = runs.targets(session)
    with panel:
        for sentence in _sentences():
            st.markdown("- " + plain(sentence))
        tabs = st.tabs([plain(words.target(one.name)) for one in targets])
        for tab, one in zip(tabs, targets, strict=True):
            with tab:
                _fields(one)


def template(target: runs.Target) -> bytes:
    """A CSV file with the header only, as Excel opens it; each column is recognised."""
    text = io.StringIO()
    csv.writer(text).writerow([csv_out(_column(target, f)) for f in target.fields])
    return text.getvalue().encode("utf-8-sig")


def _column(target: runs.Target, field: runs.Field) -> str:
    """A name for the column that is recognised, in the user's language if can be."""
    for name in (_(field.label), field.label):
        if [each.field for each in suggest([name], target)] == [field.name]:
            return name
    return field.name


def _fields(target: runs.Target) -> None:
    labels = words.fields(target)
    table = [
        {
            "field": labels[field.name],
            "needed": _("Yes") if field.required else "",
            "kind": _(words.KINDS[field.kind]),
            "help": _(field.help) if field.help else _choices(field),
        }
        for field in target.fields
    ]
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        key=f"import_fields_{target.name}",
        column_config={
            "field": _("Field"),
            "needed": st.column_config.TextColumn(_("Required"), width="small"),
            "kind": _("Read as"),
            "help": _("Hint"),
        },
    )
    st.download_button(
        _("Empty file with these columns"),
        data=template(target),
        file_name=f"{target.name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"import_template_{target.name}",
        on_click="ignore",
    )


def _choices(field: runs.Field) -> str:
    return ", ".join(field.choices)


def _sentences() -> list[str]:
    return [
        _("The first row names the columns; each can be set to a field, or left out."),
        _("Nothing is written before you have seen what would become of each row."),
        _("A blank cell never empties a field."),
        _("Rows that cannot be read are given back as a file, each with its reason."),
        _("An import can be undone, updated records too."),
        _(
            "A product, stage or owner spelled in another way is never taken unasked. "
            "The check shows what is likely; confirm it, have it made or leave it out."
        ),
        _(
            "What was converted, won or lost elsewhere comes in as it ended: nothing "
            "is made of it once more, and no reason is asked for."
        ),
        _(
            "Users and teams are not imported, as each user signs in: invite them. "
            "Then a column with their names or e-mails makes them owners."
        ),
    ]
