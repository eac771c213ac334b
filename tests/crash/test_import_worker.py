"""The real worker, killed in an import: the report adds up, nothing is done twice."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm import db
from crm.models import Actor, Change, Deed, JobState, Order, OrderLine
from crm.services.imports import runs
from tests.crash.test_worker import let_time_pass, wait, worker
from tests.services.imports.engine import begun, reported, rows_of

pytestmark = pytest.mark.slow

ROWS = 200_000


def test_an_import_survives_the_end_of_its_worker(admin: Actor, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    with path.open("w") as file:
        file.write(
            "order_number,ordered_at,customer_external_id,sku,quantity,unit_price\n"
        )
        file.writelines(
            f"{n // 5},2026-03-01,C{n // 50},S{n % 100},{n % 9 + 1},2.5\n"
            for n in range(ROWS)
        )
    import_id = begun(admin, path, "orders")
    with db.transaction(admin) as session:
        asked = runs.ask_run(session, import_id)

    first = worker(tmp_path / "log")
    halfway = wait(admin, asked.id, 0.5)
    first.kill()
    first.wait()
    assert halfway.state is JobState.RUNNING
    before = reported(admin, import_id)
    assert 0 < before.counts.created < ROWS
    assert before.counts.created == len(rows_of(OrderLine, "id"))
    let_time_pass(asked.id)

    second = worker(tmp_path / "log")
    try:
        job = wait(admin, asked.id, share=2)  # until it is over
    finally:
        second.terminate()
        second.wait(60)

    assert (job.state, job.error) == (JobState.DONE, None)
    report = reported(admin, import_id)
    assert (report.counts.created, report.counts.rows, report.finished) == (
        ROWS, ROWS, True,
    )  # fmt: skip
    assert report.made == {
        "customer": ROWS // 50,
        "product": 100,
        "sales_order": ROWS // 5,
        "order_line": ROWS,
    }
    numbers = Counter(number for (number,) in rows_of(Order, "number"))
    assert (len(numbers), set(numbers.values())) == (ROWS // 5, {1})
    assert len(rows_of(OrderLine, "id")) == ROWS
    with db.reading(admin) as session:
        totals = session.scalar(select(func.sum(Order.total)))
        amounts = session.scalar(select(func.sum(OrderLine.amount)))
        batches = select(Change.after).where(
            Change.entity == "sales_order", Change.deed == Deed.BATCH
        )
        logged = [after["count"] for after in session.scalars(batches) if after]
    assert totals == amounts
    assert sum(logged) == ROWS // 5
