"""Settings, and the folder that they name."""

import stat
from pathlib import Path

import pytest

from crm.config import close, secret_key, settings


@pytest.mark.parametrize(
    ("before", "after"), [(0o755, 0o750), (0o777, 0o770), (0o700, 0o700)]
)
def test_a_folder_is_closed_to_other_users(
    tmp_path: Path, before: int, after: int
) -> None:
    tmp_path.chmod(before)

    close(tmp_path)

    assert stat.S_IMODE(tmp_path.stat().st_mode) == after


def test_an_empty_key_is_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left by a crash while it was made."""
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("CRM_SECRET_KEY", raising=False)
    settings.cache_clear()
    secret_key.cache_clear()
    (tmp_path / "secret.key").touch()

    with pytest.raises(RuntimeError, match="empty"):
        secret_key()

    settings.cache_clear()
