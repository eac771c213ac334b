"""How fast order lines come in: `python -m bench.imports [rows …]`.

Makes a file of order lines, imports it into an empty SQLite database, and writes the
very rows that came out of it into another one, by bare `executemany`, one transaction,
nothing checked or logged. Prints both times, their ratio, and the peak memory of the
import. Each of the two runs in a process of its own.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

ROWS = (100_000, 1_000_000)
ROUNDS = 3
TABLES = ("customer", "product", "sales_order", "order_line")
NAMED = ("app_user", "import_run")
PRODUCTS = 4_000
PRAGMAS = (  # those of the app
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",
    "wal_autocheckpoint = 16000",
    "temp_store = MEMORY",
)


def main(sizes: list[int]) -> None:
    """Measure each size, and print a line: the best of some rounds, as others may be
    busy on the machine.
    """
    print("      rows    import      bare  ratio  CPU ratio     peak")
    for rows in sizes:
        rounds = [measured_both(rows) for _round in range(ROUNDS)]
        ours, bare = (dict(best(side)) for side in zip(*rounds, strict=True))
        ratio, cpu = (ours[kind] / bare[kind] for kind in ("wall", "cpu"))
        print(
            f"{rows:>10,} {ours['wall']:>7.1f} s {bare['wall']:>7.1f} s "
            f"{ratio:>6.2f} {cpu:>10.2f} {ours['peak']:>5.0f} MB"
        )


def best(side: tuple[dict[str, float], ...]) -> Iterator[tuple[str, float]]:
    """The least of each figure; of the peak memory the most."""
    for kind in side[0]:
        pick = max if kind == "peak" else min
        yield kind, pick(one[kind] for one in side)


def measured_both(rows: int) -> tuple[dict[str, float], dict[str, float]]:
    """One round: a file, its import, and the bare writing of the same rows."""
    with TemporaryDirectory() as folder:
        child("file", folder, str(rows))  # elsewhere: its memory would count as ours
        return measured("import", folder), measured("bare", folder)


def measured(what: str, folder: str) -> dict[str, float]:
    """Seconds and megabytes of one of the two."""
    found: dict[str, float] = json.loads(child(what, folder).splitlines()[-1])
    return found


def child(*arguments: str) -> bytes:
    """What one of the parts prints, in a process and a folder of its own."""
    what, folder = arguments[:2]
    environment = {
        **os.environ,
        "CRM_DATA_DIR": f"{folder}/{what}",
        "CRM_WORKER": "off",
    }
    environment.pop("CRM_DATABASE_URL", None)
    command = [sys.executable, "-m", "bench.imports", *arguments]
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, check=True
    ).stdout


def write_file(path: Path, rows: int) -> None:
    """Lines of a web shop: orders of 1 to 9 lines, one customer to some 10 orders."""
    chance = np.random.default_rng(1)
    order = np.repeat(np.arange(rows), chance.integers(1, 10, rows))[:rows]
    n_orders, product = order[-1] + 1, chance.integers(0, PRODUCTS, rows)
    minutes = np.sort(chance.integers(0, 365 * 24 * 60, n_orders))
    at = np.datetime64("2025-01-01T00:00:00") + minutes.astype("timedelta64[m]")
    customer = chance.integers(0, n_orders // 10 + 1, n_orders) + 10_000
    names = np.array([f"Product with a name {n}" for n in range(PRODUCTS)])
    table = pd.DataFrame(
        {
            "InvoiceNo": order + 500_000,
            "StockCode": product + 20_000,
            "Description": names[product],
            "Quantity": chance.integers(1, 30, rows),
            "InvoiceDate": pd.Series(at)
            .dt.strftime("%Y-%m-%d %H:%M:%S")
            .to_numpy()[order],
            "UnitPrice": chance.integers(10, 5000, rows) / 100,
            "CustomerID": customer[order],
            "Country": "United Kingdom",
        }
    )
    table.to_csv(path, index=False)


def run_import(folder: Path) -> dict[str, float]:
    """Import the file by the engine, as the worker does."""
    from crm import db, migrations
    from crm.config import settings
    from crm.jobs import run_here
    from crm.services.imports import runs

    migrations.upgrade(settings().database_url)
    admin = administrator()
    upload = runs.upload(admin, folder / "orders.csv", "orders.csv")
    with db.transaction(admin) as session:
        import_id = runs.start(session, upload, "orders").id
        choices = replace(runs.proposed(session, import_id), currency="GBP")
        runs.choose(session, import_id, choices)
        job = runs.ask_run(session, import_id)
    started = time.perf_counter(), time.process_time()
    run_here(job.id)
    found = since(started)
    with db.reading(admin) as session:
        assert runs.report(session, import_id).finished
    return found


def administrator() -> Any:
    """The first user of an empty database."""
    from crm import db
    from crm.models import SYSTEM, Actor, Role, User

    with db.transaction(SYSTEM) as session:
        user = User(email="ada@example.com", name="Ada", role=Role.ADMIN)
        session.add(user)
        session.flush()
    return Actor(user_id=user.id, name=user.name, role=user.role)


def run_bare(folder: Path) -> dict[str, float]:
    """Write the same rows into the same tables, from lists that are there already."""
    import pysqlite3

    from crm import migrations
    from crm.config import settings

    migrations.upgrade(settings().database_url)
    source = pysqlite3.connect(str(folder / "import" / "crm.db"))
    path = str(settings().data_dir / "crm.db")
    target = pysqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        target.execute(f"PRAGMA {pragma}")
    rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    for name in NAMED:  # users and imports, which the rows point at
        insert(target, name, source.execute(f"SELECT * FROM {name}").fetchall())
    started = time.perf_counter(), time.process_time()
    target.execute("BEGIN IMMEDIATE")
    for name, some in rows.items():
        insert(target, name, some)
    target.execute("COMMIT")
    return since(started)


def insert(connection: Any, name: str, rows: list[tuple[Any, ...]]) -> None:
    """Bare `executemany`."""
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


def since(started: tuple[float, float]) -> dict[str, float]:
    """Seconds by the clock and of the processor, and peak memory in megabytes."""
    return {
        "wall": time.perf_counter() - started[0],
        "cpu": time.process_time() - started[1],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["file", folder, rows]:
            write_file(Path(folder) / "orders.csv", int(rows))
        case ["import", folder]:
            print(json.dumps(run_import(Path(folder))))
        case ["bare", folder]:
            print(json.dumps(run_bare(Path(folder))))
        case sizes:
            main([int(size) for size in sizes] or list(ROWS))
