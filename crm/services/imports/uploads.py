"""Uploaded files: stored under generated names, looked at, and thrown away."""

import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.errors import Forbidden, Invalid, NotFound
from crm.i18n import _
from crm.models import Action, Actor, ImportRun
from crm.services.imports import reading
from crm.services.imports.formats import Chosen, FileFormat
from crm.services.imports.headers import likely_target
from crm.services.imports.results import Upload
from crm.services.imports.targets import TARGETS

KEPT = timedelta(days=2)  # how long a file waits for its import to begin
LONGEST_NAME = 255
_BLOCK = 1024 * 1024


def upload(
    actor: Actor,
    source: IO[bytes] | Path,
    file_name: str,
    chosen: Chosen | None = None,
) -> Upload:
    """Store a file of `actor` under a generated name, and look at it.

    `file_name`, as the user's browser has it, is kept as text only. Call it outside a
    transaction: a large file takes seconds. Only the same user can start its import.
    `chosen` is for files that cannot be read as they seem to be.

    Raises:
        Forbidden: the actor may not import anything.
        Invalid: empty, too large, damaged, or no table; in words. Nothing is kept.
    """
    if not any(actor.may(Action.IMPORT, each.entity) for each in TARGETS.values()):
        raise Forbidden(_("You do not have the right to import."))
    key = f"{_prefix(actor)}{secrets.token_hex(16)}"
    path = settings().files_dir / key
    try:
        _store(source, path)
        form = reading.sniff(path, chosen, max_bytes=limit())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    likely = likely_target(form.header)
    return Upload(key, shown_name(file_name), form, likely.name if likely else None)


def path_of(run: ImportRun) -> Path:
    """Where the file of `run` lies.

    Raises:
        NotFound: it is not there any more.
    """
    path = settings().files_dir / Path(run.file_key).name
    if not path.is_file():
        raise NotFound(ImportRun, run.id)
    return path


def check_own(actor: Actor, file_key: str) -> None:
    """Make sure that `actor` has uploaded the file, and that it is there.

    Raises:
        NotFound: it is not.
    """
    own = re.fullmatch(re.escape(_prefix(actor)) + "[0-9a-f]{32}", file_key)
    if not own or not (settings().files_dir / file_key).is_file():
        raise NotFound(ImportRun, file_key)


def forget(run: ImportRun) -> None:
    """Delete the file of `run`."""
    (settings().files_dir / Path(run.file_key).name).unlink(missing_ok=True)


def sweep(session: Session, *, at: datetime) -> int:
    """Delete files that were uploaded long before `at` and that no import names."""
    old = (at - KEPT).timestamp()
    files = [
        file
        for file in settings().files_dir.glob("import-*")
        if file.stat().st_mtime < old
    ]
    table = ImportRun.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    named = select(table.c.file_key).where(
        db.ids_in(table.c.file_key, [file.name for file in files])
    )
    wanted = set(session.connection().scalars(named))  # of others, too
    left = [file for file in files if file.name not in wanted]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def shown_name(file_name: str) -> str:
    """The name of a file as text that every database stores; never used as a path."""
    legible = file_name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = "".join(c if c.isprintable() else "�" for c in legible).strip()
    return kept[:LONGEST_NAME] or _("Unnamed file")


def without_sample(form: FileFormat) -> FileFormat:
    """`form` without rows of the file: what is left when the file is gone."""
    return replace(form, sample_rows=())


def _prefix(actor: Actor) -> str:
    return f"import-{actor.user_id or 0}-"


def limit() -> int:
    """How many bytes an uploaded file may have."""
    return settings().max_upload_mb * 1024**2


def _store(source: IO[bytes] | Path, path: Path) -> None:
    if isinstance(source, Path):
        with source.open("rb") as file:
            _store(file, path)
        return
    with path.open("xb") as target:
        path.chmod(0o600)
        while block := source.read(_BLOCK):
            target.write(block)
            if target.tell() > limit():
                words = _("The file is larger than {limit} MB. Split it.")
                raise Invalid(
                    words.format(limit=settings().max_upload_mb), field="file"
                )
