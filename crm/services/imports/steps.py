"""What the jobs of an import do, one transaction at a time."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import ImportIssue, ImportRun, ImportState
from crm.services.imports import answers, stored, tallies, uploads
from crm.services.imports.batches import Batch, Size, earlier_size, usual_size
from crm.services.imports.fillable import whole_target
from crm.services.imports.formats import RowProblem, Trouble
from crm.services.imports.found import Found
from crm.services.imports.layout import Layout, layout
from crm.services.imports.lookups import Known
from crm.services.imports.opportunity_plan import OpportunityPlan
from crm.services.imports.opportunity_rows import plan_opportunities
from crm.services.imports.opportunity_writing import write_opportunities
from crm.services.imports.order_links import NOBODY
from crm.services.imports.order_rows import OrderPlan, plan_orders
from crm.services.imports.order_writing import write_orders
from crm.services.imports.permissible import check
from crm.services.imports.record_plans import plan_records
from crm.services.imports.record_rows import RecordPlan
from crm.services.imports.record_writing import write_records
from crm.services.imports.results import Counts, Issue, Outcome
from crm.services.imports.targets import OPPORTUNITIES, TARGETS

Plan = RecordPlan | OrderPlan | OpportunityPlan


def layout_of(session: Session, import_id: int) -> Layout:
    """How the file of an import is to be read, as the actor may do it now.

    Raises:
        NotFound, Forbidden, Invalid: see `setup.choose`.
        RuleBroken: nothing was chosen.
    """
    row = stored.run(session, import_id)
    target, form = whole_target(session, row.target), stored.form_of(row)
    if (choices := stored.choices_of(row)) is None:
        raise RuleBroken(_("Choose first which column goes into which field."))
    check(db.actor_of(session), target, form.header, choices)
    return layout(form, target, choices)


def planned(
    session: Session, import_id: int, batch: Batch, plan: Layout, known: Known
) -> Plan:
    """What would become of the rows of a batch; nothing is written."""
    if plan.target.group_by is not None:
        return plan_orders(session, batch, plan, import_id, known)
    if plan.target.name == OPPORTUNITIES.name:
        return plan_opportunities(session, batch, plan)
    return plan_records(session, batch, plan)


def begin(session: Session, import_id: int, total: int) -> None:
    """Mark an import as running, and make what was asked for to go on.

    Raises:
        RuleBroken: it was undone, or is being undone.
    """
    row = stored.run(session, import_id)
    stored.check_not_undone(row)
    row.state = ImportState.RUNNING
    if (choices := stored.choices_of(row)) is not None and choices.meant:
        tallies.add_to_run(
            session, row, Counts(), answers.make(session, choices, row.id)
        )
    tallies.set_run(session, row, total=total)


def size_of_batches(session: Session, import_id: int) -> Size:
    """How large the batches of an import are, noted once and for all: the batch after
    `chunks_done` begins at the same row for every version.
    """
    row = stored.run(session, import_id)
    target = TARGETS[row.target]
    usual = earlier_size(target) if row.chunks_done else usual_size(target)
    size = tallies.size_of_batches(row) or usual
    tallies.set_run(session, row, size_of_batches=list(size))
    return size


def write_batch(
    session: Session, import_id: int, batch: Batch, plan: Layout, known: Known
) -> None:
    """Bring the rows of a batch in: records, issues and counts, in one transaction.

    Raises:
        RuleBroken: somebody has just asked to undo the import.
    """
    found = planned(session, import_id, batch, plan, known)
    if isinstance(found, OrderPlan):
        currency = plan.choices.currency
        made, changed = write_orders(session, found, import_id, currency)
    elif isinstance(found, OpportunityPlan):
        made, changed = write_opportunities(session, found, import_id)
    else:
        made, changed = write_records(session, found, import_id)
    _keep_issues(session, import_id, (issue for issue, _kind in found.verdict.issues()))
    row = stored.run(session, import_id)
    stored.check_not_undone(row)
    row.chunks_done = batch.number + 1
    counts = found.verdict.counts()
    tallies.add_to_run(session, row, counts, made, changed, whole(found))


def write_problems(
    session: Session, import_id: int, problems: list[RowProblem]
) -> None:
    """Keep the rows that could not be read."""
    counts, told, more = unreadable(problems)
    _keep_issues(session, import_id, (issue for issue, _kind in told))
    tallies.add_to_run(session, stored.run(session, import_id), counts, more=more)


def unreadable(
    problems: list[RowProblem],
) -> tuple[Counts, list[tuple[Issue, str]], dict[str, int]]:
    """Rows that could not be read, counted and told, each with its kind; blank ones
    are counted only.
    """
    blank = sum(1 for each in problems if each.trouble is Trouble.BLANK)
    failed = len(problems) - blank
    told = [
        (Issue(p.row, Outcome.FAILED, None, p.message, p.cells), p.trouble.value)
        for p in problems
        if p.trouble is not Trouble.BLANK
    ]
    counts = Counts(rows=len(problems), skipped=blank, failed=failed)
    return counts, told, {"blank": blank}


def whole(plan: Plan) -> dict[str, int]:
    """What a batch adds to what is said about the whole file."""
    if not isinstance(plan, OrderPlan):
        return {}
    nobody = plan.customers.ids[plan.orders["place"]] == NOBODY
    return {"split": plan.n_split, "walk_in": int(nobody.sum())}


def keep_check(session: Session, import_id: int, found: Found, **facts: Any) -> None:
    """Keep what a check has found; the import is checked, unless it was changed."""
    row = stored.run(session, import_id)
    about = {"reasons": found.reasons(), "terms": found.terms, **facts}
    tallies.keep_check(session, row, found.counts, about)
    is_current = facts["revision"] == row.settings["revision"]
    if row.state is ImportState.UPLOADED and is_current:
        row.state = ImportState.CHECKED
    row.settings = {**row.settings, "checks": row.settings.get("checks", 0) + 1}
    session.flush()


def finish(session: Session, import_id: int) -> None:
    """Mark an import as done; rows of its file are no longer kept with it."""
    row = stored.run(session, import_id)
    row.state = ImportState.DONE
    form = uploads.without_sample(stored.form_of(row))
    row.settings = {**row.settings, "form": stored.plain_form(form), "fixes": []}
    tallies.forget_cells(session, row)
    tallies.set_run(session, row, finished=True)


def give_up(session: Session, import_id: int) -> None:
    """Mark an import as not done to its end: it can go on or be undone; where nothing
    was written yet, it can be changed again.
    """
    row = db.get(session, ImportRun, import_id, populate_existing=True)
    if row.state is ImportState.RUNNING:
        row.state = ImportState.FAILED
    else:
        row.settings = {**row.settings, "asked_to_run": False}
    session.flush()


def _keep_issues(session: Session, import_id: int, issues: Iterable[Issue]) -> None:
    rows = [
        {
            "import_id": import_id,
            "row_number": issue.row,
            "outcome": issue.outcome.value,
            "column": issue.column[:200] if issue.column else None,
            "reason": issue.reason,
            "cells": list(issue.cells),
        }
        for issue in issues
    ]
    table = ImportIssue.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    if rows:
        session.connection().execute(insert(table), rows)
