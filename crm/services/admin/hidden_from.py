"""What is hidden from a role, for whoever makes an `Actor` of a user."""

from sqlalchemy import and_, inspect, select
from sqlmodel import Session

from crm import db
from crm.models import SYSTEM, CustomField, HiddenField, Role

_hidden, _custom = (inspect(one).local_table.c for one in (HiddenField, CustomField))
_same = and_(_custom.entity == _hidden.entity, _custom.name == _hidden.field)
_found = select(_hidden.role, _hidden.entity, _hidden.field, _custom.id).join_from(
    _hidden.id.table, _custom.id.table, _same, isouter=True
)


def hidden_from(role: Role) -> frozenset[str]:
    """`of_role`, in a session of its own."""
    with db.reading(SYSTEM) as session:
        return of_role(session, role)


def of_role(session: Session, role: Role) -> frozenset[str]:
    """What is hidden from `role`, as `Actor.hidden` has it.

    Asked with every request, and so past the ORM; fields in the recycle bin count.
    """
    if role is Role.ADMIN:
        return frozenset()
    found: set[str] = set()
    asked = _found.where(_hidden.role == role)
    for _role, entity, field, custom_id in session.connection().execute(asked):
        found.add(f"{entity}.{field}")
        if custom_id is not None:
            found.add(f"custom_field.{custom_id}")
    return frozenset(found)
