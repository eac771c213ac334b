"""`python -m bench.pages [customers]`: the list of customers, few against many.

Starts the app twice, on a database of 1,000 customers and on one of 1,000,000 (or as
many as told), opens the list as a browser would and has it run again 30 times. What
is counted is processor time of the server a run, and the time until it is up.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

import sqlalchemy as sa
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from crm import db, migrations
from crm.config import ROOT, settings
from crm.db import statistics
from crm.models import SYSTEM, Customer, User, utcnow
from crm.services.admin import sessions
from crm.services.admin.sign_in import Visit
from tests.browser.serving import running

FEW, MANY = 1_000, 1_000_000
RUNS = 30
PIECE = 50_000
TICK = os.sysconf("SC_CLK_TCK")
NAMES = ("Abel", "Berg", "Cohen", "Diaz", "Eriksen", "Fontaine", "García", "Huber")


def fill(customers: int) -> str:
    """An administrator and `customers` customers; the token of an open session."""
    migrations.upgrade(settings().database_url)
    with db.transaction(SYSTEM) as session:
        user = User(email="ada@example.com", name="Ada", role="admin", reach="all")
        session.add(user)
        session.flush()
        token = sessions.begin(session, user, Visit("127.0.0.1", "bench"), at=utcnow())
    at = utcnow()
    for start in range(0, customers, PIECE):
        rows = []
        for number in range(start, min(start + PIECE, customers)):
            one = Customer(
                name=f"{NAMES[number % 8]} {number}",
                email=f"c{number}@example.com",
                city=NAMES[number % 7],
                country="DE",
                created_at=at,
                updated_at=at,
            )
            one.prepare()
            rows.append(one.model_dump(exclude={"id"}))
        with db.engine().execution_options(crm_writes=True).begin() as connection:
            connection.execute(sa.insert(Customer), rows)
    statistics.refresh()
    return token


def spent(pid: int) -> float:
    """Seconds of processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def _run(socket: Any, page: str) -> set[str | None]:
    """Have the page run; the kinds of elements that it shows."""
    message = BackMsg()
    message.rerun_script.page_name = page
    await socket.send(message.SerializeToString())
    shown: set[str | None] = set()
    while True:
        answer = ForwardMsg.FromString(await socket.recv())
        kind = answer.WhichOneof("type")
        if kind == "delta":
            shown.add(answer.delta.new_element.WhichOneof("type"))
        if kind == "script_finished":
            return shown


async def visit(address: str, token: str, pid: int) -> list[float]:
    """Processor seconds of each of `RUNS` runs of the list, after three to warm up."""
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    cookie = {"Cookie": f"crm_session={token}"}
    found = []
    async with connect(
        url, subprotocols=["streamlit"], additional_headers=cookie, max_size=None
    ) as socket:  # type: ignore[var-annotated]  # websockets leaves its type open
        for number in range(RUNS + 3):
            before = spent(pid)
            shown = await _run(socket, "customers")
            if "dataframe" not in shown:
                raise RuntimeError(f"The page shows no list, but {shown}.")
            if number >= 3:
                found.append(spent(pid) - before)
    return found


def measured(customers: int) -> tuple[float, float]:
    """Seconds until the server is up, and processor seconds of a run."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CRM_DATA_DIR": folder, "CRM_WORKER": "off"}
        db.forget()
        token = fill(customers)
        db.engine().dispose()
        began = time.perf_counter()
        with running(ROOT / "app.py", Path(folder) / "log") as (address, process):
            up = time.perf_counter() - began
            runs = asyncio.run(visit(address, token, process.pid))
        db.forget()
    return up, mean(runs)


def main() -> None:
    many = int(re.sub(r"\D", "", sys.argv[1])) if len(sys.argv) > 1 else MANY
    say: Callable[[str], None] = print
    times = {}
    for count in (FEW, many):
        up, a_run = measured(count)
        times[count] = a_run
        say(f"{count:>9,} customers: up after {up:.1f} s, a run {a_run * 1000:.1f} ms")
    say(f"ratio {times[many] / times[FEW]:.2f}")


if __name__ == "__main__":
    main()
