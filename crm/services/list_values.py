"""What records of a list hold outside their own rows, and names of linked ones.

Read for the records of one page, or of one piece of a file, at once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import (
    Contact,
    Customer,
    CustomValue,
    Opportunity,
    OpportunityLine,
    Order,
    OrderLine,
    Product,
    Segment,
    SegmentMember,
    Stage,
    Tag,
    Tagging,
    User,
)
from crm.services import filters
from crm.services.field_kinds import Values
from crm.services.fields import Entity, Field, Kind, is_sale


def held(
    session: Session, entity: Entity, fields: Sequence[Field], ids: Sequence[int]
) -> dict[str, Values]:
    """What the records `ids` hold in `fields`: by name of the field, then by id.

    Fields that are read `at_once` by one function cost one question together.
    """
    found = {
        one.name: attached(session, entity, one, ids)
        for one in fields
        if one.at_once is None
    }
    for read in dict.fromkeys(one.at_once for one in fields if one.at_once):
        given = read(session, ids) if ids else {}
        found |= {
            one.name: given.get(one.name, {}) for one in fields if one.at_once is read
        }
    return found


def attached(
    session: Session, entity: Entity, field: Field, ids: Sequence[int]
) -> dict[int, Any]:
    """What the records hold in a field without a column of its own, by id."""
    if not ids:
        return {}
    if field.kind is Kind.TAGS:
        statement = (
            select(col(Tagging.record_id), col(Tag.name))
            .join(Tag, col(Tag.id) == col(Tagging.tag_id))
            .where(col(Tagging.entity) == entity.name)
            .where(db.ids_in(col(Tagging.record_id), ids))
            .order_by(col(Tag.name))
        )
    elif field.kind is Kind.SEGMENTS:
        statement = (
            select(col(SegmentMember.customer_id), col(Segment.name))
            .join(Segment, col(Segment.id) == col(SegmentMember.segment_id))
            .where(db.ids_in(col(SegmentMember.customer_id), ids))
            .order_by(col(Segment.name))
        )
    elif field.kind is Kind.PRODUCTS and entity.table is Opportunity:
        statement = (
            select(col(OpportunityLine.opportunity_id), col(Product.name))
            .join(Product, col(Product.id) == col(OpportunityLine.product_id))
            .where(db.ids_in(col(OpportunityLine.opportunity_id), ids))
            .distinct()
            .order_by(col(Product.name))
        )
    elif field.kind is Kind.PRODUCTS:
        statement = (
            select(col(Order.customer_id), col(Product.name))
            .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
            .join(Product, col(Product.id) == col(OrderLine.product_id))
            .where(db.ids_in(col(Order.customer_id), ids), is_sale())
            .distinct()
            .order_by(col(Product.name))
        )
    else:
        statement = (
            select(col(CustomValue.record_id), filters.stored_in(field.kind))
            .where(col(CustomValue.field_id) == field.custom_id)
            .where(db.ids_in(col(CustomValue.record_id), ids))
            .order_by(col(CustomValue.record_id), col(CustomValue.position))
        )
    return _gathered(session.execute(statement).all(), field.kind)


LINKED = {
    Kind.USER: User,
    Kind.CUSTOMER: Customer,
    Kind.PRODUCT: Product,
    Kind.STAGE: Stage,
}


def names(session: Session, kind: Kind, ids: Iterable[int]) -> dict[int, str]:
    """Names of the records that `kind` links to, as far as they are in reach."""
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    table: Any = LINKED[kind]
    statement = select(table.id, table.name).where(db.ids_in(table.id, wanted))
    return {int(row[0]): str(row[1]) for row in session.execute(statement)}


def contact_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Names of contacts in reach."""
    wanted = sorted(set(ids))
    statement = select(Contact).where(db.ids_in(col(Contact.id), wanted))
    return {one.id: one.name for one in session.scalars(statement)} if wanted else {}


def _gathered(pairs: Sequence[Any], kind: Kind) -> dict[int, Any]:
    several = kind in (Kind.TAGS, Kind.SEGMENTS, Kind.PRODUCTS, Kind.CHOICES)
    found: dict[int, Any] = {}
    for record_id, value in pairs:
        if several:
            found.setdefault(int(record_id), []).append(value)
        else:
            found[int(record_id)] = bool(value) if kind is Kind.YES_NO else value
    return found
