"""Start and stop: migrations, checks, and the worker beside the app."""

import gc
import importlib.util
import logging
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from crm import db, migrations
from crm.config import secret_key, settings
from crm.db import statistics
from crm.errors import CRMError, Duplicate, Stale
from crm.models import SYSTEM
from crm.services.admin import setup
from crm.services.money import book
from crm.web.account import SETUP_TOKEN
from crm.web.supervisor import Supervisor

log = logging.getLogger("clientele")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """What happens once per process, before the first request and after the last."""
    migrations.upgrade()
    settle_books()
    statistics.refresh()
    secret_key()
    for warning in warnings():
        log.warning(warning)
    if setup.is_needed():
        address = f"{settings().base_url}/account/setup?token={SETUP_TOKEN}"
        print(f"Nobody has an account yet. To set up: {address}", flush=True)  # noqa: T201  (the log is where it is looked for)
    worker = _worker()
    gc.collect()
    gc.freeze()  # what is loaded now stays: collections need not look at it
    try:
        yield {}
    finally:
        if worker is not None:
            worker.stop()


def settle_books() -> None:
    """Note or check the book currency; of two apps that note it at once, one checks.

    Raises:
        RuleBroken: there are amounts in another one.
    """
    try:
        with db.transaction(SYSTEM) as session:
            book.settle(session)
    except (Duplicate, Stale):
        with db.transaction(SYSTEM) as session:
            book.settle(session)


def warnings() -> list[str]:
    """What is not as safe as it should be, in words."""
    found = db.checked(db.engine())
    if settings().data_dir.stat().st_mode & stat.S_IRWXO:
        found.append("The data folder can be read by other users of this machine.")
    if len(secret_key()) < 16:
        found.append("The secret key is short: set a longer CRM_SECRET_KEY.")
    return found


def health(_request: Request) -> Response:
    """Whether the database can be written to."""
    try:
        bind = db.engine().execution_options(crm_writes=True)
        with bind.connect() as connection:
            connection.execute(text("UPDATE log_head SET operations = operations"))
            connection.rollback()
    except (CRMError, OSError, Exception):  # noqa: BLE001  (any failure means no)
        return JSONResponse({"status": "the database does not answer"}, 503)
    return JSONResponse({"status": "ok"})


def first_page(request: Request) -> Response:
    """The first page has no name in its address: who asks for it by name gets there.

    Streamlit would say that there is no such page.
    """
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")


ROUTES = [Route("/healthz", health), Route("/start", first_page)]


def _worker() -> Supervisor | None:
    """The worker beside the app, unless it is to run elsewhere."""
    if not settings().worker or importlib.util.find_spec("crm.jobs.__main__") is None:
        return None
    worker = Supervisor([sys.executable, "-m", "crm.jobs", "--beside"])
    worker.start()
    return worker
