"""What is chosen in custom fields of customers and subscriptions, for analyses."""

from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from crm.models import CustomField, CustomKind, CustomValue
from crm.services.admin import custom_fields

KINDS = (CustomKind.CHOICE, CustomKind.YES_NO)
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Words:
    """A table with a column of words for each field.

    `labels` names the columns as the fields are called, `truths` are those of yes and
    no; the others hold what somebody chose, and "" where nothing is entered.
    """

    table: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    truths: list[str] = field(default_factory=list)


def with_words(session: Session, table: pd.DataFrame, *entities: str) -> Words:
    """`table` with the fields of these kinds of records, such as “customer”.

    Args:
        table: has an id of each of `entities`, such as `customer_id`.
    """
    found = Words(table)
    for entity in entities:
        found = _with(session, found, entity)
    return found


def _with(session: Session, known: Words, entity: str) -> Words:
    fields = [one for one in custom_fields.fields(session, entity) if one.kind in KINDS]
    if not fields:
        return known
    held = _held(session, entity)
    table, ids = known.table, known.table[f"{entity}_id"].tolist()
    words = {
        f"{entity}.{one.name}": [held.get((one.id, at), "") for at in ids]
        for one in fields
    }
    labels = {f"{entity}.{one.name}": one.label for one in fields}
    truths = [f"{entity}.{one.name}" for one in fields if one.kind is CustomKind.YES_NO]
    return Words(
        table.assign(**{name: pd.array(one, "str") for name, one in words.items()}),
        known.labels | labels,
        known.truths + truths,
    )


def _held(session: Session, entity: str) -> dict[tuple[int, int], str]:
    """What is entered, by field and record; in one query."""
    statement = (
        select(
            col(CustomValue.field_id),
            col(CustomValue.record_id),
            col(CustomValue.text),
            col(CustomValue.number),
        )
        .join(CustomField, col(CustomField.id) == col(CustomValue.field_id))
        .where(col(CustomField.entity) == entity, col(CustomField.kind).in_(KINDS))
    )
    return {
        (field_id, record_id): _word(text, truth)
        for field_id, record_id, text, truth in session.execute(statement)
    }


def _word(text: str | None, truth: Decimal | None) -> str:
    if truth is None:
        return text or ""
    return YES if truth else NO
