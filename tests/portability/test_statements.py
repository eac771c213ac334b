"""F1: what no server here would tell us, and what every database is given alike."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col

from crm import db
from crm.db import portable
from crm.models import Actor, Customer, Job, LogHead
from tests import make
from tests.portability import emitted
from tests.portability.lint import DIALECTS, crowded, findings

ROWS = sa.inspect(Customer).local_table
KEY = ROWS.c.id


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (sa.select(KEY == 1), "a comparison is no value"),
        (sa.select((KEY == 1).label("first")), "a comparison is no value"),
        (sa.select(sa.exists().where(KEY == 1)), "a comparison is no value"),
        (sa.select(KEY).order_by(ROWS.c.city.is_(None)), "a comparison is no value"),
        (sa.select(sa.func.count().filter(KEY > 1)), "no FILTER"),
        (sa.select(KEY).where(sa.tuple_(KEY, KEY).in_([(1, 1)])), "no (a, b) IN"),
        (sa.select(KEY).order_by(KEY.desc().nulls_last()), "no NULLS FIRST or LAST"),
        (sa.select(ROWS.c.notes).distinct(), "a CLOB is compared"),
        (sa.select(KEY).where(ROWS.c.notes == "x"), "a CLOB is compared"),
        (sa.select(KEY).limit(1).with_for_update(), "FOR UPDATE of a page"),
        (sa.select(sa.func.strftime("%Y", KEY)), "The function strftime"),
        (
            sa.select(sa.func.count(KEY)).group_by(sa.func.coalesce(ROWS.c.city, "")),
            "GROUP BY an expression with a bound value",
        ),
        (
            sa.select(sa.func.sum(sa.select(KEY).scalar_subquery())),
            "an aggregate over a subquery",
        ),
        (sa.select(KEY).limit(5).offset(5), "does not compile"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_is_known_not_to_run_somewhere_is_found(statement: Any, why: str) -> None:
    assert any(why in text for text in findings(statement))


def test_a_list_that_is_too_long_for_oracle_is_found() -> None:
    listed = KEY.in_(range(1001)).right

    assert crowded([listed]) == ["Oracle 19: more than 1000 values in a list"]


def test_what_runs_everywhere_is_not_complained_of() -> None:
    fine = (
        sa.select(ROWS)
        .where(KEY.in_([1, 2]), ROWS.c.notes.contains("x"), ROWS.c.notes.is_not(None))
        .order_by(ROWS.c.walk_in.desc(), KEY)
        .limit(5)
        .offset(5)
    )

    assert findings(fine) == []


def test_what_a_test_emits_is_looked_at_each_time(database: str) -> None:
    long, short = ([*range(count)] for count in (1001, 1000))
    told = []

    with db.engine().connect() as connection:
        for listed in (short, long, short, long):
            connection.execute(sa.select(KEY).where(KEY.in_(listed)))
            told.append(len(emitted.taken()))
        connection.execute(sa.select(sa.func.count(KEY)).group_by(KEY + 1))
        told.append(len(emitted.taken()))

    assert told == [0, 1, 0, 1, 1]


@pytest.mark.parametrize("table", [LogHead, Job])
def test_sql_server_locks_the_rows_that_others_lock_by_for_update(
    table: type[SQLModel],
) -> None:
    locking = sa.select(table).where(table.id == 1).with_for_update()

    text = str(portable.locked(locking).compile(dialect=DIALECTS["SQL Server"]))

    assert f"FROM {table.__tablename__} WITH (UPDLOCK, ROWLOCK)" in text


@pytest.mark.slow
def test_more_ids_than_any_database_binds_are_looked_up(admin: Actor) -> None:
    customer = make.customer()
    many = [*range(10**9, 10**9 + 70_000), customer.id]

    with db.reading(admin) as session:
        found = session.scalars(
            sa.select(Customer.id).where(db.ids_in(col(Customer.id), many))
        ).all()

    assert found == [customer.id]


@pytest.mark.parametrize("name", DIALECTS)
def test_every_table_can_be_written_down_for_databases_that_no_test_has(
    name: str,
) -> None:
    for table in SQLModel.metadata.sorted_tables:
        text = str(sa.schema.CreateTable(table).compile(dialect=DIALECTS[name]))
        names = [table.name, *table.c.keys(), *(i.name or "" for i in table.indexes)]

        assert "VARCHAR2 " not in text  # without a length
        assert "VARCHAR(max) COLLATE" not in text
        assert max(map(len, names)) <= 63  # PostgreSQL's, the shortest
