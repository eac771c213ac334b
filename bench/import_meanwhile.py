"""`python -m bench.import_meanwhile [customers [lines]]`: a large import, and the app.

A real worker imports a file of customers, then one of order lines, in the middle of
which it is cancelled and asked to go on. Meanwhile a real app is used: see
`bench.visitors`. Prints how long answers took while nothing else went on and in each
phase of the same run, how long each phase took, and the most memory that the worker
and the processes below it have held. The files are made by another process. The
database is a SQLite file; 1,000 customers are in it from the beginning.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.pages import fill
from bench.visitors import Memory, Street, in_words, visiting
from crm import db
from crm.config import ROOT
from crm.jobs.schedule import EVERY
from crm.models import SYSTEM, Actor, Job, JobState, User
from crm.services import jobs
from crm.services.admin import tokens
from crm.services.imports import runs
from tests.browser.serving import running

CUSTOMERS = 20_000
LINES_A_CUSTOMER = 5
PRODUCTS = 4_000
THERE = 1_000  # customers before anything is imported
WARM = 5  # answers that each visitor gets first, which are not told
IDLE = 60  # answers that each visitor gets while nothing goes on
PIECE = 100_000  # rows of a file that are made at once
CITIES = ("Köln", "Wien", "Lyon", "Cádiz", "Gdańsk", "Ferrara", "上海")


def write_files(folder: Path, customers: int, lines: int) -> None:
    """`customers.csv`, and `orders.csv` with five lines to an order."""
    for name, rows, made in (
        ("customers", customers, _customers),
        ("orders", lines, lambda ids: _lines(ids, customers)),
    ):
        for start in range(0, rows, PIECE):
            ids = np.arange(start, min(start + PIECE, rows))
            table = pd.DataFrame(made(ids))
            table.to_csv(
                folder / f"{name}.csv", index=False, mode="a", header=not start
            )


def _customers(ids: Any) -> dict[str, Any]:
    text = pd.Series(ids).astype(str)
    return {
        "External id": "C" + text,
        "Name": "Customer " + text,
        "E-mail": "c" + text + "@example.org",
        "Phone": "+49 221 " + text.str.zfill(7),
        "City": np.array(CITIES)[ids % len(CITIES)],
        "Country": "DE",
        "Sector": np.where(ids % 3, "retail", "services"),
    }


def _lines(ids: Any, customers: int) -> dict[str, Any]:
    order, product = ids // 5, ids * 7919 % PRODUCTS
    days = np.datetime64("2025-01-01") + (order % 365).astype("timedelta64[D]")
    return {
        "Order number": order + 500_000,
        "Ordered at": days,
        "Customer ID": "C" + pd.Series(order % customers).astype(str),
        "SKU": "S" + pd.Series(product).astype(str),
        "Product": "Product " + pd.Series(product).astype(str),
        "Quantity": ids % 9 + 1,
        "Unit price": (product % 500 + 1) / 4,
    }


@contextmanager
def working(log: Path) -> Iterator[int]:
    """The id of the process of a worker, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crm.jobs"], cwd=ROOT, stderr=log.open("w")
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def asked(actor: Actor, path: Path, target: str) -> tuple[int, Job]:
    """An import of `path` that waits for the worker, mapped as the header suggests."""
    upload = runs.upload(actor, path, path.name)
    with db.transaction(actor) as session:
        import_id = runs.start(session, upload, target).id
        runs.choose(session, import_id, runs.proposed(session, import_id))
        return import_id, runs.ask_run(session, import_id)


def followed(actor: Actor, job_id: int) -> Job:
    """The job once it is over."""
    while True:
        with db.reading(actor) as session:
            job = jobs.job(session, job_id)
        if job.state.is_over:
            return job
        time.sleep(0.2)


def written(actor: Actor, import_id: int, rows: int) -> None:
    """Wait until an import has come to so many rows."""
    done = 0
    while done < rows:
        time.sleep(0.05)
        with db.reading(actor) as session:
            done = runs.report(session, import_id).counts.rows


