"""Imports as they stand: listed, reported, and their failed rows as a file."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.i18n import _
from crm.models import ImportIssue, ImportRun
from crm.services.export_format import csv_out
from crm.services.imports import stored, tallies
from crm.services.imports.results import Checked, Import, Issue, Outcome, Report
from crm.services.imports.targets import TARGETS

_AT_ONCE = 1_000  # issues read in one go
_TOLD = ("outcome", "column", "reason", "cells")
LEFT_OUT = (Outcome.SKIPPED, Outcome.FAILED)


def get(session: Session, import_id: int) -> Import:
    """One import.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return stored.shown(session, stored.run(session, import_id))


def listed(session: Session, *, limit: int = 50, page: int = 1) -> list[Import]:
    """The imports in reach, newest first; pages count from 1."""
    newest = (
        select(ImportRun)
        .where(_of_files())
        .order_by(col(ImportRun.created_at).desc(), col(ImportRun.id).desc())
    )
    some = newest.limit(limit).offset((max(1, page) - 1) * limit)
    return [stored.shown(session, row) for row in session.scalars(some)]


def count(session: Session) -> int:
    """How many imports `listed` has in all."""
    statement = select(func.count(col(ImportRun.id))).where(_of_files())
    return session.scalar(statement) or 0


def checked(session: Session, import_id: int) -> Checked | None:
    """What the last check has found; None before there was one."""
    return tallies.checked(stored.run(session, import_id))


def report(session: Session, import_id: int) -> Report:
    """What the run has done up to now; all zero before it."""
    return tallies.report(stored.run(session, import_id))


def issues(
    session: Session,
    import_id: int,
    *,
    outcome: Outcome | None = None,
    limit: int = 50,
    page: int = 1,
) -> list[Issue]:
    """What the run has to tell about single rows, by row; pages count from 1."""
    stored.run(session, import_id)
    statement = _issues(select(ImportIssue), import_id, outcome)
    by_row = statement.order_by(col(ImportIssue.row_number), col(ImportIssue.id))
    some = by_row.limit(limit).offset((max(1, page) - 1) * limit)
    return [_issue(row) for row in session.scalars(some)]


def count_issues(
    session: Session, import_id: int, *, outcome: Outcome | None = None
) -> int:
    """How many `issues` there are in all."""
    stored.run(session, import_id)
    statement = select(func.count(col(ImportIssue.id)))
    return session.scalar(_issues(statement, import_id, outcome)) or 0


def issues_csv(session: Session, import_id: int) -> Iterator[bytes]:
    """The skipped and failed rows as CSV: row, column, reason, then their cells.

    Safe to open in a spreadsheet; corrected, it can be imported like the file itself.
    Read it while the session is open.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
    """
    header = stored.form_of(stored.run(session, import_id)).header
    return _csv(session, import_id, header)


def _csv(session: Session, import_id: int, header: tuple[str, ...]) -> Iterator[bytes]:
    told = [_("Row in the file"), _("Column"), _("Reason")]
    yield b"\xef\xbb\xbf" + _line([*told, *header])
    for _row, alike in groupby(_all(session, import_id), lambda one: one.row):
        some = list(alike)
        columns = dict.fromkeys(one.column for one in some if one.column)
        reasons = dict.fromkeys(one.reason for one in some)
        about = [some[0].row, ", ".join(columns), " ".join(reasons)]
        yield _line([*about, *some[0].cells])


def _all(session: Session, import_id: int) -> Iterator[Issue]:
    """The issues of rows that did not go in, in the order of the file."""
    row, last = 0, 0
    number, key = col(ImportIssue.row_number), col(ImportIssue.id)
    columns = (key, number, *(col(getattr(ImportIssue, name)) for name in _TOLD))
    statement = _issues(select(*columns), import_id, None)
    statement = statement.where(col(ImportIssue.outcome).in_(LEFT_OUT))
    while True:
        further = (number > row) | ((number == row) & (key > last))
        some = statement.where(further).order_by(number, key).limit(_AT_ONCE)
        found = session.execute(some).all()
        yield from map(_issue, found)
        if len(found) < _AT_ONCE:
            return
        row, last = found[-1].row_number, found[-1].id


def _issues(statement: Any, import_id: int, outcome: Outcome | None) -> Any:
    statement = statement.where(col(ImportIssue.import_id) == import_id)
    if outcome is not None:
        statement = statement.where(col(ImportIssue.outcome) == outcome)
    return statement


def _issue(row: Any) -> Issue:
    outcome = Outcome(row.outcome)
    return Issue(row.row_number, outcome, row.column, row.reason, tuple(row.cells))


def _of_files() -> Any:
    """Not those that stand for something else, such as the demo company."""
    return col(ImportRun.target).in_(list(TARGETS))


def _line(cells: list[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow(map(csv_out, cells))
    return buffer.getvalue().encode()
