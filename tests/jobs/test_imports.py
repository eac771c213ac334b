"""The jobs of an import: stopped, broken off, taken up again, and still exact."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from crm import db, warehouse
from crm.jobs import run_here
from crm.jobs import runs as running
from crm.models import (
    SYSTEM,
    Actor,
    Customer,
    IdempotencyKey,
    ImportRun,
    ImportState,
    Job,
    JobState,
    Order,
    OrderLine,
    Product,
)
from crm.services import analyses, jobs
from crm.services.imports import runs, steps, uploads
from crm.services.imports.batches import Batch, Size, batches
from tests import make
from tests.services.imports.engine import (
    begun,
    brought,
    checked,
    done,
    latest,
    ran,
    reported,
    rows_of,
    told,
    undone,
)

ORDERS = (
    "order_number,ordered_at,customer_external_id,sku,quantity,unit_price\n"
    + "".join(f"{n // 2},2026-03-01,C{n // 4},S{n % 3},1,2\n" for n in range(20))
)
WHOLE = {"customer": 5, "product": 3, "sales_order": 10, "order_line": 20}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.services.imports.batches.SIZE", 4)
    monkeypatch.setattr("crm.services.imports.batches.SIZE_OF_RECORDS", 4)


def breaking(monkeypatch: pytest.MonkeyPatch, at: int, what: Callable[[], Any]) -> None:
    """Do `what` once, instead of writing batch `at`."""
    write, todo = steps.write_batch, [what]

    def broken(session: Any, import_id: int, batch: Any, *args: Any) -> None:
        if batch.number == at and todo:
            todo.pop()()
        write(session, import_id, batch, *args)

    monkeypatch.setattr(steps, "write_batch", broken)


def stop() -> None:
    for run in running.active():
        run.stop.set()


def fail() -> None:
    raise ZeroDivisionError


@pytest.mark.slow
def test_an_import_that_is_stopped_leaves_a_report_that_adds_up(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = begun(admin, ORDERS, "orders")
    breaking(monkeypatch, 2, stop)

    job = done(admin, runs.ask_run, import_id)

    report = reported(admin, import_id)
    assert job.state is JobState.CANCELLED
    assert (report.counts.rows, report.counts.created, report.total) == (12, 12, 20)
    assert (report.finished, len(rows_of(OrderLine, "id"))) == (False, 12)
    with db.reading(admin) as session:
        assert runs.get(session, import_id).state is ImportState.FAILED


@pytest.mark.slow
def test_it_goes_on_where_it_was_stopped(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = begun(admin, ORDERS, "orders")
    breaking(monkeypatch, 2, stop)
    first = done(admin, runs.ask_run, import_id)

    again = done(admin, runs.ask_run, import_id)

    report = reported(admin, import_id)
    assert (again.id, again.state) == (first.id, JobState.DONE)
    assert (report.made, report.counts.created, report.finished) == (WHOLE, 20, True)
    assert len(rows_of(OrderLine, "id")) == 20


@pytest.mark.slow
def test_it_goes_on_in_batches_of_the_size_with_which_it_was_begun(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = begun(admin, ORDERS, "orders")
    breaking(monkeypatch, 2, stop)
    done(admin, runs.ask_run, import_id)
    monkeypatch.setattr("crm.services.imports.batches.SIZE", 8)

    report = ran(admin, import_id)

    assert (report.made, report.counts.created) == (WHOLE, 20)


@pytest.mark.slow
def test_what_an_earlier_version_began_goes_on_in_its_batches(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = begun(admin, ORDERS, "orders")
    breaking(monkeypatch, 2, stop)
    job = done(admin, runs.ask_run, import_id)
    with db.transaction(SYSTEM) as session:  # it noted no size
        row = db.get(session, ImportRun, import_id)
        run = {k: v for k, v in row.counts["run"].items() if k != "size_of_batches"}
        row.counts = {**row.counts, "run": run}
        key = col(IdempotencyKey.key) == f"job:{job.id}:size"
        session.delete(session.scalars(select(IdempotencyKey).where(key)).one())
    monkeypatch.setattr("crm.services.imports.batches.SIZE", 8)
    monkeypatch.setattr("crm.services.imports.batches.EARLIER", Size(4, 4))

    report = ran(admin, import_id)

    assert (report.made, report.counts.created) == (WHOLE, 20)


@pytest.mark.slow
def test_what_breaks_in_a_batch_leaves_nothing_of_it(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = begun(admin, ORDERS, "orders")
    breaking(monkeypatch, 3, fail)

    job = done(admin, runs.ask_run, import_id)
    report = reported(admin, import_id)

    assert job.state is JobState.FAILED
    assert report.counts.created == len(rows_of(OrderLine, "id")) == 12
    assert ran(admin, import_id).made == WHOLE


@pytest.mark.slow
def test_half_an_import_can_be_undone(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = begun(admin, ORDERS, "orders")
    breaking(monkeypatch, 2, stop)
    job = done(admin, runs.ask_run, import_id)

    undo = undone(admin, import_id)

    assert undo.removed["sales_order"] == 6
    assert (
        rows_of(Order, "id") == rows_of(Customer, "id") == rows_of(Product, "id") == []
    )
    with db.transaction(admin) as session:
        jobs.retry(session, job.id)
    run_here(job.id)
    with db.reading(admin) as session:
        assert jobs.job(session, job.id).error == "This import was undone."
    assert rows_of(Order, "id") == []


@pytest.mark.slow
def test_what_is_being_undone_is_written_no_further(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that was taken up again at the moment when somebody asked to undo it."""

    def asked_to_undo(*given: Any, **options: Any) -> Iterator[Batch]:
        with db.transaction(admin) as session:
            row = session.get_one(ImportRun, import_id)
            row.settings = {**row.settings, "asked_to_undo": True}
        yield from batches(*given, **options)

    import_id = begun(admin, ORDERS, "orders")
    monkeypatch.setattr("crm.jobs.imports.batches", asked_to_undo)

    job = done(admin, runs.ask_run, import_id)

    assert job.error == "This import was undone."
    assert rows_of(Order, "id") == []


