"""Odd files: told with row and column, nothing half written, nothing lost."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.models import Actor, Customer, Order, Product
from crm.services.imports import runs
from crm.services.imports.formats import Chosen
from crm.services.imports.votes import DateOrder, NumberFormat
from tests.services.imports.engine import (
    begun,
    brought,
    checked,
    latest,
    ran,
    rows_of,
    told,
)
from tests.services.imports.files import workbook


def names(actor: Actor, content: str | bytes | Path) -> list[str]:
    """The names of customers that come out of a file."""
    brought(actor, content, "customers")
    return [row[0] for row in rows_of(Customer, "name")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.slow
def test_encodings_are_found(admin: Actor, encoding: str) -> None:
    content = "name,city\n北京市朝阳区客户有限公司,北京\n上海市客户有限公司,上海\n"

    assert names(admin, content.encode(encoding)) == [
        "北京市朝阳区客户有限公司", "上海市客户有限公司",
    ]  # fmt: skip


def test_rows_in_a_wrong_encoding_fail_and_are_told(admin: Actor) -> None:
    import_id = begun(admin, "name\nMüller\nMeier\n".encode("cp1252"), "customers")
    with db.reading(admin) as session:
        form = runs.read_as(session, import_id, Chosen(encoding="utf-8"))
    with db.transaction(admin) as session:
        runs.choose_format(session, import_id, form)

    report = ran(admin, import_id)

    assert (report.counts.created, report.counts.failed) == (1, 1)
    row, column, reason = told(admin, import_id)[0]
    assert (row, column) == (1, None)
    assert reason.startswith(
        "“name”, character 2: the byte 0xFC does not exist in UTF-8"
    )


def test_ragged_rows_fail_and_blank_ones_are_counted(admin: Actor) -> None:
    report = brought(admin, "name,city\nA,Bonn\nB\nC,Ulm,x\n,\nD,Köln\n", "customers")

    counts = report.counts
    assert (counts.rows, counts.created, counts.failed, counts.skipped) == (5, 2, 2, 1)
    assert told(admin, latest(admin)) == [
        (2, None, "The row has 1 cells; the header has 2."),
        (3, None, "The row has 3 cells; the header has 2."),
    ]
    assert report.notes == ("1 blank row was skipped.",)


def test_a_file_of_a_header_alone_is_refused(admin: Actor) -> None:
    with pytest.raises(RuleBroken, match="no row of data"):
        brought(admin, "name,city\n", "customers")

    assert rows_of(Customer, "id") == []


def test_a_file_of_blank_rows_alone_brings_nothing(admin: Actor) -> None:
    report = brought(admin, "name,city\n" + ",\n" * 50, "customers")

    assert (report.counts.created, report.counts.failed) == (0, 0)
    assert (report.counts.rows, report.finished) == (50, True)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"%PDF-1.7", b"PK\x03\x04broken"])
def test_what_is_no_table_is_refused_and_not_kept(
    admin: Actor, content: bytes, tmp_path: Path
) -> None:
    with pytest.raises(Invalid):
        runs.upload(admin, BytesIO(content), "x.csv")

    assert list((tmp_path / "data" / "files").iterdir()) == []


def test_formulas_are_text(admin: Actor) -> None:
    content = 'name\n"=HYPERLINK(""http://x"")"\n@SUM(1)\n-2+3\n\'=1+1\n'

    assert names(admin, content) == [
        '=HYPERLINK("http://x")', "@SUM(1)", "-2+3", "=1+1",
    ]  # fmt: skip


def test_two_columns_of_one_name_are_both_there(admin: Actor) -> None:
    import_id = begun(
        admin,
        "name,name\nA,B\n",
        "customers",
        mapping={"name": "name", "name (2)": "city"},
    )

    ran(admin, import_id)

    assert rows_of(Customer, "name", "city") == [("A", "B")]


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("2026-03-04", None),
        ("04.03.2026", None),
        ("04/03/2026", DateOrder.DAY_FIRST),
        ("03/04/2026", DateOrder.MONTH_FIRST),
        ("4 March 2026", None),
        ("2026年3月4日", None),
    ],
)
def test_dates_are_read_in_many_ways(
    admin: Actor, written: str, order: DateOrder | None
) -> None:
    brought(
        admin,
        f"order_number,ordered_at,sku,quantity,unit_price\n1,{written},A,1,1\n",
        "orders",
        dates={"ordered_at": order} if order else {},
    )

    at = rows_of(Order, "ordered_at")[0][0]
    assert f"{at:%Y-%m-%d}" == "2026-03-04"


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("1.234,50", NumberFormat.COMMA),
        ("1,234.50", NumberFormat.POINT),
        ("1 234.50", NumberFormat.POINT),
        ("€1'234.50", NumberFormat.POINT),
    ],
)
def test_thousands_are_read_in_many_ways(
    admin: Actor, written: str, numbers: NumberFormat
) -> None:
    brought(admin, f'sku,name,price\nA,Cup,"{written}"\n', "products")

    assert rows_of(Product, "price") == [(Decimal("1234.50"),)]


def test_a_number_that_can_be_read_in_two_ways_is_asked_about(admin: Actor) -> None:
    import_id = begun(admin, 'sku,name,price\nA,Cup,"1.234"\n', "products")

    doubt = checked(admin, import_id).doubts[0]

    assert (doubt.column, doubt.chosen) == ("price", NumberFormat.POINT)
    words = "“1.234” can be read in two ways; it is taken as in 1,234.56."
    assert doubt.words == words


def test_emoji_and_signs_of_other_scripts_come_in(admin: Actor) -> None:
    texts = ["👩‍👩‍👧 Zoë", "𝔊𝔬𝔱𝔥𝔦𝔠", "שלום", "Ａｃｍｅ"]

    assert names(admin, "name\n" + "\n".join(texts) + "\n") == texts


def test_what_no_text_holds_fails_its_row(admin: Actor) -> None:
    report = brought(
        admin, f"name,city\nA\x00B,Bonn\n{'x' * 10_000},Ulm\nGood,\x07\n", "customers"
    )

    assert report.counts.failed == 3
    assert told(admin, latest(admin)) == [
        (1, "name", "“A�B” holds a NUL or another control character."),
        (2, "name", "10,000 characters; at most 200 fit."),
        (3, "city", "“�” holds a NUL or another control character."),
    ]


def test_a_name_of_a_column_that_no_database_stores_is_shown_otherwise(
    admin: Actor,
) -> None:
    import_id = begun(
        admin, "na\x00me,city\nA,\n", "customers", mapping={"na�me": "name"}
    )

    assert ran(admin, import_id).counts.created == 1


@pytest.mark.slow
def test_a_table_of_many_columns_comes_in(admin: Actor) -> None:
    header = ["name", *(f"c{n}" for n in range(9_999))]
    content = ",".join(header) + "\n" + ",".join(["A", *["x"] * 9_999]) + "\n"

    assert names(admin, content) == ["A"]


def test_rows_above_the_header_are_skipped_where_that_is_chosen(admin: Actor) -> None:
    upload = runs.upload(admin, BytesIO(b"Export of today\n\nname;city\nA;Bonn\n"), "x")
    with db.transaction(admin) as session:
        import_id = runs.start(session, upload, "customers").id
        form = runs.read_as(session, import_id, Chosen(skip=1))
        runs.choose_format(session, import_id, form)
        runs.choose(session, import_id, runs.proposed(session, import_id))

    ran(admin, import_id)

    assert rows_of(Customer, "name", "city") == [("A", "Bonn")]


def test_a_workbook_comes_in(admin: Actor, tmp_path: Path) -> None:
    path = workbook(tmp_path, ["name", "city"], ["Acme", "Bonn"], ["=1+1", None])

    brought(admin, path, "customers")

    assert rows_of(Customer, "name", "city") == [("Acme", "Bonn"), ("=1+1", None)]
