"""Files of rates: as the European Central Bank gives them, or a rate per row."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crm import db
from crm.errors import Forbidden, Invalid
from crm.models import SYSTEM, Actor, Change, Deed, ExchangeRate
from crm.services.money import rate_files, rate_writing
from crm.services.money.rate_files import Direction, Quoted, RateFile
from tests import make

FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)
ECB = """Date,USD,JPY,CYP,
2026-03-03,1.0844,169.5,N/A,
2026-03-02,1.0800,nonsense,N/A,
2 March 26,1.1,0,,
"""
LONG = """\ufeffDatum;Währung;Kurs
03.03.2026;usd;0,92
02.03.2026;USD;1.000,5
32.03.2026;USD;0,9
02.03.2026;$;0,9

02.03.2026;EUR;1
"""


def read(text: str, direction: Direction, book: str = "EUR") -> RateFile:
    return rate_files.read(text.encode(), direction, book)


def reasons(found: RateFile) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.reason) for fault in found.faults]


def test_units_for_one_of_the_book_currency_are_turned_round() -> None:
    found = read(ECB, Direction.UNITS)

    assert found.rates == {
        ("USD", SECOND): Decimal("0.9221689414"),
        ("JPY", SECOND): Decimal("0.0058997050"),
        ("USD", FIRST): Decimal("0.9259259259"),
    }
    assert reasons(found) == [
        (3, "JPY", "“nonsense” is not a number."),
        (4, "USD", "“2 March 26” is not a date."),
        (4, "JPY", "“2 March 26” is not a date."),
    ]


def test_from_units_for_a_euro_follow_those_of_another_book_currency() -> None:
    found = read(ECB, Direction.EURO, "USD")

    assert found.rates == {
        ("JPY", SECOND): Decimal("0.0063976401"),  # 1.0844 / 169.5
        ("EUR", SECOND): Decimal("1.0844"),
        ("EUR", FIRST): Decimal("1.08"),
    }
    lacking = read("Date,JPY\n2026-03-03,169.5", Direction.EURO, "USD")
    assert (lacking.rates, len(lacking.faults)) == ({}, 1)
    assert read(ECB, Direction.EURO) == read(ECB, Direction.UNITS)


def test_a_rate_per_row_in_another_language() -> None:
    found = read(LONG, Direction.WORTH)

    assert found.rates == {
        ("USD", SECOND): Decimal("0.92"),
        ("USD", FIRST): Decimal("1000.5"),
    }
    assert reasons(found) == [
        (4, "Kurs", "“32.03.2026” is not a date."),
        (5, "Kurs", "“$” is not a currency."),
    ]
    assert found.currencies == ["USD"]


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2", b"Date\n2026-03-01", b"\xff\xfe\x00", b"Date,usd\n1,2"],
)
def test_what_is_no_table_of_rates_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        rate_files.read(content, Direction.WORTH, "EUR")


@given(st.binary(max_size=200), st.sampled_from(Direction))
def test_no_cell_is_a_crash(content: bytes, direction: Direction) -> None:
    for head in (b"Date,USD\n", b"date,currency,rate\n2026-03-01,USD,"):
        try:
            found = rate_files.read(head + content, direction, "CHF")
        except Invalid:
            continue
        assert all(0 < rate < 10**8 for rate in found.rates.values())


def brought(actor: Actor, rates: Quoted, *, replacing: bool) -> rate_writing.Compared:
    with db.transaction(actor) as session:
        return rate_writing.bring_in(
            session, rates, source="ecb.csv", replacing=replacing
        )


def stored() -> dict[tuple[str, date], Decimal]:
    with db.reading(SYSTEM) as session:
        rows = session.scalars(select(ExchangeRate)).all()
    return {(row.currency, row.rate_on): row.rate for row in rows}


def test_rates_come_in_beside_those_that_are_there_or_in_their_place(
    admin: Actor,
) -> None:
    make.rate("USD", "2026-03-02", "0.9")
    make.rate("USD", "2026-03-03", "0.9221689414")
    rates = read(ECB, Direction.UNITS).rates

    found = brought(admin, rates, replacing=False)

    assert (len(found.new), len(found.others), found.same) == (1, 1, 1)
    assert stored()["USD", FIRST] == Decimal("0.9")
    assert stored()["JPY", SECOND] == Decimal("0.0058997050")
    again = brought(admin, rates, replacing=True)
    assert (again.new, again.same) == ({}, 2)
    assert stored() == rates


def test_what_comes_in_at_once_is_logged_at_once(admin: Actor, alice: Actor) -> None:
    rates = read(ECB, Direction.UNITS).rates

    brought(admin, rates, replacing=False)

    with db.reading(SYSTEM) as session:
        newest = select(Change).order_by(Change.id.desc())
        change = session.scalars(newest).first()
    assert (change.entity, change.deed) == ("exchange_rate", Deed.BATCH)
    assert change.after == {"count": 3}
    with pytest.raises(Forbidden):
        brought(alice, {("CHF", FIRST): Decimal(1)}, replacing=False)
    assert len(stored()) == 3


def test_the_whole_file_says_what_a_comma_means() -> None:
    head = "date;currency;rate\n2026-03-02;IDR;1,234\n"

    assert read(head + "2026-03-03;IDR;2,5", Direction.WORTH).rates == {
        ("IDR", FIRST): Decimal("1.234"),
        ("IDR", SECOND): Decimal("2.5"),
    }
    assert read(head + "2026-03-03;IDR;2.5", Direction.WORTH).rates == {
        ("IDR", FIRST): Decimal(1234),
        ("IDR", SECOND): Decimal("2.5"),
    }
    found = read(head, Direction.WORTH)
    words = "“1,234” can be read in two ways: write it as 1234 or as 1.2340."
    assert (found.rates, reasons(found)) == ({}, [(2, "rate", words)])


def test_there_is_no_rate_of_what_is_no_currency() -> None:
    found = read("date,currency,rate\n2026-03-02,ABC,2.5", Direction.WORTH)

    assert reasons(found) == [(2, "rate", "“ABC” is not a currency.")]
