"""Back up what lives on disk, also while the app runs: `python -m crm.backup FOLDER`.

A backup holds each SQLite database as of one moment, the uploaded files, and
SHA256SUMS over both. It leaves out the warehouse, which is made anew from the
database, and the secret key, which is to be kept elsewhere.
"""

import hashlib
import os
import shutil
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from crm.config import settings
from crm.errors import CRMError, Unavailable
from crm.i18n import _


def backup(to: Path, *, at: datetime) -> Path:
    """Make a backup in a new folder below `to`, named by `at`, and give its path.

    A folder that is there is whole: it gets its name last.

    Raises:
        Unavailable: a database is on a server, which has its own tools for this.
    """
    done = to / f"{at.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"
    partial = done.with_suffix(".partial")
    partial.mkdir(mode=0o700, parents=True)
    try:
        for source in _databases():
            _copy_database(source, partial / source.name)
        shutil.copytree(settings().files_dir, partial / "files")
        _sum_up(partial)
        return partial.rename(done)
    except BaseException:
        shutil.rmtree(partial)
        raise


def _databases() -> list[Path]:
    urls = [make_url(url) for url in (settings().database_url, settings().jobs_url)]
    for url in urls:
        if url.get_backend_name() != "sqlite":
            raise Unavailable(
                _("{server} is backed up with its own tools, such as {tool}.").format(
                    server=url.get_backend_name(), tool="pg_dump, mariadb-dump"
                )
            )
    paths = [Path(url.database or "") for url in urls]
    return [path for path in paths if path.is_file()]


def _copy_database(source: Path, target: Path) -> None:
    """`VACUUM INTO` reads one moment and ends under any load; `cp` loses commits."""
    import pysqlite3

    with closing(pysqlite3.connect(source, timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with closing(pysqlite3.connect(target)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise Unavailable(
            _("The copy of {name} is damaged: {found}").format(
                name=source.name, found=found
            )
        )


def _sum_up(folder: Path) -> None:
    """Write SHA256SUMS, and see to it that all files have reached the disk."""
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    with (folder / "SHA256SUMS").open("w", encoding="utf-8") as sums:
        sums.writelines(lines)
        sums.flush()
        os.fsync(sums.fileno())


def main(arguments: list[str]) -> int:
    """Back up into the folder given, else into `backups` beside the data."""
    to = Path(arguments[0]) if arguments else settings().data_dir.parent / "backups"
    try:
        made = backup(to, at=datetime.now(UTC))
    except CRMError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{made}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