@pytest.mark.slow
def test_somebody_else_takes_an_address_meanwhile(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "name,email\n" + "".join(f"N{n},n{n}@x.example\n" for n in range(8))
    import_id = begun(admin, content, "customers")
    write, others = steps.write_records, ["n5@x.example"]

    def late(session: Any, plan: Any, *args: Any) -> Any:
        wanted = {new.values.get("email") for new in plan.new}
        if others and others[0] in wanted:  # between the look and the writing
            plan.new.append(plan.new[1])
            others.pop()
        return write(session, plan, *args)

    monkeypatch.setattr(steps, "write_records", late)

    report = ran(admin, import_id)

    assert report.counts.created == len(rows_of(Customer, "id")) == 8


@pytest.mark.slow
def test_a_bad_row_near_the_end_keeps_no_good_one_out(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.services.imports.batches.SIZE", 500)
    monkeypatch.setattr("crm.services.imports.batches.SIZE_OF_RECORDS", 300)
    rows = [f"S{n},Name,{n}" for n in range(999)]
    rows.insert(990, "BAD,Name,free")

    report = brought(admin, "\n".join(["sku,name,price", *rows, ""]), "products")

    assert (report.counts.created, report.counts.failed) == (999, 1)
    words = "“free” is not a number like 1,234.56."
    assert told(admin, latest(admin)) == [(991, "price", words)]


@pytest.mark.slow
def test_a_file_that_breaks_off_writes_nothing_and_can_be_read_otherwise(
    admin: Actor,
) -> None:
    good = "".join(f"N{n}\n" for n in range(40))
    rest = f"{'x' * 9_999}\n" * 14
    import_id = begun(admin, f'name\n{good}"B\n{rest}', "customers")

    job = done(admin, runs.ask_run, import_id)

    assert job.state is JobState.FAILED
    assert (job.error or "").startswith("A quotation mark opened after row 41")
    assert rows_of(Customer, "id") == []
    with db.transaction(admin) as session:
        found = runs.get(session, import_id)
        form = replace(found.form, quotechar="")
        runs.choose_format(session, import_id, form)
    report = ran(admin, import_id)
    assert (report.counts.created, report.counts.failed) == (41, 14)


@pytest.mark.slow
def test_a_run_that_was_killed_leaves_its_folder_to_the_next_one(
    admin: Actor, tmp_path: Path
) -> None:
    import_id = begun(admin, ORDERS, "orders")
    left = tmp_path / "data" / "staging" / f"import-{import_id}-left"
    other = tmp_path / "data" / "staging" / f"import-{import_id}9-other"
    for folder in (left, other):
        folder.mkdir(parents=True)

    ran(admin, import_id)

    assert list((tmp_path / "data" / "staging").iterdir()) == [other]


def test_a_check_of_many_batches_counts_all(admin: Actor) -> None:
    found = checked(admin, begun(admin, ORDERS, "orders"))

    assert (found.counts.created, found.counts.rows) == (20, 20)
    assert rows_of(Order, "id") == []


@pytest.mark.slow
def test_reports_speak_the_language_of_whoever_reads_them(admin: Actor) -> None:
    from crm import i18n

    brought(admin, "sku,name\n,Cup\n", "products")

    with i18n.language("zh_CN"):
        assert told(admin, latest(admin))[0][2] == "此处为空，但必须填写。"


@pytest.mark.slow
def test_many_updates_are_exact(admin: Actor) -> None:
    for number in range(10):
        make.product(sku=f"S{number}", name="Old")
    rows = "".join(f"S{n},New\n" for n in range(12))

    report = brought(admin, f"sku,name\n{rows}", "products")

    assert (report.changed, report.made) == ({"product": 10}, {"product": 2})
    assert rows_of(Product, "name", "version") == [("New", 2)] * 10 + [("New", 1)] * 2


def refreshes() -> list[Job]:
    """The jobs that make the warehouse and the first page anew."""
    with db.reading(SYSTEM) as session:
        return jobs.listed(session, kinds=["overview"])


@pytest.mark.slow
def test_after_imports_the_first_page_shows_them(admin: Actor) -> None:
    lena = make.actor("Lena", role="manager", reach="own")
    brought(lena, ORDERS, "orders")
    brought(lena, "name\nA\n", "customers")

    (asked,) = refreshes()  # one for both, as it had not begun
    run_here(asked.id)

    with db.reading(admin) as session:
        shown = analyses.latest(session, "overview")
    assert shown is not None
    assert shown.parameters["scope"] == "all"  # not that of who imported
    with warehouse.reading() as house:
        assert len(house.orders()) == 10


@pytest.mark.slow
def test_an_undo_is_shown_too(admin: Actor) -> None:
    import_id = begun(admin, ORDERS, "orders")
    ran(admin, import_id)
    run_here(refreshes()[0].id)

    undone(admin, import_id)
    run_here(refreshes()[0].id)

    assert [job.state for job in refreshes()] == [JobState.DONE] * 2
    with warehouse.reading() as house:
        assert len(house.orders()) == 0


@pytest.mark.slow
def test_an_import_that_breaks_off_at_its_very_end_asks_once(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = begun(admin, ORDERS, "orders")
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "sweep", lambda _session, **_at: fail())
        assert done(admin, runs.ask_run, import_id).state is JobState.FAILED
    run_here(refreshes()[0].id)

    ran(admin, import_id)

    assert [job.state for job in refreshes()] == [JobState.DONE]


def test_a_check_shows_nothing_new(admin: Actor) -> None:
    checked(admin, begun(admin, ORDERS, "orders"))

    assert refreshes() == []
