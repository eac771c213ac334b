"""E1: the running app, killed under load: what it acknowledged is there, once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from crm import db
from crm.config import ROOT
from crm.db.chain import verify
from crm.models import SYSTEM, Actor, Change, Customer, Deed, IdempotencyKey
from crm.services.admin import tokens
from tests.browser.serving import running

pytestmark = pytest.mark.slow

CLIENTS = 8
EACH = 20  # customers of each client
KILLS = (30, 75, 120)  # after so many acknowledged
SECONDS = 180


@dataclass
class App:
    """Where the app is to be found just now, and what it has acknowledged."""

    address: str = ""
    ids: dict[str, int] = field(default_factory=dict)  # by idempotency key

    def wait_for(self, count: int) -> None:
        until = time.monotonic() + SECONDS
        while len(self.ids) < count:
            assert time.monotonic() < until, f"only {len(self.ids)} acknowledged"
            time.sleep(0.01)


def token(actor: Actor, name: str) -> str:
    with db.transaction(actor) as session:
        return tokens.create(session, name, ["customer:create", "customer:read"])[1]


def write(app: App, number: int, bearer: str, stop: threading.Event) -> None:
    """Create customers one after the other; try again until the answer has come."""
    headers = {"Authorization": f"Bearer {bearer}"}
    with httpx2.Client(headers=headers, timeout=20, verify=False) as client:
        for key in (f"{number}-{one}" for one in range(EACH)):
            while key not in app.ids and not stop.is_set():
                try:
                    _post(app, client, key)
                except httpx2.TransportError:
                    time.sleep(0.2)


def _post(app: App, client: httpx2.Client, key: str) -> None:
    answer = client.post(
        f"{app.address}/api/v1/customers",
        json={"name": f"Customer {key}"},
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 201, answer.text
    app.ids[key] = answer.json()["id"]


@pytest.fixture
def written(admin: Actor, tmp_path: Path) -> App:
    """The app after eight clients have written and it was killed three times."""
    app, stop = App(address="http://127.0.0.1:9"), threading.Event()
    bearers = [token(admin, f"client {number}") for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        try:
            writing = [
                pool.submit(write, app, number, bearer, stop)
                for number, bearer in enumerate(bearers)
            ]
            for count in (*KILLS, CLIENTS * EACH):
                with running(ROOT / "app.py", tmp_path / "log") as (address, process):
                    app.address = address
                    app.wait_for(count)
                    process.kill()
                    process.wait()
            for one in writing:
                one.result(timeout=30)
        finally:
            stop.set()
    return app


def test_killed_under_load_it_keeps_what_it_acknowledged_and_writes_it_once(
    written: App,
) -> None:
    wanted = {f"Customer {key}": one for key, one in written.ids.items()}

    assert len(wanted) == CLIENTS * EACH
    with db.reading(SYSTEM) as session:
        stored = session.execute(sa.select(Customer.name, Customer.id)).all()
        created = session.scalars(
            sa.select(Change.record_id).where(
                Change.entity == "customer", Change.deed == Deed.CREATE
            )
        ).all()
        keys = session.scalar(sa.select(sa.func.count()).select_from(IdempotencyKey))
        assert session.scalar(sa.text("pragma integrity_check")) == "ok"
        assert verify(session).why is None
    assert len(stored) == CLIENTS * EACH == keys
    assert dict(stored) == wanted  # type: ignore[arg-type]  # rows of two
    assert sorted(created) == sorted(wanted.values())
