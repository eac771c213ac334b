"""E9: every migration, up, down and failing half-way, on a database full of rows.

Behind the last one stands one more, that rebuilds the table with the most children.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.ddl.impl import DefaultImpl
from alembic.script import ScriptDirectory
from sqlalchemy import types

from crm import db, migrations
from crm.config import ROOT
from crm.db.engine import build

pytestmark = pytest.mark.slow

REBUILD = '''"""Rebuild"""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "rebuild", "{head}"
branch_labels = depends_on = None


def rebuilt(table):
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return op.batch_alter_table(table, recreate="always" if is_sqlite else "never")


def upgrade():
    op.create_table("thing", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("name", sa.String(20), index=True))
    with rebuilt("customer") as customer:
        customer.add_column(sa.Column("nickname", sa.String(20)))
        customer.create_index("ix_customer_nickname", ["nickname"])
    with rebuilt("app_user") as user:
        user.add_column(sa.Column("nickname", sa.String(20)))
        user.create_unique_constraint("uq_app_user_nickname", ["nickname"])


def downgrade():
    with rebuilt("app_user") as user:
        user.drop_constraint("uq_app_user_nickname", type_="unique")
        user.drop_column("nickname")
    with rebuilt("customer") as customer:
        customer.drop_index("ix_customer_nickname")
        customer.drop_column("nickname")
    op.drop_table("thing")
'''
EACH = 3  # rows per table

Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture
def url(database: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    own = db.engine().url
    name = f"{own.database}_bare"
    server = sa.create_engine(own, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield own.set(database=name).render_as_string(hide_password=False)
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    server.dispose()


@pytest.fixture
def alembic(url: str, tmp_path: Path) -> Config:
    """Alembic for that database, with one more migration that rebuilds tables."""
    config = migrations.config(url)
    head = ScriptDirectory.from_config(config).get_current_head()
    (tmp_path / "more").mkdir()
    (tmp_path / "more/rebuild.py").write_text(REBUILD.format(head=head))
    places = [str(ROOT / "crm/migrations/versions"), str(tmp_path / "more")]
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(places))
    return config


def revisions(alembic: Config) -> list[str]:
    """From the first to the last."""
    walked = ScriptDirectory.from_config(alembic).walk_revisions()
    return [script.revision for script in walked][::-1]


def fill(url: str) -> None:
    """Three rows in every table that has none, each pointing at the row before."""
    engine = build(url)
    names = set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    with engine.begin() as connection:
        empty = [
            name
            for name in names
            if not connection.scalar(sa.text(f"SELECT count(*) FROM {name}"))
        ]
        catalog = sa.MetaData()
        catalog.reflect(connection, only=empty)  # and what they point at
        for table in catalog.sorted_tables:
            if table.name not in empty:
                continue
            for number in range(1, EACH + 1):
                row = {c.name: _value(c, number) for c in table.c}
                connection.execute(sa.insert(table), row)
    engine.dispose()


def _value(column: sa.Column[Any], number: int) -> Any:
    """Different in each row; a text that is JSON, too, as MariaDB's JSON is text."""
    if column.foreign_keys:
        own = any(key.column.table is column.table for key in column.foreign_keys)
        return (number - 1 or None) if own else number
    values: list[tuple[type, Any]] = [
        (types.Boolean, True),
        (types.Numeric, Decimal(number)),
        (types.Integer, number),
        (types.DateTime, datetime(2026, 3, number, tzinfo=UTC)),
        (types.Date, date(2026, 3, number)),
        (types._Binary, b"x"),
        (types.JSON, {"number": number}),
    ]
    fitting = (value for kind, value in values if isinstance(column.type, kind))
    return next(fitting, str(number))


def held(url: str) -> Tables:
    """All rows of all tables."""
    engine = build(url)
    names = set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    with engine.connect() as connection:
        found = {
            name: [
                dict(row._mapping)
                for row in connection.execute(
                    sa.text(f"SELECT * FROM {name} ORDER BY id")
                )
            ]
            for name in names
        }
    engine.dispose()
    return found


def kept(before: Tables, after: Tables) -> None:
    """Each row is there still, with what it held in columns that are there still."""
    for name in before.keys() & after.keys():
        assert len(after[name]) == len(before[name]) == EACH, name
        for old, new in zip(before[name], after[name], strict=True):
            both = old.keys() & new.keys()
            assert {k: new[k] for k in both} == {k: old[k] for k in both}, name


class _Cut(Exception):
    """The power goes."""


def test_every_migration_goes_up_and_down_and_up_and_keeps_all_rows(
    url: str, alembic: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time up it fails half-way, and is then tried again."""
    execute = DefaultImpl._exec
    done: list[Any] = []

    def counted(self: Any, construct: Any, *args: Any, **kwargs: Any) -> Any:
        if len(done) == cut:
            raise _Cut
        done.append(construct)
        return execute(self, construct, *args, **kwargs)

    monkeypatch.setattr(DefaultImpl, "_exec", counted)
    for revision in revisions(alembic):
        fill(url)
        before = held(url)
        done.clear()
        cut = -1
        command.upgrade(alembic, revision)
        steps = len(done)
        kept(before, held(url))
        wanted = schema(url)
        fill(url)
        command.downgrade(alembic, "-1")
        assert held(url) == before

        cut = steps // 2
        done.clear()
        with pytest.raises(_Cut):
            command.upgrade(alembic, revision)

        left = held(url)
        kept(before, {name: left[name] for name in before})
        assert not [name for name in left if name.startswith("_alembic")]
        if not url.startswith("mariadb"):  # which has no way back
            assert left == before
        cut = -1
        command.upgrade(alembic, revision)
        assert schema(url) == wanted
        kept(before, held(url))

    assert len(before["sales_order"]) == EACH
    assert "nickname" in held(url)["customer"][0]
    command.downgrade(alembic, "base")
    assert held(url) == {}


def schema(url: str) -> dict[str, Any]:
    """The columns, indexes and keys of every table."""
    engine = sa.create_engine(url)
    catalog = sa.inspect(engine)
    found = {
        "columns": _by_table(catalog.get_multi_columns(), "name", "type", "nullable"),
        "indexes": _by_table(catalog.get_multi_indexes(), "name", "unique"),
        "keys": _by_table(catalog.get_multi_foreign_keys(), "name", "options"),
        "uniques": _by_table(catalog.get_multi_unique_constraints(), "name"),
    }
    engine.dispose()
    return found


def _by_table(found: Any, *facts: str) -> dict[str, list[str]]:
    return {
        table: sorted(str([thing[fact] for fact in facts]) for thing in things)
        for (_schema, table), things in found.items()
    }


def test_the_migrations_make_what_the_models_say(url: str) -> None:
    migrations.upgrade(url)

    command.check(migrations.config(url))  # raises where they differ


def test_two_processes_that_start_at_once_migrate_once(url: str) -> None:
    program = "import sys; from crm import migrations; migrations.upgrade(sys.argv[1])"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, url], cwd=ROOT, stderr=subprocess.PIPE
        )
        for _number in range(2)
    ]

    assert [process.communicate(timeout=120)[1] for process in running] == [b""] * 2
    fill(url)
    assert len(held(url)["customer"]) == EACH
