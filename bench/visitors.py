"""People at the app while something else goes on: each asks, waits, asks again.

What is measured is the time that a person waits, by the clock: of the list of
customers by REST, of a change of a customer by REST, and of a run of the customers
page over its websocket, from the question to the end of the script.
"""

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

PAUSE = 0.25  # seconds that a person takes between two questions
LONGEST = 120  # seconds that an answer may take
VISITORS = 3

Ask = Callable[[], None]
Taken = dict[tuple[str, str], list[float]]  # (what, phase) → seconds


class Street:
    """All visitors, and in which phase of the measurement their questions fall."""

    def __init__(self) -> None:
        self.phase = "start"
        self.took: dict[str, float] = {}  # seconds of each phase
        self.taken: Taken = {}
        self.failed: list[str] = []
        self.over = threading.Event()

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """What is asked and how long it takes until the block ends is of `phase`."""
        self.phase, began = phase, time.perf_counter()
        yield
        self.took[phase] = time.perf_counter() - began

    def until(self, answers: int) -> None:
        """Wait until every visitor has had so many answers in this phase."""
        while True:
            if self.failed:
                raise RuntimeError(self.failed[0])
            counts = [len(s) for (_w, p), s in self.taken.items() if p == self.phase]
            if len(counts) == VISITORS and min(counts) >= answers:
                return
            time.sleep(0.1)

    def walk(self, what: str, ask: Ask) -> None:
        """Ask until all is over; a question counts to the phase in which it began."""
        while not self.over.is_set():
            phase, began = self.phase, time.perf_counter()
            try:
                ask()
            except Exception as error:  # noqa: BLE001  (told at the end)
                self.failed.append(f"{what}, {phase}: {error!r}")
            seconds = time.perf_counter() - began
            self.taken.setdefault((what, phase), []).append(seconds)
            self.over.wait(PAUSE)


@contextmanager
def visiting(address: str, cookie: str, token: str) -> Iterator[Street]:
    """Three visitors at the app of `address`, until the block ends."""
    street = Street()
    with page(address, cookie) as run_page:
        kinds = {
            "page": run_page,
            "list": listing(address, token),
            "save": saving(address, token),
        }
        threads = [
            threading.Thread(target=street.walk, args=kind, daemon=True)
            for kind in kinds.items()
        ]
        for thread in threads:
            thread.start()
        try:
            yield street
        finally:
            street.over.set()
            for thread in threads:
                thread.join(LONGEST)


def listing(address: str, token: str) -> Ask:
    """The first page of the list of customers, by REST."""
    call = calling(address, token)

    def ask() -> None:
        found, _version = call("GET", "/api/v1/customers?limit=50")
        assert len(found["items"]) == 50

    return ask


def saving(address: str, token: str) -> Ask:
    """One change of the first customer, by REST; it is stored when answered."""
    call, numbers = calling(address, token), itertools.count()
    one = "/api/v1/customers/1"
    version = call("GET", one)[1]

    def ask() -> None:
        nonlocal version
        city = {"city": f"City {next(numbers)}"}
        saved, version = call("PATCH", one, city, {"If-Match": version})
        assert city.items() <= saved.items()

    return ask


def calling(address: str, token: str) -> Callable[..., Any]:
    """Calls over one connection; what was answered, no error, and its version."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=LONGEST)

    usual = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(
        method: str, path: str, body: Any = None, more: Any = None
    ) -> tuple[Any, str]:
        sent = json.dumps(body) if body else None
        connection.request(method, path, sent, usual | (more or {}))
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {text[:200]!r}")
        return json.loads(text), answer.getheader("ETag", "")

    return call


@contextmanager
def page(address: str, cookie: str) -> Iterator[Ask]:
    """The customers page in a tab that stays open."""
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(
        url,
        subprotocols=["streamlit"],  # type: ignore[list-item]  # a NewType of str
        additional_headers={"Cookie": f"crm_session={cookie}"},
        max_size=None,
    ) as socket:

        def ask() -> None:
            message = BackMsg()
            message.rerun_script.page_name = "customers"
            socket.send(message.SerializeToString())
            shown = set()
            while True:
                answer = ForwardMsg.FromString(socket.recv(LONGEST))
                kind = answer.WhichOneof("type")
                if kind == "delta":
                    shown.add(answer.delta.new_element.WhichOneof("type"))
                if kind == "script_finished":
                    break
            if "dataframe" not in shown or "exception" in shown:
                raise RuntimeError(f"The page shows no list, but {shown}.")

        yield ask


def in_words(seconds: list[float]) -> str:
    """How many answers there were, half of them, 95 in 100 and all within … ms."""
    half, most, all_ = np.quantile(seconds, [0.5, 0.95, 1.0]) * 1000
    return f"{len(seconds):>6,} {half:>7,.0f} {most:>7,.0f} {all_:>7,.0f}"


class Memory:
    """The most memory that a process and all below it have held, looked at often."""

    def __init__(self, pid: int) -> None:
        self.pid, self.most = pid, 0.0  # megabytes
        self.over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self.over.wait(0.2):
            held = sum(map(_held, _family(self.pid)))
            self.most = max(self.most, held / 1024)


def _family(pid: int) -> list[int]:
    """A process and all that it has started."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in below for one in _family(int(child)))]


def _held(pid: int) -> int:
    """Kilobytes in memory; what processes share counts for each of them."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) if found else 0
