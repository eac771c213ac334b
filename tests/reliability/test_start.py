"""I8: the app says at start what is not as safe as it should be."""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from crm import db
from crm.config import ROOT, secret_key, settings
from crm.db import checked
from crm.web import start


@pytest.fixture(autouse=True)
def _well(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is as it should be: other tests of this process may have loaded more."""
    monkeypatch.delitem(sys.modules, "_sqlite3", raising=False)
    _key(monkeypatch, "a key that nobody guesses")


def _key(patch: pytest.MonkeyPatch, key: str) -> None:
    patch.setenv("CRM_SECRET_KEY", key)
    secret_key.cache_clear()


def _set(pragma: str) -> Callable[[pytest.MonkeyPatch], None]:
    def change(_patch: pytest.MonkeyPatch) -> None:
        db.engine().dispose()

        @event.listens_for(db.engine(), "connect")
        def prepare(connection: Any, _record: Any) -> None:
            connection.execute(f"PRAGMA {pragma}")

    return change


def _old(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sys.modules[checked.__module__], "SAFE_SQLITE", (99, 0, 0))


def _second_library(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(sys.modules, "_sqlite3", sys)


def _open_to_all(_patch: pytest.MonkeyPatch) -> None:
    settings().data_dir.chmod(0o755)


def _open_to_who_knows_the_names(_patch: pytest.MonkeyPatch) -> None:
    settings().data_dir.chmod(0o711)


def _short_key(patch: pytest.MonkeyPatch) -> None:
    _key(patch, "secret")


def test_a_house_that_is_well_says_nothing(database: str) -> None:
    assert start.warnings() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_old, "SQLite is older"),
        (_set("journal_mode = DELETE"), "not WAL"),
        (_set("synchronous = NORMAL"), "synchronous is not FULL"),
        (_set("synchronous = OFF"), "synchronous is not FULL"),
        (_set("foreign_keys = OFF"), "foreign_keys is off"),
        (_second_library, "own SQLite is loaded"),
        (_open_to_all, "data folder can be read"),
        (_open_to_who_knows_the_names, "data folder can be read"),
        (_short_key, "secret key is short"),
    ],
)
def test_what_is_not_safe_is_told(
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[pytest.MonkeyPatch], None],
    said: str,
) -> None:
    change(monkeypatch)

    [warning] = start.warnings()

    assert said in warning


def test_a_new_data_folder_and_key_are_closed_to_others(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.delenv("CRM_SECRET_KEY")
    db.forget()
    secret_key.cache_clear()

    key = secret_key()

    assert len(key) == 64
    assert oct((tmp_path / "new").stat().st_mode)[-3:] == "700"
    assert oct((tmp_path / "new/secret.key").stat().st_mode)[-3:] == "600"


def test_of_two_that_begin_at_once_none_has_an_empty_key(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other has made the file, and writes the key a moment later."""
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("CRM_SECRET_KEY")
    db.forget()
    secret_key.cache_clear()
    file = tmp_path / "secret.key"
    file.touch()
    monkeypatch.setattr(time, "sleep", lambda _s: file.write_bytes(b"the key"))

    assert secret_key() == b"the key"


@pytest.mark.slow
def test_the_app_loads_no_second_library() -> None:
    """Nor does anything that it is made of."""
    program = "import app, sys; sys.exit('_sqlite3' in sys.modules)"
    command = [sys.executable, "-W", "ignore", "-c", program]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
