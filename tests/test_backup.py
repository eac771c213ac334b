"""E7: a backup under load is whole, and holds all that was acknowledged before it."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3
import pytest

from crm.backup import backup
from crm.config import settings
from crm.errors import Unavailable

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

# Two rows a transaction; a number on its own line is acknowledged.
WRITER = """
import sys, pysqlite3
c = pysqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
c.execute("PRAGMA journal_mode = WAL")
c.execute("CREATE TABLE entry (number INTEGER)")
for number in range(1_000_000):
    c.execute("BEGIN IMMEDIATE")
    c.execute("INSERT INTO entry VALUES (?)", (number,))
    c.execute("INSERT INTO entry VALUES (?)", (number,))
    c.execute("COMMIT")
    print(number, flush=True)
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    yield settings().data_dir
    settings.cache_clear()


@pytest.fixture
def writer(data: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that writes to the database without pause."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data / "crm.db")],
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def acknowledged(writer: subprocess.Popen[str], *, until: int) -> None:
    assert writer.stdout is not None
    assert any(int(line) == until for line in writer.stdout)


def entries(database: Path) -> list[int]:
    connection = pysqlite3.connect(database)
    found = [n for (n,) in connection.execute("SELECT number FROM entry ORDER BY 1")]
    connection.close()
    return found


def test_a_backup_under_load_holds_whole_transactions_and_loses_none(
    writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    acknowledged(writer, until=200)

    made = backup(tmp_path / "backups", at=AT)

    kept = entries(made / "crm.db")
    assert kept[-1] >= 200
    assert kept == sorted([*range(kept[-1] + 1)] * 2)


def test_files_are_backed_up_with_their_sums(data: Path, tmp_path: Path) -> None:
    (settings().files_dir / "upload").write_bytes(b"orders")

    made = backup(tmp_path / "backups", at=AT)

    digest = hashlib.sha256(b"orders").hexdigest()
    assert (made / "files/upload").read_bytes() == b"orders"
    assert (made / "SHA256SUMS").read_text() == f"{digest}  files/upload\n"


def test_the_key_is_not_in_the_backup(data: Path, tmp_path: Path) -> None:
    (data / "secret.key").write_bytes(b"secret")

    made = backup(tmp_path / "backups", at=AT)

    assert [path.name for path in made.rglob("*.key")] == []


def test_a_backup_that_fails_leaves_nothing_behind(data: Path, tmp_path: Path) -> None:
    (data / "crm.db").write_bytes(b"not a database, and longer than a header" * 99)

    with pytest.raises(pysqlite3.DatabaseError):
        backup(tmp_path / "backups", at=AT)

    assert list((tmp_path / "backups").iterdir()) == []


def test_a_server_is_backed_up_with_its_own_tools(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_DATABASE_URL", "postgresql+psycopg://crm@127.0.0.1/crm")
    settings.cache_clear()

    with pytest.raises(Unavailable, match="pg_dump"):
        backup(tmp_path / "backups", at=AT)
