"""From a column to values and problems, as the wizard asks for them."""

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from crm.i18n import language
from crm.services.imports import reading
from crm.services.imports.parsed import WORDS, Reason, explain
from crm.services.imports.targets import CUSTOMERS, ORDERS
from crm.services.imports.values import Options, parse, votes
from crm.services.imports.votes import DateOrder, NumberFormat
from tests.services.imports.files import cells, csv_file, values, workbook


def test_a_blank_cell_of_a_required_field_is_told() -> None:
    parsed = parse(cells("Ann", ""), CUSTOMERS.field("name"))

    assert values(parsed) == ["Ann", "MISSING"]


def test_a_bad_cell_of_a_required_field_is_told_once() -> None:
    parsed = parse(cells("x"), ORDERS.field("quantity"))

    assert values(parsed) == ["NOT_A_NUMBER"]


def test_options_say_how_to_read() -> None:
    options = Options(
        numbers=NumberFormat.COMMA,
        dates=DateOrder.MONTH_FIRST,
        zone=ZoneInfo("Europe/Berlin"),
        country="DE",
    )

    price = parse(cells("1.234,5"), ORDERS.field("unit_price"), options)
    at = parse(cells("05/06/2026"), ORDERS.field("ordered_at"), options)
    phone = parse(cells("030 1234567"), CUSTOMERS.field("phone"), options)

    assert values(price) == [12_345_000]
    assert values(at)[0].isoformat() == "2026-05-05T22:00:00+00:00"
    assert values(phone) == ["+49301234567"]


def test_a_problem_names_row_column_cell_and_reason() -> None:
    column = cells("2", "two")

    parsed = parse(column, ORDERS.field("quantity"))
    (problem,) = parsed.problems(column, np.array([7, 9]), "Menge")

    assert (problem.row, problem.column, problem.cell) == (9, "Menge", "two")
    assert problem.message == "“two” is not a number like 1,234.56."


def test_a_long_cell_is_shown_short_and_without_control_characters() -> None:
    message = explain(Reason.NOT_A_COUNTRY, "\x00" + "x" * 10_000, {})

    assert message == f"“�{'x' * 59}…” is not a country."


def test_a_name_of_10_000_characters_is_told_with_its_length() -> None:
    column = cells("x" * 10_000)

    (problem,) = parse(column, CUSTOMERS.field("name")).problems(
        column, np.array([1]), "Name"
    )

    assert problem.message == "10,000 characters; at most 200 fit."


def test_every_reason_has_words_that_can_be_filled_in() -> None:
    facts = dict.fromkeys(
        ("example", "zone", "choices", "country", "max_length"), "fact"
    )

    for reason in Reason:
        if reason is not Reason.FINE:
            assert "{" not in explain(reason, "cell", facts)
    assert set(WORDS) == set(Reason) - {Reason.FINE}


def test_messages_are_made_in_the_language_of_whoever_asks() -> None:
    with language("zh_CN"):
        message = explain(Reason.NOT_A_COUNTRY, "x", {})

    assert "x" in message


def test_only_numbers_and_dates_are_voted_on() -> None:
    assert votes(cells("x"), CUSTOMERS.field("name")) is None
    assert votes(cells("1,5"), ORDERS.field("unit_price")).comma == 1
    assert votes(cells("13/1/2026"), ORDERS.field("ordered_at")).day_first == 1


def test_numbers_of_a_workbook_are_in_no_doubt(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["price"], [1.234])
    (chunk,) = reading.chunks(path, reading.sniff(path))
    field = ORDERS.field("unit_price")

    found = votes(chunk.columns["price"], field, typed=True)

    assert found.doubt == ""
    assert values(parse(chunk.columns["price"], field)) == [12_340]


def test_a_file_with_every_kind_of_trouble_tells_each_of_them(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        b"order_number,ordered_at,sku,quantity,unit_price\n"
        b"1,2026-01-05,A,2,1.50\n"
        b"2,05.01.2026,A,2\n"
        b"3,31.02.2026,A,two,1.23456\n"
        b"\n"
        b',5 Jan 2026,\x00A,"1,000",(3)\n',
    )
    told = []
    for chunk in reading.chunks(path, reading.sniff(path)):
        told += [(problem.row, "", problem.message) for problem in chunk.problems]
        for name in chunk.columns.column_names:
            column = chunk.columns[name]
            parsed = parse(column, ORDERS.field(name))
            told += [
                (problem.row, problem.column, problem.message)
                for problem in parsed.problems(column, chunk.rows, name)
            ]

    assert sorted(told) == [
        (2, "", "The row has 4 cells; the header has 5."),
        (3, "ordered_at", "“31.02.2026” is not in the calendar; read as 31/12/2026."),
        (3, "quantity", "“two” is not a number like 1,234.56."),
        (3, "unit_price", "“1.23456” has more than four decimal places."),
        (4, "", "The row is blank."),
        (5, "order_number", "Nothing here, but it is required."),
        (5, "sku", "“�A” holds a NUL or another control character."),
    ]
