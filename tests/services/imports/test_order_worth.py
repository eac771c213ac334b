"""Imported orders are worth what the rate of their day says."""

from datetime import date
from decimal import Decimal

import pytest

from crm.models import Actor, Order
from tests import make
from tests.services.imports.engine import brought, only

FILE = """order_number,ordered_at,customer_external_id,sku,quantity,unit_price,currency
1,2026-03-01 23:59,C1,CUP,1,10.01,USD
2,2026-03-02 00:00,C1,CUP,-1,100.01,USD
3,2026-02-28 12:00,C1,CUP,1,10,USD
4,2026-03-01 12:00,C1,CUP,1,10.0001,EUR
5,2026-03-01 12:00,C1,CUP,1,10,CHF
"""


@pytest.mark.slow
def test_each_order_gets_the_rate_of_its_day(admin: Actor) -> None:
    make.rate("USD", "2026-03-01", "0.9150000005")
    make.rate("USD", "2026-03-02", "0.3333333333")

    brought(admin, FILE, "orders")

    found = [only(Order, number=str(number)) for number in range(1, 6)]
    assert [(row.rate, row.rate_on, row.base_total) for row in found] == [
        (Decimal("0.9150000005"), date(2026, 3, 1), Decimal("9.1592")),
        (Decimal("0.3333333333"), date(2026, 3, 2), Decimal("-33.3367")),
        (None, None, None),  # there was no rate yet
        (1, date(2026, 3, 1), Decimal("10.0001")),
        (None, None, None),
    ]
