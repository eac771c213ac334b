"""What is counted: the pipeline, the time, whose opportunities, from where."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address, insight

ALL = ""
NONE = "-"  # stands for: nothing is entered
SPANS = {"12": N_("12 months"), "24": N_("24 months"), "6": N_("6 months"),
         "3": N_("3 months"), "all": N_("All")}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """The opportunities to count: those opened in the time, and those closed in it.

    Both as `deal_facts.FACTS` with `name`, `customer` and `owner`.
    """

    opened: pd.DataFrame
    closed: pd.DataFrame
    stages: pd.DataFrame  # of the pipeline, as in `frames.STAGES`
    key: str  # of all choices together, for the keys of charts


def chosen(shown: Analysis) -> Chosen:
    """As the user narrows it; stops the page where there is no opportunity at all."""
    table, stages = insight.table(shown, "deals"), insight.table(shown, "stages")
    if table.empty:
        st.info(_("There are no opportunities yet."), icon=":material/info:")
        st.stop()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        span = address.choice(_("Time"), SPANS, "report_span")
        pipeline_id = _pipeline(stages, table)
        owner = _one_of(_("Owner"), table["owner"], "report_owner")
        source = _one_of(_("Source"), table["source"], "report_source")
    kept = table["pipeline_id"] == pipeline_id
    for name, wanted in (("owner", owner), ("source", source)):
        if wanted != ALL:
            kept &= table[name] == wanted.removeprefix(NONE)
    mine = table[kept]
    opened, closed = mine, mine[mine["closed_at"].notna()]
    if span != "all":
        first = pd.Timestamp(shown.as_of) - pd.DateOffset(months=int(span))
        opened = mine[mine["opened_at"] >= first]
        closed = closed[closed["closed_at"] >= first]
    key = f"{shown.id}_{span}_{pipeline_id}_{owner}_{source}"
    here = stages[stages["pipeline_id"] == pipeline_id]
    return Chosen(opened, closed, here, key)


def _pipeline(stages: pd.DataFrame, table: pd.DataFrame) -> int:
    """The pipeline to look at: that with the most opportunities, unless chosen."""
    names = stages.drop_duplicates("pipeline_id").set_index("pipeline_id")["pipeline"]
    usual = str(table["pipeline_id"].mode().iloc[0])
    options = {str(one): str(name) for one, name in names.items()}
    if len(options) == 1:
        return int(usual)
    return int(
        address.menu(_("Pipeline"), options, "report_pipeline", usual=usual, width=200)
    )


def _one_of(label: str, values: pd.Series, key: str) -> str:
    """One value of a field or all; what is entered nowhere is no choice."""
    there = values.value_counts()
    options = {ALL: _("All")} | {
        str(one) or NONE: str(one) or _("Not given") for one in there.index
    }
    if len(options) <= 2:
        return ALL
    return address.menu(label, options, key, usual=ALL, width=200)
