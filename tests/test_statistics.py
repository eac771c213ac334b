"""SQLite finds the right index, however many rows there are."""

import pytest
from sqlalchemy import insert

from crm import db
from crm.db import statistics
from crm.models import SYSTEM, Customer, utcnow

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


@pytest.mark.slow
def test_a_connection_that_was_open_before_knows_it_too(database: str) -> None:
    many = ", ".join(map(str, range(1, 1_001)))
    wanted = f"SELECT name FROM customer WHERE deleted_at IS NULL AND id IN ({many})"
    with db.engine().connect() as other:
        fill(1_000)
        statistics.refresh()
        other.exec_driver_sql(wanted).all()
        other.commit()
        fill(20_000)

        statistics.refresh()
        statistics.refresh()  # nothing is new

        other.exec_driver_sql(wanted).all()  # its next statement
        (found,) = other.exec_driver_sql(f"EXPLAIN QUERY PLAN {wanted}").all()
    assert "INTEGER PRIMARY KEY" in found[-1]


def fill(customers: int) -> None:
    """So many more customers, past all services."""
    rows = [
        {"name": "N", "kind": "company", "walk_in": False} for _n in range(customers)
    ]
    more = {"created_at": utcnow(), "updated_at": utcnow(), "version": 1}
    with db.engine().execution_options(crm_writes=True).begin() as connection:
        connection.execute(insert(Customer), [row | more for row in rows])
