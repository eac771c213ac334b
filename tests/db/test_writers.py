"""E6: many write at once: nothing lost, nobody told that the database is locked."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pymysql
import pytest
import sqlalchemy as sa
from sqlmodel import select

from crm import db
from crm.db.chain import verify
from crm.errors import CRMError, Duplicate, Stale
from crm.models import SYSTEM, Actor, Change, Customer, LogHead, Operation, Tag
from tests import make

ROOT = Path(__file__).parents[2]
WRITERS = 8
ROUNDS = 160  # transactions of all writers together


def together(deed: Callable[[int], None], writers: int = WRITERS) -> None:
    """Run `deed` in several threads that start at the same moment."""
    start = Barrier(writers)

    def run(number: int) -> None:
        start.wait(timeout=30)
        deed(number)

    with ThreadPoolExecutor(writers) as pool:
        for done in [pool.submit(run, number) for number in range(writers)]:
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
@pytest.mark.parametrize("writers", [1, 8, 32])
def test_threads_leave_the_chain_intact(admin: Actor, writers: int) -> None:
    before = count(Operation), count(Change)

    def write(number: int) -> None:
        for round_ in range(ROUNDS // writers):
            with db.transaction(admin, note=f"{number}.{round_}") as session:
                session.add(Customer(name=f"Customer {number}.{round_}"))
                session.add(Tag(name=f"tag {number}.{round_}"))

    together(write, writers)

    assert count(Operation) - before[0] == ROUNDS
    assert count(Change) - before[1] == ROUNDS * 2
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


PROCESSES = """
import os, sys
from crm import db
from crm.models import SYSTEM, Tag

def write(number):
    for round_ in range(rounds):
        with db.transaction(SYSTEM) as session:
            session.add(Tag(name=f"{number}.{round_}"))

writers, rounds = map(int, sys.argv[1:])
for number in range(writers):
    if os.fork() == 0:
        write(number)
        os._exit(0)
sys.exit(sum(os.wait()[1] != 0 for _number in range(writers)))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_processes_leave_the_chain_intact(database: str) -> None:
    writers = 32 if database == "sqlite" else 8  # a server does not lock a file
    command = [sys.executable, "-c", PROCESSES, str(writers), str(ROUNDS // writers)]

    failed = subprocess.run(command, cwd=ROOT, timeout=120, check=False)

    assert failed.returncode == 0
    assert count(Tag) == count(Operation) == ROUNDS
    with db.reading(SYSTEM) as session:
        assert verify(session).why is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (psycopg.errors.UniqueViolation("doppelter Schlüsselwert"), Duplicate),
        (psycopg.errors.ForeignKeyViolation("Fremdschlüssel verletzt"), Stale),
        (pymysql.err.IntegrityError(1062, "Doppelter Eintrag"), Duplicate),
        (pymysql.err.IntegrityError(1452, "Fremdschlüssel verletzt"), Stale),
        (Exception("FOREIGN KEY constraint failed"), Stale),
    ],
    ids=str,
)
def test_what_a_server_says_in_its_language_is_understood(
    admin: Actor, said: Exception, kind: type[CRMError]
) -> None:
    with pytest.raises(kind), db.transaction(admin):
        raise sa.exc.IntegrityError("", {}, said)
