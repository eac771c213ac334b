"""A stored analysis as a file: its tables as CSV, and what it says in JSON."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Forbidden
from crm.i18n import _
from crm.models import Action, Analysis, AnalysisTable
from crm.services import analyses, export_format


def table_names(session: Session, analysis_id: int) -> list[str]:
    """The tables of an analysis, by name.

    Raises:
        NotFound: there is no such analysis in reach.
    """
    analyses.analysis(session, analysis_id)
    statement = (
        select(col(AnalysisTable.name))
        .where(col(AnalysisTable.analysis_id) == analysis_id)
        .distinct()
        .order_by(col(AnalysisTable.name))
    )
    return list(session.scalars(statement))


def write_zip(session: Session, analysis_id: int, path: Path) -> None:
    """Write all tables, formula-safe, and `about.json` with how they came about.

    Raises:
        NotFound: there is no such analysis in reach.
        Forbidden: the actor may not export analyses.
    """
    if not db.actor_of(session).may(Action.EXPORT, "analysis"):
        raise Forbidden(_("You do not have the right to export."))
    shown = analyses.analysis(session, analysis_id)
    with (
        TemporaryDirectory() as folder,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        file.writestr("about.json", json.dumps(about(shown), indent=2, default=str))
        for name in table_names(session, analysis_id):
            table = analyses.table(session, analysis_id, name)
            piece = Path(folder) / "table.csv"
            export_format.write_csv(piece, list(table.columns), _rows(table))
            file.write(piece, f"{name}.csv")


def about(shown: Analysis) -> dict[str, Any]:
    """What was asked for, as of when, and what came out, in plain data."""
    asked = {name: one for name, one in shown.parameters.items() if name != "scope"}
    return {
        "id": shown.id,
        "kind": shown.kind,
        "as_of": shown.as_of.isoformat(),
        "data_at": shown.data_at.isoformat() if shown.data_at else None,
        "created_at": shown.created_at.isoformat(),
        "parameters": asked,
        "summary": shown.summary,
    }


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Cells that are not there are empty."""
    plain = table.astype(object)
    yield from plain.where(table.notna(), None).itertuples(index=False, name=None)
