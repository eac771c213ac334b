"""Many write at once: nothing lost, nobody told that the database is locked."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlmodel import select

from crm import db
from crm.db.chain import verify
from crm.errors import Stale
from crm.models import SYSTEM, Actor, Change, Customer, LogHead, Operation, Tag
from tests import make

ROOT = Path(__file__).parents[2]
WRITERS = 8


def together(deed: Callable[[int], None]) -> None:
    """Run `deed` in eight threads that start at the same moment."""
    start = Barrier(WRITERS)

    def run(number: int) -> None:
        start.wait(timeout=30)
        deed(number)

    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(run, number) for number in range(WRITERS)]:
            done.result(timeout=120)


def count(entity: type) -> int:
    with db.reading(SYSTEM) as session:
        return int(session.scalar(sa.select(sa.func.count()).select_from(entity)) or 0)


def test_the_very_first_writers_make_one_chain(database: str) -> None:
    def write(number: int) -> None:
        with db.transaction(SYSTEM) as session:
            session.add(Tag(name=f"tag {number}"))

    together(write)

    assert count(LogHead) == 1
    assert count(Operation) == WRITERS
    with db.reading(SYSTEM) as session:
        assert verify(session).why is None


@pytest.mark.slow
def test_eight_writers_leave_the_chain_intact(admin: Actor) -> None:
    before = count(Operation), count(Change)

    def write(number: int) -> None:
        for round_ in range(25):
            with db.transaction(admin, note=f"{number}.{round_}") as session:
                session.add(Customer(name=f"Customer {number}.{round_}"))
                session.add(Tag(name=f"tag {number}.{round_}"))

    together(write)

    assert count(Operation) - before[0] == WRITERS * 25
    assert count(Change) - before[1] == WRITERS * 25 * 2
    with db.reading(SYSTEM) as session:
        assert verify(session).why is None


@pytest.mark.slow
def test_no_update_is_lost(admin: Actor) -> None:
    """Eight writers add one to the same number, ten times each."""
    customer = make.customer(city="0")

    def add_one(_number: int) -> None:
        done = 0
        while done < 10:
            try:
                with db.transaction(admin) as session:
                    row = db.get(session, Customer, customer.id)
                    row.city = str(int(row.city) + 1)
                done += 1
            except Stale:
                continue

    together(add_one)

    with db.reading(SYSTEM) as session:
        row = session.exec(select(Customer)).one()
        logged = session.exec(
            select(Change).where(
                Change.record_id == customer.id, Change.entity == "customer"
            )
        ).all()
    assert (row.city, row.version) == ("80", 81)
    steps = [c.after["city"] for c in sorted(logged, key=lambda c: c.id)[1:]]
    assert steps == [str(number) for number in range(1, 81)]


PROCESS = """
import sys
from crm import db
from crm.models import SYSTEM, Tag
for number in range(20):
    with db.transaction(SYSTEM) as session:
        session.add(Tag(name=f"{sys.argv[1]}.{number}"))
"""


@pytest.mark.slow
def test_processes_write_side_by_side(database: str) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", PROCESS, str(number)], cwd=ROOT)
        for number in range(4)
    ]

    assert [process.wait(timeout=120) for process in running] == [0, 0, 0, 0]
    assert count(Tag) == count(Operation) == 80
    with db.reading(SYSTEM) as session:
        assert verify(session).why is None
