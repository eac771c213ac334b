"""What can be done with a ranking: save it as a segment, take it along as a file."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm.i18n import _
from crm.models import Action, Analysis, Reason
from crm.services import segments
from crm.ui import access, customers_file, feedback, segments_view


def buttons(
    shown: Analysis,
    rows: pd.DataFrame,
    name: str,
    description: str,
    columns: customers_file.Columns,
    config: dict[str, Any],
) -> None:
    """As far as the reader has the rights."""
    actor = access.current()
    if actor.may(Action.CREATE, "segment"):
        _segment(shown, rows["customer_id"].tolist(), name, description)
    if actor.may(Action.EXPORT, "customer"):
        labels = {column: str(made["label"]) for column, made in config.items()}
        st.download_button(
            _("CSV file"),
            data=customers_file.maker(actor, rows, columns, labels),
            file_name=f"churn-{shown.as_of.isoformat()}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="churn_csv",
            on_click="ignore",
        )


def _segment(shown: Analysis, ids: Sequence[int], name: str, description: str) -> None:
    with st.popover(_("Save as segment"), icon=":material/workspaces:"):
        field = f"churn_segment_{shown.id}_{name}"
        st.text_input(
            _("Name of the new segment"), value=name[:120], max_chars=120, key=field
        )
        st.button(
            _("Save"),
            type="primary",
            key="churn_segment_save",
            on_click=_save,
            args=[field, ids, description, shown.id],
        )


def _save(field: str, ids: Sequence[int], description: str, analysis_id: int) -> None:
    name = st.session_state[field]
    segment_id = feedback.run(
        _("Segment “{name}” is saved.").format(name=name.strip()),
        _saved,
        name,
        ids,
        description,
        analysis_id,
        reason=Reason.BULK,
    )
    if segment_id is not None:
        segments_view.show_customers(segment_id)


def _saved(
    session: Session, name: str, ids: Sequence[int], description: str, analysis_id: int
) -> int:
    segment = segments.save(
        session, name, ids, description=description, analysis_id=analysis_id
    )
    return segment.id
