"""F1, F2, F3: columns hold and give back the same on every database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from crm import db
from crm.models.types import Amount, Id, Instant, Json, LongText, Text
from crm.models.types import stored as stored_enum
from crm.models.values import exact, folded

LARGEST = Decimal("922337203685477.5807")
CHINA = timezone(timedelta(hours=8))


class Colour(StrEnum):
    """Something to choose."""

    RED = "red"
    BLUE = "blue"


THINGS = sa.Table(
    "portable_thing",
    sa.MetaData(),
    sa.Column("id", Id, primary_key=True),
    sa.Column("amount", Amount()),
    sa.Column("at", Instant()),
    sa.Column("text", Text(40)),
    sa.Column("notes", LongText()),
    sa.Column("data", Json()),
    sa.Column("colour", stored_enum(Colour)),
)


@pytest.fixture
def connection(database: str) -> Iterator[sa.Connection]:
    """A connection to a database that has the table of things."""
    engine = db.engine()
    THINGS.create(engine)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        THINGS.drop(engine)


def put(connection: sa.Connection, *rows: dict[str, Any]) -> None:
    connection.execute(sa.insert(THINGS), list(rows))


def column(connection: sa.Connection, name: str, *where: Any) -> list[Any]:
    """The values of column `name`, in its order, of the rows that fit."""
    wanted = THINGS.c[name]
    return list(connection.scalars(sa.select(wanted).where(*where).order_by(wanted)))


@pytest.mark.slow
def test_amounts_are_exact(connection: sa.Connection) -> None:
    amounts = [-LARGEST, Decimal("0.0001"), Decimal("0.3"), LARGEST]
    put(connection, *({"amount": amount} for amount in reversed(amounts)))

    assert column(connection, "amount") == amounts


def test_sums_of_amounts_are_exact(connection: sa.Connection) -> None:
    put(connection, *({"amount": Decimal(text)} for text in ("0.1", "0.1", "0.1")))

    total = connection.scalar(sa.select(sa.func.sum(THINGS.c.amount)))

    assert total == Decimal("0.3")


def test_a_sum_reaches_the_largest_amount(connection: sa.Connection) -> None:
    put(connection, {"amount": LARGEST - 1}, {"amount": Decimal(1)})

    assert connection.scalar(sa.select(sa.func.sum(THINGS.c.amount))) == LARGEST


def test_amounts_are_compared_exactly(connection: sa.Connection) -> None:
    close = LARGEST - Decimal("0.0001")
    put(connection, {"amount": LARGEST}, {"amount": close})
    amount = THINGS.c.amount

    assert column(connection, "amount", amount == LARGEST) == [LARGEST]
    assert column(connection, "amount", amount < LARGEST) == [close]
    assert column(connection, "amount", amount.in_([close])) == [close]


@pytest.mark.parametrize(
    "wrong",
    ["1.00001", "NaN", "sNaN", "Infinity", "922337203685477.5808", "1e30", "x", ""],
)
def test_what_is_no_amount_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        exact(wrong)


def test_a_float_is_no_amount() -> None:
    with pytest.raises(TypeError):
        exact(0.1)  # type: ignore[arg-type]  # what the test is about


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=CHINA),
        datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))),
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_as_the_same_instant(
    connection: sa.Connection, moment: datetime
) -> None:
    put(connection, {"at": moment})

    found = column(connection, "at", THINGS.c.at == moment)

    assert found == [moment]
    assert found[0].utcoffset() == timedelta(0)


def test_moments_sort_by_instant_whatever_their_zone(
    connection: sa.Connection,
) -> None:
    noon_here = datetime(2026, 3, 1, 12, tzinfo=UTC)
    noon_in_china = datetime(2026, 3, 1, 12, tzinfo=CHINA)
    put(connection, {"at": noon_here}, {"at": noon_in_china})

    assert column(connection, "at") == [noon_in_china, noon_here]


def test_a_moment_without_a_zone_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(sa.exc.StatementError, match="zone"):
        put(connection, {"at": datetime(2026, 3, 1)})  # noqa: DTZ001  (the fault)


@pytest.mark.parametrize("name", ["text", "notes"])
@pytest.mark.parametrize(
    "text", ["张三 😀", "  padded  ", "a\tb\nc", "\u202eright to left", "100%_\\/'\""]
)
def test_text_comes_back_as_it_went_in(
    connection: sa.Connection, name: str, text: str
) -> None:
    put(connection, {name: text})

    assert column(connection, name, THINGS.c[name] == text) == [text]


@pytest.mark.parametrize("name", ["text", "notes"])
def test_case_accents_and_spaces_tell_texts_apart(
    connection: sa.Connection, name: str
) -> None:
    put(connection, *({name: text} for text in ("e", "E", "é", "e ")))

    assert column(connection, name, THINGS.c[name] == "e") == ["e"]


def test_texts_sort_by_their_characters(connection: sa.Connection) -> None:
    put(connection, *({"text": text} for text in ("é", "b a", "B", "ba", "a", "张")))

    assert column(connection, "text") == ["B", "a", "b a", "ba", "é", "张"]


def test_lower_case_is_found_by_upper_case_beyond_ascii(
    connection: sa.Connection,
) -> None:
    put(connection, {"notes": "Übermut"})
    found = THINGS.c.notes.icontains("ÜBER", autoescape=True)

    assert column(connection, "notes", found) == ["Übermut"]


def test_composed_and_decomposed_are_the_same(connection: sa.Connection) -> None:
    put(connection, {"text": "e\u0301"})

    assert column(connection, "text", THINGS.c.text == "\u00e9") == ["\u00e9"]


@pytest.mark.parametrize("name", ["text", "notes"])
def test_empty_text_is_nothing(connection: sa.Connection, name: str) -> None:
    put(connection, {name: ""})

    assert column(connection, name) == [None]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("text", "x" * 41),
        ("notes", "a\x00b"),
        ("notes", "\udfff"),
        ("data", {"a": "b\x00"}),
        ("data", {"a\x00": 1}),
        ("data", ["\ud800"]),
        ("data", [float("nan")]),
        ("data", {"a": float("inf")}),
    ],
)
def test_what_one_database_cannot_store_none_stores(
    connection: sa.Connection, name: str, wrong: Any
) -> None:
    with pytest.raises(sa.exc.StatementError):
        put(connection, {name: wrong})


def test_long_text_is_kept_whole(connection: sa.Connection) -> None:
    text = "长" * 200_000
    put(connection, {"notes": text})

    assert column(connection, "notes") == [text]


def test_plain_data_comes_back_as_it_went_in(connection: sa.Connection) -> None:
    data = {"a": [1, 2.5, None, True], "b": {"c": "张 😀 \\u0000"}}
    put(connection, {"data": data})

    assert connection.scalar(sa.select(THINGS.c.data)) == data


def test_an_enum_is_stored_by_its_value(connection: sa.Connection) -> None:
    put(connection, {"colour": Colour.BLUE})

    raw = sa.select(sa.cast(THINGS.c.colour, sa.String(20)))
    assert connection.scalar(raw) == "blue"


def test_an_enum_takes_nothing_else(connection: sa.Connection) -> None:
    with pytest.raises(sa.exc.StatementError):
        put(connection, {"colour": "green"})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("École  Normale", "ecole normale"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ＡＢＣ１２", "abc12"),
        ("ﬁn", "fin"),
        ("张三", "张三"),
        ("İstanbul", "istanbul"),
    ],
)
def test_folding_forgets_case_accents_and_width(text: str, key: str) -> None:
    assert folded(text) == key


@pytest.mark.slow
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.slow
@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_plain_letters_are_folded_as_they_are_among_others(text: str) -> None:
    among_others = folded(f"{text} é")

    assert f"{folded(text)} e".strip() == among_others
