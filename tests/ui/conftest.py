"""The app without a browser, signed in as Ada."""

import fcntl
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from crm import db, migrations
from crm.config import ROOT, settings
from crm.demo import generate, load
from crm.models import SYSTEM, Actor, Reason, User, utcnow
from crm.services.admin import sessions
from crm.services.admin.sign_in import Visit
from tests import make
from tests.demo.conftest import TODAY


def signed_in(actor: Actor) -> AppTest:
    """The app as `actor` sees it, not yet run; it remembers nothing of another one."""
    st.cache_data.clear()
    with db.transaction(actor) as session:
        user = db.get(session, User, actor.user_id or 0)
        token = sessions.begin(session, user, Visit("127.0.0.1", "test"), at=utcnow())
    found = sessions.who(token)
    assert found is not None
    app = AppTest.from_file(ROOT / "crm/ui/main.py", default_timeout=30)
    app.user = {
        "user_id": str(actor.user_id),
        "role": actor.role.value,
        "sid": str(found.session_id),
    }
    return app


@pytest.fixture(scope="package", autouse=True)
def _scanned_once() -> Iterator[None]:
    """Streamlit reads what every installed package is, for each app, in 0.2 s."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def app(admin: Actor) -> AppTest:
    """The app as Ada sees it, on its first page."""
    return signed_in(admin).run()


@pytest.fixture(scope="session")
def demo_company(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A database with the demo company in it, to copy; one for all test processes."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    whole = folder / "demo" / "whole.db"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second finds it made
        if not whole.exists():
            whole.parent.mkdir(exist_ok=True)
            _load(whole.parent).rename(whole)
    return whole


def _load(folder: Path) -> Path:
    """A new database in `folder`, closed, with the demo company in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DATA_DIR", str(folder))
        patch.setenv("CRM_SECRET_KEY", "a key for tests")
        db.forget()
        migrations.upgrade(f"sqlite:///{folder / 'crm.db'}")
        for name, write in load.parts(generate(today=TODAY)):
            with db.transaction(SYSTEM, reason=Reason.DEMO, note=name) as session:
                write(session)
        db.forget()
    db.forget()
    return folder / "crm.db"


@pytest.fixture
def demo_app(demo_company: Path, database: str) -> AppTest:
    """The app with the demo company in it, as its administrator sees it."""
    db.forget()
    shutil.copy(demo_company, settings().data_dir / "crm.db")
    return signed_in(make.actor("Ada", role="admin"))
