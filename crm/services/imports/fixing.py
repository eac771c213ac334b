"""Cells put right before an import runs: texts in place of what the file says."""

from collections.abc import Mapping

from sqlmodel import Session

from crm.errors import Invalid
from crm.i18n import _
from crm.services.imports import stored
from crm.services.imports.results import Import
from crm.services.imports.tables import storable

MOST = 5_000


def fix(
    session: Session, import_id: int, cells: Mapping[tuple[int, str], str | None]
) -> Import:
    """Put texts in place of cells (row, column); None takes a fix back.

    They are read like any other cell by the next check or run. Rows that could not be
    read at all cannot be fixed here.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
        Invalid: no such column, a text that cannot be stored, or more than 5,000 fixes
            in all.
        RuleBroken: it runs, or has been run.
    """
    run = stored.open_run(session, import_id)
    header = set(stored.form_of(run).header)
    fixed = stored.fixes_of(run)
    for (row, column), text in cells.items():
        if column not in header or row < 1:
            words = _("The file has no column “{column}”.").format(column=column)
            raise Invalid(words, field=column)
        if text is None:
            fixed.pop((row, column), None)
        elif storable(text) != text:
            words = _("The correction of “{column}” cannot be stored.")
            raise Invalid(words.format(column=column), field=column)
        else:
            fixed[row, column] = text
    if len(fixed) > MOST:
        words = _("At most {most} cells can be corrected here; correct the file.")
        raise Invalid(words.format(most=f"{MOST:,}"))
    return stored.settle(session, run, {"fixes": stored.plain_fixes(fixed)})


def fixes(session: Session, import_id: int) -> dict[tuple[int, str], str]:
    """The texts that stand in place of cells."""
    return stored.fixes_of(stored.run(session, import_id))
