"""`python -m bench.import_time [customers [lines]]`: where the time of imports goes.

Imports the files of `bench.import_meanwhile`, customers and then order lines, into an
empty SQLite file, as the worker does, with nobody else at it. Prints for each the whole
time, that of the processor, and the time in the database, see `bench.database_time`;
how long the longest write held others up; and the peak memory so far.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.import_meanwhile import LINES_A_CUSTOMER, asked, write_files
from bench.imports import since

CUSTOMERS = 200_000
TARGETS = ("customers", "orders")


def main(customers: int, lines: int) -> None:
    """Measure, and print."""
    with TemporaryDirectory() as folder:
        child("files", folder, str(customers), str(lines))
        child("import", folder)


def child(*arguments: str) -> None:
    """One of the parts, in a process of its own: its memory counts alone."""
    environment = {**os.environ, "CRM_DATA_DIR": f"{arguments[1]}/data"}
    environment["CRM_WORKER"] = "off"
    environment.pop("CRM_DATABASE_URL", None)
    command = [sys.executable, "-m", "bench.import_time", *arguments]
    subprocess.run(command, env=environment, check=True)


def imported(actor: Any, path: Path, target: str) -> str:
    """Import a file; a line of the table."""
    from bench.database_time import measured
    from crm import db
    from crm.jobs import run_here
    from crm.services.imports import runs

    import_id, job = asked(actor, path, target)
    started = time.perf_counter(), time.process_time()
    with measured() as meter:
        run_here(job.id)
    took = since(started)
    with db.reading(actor) as session:
        report = runs.report(session, import_id)
    assert report.finished
    figures = took["wall"], took["cpu"], meter.whole, meter.cpu, *meter.seconds.values()
    seconds = " ".join(f"{one:>8.1f}" for one in figures)
    longest = max(meter.writes, default=0) * 1000
    return (
        f"{target:<10}{report.counts.rows:>10,} {seconds}"
        f"{longest:>9,.0f} ms {took['peak']:>5,.0f} MB"
    )


def run_imports(folder: Path) -> None:
    """Both imports, one after the other."""
    from bench.imports import administrator
    from crm import migrations
    from crm.config import settings
    from crm.jobs import registry

    registry.load()  # as a worker has done long before
    migrations.upgrade(settings().database_url)
    admin = administrator()
    print(
        f"seconds{'rows':>13}    whole      CPU database  its CPU   insert   select"
        "   commit    other longest write     peak"
    )
    for target in TARGETS:
        print(imported(admin, folder / f"{target}.csv", target), flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["files", folder, *sizes]:
            write_files(Path(folder), *map(int, sizes))
        case ["import", folder]:
            run_imports(Path(folder))
        case sizes:
            numbers = [int(size.replace(",", "")) for size in sizes] or [CUSTOMERS]
            main(numbers[0], [*numbers, LINES_A_CUSTOMER * numbers[0]][1])
