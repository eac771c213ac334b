"""SQLite finds the right index, however many rows there are."""

import pytest

from crm import db
from crm.db import statistics
from crm.models import SYSTEM, Customer

LIST = """
    SELECT id FROM customer WHERE deleted_at IS NULL ORDER BY search_key, id LIMIT 25
"""


def plan() -> str:
    with db.engine().connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {LIST}").all()
    return " ".join(str(row[-1]) for row in found)


@pytest.mark.slow
def test_a_long_list_is_read_in_its_order_and_not_sorted(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        session.add_all([Customer(name=f"Customer {n}") for n in range(2_000)])
    assert "TEMP B-TREE" in plan()

    statistics.refresh()

    assert "ix_customer_search_key" in plan()
    assert "TEMP B-TREE" not in plan()