def measured(folder: Path, street: Street, admin: Actor, lines: int) -> None:
    """All phases; every row is accounted for."""
    while len(_of(JobState.DONE)) < len(EVERY):  # what the clock asks for at the start
        time.sleep(0.2)
    street.until(WARM)
    with street.during("idle"):
        street.until(IDLE)
    with street.during("customers"):
        _import_id, job = asked(admin, folder / "customers.csv", "customers")
        assert followed(admin, job.id).state is JobState.DONE
    with street.during("orders"):
        import_id, job = asked(admin, folder / "orders.csv", "orders")
        written(admin, import_id, lines // 3)
        half = cancelled(street, admin, import_id, job.id)
        with db.transaction(admin) as session:
            runs.ask_run(session, import_id)
        assert followed(admin, job.id).state is JobState.DONE
    with db.reading(admin) as session:
        whole = runs.report(session, import_id).counts
    assert 0 < half < whole.created == whole.rows == lines
    with street.during("afterwards"):
        for waiting in _of(JobState.WAITING, JobState.RUNNING):
            followed(SYSTEM, waiting)


def cancelled(street: Street, admin: Actor, import_id: int, job_id: int) -> int:
    """Stop an import; how many rows it has written."""
    began = time.perf_counter()
    with db.transaction(admin) as session:
        jobs.cancel(session, job_id)
    assert followed(admin, job_id).state is JobState.CANCELLED
    street.took["cancel"] = time.perf_counter() - began
    with db.reading(admin) as session:
        return runs.report(session, import_id).counts.created


def _of(*states: JobState) -> list[int]:
    """The jobs in one of these states."""
    with db.reading(SYSTEM) as session:
        return [job.id for job in jobs.listed(session, states=states)]


def main(customers: int, lines: int) -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ.update(CRM_DATA_DIR=str(folder / "data"), CRM_WORKER="off")
        environ.pop("CRM_DATABASE_URL", None)
        db.forget()
        child = [sys.executable, "-m", __spec__.name, "files", name]
        subprocess.run([*child, str(customers), str(lines)], check=True)
        cookie = fill(THERE)
        with db.transaction(SYSTEM) as session:
            user = db.get(session, User, 1)
            admin = Actor(user_id=user.id, name=user.name, role=user.role)
        with db.transaction(admin) as session:
            scopes = ["customer:read", "customer:update"]
            token = tokens.create(session, "bench", scopes)[1]
        with (
            working(folder / "worker.log") as pid,
            running(ROOT / "app.py", folder / "app.log") as (address, _app),
        ):
            memory = Memory(pid)
            with visiting(address, cookie, token) as street:
                measured(folder, street, admin, lines)
        size = sum(one.stat().st_size for one in folder.glob("*.csv")) / 1024**2
        show(street, memory.most, f"{customers:,} + {lines:,}, {size:,.0f} MB")


def show(street: Street, memory: float, what: str) -> None:
    """Print all figures."""
    print(f"customers + order lines: {what}")
    print(f"{'':22}answers  p50 ms  p95 ms  max ms")
    for kind in ("page", "list", "save"):
        for phase in ("idle", "customers", "orders", "afterwards"):
            if seconds := street.taken.get((kind, phase)):
                print(f"{kind:6} {phase:14} {in_words(seconds)}")
    print(
        "; ".join(f"{name} {seconds:,.1f} s" for name, seconds in street.took.items())
    )
    print(f"worker at most {memory:,.0f} MB; {len(street.failed)} questions failed")
    for failed in street.failed[:5]:
        print(failed)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["files", folder, *sizes]:
            write_files(Path(folder), *map(int, sizes))
        case sizes:
            numbers = [int(size.replace(",", "")) for size in sizes] or [CUSTOMERS]
            main(numbers[0], [*numbers, LINES_A_CUSTOMER * numbers[0]][1])
