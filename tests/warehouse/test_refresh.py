"""A refresh brings in what was committed, by the log or anew."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import duckdb
import pytest
from sqlalchemy import delete

from crm import db, warehouse
from crm.config import settings
from crm.errors import Unavailable
from crm.models import SYSTEM, Actor, Customer, TicketStatus, utcnow
from crm.services import purging, recycle_bin, undo
from crm.services.support import tickets
from crm.warehouse import files, tables
from crm.warehouse.tables import CUSTOMERS
from tests import make
from tests.warehouse.copies import (
    ANEW,
    FOLLOWED,
    contents,
    frame,
    order,
    path,
    stages,
)


def names() -> list[str]:
    with warehouse.reading() as house:
        return house.customers()["name"].tolist()


def change(function: Callable[..., Any], *args: Any, actor: Actor = SYSTEM) -> int:
    """Call `function(session, *args)` in a transaction; its operation."""
    with db.transaction(actor) as session:
        function(session, *args)
    operation = db.operation_of(session)
    assert operation is not None
    return operation


def bin_(session: Any, row: Any) -> None:
    session.get(type(row), row.id).deleted_at = utcnow()


def test_data_is_of_the_moment_before_the_refresh(database: str) -> None:
    before = utcnow()
    at = warehouse.refresh()

    with warehouse.reading() as house:
        assert house.data_at == at
    assert before <= at <= utcnow()
    assert at.utcoffset() == timedelta(0)


def test_a_refresh_without_news_is_one_all_the_same(database: str) -> None:
    first, second = warehouse.refresh(), warehouse.refresh()

    with warehouse.reading() as house:
        assert house.data_at == second > first


def test_the_first_refresh_copies_everything(database: str) -> None:
    make.customer(name="Acme")

    assert stages() == {ANEW}
    assert names() == ["Acme"]


def test_the_next_one_copies_what_has_changed(database: str) -> None:
    make.customer(name="Acme")
    warehouse.refresh()
    make.customer(name="Bea")

    assert stages() == {FOLLOWED}
    assert names() == ["Acme", "Bea"]


@pytest.mark.slow
def test_what_is_deleted_leaves_and_what_is_restored_comes_back(
    database: str,
) -> None:
    acme, widget = make.customer(name="Acme"), make.product()
    bought = order(acme, "2026-02-01", (widget, 1, "10"))
    warehouse.refresh()
    whole = contents()

    change(bin_, bought)
    warehouse.refresh()
    without = contents()
    change(recycle_bin.restore, "sales_order", [bought.id])
    warehouse.refresh()

    assert (without["sales_order"], without["order_line"]) == ([], [])
    assert contents() == whole


@pytest.mark.slow
def test_what_is_deleted_for_good_is_not_in_the_file_either(database: str) -> None:
    gone = make.customer(name="Marguerite Canary")
    warehouse.refresh()
    assert b"Marguerite Canary" in path().read_bytes()

    change(bin_, gone)
    change(purging.purge, "customer", [gone.id])

    assert stages() == {FOLLOWED}
    assert names() == []
    assert b"Canary" not in path().read_bytes()


@pytest.mark.slow
def test_what_is_undone_leaves(database: str, admin: Actor) -> None:
    warehouse.refresh()
    made = change(lambda session: session.add(Customer(name="Acme")), actor=admin)
    warehouse.refresh()
    change(undo.undo, made, actor=admin)

    assert stages() == {FOLLOWED}
    assert names() == []


@pytest.mark.slow
def test_rows_that_went_past_the_log_are_found_by_their_number(database: str) -> None:
    acme = make.customer(name="Acme")
    make.customer(name="Bea")
    warehouse.refresh()
    with db.engine().begin() as connection:
        table = CUSTOMERS.source
        connection.execute(delete(table).where(table.c.id == acme.id))

    assert ANEW in stages()
    assert names() == ["Bea"]


@pytest.mark.slow
def test_a_restored_database_is_copied_anew(database: str) -> None:
    """Its log goes on under ids that stood for something else."""
    make.customer(name="Acme")
    file = settings().data_dir / "crm.db"
    db.engine().dispose()
    shutil.copy(file, file.with_suffix(".backup"))
    make.customer(name="Lost")
    warehouse.refresh()

    db.engine().dispose()
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    shutil.copy(file.with_suffix(".backup"), file)
    make.customer(name="Bea")

    assert stages() == {ANEW}
    assert names() == ["Acme", "Bea"]


@pytest.mark.slow
def test_tables_of_another_version_are_copied_anew(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.customer(name="Acme")
    warehouse.refresh()
    monkeypatch.setattr("crm.warehouse.refreshing.VERSION", tables.VERSION + 1)

    with pytest.raises(Unavailable, match="not there yet"), warehouse.reading():
        pass
    assert stages() == {ANEW}
    assert names() == ["Acme"]


@pytest.mark.parametrize("damage", [b"", b"no database at all", b"\0" * 40_000])
@pytest.mark.slow
def test_a_damaged_file_is_copied_anew(database: str, damage: bytes) -> None:
    make.customer(name="Acme")
    warehouse.refresh()
    path().write_bytes(damage)

    with pytest.raises(Unavailable, match="not there yet"), warehouse.reading():
        pass
    assert stages() == {ANEW}
    assert names() == ["Acme"]


def test_a_file_cut_short_is_copied_anew(database: str) -> None:
    make.customer(name="Acme")
    warehouse.refresh()
    path().write_bytes(path().read_bytes()[:20_000])

    assert stages() == {ANEW}
    assert names() == ["Acme"]


def test_without_a_refresh_there_is_nothing_to_read(database: str) -> None:
    with pytest.raises(Unavailable, match="not there yet"), warehouse.reading():
        pass


def test_a_refresh_that_is_broken_off_changes_nothing(database: str) -> None:
    make.customer(name="Acme")
    warehouse.refresh()
    make.customer(name="Bea")

    def stop(_share: float, _stage: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        warehouse.refresh(stop)

    assert names() == ["Acme"]
    assert not list(path().parent.glob("*.next*"))


@pytest.mark.slow
def test_a_reader_keeps_what_it_has_opened(database: str) -> None:
    make.customer(name="Acme")
    first = warehouse.refresh()
    with warehouse.reading() as house:
        make.customer(name="Bea")
        second = warehouse.refresh()

        assert house.customers()["name"].tolist() == ["Acme"]
        assert house.data_at == first
        with warehouse.reading() as newer:
            assert newer.customers()["name"].tolist() == ["Acme", "Bea"]
            assert newer.data_at == second


def test_nothing_can_be_written_through_a_reader(database: str) -> None:
    warehouse.refresh()
    duck = files.opened()

    with pytest.raises(duckdb.Error, match="read-only"):
        duck.execute("DELETE FROM house.customer")
    duck.close()


def test_who_waits_too_long_for_another_refresh_is_told(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    with (
        files.one_writer(),
        pytest.raises(Unavailable, match="being refreshed already"),
    ):
        warehouse.refresh()


def test_a_warehouse_of_another_kind_is_refused_in_words(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_WAREHOUSE_URL", "spark://somewhere:7077")
    db.forget()

    with pytest.raises(Unavailable, match="“spark”"):
        warehouse.refresh()


def test_a_folder_that_cannot_be_written_is_told_in_words(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = settings().data_dir / "blocked"
    blocked.write_text("a file where a folder should be")
    monkeypatch.setenv("CRM_WAREHOUSE_URL", f"duckdb:///{blocked}/warehouse.duckdb")
    db.forget()

    with pytest.raises(Unavailable, match="cannot be written"):
        warehouse.refresh()


def test_only_its_owner_may_read_the_file(database: str) -> None:
    warehouse.refresh()

    assert path().stat().st_mode & 0o077 == 0


def test_the_words_of_progress_lead_to_the_end(database: str) -> None:
    make.customer()
    told: list[float] = []
    warehouse.refresh(lambda share, _stage: told.append(share))

    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.slow
def test_no_row_is_copied_twice(database: str) -> None:
    acme, widget = make.customer(), make.product()
    order(acme, "2026-02-01", (widget, 1, "10"), (widget, 2, "10"))
    ticket = make.ticket(customer_id=acme.id)
    for status in (TicketStatus.SOLVED, TicketStatus.OPEN):
        change(tickets.move, ticket.id, status)
    for _number in range(3):
        warehouse.refresh()

    assert {name: len(rows) for name, rows in contents().items()} == {
        "customer": 1,
        "product": 1,
        "ticket": 1,
        "reopened": 1,
        "sales_order": 1,
        "order_line": 2,
    }
    assert len(frame("orders")) == 1
