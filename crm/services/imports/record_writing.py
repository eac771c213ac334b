"""What was planned about records, written: new ones at once, changes one by one."""

from sqlmodel import Session

from crm import db
from crm.models import Customer, Tagging, folded
from crm.services.admin import custom_fields
from crm.services.customers import customers
from crm.services.imports import bulk
from crm.services.imports.attached import add_custom, add_tags, tag_ids
from crm.services.imports.record_rows import Edit, RecordPlan

Tally = dict[str, int]


def write_records(
    session: Session, plan: RecordPlan, import_id: int
) -> tuple[Tally, Tally]:
    """Write what is planned; records made and changed, by table.

    Raises:
        Forbidden: the actor may not make or change such records.
        Duplicate: somebody else has just taken a unique value.
        RuleBroken: a company would stand above itself.
    """
    entity, at = str(plan.table.__tablename__), db.pending_of(session).at
    given = [{**one.values, "import_id": import_id} for one in plan.new]
    rows = [bulk.prepared(plan.table, values, at) for values in given]
    ids = bulk.insert_records(session, plan.table, rows, import_id)
    add_custom(session, entity, ids, [one.custom for one in plan.new])
    add_tags(session, entity, ids, [one.tags for one in plan.new])
    _change(session, entity, plan.edits)
    _put_below(session, plan, ids)
    return {entity: len(ids)}, {entity: len(plan.edits)}


def _put_below(session: Session, plan: RecordPlan, ids: list[int]) -> None:
    """Put customers below companies that this batch has made."""
    below = [(ids[place], new.parent) for place, new in enumerate(plan.new)]
    below += [(edit.row.id, edit.parent) for edit in plan.edits]
    if not any(parent for _id, parent in below):
        return
    made = {
        folded(new.values["name"]): ids[place] for place, new in enumerate(plan.new)
    }
    for record_id, parent in below:
        if parent is None or folded(parent) not in made:
            continue
        row = db.get(session, Customer, record_id)
        row.parent_id = made[folded(parent)]
        customers.refuse_circle(session, row)
    session.flush()


def _change(session: Session, entity: str, edits: list[Edit]) -> None:
    """Through the session, so that the change log keeps what was there before."""
    known = tag_ids(session, [edit.tags for edit in edits])
    for edit in edits:
        for name, value in edit.values.items():
            setattr(edit.row, name, value)
        custom_fields.change_of(session, edit.row, edit.custom)
        session.add_all(
            Tagging(tag_id=known[name], entity=entity, record_id=edit.row.id)
            for name in edit.tags
        )
    session.flush()
