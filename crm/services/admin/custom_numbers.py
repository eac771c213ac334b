"""The numbers that customers hold in custom fields, for analyses."""

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from crm.models import CustomField, CustomKind, CustomValue
from crm.services.admin import custom_fields

KINDS = (CustomKind.NUMBER, CustomKind.MONEY)


def labels(session: Session) -> dict[str, str]:
    """The labels of customers' custom fields that hold numbers, by their names."""
    found = custom_fields.fields(session, "customer")
    return {field.name: field.label for field in found if field.kind in KINDS}


def with_values(
    session: Session, customers: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame:
    """`customers` with a column of floats for each of these fields; NaN where empty.

    Read in one query. A field that is not there any more is empty for everybody.

    Args:
        customers: a row each, with `customer_id`.
    """
    if not names:
        return customers
    statement = (
        select(
            col(CustomValue.record_id), col(CustomField.name), col(CustomValue.number)
        )
        .join(CustomField, col(CustomField.id) == col(CustomValue.field_id))
        .where(
            col(CustomField.entity) == "customer",
            col(CustomField.name).in_(list(names)),
            col(CustomField.kind).in_(KINDS),
        )
    )
    held = pd.DataFrame(
        [
            (one, name, float(number))
            for one, name, number in session.execute(statement)
            if number is not None
        ],
        columns=["customer_id", "name", "number"],
    )
    by_customer = held.pivot_table(
        index="customer_id", columns="name", values="number", aggfunc="first"
    )
    by_customer = by_customer.reindex(columns=list(names)).astype("float64")
    return customers.join(by_customer, on="customer_id")
