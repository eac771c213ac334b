"""E7: a backup under full load, put back on an empty machine, is whole.

`tests/test_backup.py` looks at the files; here the app reads what came back.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

from crm import db
from crm.backup import backup
from crm.config import ROOT
from crm.db.chain import verify
from crm.models import SYSTEM, Actor, Contact, Customer
from tests import make

pytestmark = pytest.mark.slow

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WRITERS = 3
BEFORE = 15  # transactions of each writer before the backup begins

# Three rows a transaction; what is on a line of its own is acknowledged.
WRITER = """
import sys
from crm import db
from crm.models import SYSTEM, Contact, Customer
for number in range(1_000_000):
    name = f"{sys.argv[1]}.{number}"
    with db.transaction(SYSTEM) as session:
        customer = Customer(name=name, notes=name * 100)
        session.add(customer)
        session.flush()
        for last_name in ("one", "two"):
            session.add(Contact(last_name=last_name, customer_id=customer.id))
    print(name, flush=True)
"""


@pytest.fixture
def writers(admin: Actor) -> Iterator[list[IO[str]]]:
    """What processes that write without pause say that they have written."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    yield [process.stdout for process in running if process.stdout]
    for process in running:
        process.kill()
        process.communicate()


def test_a_backup_under_load_comes_back_whole(
    writers: list[IO[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.customer(name="before")
    acknowledged = {next(said).strip() for said in writers for _number in range(BEFORE)}

    made = backup(tmp_path / "backups", at=AT)

    made.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path / "elsewhere"))
    db.forget()
    with db.reading(SYSTEM) as session:
        assert session.scalar(sa.text("pragma integrity_check")) == "ok"
        assert session.execute(sa.text("pragma foreign_key_check")).all() == []
        assert verify(session).why is None
        names = set(session.scalars(sa.select(Customer.name)))
        per_customer = sa.select(sa.func.count()).group_by(Contact.customer_id)
        contacts = session.scalars(per_customer.select_from(Contact)).all()
    assert names >= acknowledged | {"before"}
    assert contacts == [2] * (len(names) - 1)
