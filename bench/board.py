"""`python -m bench.board [opportunities]`: the board, few open against many.

Starts the app twice, with 50 open opportunities and with 5,000 (or as many as told),
and opens the board in a browser. Told are the seconds until the first cards can be
seen, and the processor time of the server: of opening it, and of a move by keyboard,
which is saved and draws the board anew.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Page, sync_playwright
from sqlmodel import select

from bench.pages import fill, spent
from crm import db
from crm.config import ROOT
from crm.db import statistics
from crm.models import SYSTEM, Customer, Opportunity, Stage, StageChange, utcnow
from crm.services.sales import pipelines
from tests.browser.finder import find_browser
from tests.browser.serving import running, settle

FEW, MANY = 50, 5_000
CUSTOMERS = 1_000
MOVES = 8
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Measured:
    """Seconds until cards are seen; processor seconds of the server, median."""

    paint: float
    opening: float
    move: float


def fill_board(count: int) -> str:
    """`count` open and as many won opportunities; the token of an open session."""
    token = fill(CUSTOMERS)
    with db.transaction(SYSTEM) as session:
        pipelines.ensure(session)
        stages = pipelines.stages(session)
        customers = session.exec(select(Customer.id)).all()
    at, (first, second), won = utcnow(), stages[:2], stages[-2]
    rows, moves = [], []
    for number in range(2 * count):
        is_open = number < count
        stage = stages[number % 4] if is_open else won
        row = Opportunity(
            id=number + 1,
            customer_id=customers[number % len(customers)],
            name=f"Offer {number}",
            pipeline_id=stage.pipeline_id,
            stage_id=stage.id,
            state=stage.kind,
            stage_since=at - number % 40 * DAY,
            closed_at=None if is_open else at - 100 * DAY,
            amount=Decimal(100 + number),
            currency="EUR",
            rate=Decimal(1),
            close_on=date(2026, 1, 1) + number % 200 * DAY,
            created_at=at - 150 * DAY,
            updated_at=at,
        )
        row.prepare()
        rows.append(row.model_dump())
        moves += _way(row, first, stage if is_open else second)
    write = db.engine().execution_options(crm_writes=True)
    with write.begin() as connection:
        connection.execute(sa.insert(Opportunity), rows)
        connection.execute(sa.insert(StageChange), moves)
    statistics.refresh()
    return token


def _way(row: Opportunity, first: Stage, last: Stage) -> list[dict[str, Any]]:
    """Opened in one stage, and later in another."""
    steps = ((None, first.id, row.created_at), (first.id, last.id, row.stage_since))
    return [
        StageChange(
            opportunity_id=row.id, from_stage_id=before, to_stage_id=to, at=at,
            created_at=at, updated_at=at,
        ).model_dump(exclude={"id"})
        for before, to, at in steps
    ]  # fmt: skip


def measured(count: int, page: Page) -> Measured:
    """The board with `count` open opportunities."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CRM_DATA_DIR": folder, "CRM_WORKER": "off"}
        db.forget()
        token = fill_board(count)
        db.engine().dispose()
        with running(ROOT / "app.py", Path(folder) / "log") as (address, process):
            cookie = {"name": "crm_session", "value": token, "url": address}
            page.context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict
            paints, openings = [], []
            for _turn in range(4):
                seconds, used = _open(page, address, process.pid)
                paints.append(seconds)
                openings.append(used)
            moves = [_move(page, process.pid) for _turn in range(MOVES)]
        db.forget()
    return Measured(median(paints[1:]), median(openings[1:]), median(moves[1:]))


def _open(page: Page, address: str, pid: int) -> tuple[float, float]:
    before, began = spent(pid), time.perf_counter()
    page.goto(f"{address}/opportunities")
    page.locator(".card").first.wait_for(timeout=60_000)
    seconds = time.perf_counter() - began
    settle(page)
    return seconds, spent(pid) - before


def _move(page: Page, pid: int) -> float:
    """Move the first card one stage on; the board is drawn with it in its place."""
    first = page.locator(".col").nth(0)
    before, count = spent(pid), first.locator(".hd span").nth(1).text_content()
    first.locator(".card").first.focus()
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_function(
        "count => document.querySelector('.col .hd span:nth-child(2)')"
        "?.textContent !== count",
        arg=count,
        timeout=60_000,
    )
    settle(page)
    return spent(pid) - before


def main() -> None:
    many = int(re.sub(r"\D", "", sys.argv[1])) if len(sys.argv) > 1 else MANY
    say: Callable[[str], None] = print
    found, path = {}, find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        for count in (FEW, many):
            with browser.new_context() as context:
                found[count] = one = measured(count, context.new_page())
            say(
                f"{count:>6,} open: cards after {one.paint:.2f} s, opening "
                f"{one.opening * 1000:.0f} ms CPU, a move {one.move * 1000:.0f} ms CPU"
            )
        browser.close()
    few, lots = found[FEW], found[many]
    say(f"ratio: cards {lots.paint / few.paint:.2f}, move {lots.move / few.move:.2f}")


if __name__ == "__main__":
    main()
