"""What the warehouse reads, on every database: one moment, and changes in order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Event

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from crm import db, warehouse
from crm.models import SYSTEM, Change, Customer
from crm.warehouse import source
from crm.warehouse.tables import CUSTOMERS
from tests import make


def names() -> list[str]:
    with warehouse.reading() as house:
        return sorted(house.customers()["name"])


@pytest.mark.slow
def test_the_log_never_grows_before_its_last_change(database: str) -> None:
    """Else a refresh would pass over what is committed late under a lower id."""
    over = Event()
    seen: list[tuple[int, int]] = []

    def write(number: int) -> None:
        for part in range(8):
            make.customer(name=f"{number}-{part}")

    def look() -> None:
        while not over.is_set():
            with db.reading(SYSTEM) as session:
                last, _seal = source.last_change(source.one_moment(session))
                seen.append((last, changes_up_to(session, last)))

    with ThreadPoolExecutor(4) as pool:
        looking = pool.submit(look)
        list(pool.map(write, range(3)))
        over.set()
        looking.result()

    with db.reading(SYSTEM) as session:
        assert len(seen) > 3
        for last, count in seen:
            assert changes_up_to(session, last) == count


def changes_up_to(session: object, last: int) -> int:
    counted = select(func.count()).where(col(Change.id) <= last)
    return session.connection().scalar(counted)


def test_what_is_committed_meanwhile_is_not_of_the_moment(database: str) -> None:
    make.customer(name="Early")
    with db.reading(SYSTEM) as session:
        connection = source.one_moment(session)
        source.last_change(connection)

        make.customer(name="Late")

        found = connection.scalars(select(col(Customer.name))).all()
    assert found == ["Early"]


def test_the_next_session_reads_what_is_committed_meanwhile_again(
    database: str,
) -> None:
    """The one moment of a refresh must not stay with the connection in the pool."""
    with db.reading(SYSTEM) as session:
        source.last_change(source.one_moment(session))
    with db.reading(SYSTEM) as session:
        before = session.scalars(select(Customer)).all()
        if database == "sqlite":  # where every read is of one moment
            session.rollback()

        make.customer(name="Late")

        after = session.scalars(select(Customer)).all()
    assert (len(before), len(after)) == (0, 1)


@pytest.mark.slow
def test_amounts_and_days_come_over_exactly(database: str) -> None:
    acme = make.customer(name="Acme")
    widget = make.product()
    late = datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)
    make.order(acme, (widget, 1, "0.1"), (widget, 1, "0.2"), ordered_at=late)
    make.order(acme, total=Decimal("922337203685477.5807"), ordered_at=late)

    warehouse.refresh()

    with warehouse.reading() as house:
        orders = house.orders()
    assert orders["total"].tolist() == [0.3, 922337203685477.5807]
    assert {f"{day:%Y-%m-%d}" for day in orders["ordered_on"]} == {"2026-03-01"}


@pytest.mark.slow
def test_a_refresh_follows_what_has_changed(database: str) -> None:
    acme, bea = make.customer(name="Acme"), make.customer(name="Bea")
    warehouse.refresh()

    with db.transaction(SYSTEM) as session:
        session.get(Customer, acme.id).name = "Acme & Co."
        session.get(Customer, bea.id).deleted_at = make.NOON
    make.customer(name="Cy")
    stages: list[str] = []
    warehouse.refresh(lambda _share, stage: stages.append(stage))

    assert names() == ["Acme & Co.", "Cy"]
    assert set(stages) == {"Copying what has changed"}


@pytest.mark.slow
def test_a_batch_comes_in_by_its_first_and_last_id(database: str) -> None:
    warehouse.refresh()
    with db.transaction(SYSTEM) as session:
        rows = [
            Customer(name=f"Customer {number}").model_dump(exclude={"id"})
            for number in range(3)
        ]
        connection, table = session.connection(), CUSTOMERS.source
        connection.execute(table.insert(), rows)
        ids = connection.scalars(select(table.c.id)).all()
        db.record_batch(session, "customer", min(ids), max(ids), 3)
    stages: list[str] = []
    warehouse.refresh(lambda _share, stage: stages.append(stage))

    assert names() == ["Customer 0", "Customer 1", "Customer 2"]
    assert set(stages) == {"Copying what has changed"}
