"""Step 4, report: what became of each row, the records, the reasons, the way back."""

import plotly.graph_objects as go
import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import ImportState
from crm.services.fields import ENTITIES, fields_of
from crm.services.imports import runs
from crm.ui import access, charts, filter_builder, navigation
from crm.ui.data.imports import left_out, undo, words
from crm.ui.format import number, plain


def show(one: runs.Import) -> None:
    """The whole report."""
    with db.reading(access.current()) as session:
        found = runs.report(session, one.id)
    _sum(found)
    for note in found.notes:
        st.info(plain(note), icon=":material/info:")
    if one.state is ImportState.UNDONE or found.undo is not None:
        undo.told(found)
    else:
        _records(one, found)
        undo.offer(one, found)
    left_out.show(one)


def _sum(found: runs.Report) -> None:
    """One sentence whose parts add up, and the same as a bar."""
    counts = found.counts
    st.subheader(plain(words.sum_up(counts)))
    parts = [
        (_("created"), counts.created, charts.SERIES[0]),
        (_("updated"), counts.updated, charts.SERIES[2]),
        (_("skipped"), counts.skipped, charts.MUTED),
        (_("failed"), counts.failed, charts.BAD),
    ]
    fig = go.Figure(
        [
            go.Bar(y=[""], x=[n], name=label, orientation="h", marker_color=color)
            for label, n, color in parts
            if n
        ]
    )
    fig.update_layout(barmode="stack", bargap=0, showlegend=True)
    fig.update_layout(legend_traceorder="normal")
    fig.update_xaxes(visible=False, range=[0, counts.rows])
    fig.update_yaxes(visible=False)
    if counts.rows:
        charts.show(fig, key="import_bar", alt=words.sum_up(counts), height=92)
    details = [
        (counts.unchanged, _("{n} of those skipped change nothing")),
        (counts.duplicate, _("{n} of those skipped are duplicates")),
        (counts.partly, _("{n} went in with a remark, told below")),
    ]
    if said := [text.format(n=number(n)) for n, text in details if n]:
        st.caption(plain(" · ".join(said)))


def _records(one: runs.Import, found: runs.Report) -> None:
    """Made and changed records by kind, each a way to its list."""
    with st.grid(4, min_column_width=180):
        for table in dict.fromkeys([*found.made, *found.changed]):
            made, changed = found.made.get(table, 0), found.changed.get(table, 0)
            _record(one, table, made, changed)


def _record(one: runs.Import, table: str, made: int, changed: int) -> None:
    label, slug = words.TABLES.get(table, (table, None))
    said = [(made, _("{n} made")), (changed, _("{n} changed"))]
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(_(label))}**")
        parts = [text.format(n=number(n)) for n, text in said if n]
        st.markdown(plain(" · ".join(parts)))
        if slug is not None:
            query = _filter(one, table, slug) if made else {}
            navigation.link(slug, _("Show"), icon=":material/list:", **query)


def _filter(one: runs.Import, table: str, slug: str) -> dict[str, str]:
    """What narrows a list to this import, where the list can be asked for it."""
    if table not in ENTITIES:
        return {}
    with db.reading(access.current()) as session:
        if "import_id" not in fields_of(session, table):
            return {}
    rule = {
        "match": "all",
        "rules": [{"field": "import_id", "op": "eq", "value": one.id}],
    }
    return {f"{slug}_f": filter_builder.dumped(rule)}
