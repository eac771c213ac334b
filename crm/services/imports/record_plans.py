"""What becomes of rows that are customers, contacts, products or leads."""

import numpy as np
from sqlmodel import Session

from crm.i18n import _
from crm.models import folded
from crm.services.imports.batches import Batch
from crm.services.imports.layout import Layout
from crm.services.imports.record_facts import TABLES, gathered
from crm.services.imports.record_kinds import CustomerRow, LeadRow, ProductRow
from crm.services.imports.record_rows import RecordPlan, RecordRow, judge_repeated
from crm.services.imports.verdict import Verdict

ROWS: dict[str, type[RecordRow]] = {
    "customers": CustomerRow,
    "products": ProductRow,
    "leads": LeadRow,
}


def plan_records(session: Session, batch: Batch, layout: Layout) -> RecordPlan:
    """What would become of the rows, as the database is now; nothing is written."""
    parsed, verdict = batch.parsed, Verdict(batch)
    verdict.judge_cells(layout, parsed)
    judge_repeated(verdict, layout)
    places = np.flatnonzero(verdict.is_open).tolist()
    facts = gathered(session, layout, parsed, places)
    plan = RecordPlan(TABLES[layout.target.name], verdict)
    kind = ROWS.get(layout.target.name, RecordRow)
    for place in places:
        kind(session, layout, facts, plan, place).judge()
    _tell_lost_parents(plan, layout)
    return plan


def _tell_lost_parents(plan: RecordPlan, layout: Layout) -> None:
    """Say of companies that should be below one that is not made after all."""
    made = {folded(new.values["name"]) for new in plan.new} if plan.below else set()
    words = _("{count} customers are called “{who}”; none is linked.")
    for place, text in plan.below:
        if folded(text) not in made:
            column, told = layout.columns["parent"], words.format(count=0, who=text)
            plan.verdict.lacking(place, column, told, words)
