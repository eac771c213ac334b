"""Rows of the demo company are as the app would have written them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.demo.rows import prepared, table_of
from crm.models import (
    Activity,
    BillingPeriod,
    Customer,
    Opportunity,
    Order,
    Price,
    Record,
    Subscription,
)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRICED = {"currency": "USD", "rate": Decimal("0.92"), "rate_on": AT.date()}
SOLD = {"customer_id": 1, "pipeline_id": 1, "stage_id": 1, "stage_since": AT}
PRICE = Price(AT.date(), Decimal(9), Decimal(2), BillingPeriod.YEARLY)


@pytest.mark.parametrize(
    ("table", "given"),
    [
        (Activity, {"kind": "note", "subject": "Called", "at": AT}),
        (Customer, {"name": "张三", "email": "A@example.com", "phone": "+49 30 23125"}),
        (Opportunity, {"name": "Desks", "amount": Decimal(50)} | SOLD | PRICED),
        (
            Order,
            {"number": "SO-1", "customer_id": 1, "total": Decimal(3), "ordered_at": AT}
            | PRICED,
        ),
        (
            Subscription,
            {"number": "S", "name": "Care", "customer_id": 1, "starts_on": AT.date()}
            | {"prices": [PRICE.plain()]}
            | PRICED,
        ),
    ],
)
def test_a_row_is_what_its_record_would_be(
    table: type[Record], given: dict[str, Any]
) -> None:
    record = table(**given, created_at=AT, updated_at=AT)
    record.prepare()

    row = prepared(table, given, AT)

    names = [one.name for one in table_of(table).c if one.name != "id"]
    assert row == {name: getattr(record, name) for name in names}
