"""Settings, read once from CRM_* environment variables."""

import os
import secrets
import stat
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Settings:
    """What may differ between installations. All paths are absolute."""

    data_dir: Path
    database_url: str
    jobs_url: str
    warehouse_url: str
    currency: str  # book currency, ISO 4217
    language: str  # spoken before anyone has signed in; "" asks the browser
    base_url: str  # how users reach the app, for links in mails
    worker: bool  # whether the app starts a worker beside itself
    max_upload_mb: int
    timezone: str  # where the company is, IANA name; see crm.services.days
    smtp_url: str = field(repr=False)  # how mail goes out; "" for not at all
    mail_from: str  # the address that it comes from, or “Name <address>”

    @property
    def files_dir(self) -> Path:
        """Where uploads and exports lie, each under a generated name."""
        return _private(self.data_dir / "files")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


@cache
def settings() -> Settings:
    """The settings of this process. Call `settings.cache_clear()` in tests."""
    env = os.environ.get
    given = env("CRM_DATA_DIR")
    data_dir = _private(Path(given or ROOT / "data").resolve())
    if not given:
        close(data_dir)
    return Settings(
        data_dir=data_dir,
        database_url=env("CRM_DATABASE_URL") or f"sqlite:///{data_dir / 'crm.db'}",
        jobs_url=env("CRM_JOBS_URL") or f"sqlite:///{data_dir / 'jobs.db'}",
        warehouse_url=env("CRM_WAREHOUSE_URL")
        or f"duckdb:///{data_dir / 'warehouse.duckdb'}",
        currency=env("CRM_CURRENCY") or "EUR",
        language=env("CRM_LANGUAGE") or "",
        base_url=env("CRM_BASE_URL") or "http://localhost:8501",
        worker=(env("CRM_WORKER") or "on") != "off",
        max_upload_mb=int(env("CRM_MAX_UPLOAD_MB") or 2048),
        timezone=env("CRM_TIMEZONE") or "UTC",
        smtp_url=env("CRM_SMTP_URL") or "",
        mail_from=env("CRM_MAIL_FROM") or "",
    )


@cache
def secret_key() -> bytes:
    """The installation's key: CRM_SECRET_KEY, else a file made on first use."""
    if given := os.environ.get("CRM_SECRET_KEY"):
        return given.encode()
    path = settings().data_dir / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _written(path)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def _written(path: Path) -> bytes:
    """What another process that has just begun is putting into a file: it was there
    for a moment without a word in it.

    Raises:
        RuntimeError: it stays empty, as after a crash; nobody could sign with that.
    """
    for _look in range(100):
        if held := path.read_bytes():
            return held
        time.sleep(0.01)
    raise RuntimeError(f"{path} is empty. Put the key back, or delete the file.")


def close(folder: Path) -> None:
    """Take from other users of the machine what they may do in `folder`.

    `data/` comes with the program, and so with the rights that all its folders have.
    """
    mode = folder.stat().st_mode
    if mode & stat.S_IRWXO:
        with suppress(OSError):  # not ours: the start warns
            folder.chmod(stat.S_IMODE(mode) & ~stat.S_IRWXO)


def _private(folder: Path) -> Path:
    """Make `folder` where it is missing, closed to other users of the machine."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
