"""E12, the log's seals: whatever was altered, removed, moved or cut off is found."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlmodel import Session

from crm import db
from crm.config import secret_key
from crm.db import chain
from crm.db.chain import Verified, verify
from crm.models import (
    SYSTEM,
    ActivityKind,
    Actor,
    Change,
    Customer,
    CustomField,
    CustomKind,
    CustomValue,
    LogHead,
    Operation,
    Reason,
    Segment,
    SegmentKind,
)
from tests import make

OPERATIONS = sa.inspect(Operation).local_table
CHANGES = sa.inspect(Change).local_table
HEAD = sa.inspect(LogHead).local_table
EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def verified() -> Verified:
    with db.reading(SYSTEM) as session:
        return verify(session)


@pytest.fixture
def story(admin: Actor) -> list[int]:
    """Five operations of three changes each; their ids."""
    ids = []
    for name in "abcde":
        with db.transaction(admin, note=f"note {name}") as session:
            session.add_all([Customer(name=f"{name}{number}") for number in range(3)])
        ids.append(db.operation_of(session))
    return ids


def tamper(statement: sa.Executable) -> None:
    with db.engine().begin() as connection:
        connection.execute(statement)


def test_an_empty_log_is_whole(database: str) -> None:
    assert verified() == Verified(True, 0)


@pytest.mark.slow
def test_a_log_of_all_kinds_of_values_is_whole(admin: Actor) -> None:
    customer = make.customer(admin, name="张三 😀 \\ \" ' É \u2028", notes="a\nb\tc")
    make.contact(customer)
    make.order(customer, (make.product(price=Decimal("0.1")), -2, "922337203.5807"))
    make.activity(
        customer,
        kind=ActivityKind.TASK,
        due_at=datetime(2026, 3, 1, 0, 0, 0, 1, tzinfo=UTC),
    )
    numbers = [1, 1.0, 1e16, 1e22, 1e-7, 0.1, -0.0, 2**53 + 1, 10**25, 1.5e300]
    rule = {"b": numbers, "a": {"é": None, "z": True, "": []}, "aa": {}, "B": "ß"}
    make.saved(Segment(name="Live", kind=SegmentKind.LIVE, rule=rule))
    field = make.saved(
        CustomField(
            entity="customer",
            name="x_day",
            label="Day",
            kind=CustomKind.DATE,
            choices=["b", "a"],
        )
    )
    day = datetime(2026, 2, 28, tzinfo=UTC).date()
    make.saved(CustomValue(field_id=field.id, record_id=customer.id, day=day))
    with db.transaction(SYSTEM, reason=Reason.IMPORT, note="  ") as session:
        db.record_batch(session, "customer", 1, 9, 9, import_id=3, share=0.30)
    with db.transaction(admin, note="n" * 600) as session:
        db.pending_of(session).always = True

    assert verified().why is None
    assert verified().operations >= 9


def test_a_log_is_walked_in_pieces(
    story: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "OPERATIONS", 2)
    monkeypatch.setattr(chain, "CHANGES", 2)

    assert verified().ok
    tamper(sa.delete(CHANGES).where(CHANGES.c.operation_id == story[3]))
    assert verified().broken_at == story[3]


def test_another_key_does_not_fit(
    story: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_SECRET_KEY", "another key")
    secret_key.cache_clear()

    assert not verified().ok


@pytest.mark.parametrize(
    "values",
    [
        {"note": "nothing happened"},
        {"note": None},
        {"actor_id": 4711},
        {"actor_name": "Mallory"},
        {"actor_kind": "job"},
        {"reason": Reason.IMPORT},
        {"undoes": 1},
        {"at": EARLY},
        {"seal": "f" * 64},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_altered_operation_is_found(
    story: list[int], values: dict[str, object]
) -> None:
    tamper(sa.update(OPERATIONS).where(OPERATIONS.c.id == story[2]).values(values))

    assert verified().broken_at == story[2]


@pytest.mark.parametrize(
    "values",
    [
        {"after": {"name": "other", "kind": "company", "walk_in": False}},
        {"after": None},
        {"before": {"name": "other"}},
        {"before": {}},
        {"record_id": 4711},
        {"last_id": 4711},
        {"customer_id": None},
        {"entity": "contact"},
        {"deed": "delete"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_altered_change_is_found(
    story: list[int], values: dict[str, object]
) -> None:
    tamper(sa.update(CHANGES).where(CHANGES.c.operation_id == story[2]).values(values))

    assert verified().broken_at == story[2]


def test_a_removed_change_is_found(story: list[int]) -> None:
    first = _first_change(story[2])
    tamper(sa.delete(CHANGES).where(CHANGES.c.id == first))

    assert verified().broken_at == story[2]


def test_a_removed_operation_is_found_at_the_next_one(story: list[int]) -> None:
    tamper(sa.delete(CHANGES).where(CHANGES.c.operation_id == story[2]))
    tamper(sa.delete(OPERATIONS).where(OPERATIONS.c.id == story[2]))

    assert verified().broken_at == story[3]


def test_the_removed_first_operation_is_found(story: list[int]) -> None:
    with db.engine().connect() as connection:
        first = connection.scalar(sa.select(sa.func.min(OPERATIONS.c.id)))
    tamper(sa.delete(CHANGES).where(CHANGES.c.operation_id == first))
    tamper(sa.delete(OPERATIONS).where(OPERATIONS.c.id == first))

    assert not verified().ok


def test_two_changes_in_each_others_place_are_found(story: list[int]) -> None:
    first = _first_change(story[2])
    _swap_ids(CHANGES, first, first + 1)

    assert verified().broken_at == story[2]


def test_a_change_of_another_operation_is_found(story: list[int]) -> None:
    first = _first_change(story[3])
    moved = sa.update(CHANGES).where(CHANGES.c.id == first)
    tamper(moved.values(operation_id=story[2]))

    assert verified().broken_at == story[2]


def test_two_operations_in_each_others_place_are_found(story: list[int]) -> None:
    with db.engine().connect() as connection:
        rows = {
            row.id: dict(row._mapping)
            for row in connection.execute(sa.select(OPERATIONS))
        }
    for here, there in ((story[1], story[3]), (story[3], story[1])):
        taken = rows[there] | {"id": here}
        tamper(sa.update(OPERATIONS).where(OPERATIONS.c.id == here).values(taken))

    assert verified().broken_at == story[1]


def _cut(connection: Connection, last: int) -> None:
    """Remove the last operation with its changes."""
    connection.execute(sa.delete(CHANGES).where(CHANGES.c.operation_id == last))
    connection.execute(sa.delete(OPERATIONS).where(OPERATIONS.c.id == last))


def _cut_and_turn_the_head_back(connection: Connection, last: int) -> None:
    """As one who has read the code, but has not the key."""
    _cut(connection, last)
    newest = sa.select(OPERATIONS).order_by(OPERATIONS.c.id.desc()).limit(1)
    before = connection.execute(newest).one()
    connection.execute(
        sa.update(HEAD).values(
            operation_id=before.id,
            operations=HEAD.c.operations - 1,
            seal=before.seal,
        )
    )


def _cut_and_remove_the_head(connection: Connection, last: int) -> None:
    _cut(connection, last)
    connection.execute(sa.delete(HEAD))


@pytest.mark.parametrize(
    "cut", [_cut, _cut_and_turn_the_head_back, _cut_and_remove_the_head]
)
def test_a_cut_off_end_is_found(
    story: list[int], cut: Callable[[Connection, int], None]
) -> None:
    with db.engine().begin() as connection:
        cut(connection, story[-1])

    assert verified().broken_at == story[-2]


def test_an_end_cut_off_is_still_found_after_the_next_write(
    story: list[int], admin: Actor
) -> None:
    with db.engine().begin() as connection:
        _cut(connection, story[-1])

    make.customer()

    assert not verified().ok


def test_a_log_emptied_with_its_head_is_found(story: list[int]) -> None:
    for table in (CHANGES, OPERATIONS, HEAD):
        tamper(sa.delete(table))

    assert not verified().ok


def test_a_forged_operation_at_the_end_is_found(story: list[int]) -> None:
    with db.engine().connect() as connection:
        row = connection.execute(
            sa.select(OPERATIONS).where(OPERATIONS.c.id == story[-1])
        ).one()
    forged = dict(row._mapping) | {"id": story[-1] + 1}
    tamper(sa.insert(OPERATIONS).values(forged))

    assert verified().broken_at == story[-1] + 1


@pytest.mark.parametrize(
    "values", [{"operations": 3}, {"operation_id": 1}, {"seal": "0" * 64}]
)
def test_an_altered_head_is_found(story: list[int], values: dict[str, object]) -> None:
    tamper(sa.update(HEAD).values(values))

    assert verified().broken_at == story[-1]


def test_an_operation_that_is_being_written_does_not_disturb(
    story: list[int], admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer commits after the last operation was read."""
    written: list[Session] = []
    head = chain._Walk._head

    def head_later(walk: chain._Walk) -> object:
        if not written:
            written.append(make.customer())
        return head(walk)

    monkeypatch.setattr(chain._Walk, "_head", head_later)

    assert verified().why is None
    assert verified().ok


def _first_change(operation_id: int) -> int:
    first = sa.select(sa.func.min(CHANGES.c.id))
    with db.engine().connect() as connection:
        found = connection.scalar(first.where(CHANGES.c.operation_id == operation_id))
    return int(found)


def _swap_ids(table: sa.Table, one: int, other: int) -> None:
    for here, there in ((one, -1), (other, one), (-1, other)):
        tamper(sa.update(table).where(table.c.id == here).values(id=there))
