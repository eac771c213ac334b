"""A disk that loses power: `python -m tests.crash.powercut FOLDER SYNCHRONOUS CUTS`.

FOLDER holds `crm.db` and `script.json`, a list of transactions, each a list of SQL
statements as the app has sent them. They run through a file system that knows what
has been synced, with the app's own settings of SQLite (and `synchronous` as given).
At each of CUTS moments spread over all writes and syncs the power goes: what the disk
then holds lies in FOLDER/<number>, with the count of acknowledged transactions. Of
what was not synced nothing is left in every other cut, else a part of it, torn.

A process of its own: apsw brings an SQLite of its own, and two of them in one process
must never open one file.
"""

import json
import random
import shutil
import sys
from pathlib import Path
from typing import Any

import apsw

from crm.db.engine import _prepare_sqlite

SOON = 150  # pages in the log before it is copied into the database


class PowerCut(Exception):
    """Nothing reaches the disk any more."""


class Disk:
    """What would be there after a power cut, by file name."""

    def __init__(self, cut: int | None) -> None:
        self.cut = cut
        self.moments = 0
        self.off = False
        self.synced: dict[str, bytearray] = {}
        self.pending: dict[str, list[tuple[int, bytes | None]]] = {}

    def moment(self) -> None:
        """One write or sync; the power may go just before it."""
        self.moments += 1
        if self.moments == self.cut:
            self.off = True
            raise PowerCut

    def write(self, name: str, where: int, data: bytes | None) -> None:
        """Note what is to be on the disk after the next sync; None cuts off there."""
        if not self.off:
            self.pending[name].append((where, data))

    def sync(self, name: str) -> None:
        """What was noted is on the disk."""
        while self.pending[name] and not self.off:
            _apply(self.synced[name], *self.pending[name].pop(0))

    def left(self, name: str, dice: random.Random | None) -> bytes:
        """What file `name` holds now; with `dice`, a part of what was not synced."""
        image = bytearray(self.synced[name])
        for where, data in self.pending[name] if dice else ():
            if dice and dice.random() < 0.5:
                part = data and data[: dice.choice((len(data), len(data) // 2))]
                _apply(image, where, part)
        return bytes(image)


def _apply(image: bytearray, where: int, data: bytes | None) -> None:
    if data is None:
        del image[where:]
        return
    image.extend(bytes(max(0, where + len(data) - len(image))))
    image[where : where + len(data)] = data


class FileSystem(apsw.VFS):
    """The real one, and a note of all that is written."""

    def __init__(self, disk: Disk) -> None:
        super().__init__("power", "")
        self.disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return File(self.disk, name, flags)


class File(apsw.VFSFile):
    """A file whose writes are on the disk once it is synced."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        path = Path(name if isinstance(name, str) else name.filename())
        self.disk, self.name = disk, path.name
        if self.name not in disk.synced:
            disk.synced[self.name] = bytearray(path.read_bytes())
            disk.pending[self.name] = []

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.moment()
        super().xWrite(data, offset)
        self.disk.write(self.name, offset, bytes(data))

    def xTruncate(self, size: int) -> None:
        self.disk.moment()
        super().xTruncate(size)
        self.disk.write(self.name, size, None)

    def xSync(self, _flags: int) -> None:
        self.disk.moment()
        self.disk.sync(self.name)


class Connection(apsw.Connection):
    """As the app prepares one of the driver's."""

    isolation_level: Any = None

    def create_function(
        self, name: str, arguments: int, function: Any, *, deterministic: bool
    ) -> None:
        self.create_scalar_function(
            name, function, arguments, deterministic=deterministic
        )


def run(folder: Path, synchronous: str, cut: int | None) -> tuple[Disk, int]:
    """Run the script until the power goes; how many transactions were acknowledged."""
    for old in folder.glob("work.db*"):
        old.unlink()
    shutil.copy(folder / "crm.db", folder / "work.db")
    disk = Disk(cut)
    system = FileSystem(disk)
    acknowledged = 0
    connection = Connection(str(folder / "work.db"), vfs="power")
    try:
        _prepare_sqlite(connection, None)
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {SOON}")
        for transaction in json.loads((folder / "script.json").read_text()):
            for statement in transaction:
                connection.execute(statement)
            acknowledged += 1
        connection.close()
    except (PowerCut, apsw.Error):
        if not disk.off:
            raise
        connection.close()
    system.unregister()
    return disk, acknowledged


def main(folder: Path, synchronous: str, cuts: int) -> None:
    """Cut the power at `cuts` moments, one run for each."""
    whole, _count = run(folder, synchronous, None)
    for number in range(cuts):
        cut = 1 + whole.moments * number // cuts
        disk, acknowledged = run(folder, synchronous, cut)
        left = folder / str(number)
        left.mkdir()
        dice = random.Random(number) if number % 2 else None  # noqa: S311  (no secret)
        for name in disk.synced:
            kept = disk.left(name, dice)
            (left / name.replace("work.db", "crm.db")).write_bytes(kept)
        (left / "acknowledged").write_text(str(acknowledged))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
