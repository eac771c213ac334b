"""Column types that behave alike on SQLite, PostgreSQL and MariaDB.

They also compile for Oracle and SQL Server. What each guards against is in
`docs/decisions/0006-one-behaviour-on-every-database.md`.
"""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql
from sqlalchemy.engine import Dialect

from crm.models.values import LARGEST, check_plain, clean, exact
from crm.models.words import kept, told

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

MYSQL = ("mysql", "mariadb")


class Amount(types.TypeDecorator[Decimal]):
    """An exact decimal with four places: money and quantities.

    On SQLite, which has no decimals, an integer scaled by 10,000: sums, order and
    comparison stay exact in SQL. Never multiply two amounts in SQL.
    """

    impl = types.Numeric(19, 4, asdecimal=True)
    cache_ok = True
    SCALE = 10_000
    LIMIT = LARGEST

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        scaled = dialect.name == "sqlite"
        return dialect.type_descriptor(
            sa.BigInteger() if scaled else sa.Numeric(19, 4, asdecimal=True)
        )

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        amount = exact(value)
        return int(amount * self.SCALE) if dialect.name == "sqlite" else amount

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        whole = Decimal(value)
        return whole / self.SCALE if dialect.name == "sqlite" else whole

    def process_literal_param(self, value: Any, dialect: Dialect) -> str:
        return str(self.process_bind_param(value, dialect))


class Rate(types.TypeDecorator[Decimal]):
    """How much one thing is of another: an exact decimal with ten places, below 10⁸.

    On SQLite an integer scaled by 10¹⁰. Never multiply with it in SQL.
    """

    impl = types.Numeric(19, 10, asdecimal=True)
    cache_ok = True
    SCALE = 10**10
    LIMIT = Decimal(10**8)

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        scaled = dialect.name == "sqlite"
        return dialect.type_descriptor(
            sa.BigInteger() if scaled else sa.Numeric(19, 10, asdecimal=True)
        )

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError("A rate is never a float.")
        rate = Decimal(value).quantize(Decimal("1e-10"), rounding=ROUND_HALF_EVEN)
        if not 0 < rate < self.LIMIT:
            raise ValueError("The rate is out of range.")
        return int(rate * self.SCALE) if dialect.name == "sqlite" else rate

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        whole = Decimal(value)
        return whole / self.SCALE if dialect.name == "sqlite" else whole


class Instant(types.TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out, microseconds kept. Naive is refused."""

    impl = types.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in MYSQL:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        if dialect.name == "oracle":
            return dialect.type_descriptor(oracle.TIMESTAMP(timezone=True))
        if dialect.name == "mssql":
            column: Any = mssql.DATETIMEOFFSET
            return dialect.type_descriptor(column(6))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time needs its zone.")
        utc = value.astimezone(UTC)
        keeps_zone = dialect.name not in ("sqlite", *MYSQL)
        return utc if keeps_zone else utc.replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware: datetime = value
        if aware.tzinfo is None:
            return aware.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


class Text(types.TypeDecorator[str]):
    """Unicode text of at most `length` characters, NFC; '' is stored as NULL."""

    impl = types.Unicode
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.limit = length

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in MYSQL:
            column: Any = mysql.VARCHAR(
                self.limit, charset="utf8mb4", collation=_exact_collation(dialect)
            )
        elif dialect.name == "mssql":
            column = sa.Unicode(self.limit, collation="Latin1_General_100_BIN2")
        elif dialect.name == "postgresql":  # sorted as elsewhere; an index serves LIKE
            column = sa.String(self.limit, collation="C")
        else:
            column = sa.String(self.limit)
        return dialect.type_descriptor(column)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = clean(value)
        if len(text) > self.limit:
            raise ValueError(f"Text is longer than {self.limit} characters.")
        return text or None


class LongText(types.TypeDecorator[str]):
    """Unicode text without a limit to speak of (16 MB)."""

    impl = types.UnicodeText
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in MYSQL:
            column: Any = mysql.MEDIUMTEXT(
                charset="utf8mb4", collation=_exact_collation(dialect)
            )
            return dialect.type_descriptor(column)
        return dialect.type_descriptor(sa.UnicodeText())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else clean(value) or None


class Told(Text):
    """Words for whoever reads them, in their language; cut to `length` as stored."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        words = None if value is None else kept(value, self.limit)
        return super().process_bind_param(words, dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else told(value)


class LongTold(LongText):
    """The same without a limit to speak of."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        words = None if value is None else kept(value)
        return super().process_bind_param(words, dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else told(value)


def _exact_collation(dialect: Dialect) -> str:
    """MySQL's name for: case and accents count, no padding, like the others."""
    is_mariadb = getattr(dialect, "is_mariadb", False)
    return "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"


class Bytes(types.TypeDecorator[bytes]):
    """Binary data; parts of at most a few megabytes."""

    impl = types.LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in MYSQL:
            return dialect.type_descriptor(mysql.LONGBLOB())
        return dialect.type_descriptor(sa.LargeBinary())


class Json(types.TypeDecorator[Any]):
    """Plain data: native JSON where there is one.

    NaN, NUL and half characters are refused, as PostgreSQL does.
    """

    impl = types.JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        check_plain(value)
        return value

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.JSONB(none_as_null=True))
        return dialect.type_descriptor(sa.JSON(none_as_null=True))


def stored(enum: type[StrEnum]) -> sa.Enum:
    """The column type for `enum`: its values as text, and no other text."""
    return sa.Enum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=20,
    )
