"""E2: the power goes, and what was acknowledged is there afterwards, and nothing half.

The statements are those that the app's own engine sends for the app's own
transactions; the settings are those that it prepares each connection with; what is
left on the disk is opened by the app.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from crm import db
from crm.config import ROOT, settings
from crm.db.chain import verify
from crm.models import SYSTEM, Actor, Contact, Customer, Operation
from tests import make

pytestmark = pytest.mark.slow

TRANSACTIONS = 30
CUTS = 60


@pytest.fixture
def folder(admin: Actor, tmp_path: Path) -> Path:
    """A database as it is at first, and what the app then does to it."""
    make.customer(name="before")
    folder = tmp_path / "power"
    folder.mkdir()
    db.engine().dispose()  # the last connection empties the log into the database
    shutil.copy(settings().data_dir / "crm.db", folder)
    script: list[list[str]] = []

    @event.listens_for(db.engine(), "connect")
    def traced(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(
            lambda statement: script[-1].append(statement) if script else None
        )

    with db.engine().connect():
        pass  # so that a connection is there, and prepared
    for number in range(TRANSACTIONS):
        script.append([])
        _write(admin, number)
    (folder / "script.json").write_text(json.dumps(script))
    return folder


def _write(actor: Actor, number: int) -> None:
    """A customer with two contacts and long notes, and a change of the one before."""
    with db.transaction(actor) as session:
        before = session.scalars(
            sa.select(Customer).order_by(Customer.id.desc()).limit(1)
        ).one()
        before.city = "Bonn"
        customer = Customer(name=f"C{number}", notes=f"{number} " * 500)
        session.add(customer)
        session.flush()
        for name in ("one", "two"):
            session.add(Contact(last_name=name, customer_id=customer.id))


def _cut(folder: Path, synchronous: str, cuts: int) -> None:
    command = [sys.executable, "-m", "tests.crash.powercut"]
    subprocess.run(
        [*command, str(folder), synchronous, str(cuts)],
        cwd=ROOT,
        check=True,
        timeout=300,
    )


def _found(left: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of the transactions are there; fails where one is there in part."""
    monkeypatch.setenv("CRM_DATABASE_URL", f"sqlite:///{left / 'crm.db'}")
    db.forget()
    with db.reading(SYSTEM) as session:
        assert session.scalar(sa.text("pragma integrity_check")) == "ok"
        assert session.execute(sa.text("pragma foreign_key_check")).all() == []
        assert verify(session).why is None
        made = session.scalar(_count(Customer)) - 1
        assert session.scalar(_count(Contact)) == 2 * made
        moved = _count(Customer).where(Customer.city == "Bonn")
        assert session.scalar(moved) == made
        done = _count(Operation).where(Operation.actor_id.is_not(None))
        assert session.scalar(done) == made
    db.forget()
    return int(made)


def _count(table: type) -> Any:
    return sa.select(sa.func.count()).select_from(table)


def test_no_power_cut_loses_or_halves_what_was_acknowledged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _cut(folder, "FULL", CUTS)

    seen = []
    for number in range(CUTS):
        left = folder / str(number)
        acknowledged = int((left / "acknowledged").read_text())
        seen.append(acknowledged)
        # one more may have reached the disk before its answer was given
        assert _found(left, monkeypatch) - acknowledged in (0, 1)
    assert len(set(seen)) > TRANSACTIONS / 2  # in the middle of the work


def test_without_full_syncing_the_same_cuts_lose_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the test above can fail, and the setting is what it depends on."""
    _cut(folder, "NORMAL", 10)

    lost = [
        int((folder / str(number) / "acknowledged").read_text())
        - _found(folder / str(number), monkeypatch)
        for number in range(10)
    ]

    assert max(lost) > 0


def test_every_connection_that_writes_is_set_to_sync_in_full(admin: Actor) -> None:
    asked = ("synchronous", "journal_mode", "foreign_keys")
    with db.transaction(admin) as session:
        found = [session.scalar(sa.text(f"pragma {name}")) for name in asked]

    assert found == [2, "wal", 1]
