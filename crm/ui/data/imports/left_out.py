"""The rows that a run tells about: on the page, and those left out as a file."""

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _, current, language
from crm.services.imports import runs
from crm.ui import access
from crm.ui.data.imports import words
from crm.ui.format import number, plain

PER_PAGE = 50


def show(one: runs.Import) -> None:
    """The rows that are told about, in pages, and those not imported as a file."""
    with db.reading(access.current()) as session:
        totals = {
            o: runs.count_issues(session, one.id, outcome=o) for o in words.OUTCOMES
        }
    totals = {outcome: total for outcome, total in totals.items() if total}
    if not totals:
        return
    st.subheader(_("Rows to look at"))
    outcome = _outcome(totals)
    pages = -(-totals[outcome] // PER_PAGE)
    slot = st.container()
    at = 1
    if pages > 1:
        at = st.pagination(pages, key=f"import_issues_{outcome}") or 1
    with db.reading(access.current()) as session:
        found = runs.issues(session, one.id, outcome=outcome, limit=PER_PAGE, page=at)
    with slot:
        _table(one, found)
    if set(totals) - {runs.Outcome.PARTLY}:
        _download(one)


def _outcome(totals: dict[runs.Outcome, int]) -> runs.Outcome:
    """Which rows to show: the failed ones first, where there are any."""
    chosen = st.segmented_control(
        _("Outcome"),
        list(totals),
        default=next(iter(totals)),
        format_func=lambda outcome: plain(
            f"{_(words.OUTCOMES[outcome])} ({number(totals[outcome])})"
        ),
        required=True,
        key="import_outcome",
        label_visibility="collapsed",
    )
    return chosen if chosen in totals else next(iter(totals))


def _table(one: runs.Import, found: list[runs.Issue]) -> None:
    header = one.form.header
    rows = [
        [
            issue.row,
            issue.column or "",
            issue.reason,
            *[*issue.cells, *[""] * len(header)][: len(header)],
        ]
        for issue in found
    ]
    names = ["row", "column", "reason"]
    cells = [f"c{place}" for place in range(len(header))]
    kind = st.column_config.TextColumn
    st.dataframe(
        pd.DataFrame(rows, columns=names + cells),
        hide_index=True,
        key="import_issue_table",
        column_config={
            "row": st.column_config.NumberColumn(_("Row"), width="small", pinned=True),
            "column": kind(_("Column")),
            "reason": kind(_("Reason"), width="large"),
            **dict(zip(cells, header, strict=True)),
        },
    )


def _download(one: runs.Import) -> None:
    actor, speech = access.current(), current()

    def made() -> bytes:
        with language(speech), db.reading(actor) as session:
            return b"".join(runs.issues_csv(session, one.id))

    st.download_button(
        _("Rows that were not imported, as CSV"),
        data=made,
        file_name=_("import-{n}-not imported").format(n=one.id) + ".csv",
        mime="text/csv",
        icon=":material/download:",
        key="import_issues_csv",
        on_click="ignore",
        help=_(
            "With their reasons. Corrected, it can be imported like the file itself."
        ),
    )
