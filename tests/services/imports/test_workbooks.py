"""Reading XLSX: typed cells as text, sheets, and files made to do harm."""

import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from xlsxwriter import Workbook

from crm.errors import Invalid
from crm.services.imports import reading, workbook_guard
from crm.services.imports.formats import Chosen, Trouble
from tests.services.imports.files import SHEET, edited, problems_of, rows_of, workbook

TEXTS = "xl/sharedStrings.xml"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1+1", "=1+1"),
        ("0049", "0049"),
        ("👍 张三", "👍 张三"),
        (3, "3"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (1e21, "1" + "0" * 21),
        (1.5e-7, "0.00000015"),
        (True, "true"),
        (datetime.fromisoformat("2026-01-05T08:26"), "2026-01-05 08:26:00"),
        (date(2026, 1, 5), "2026-01-05"),
    ],
)
def test_a_cell_arrives_as_plain_text(tmp_path: Path, cell: object, text: str) -> None:
    path = workbook(tmp_path, ["a", "b"], ["x", cell])

    ((_x, found),) = rows_of(path)

    assert found.removesuffix(" 00:00:00") == text


def test_a_formula_arrives_as_its_saved_value(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 0, "=1+1", None, 42)
        sheet.write_formula(1, 1, '=HYPERLINK("http://x")', None, "shown")

    assert rows_of(path) == [["42", "shown"]]


def test_cells_with_errors_are_told(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.write(1, 1, "x")

    (note,) = reading.sniff(path).notes

    assert note.startswith("1 cell of the workbook shows an error")


def test_formulas_without_a_result_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], ["x", 3])
    edited(path, SHEET, lambda xml: xml.replace(b"<v>3</v>", b"<f>A1+1</f>"))

    (note,) = reading.sniff(path).notes

    assert note.startswith("1 formula was saved without its result")


def test_sheets_are_listed_the_first_visible_one_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with Workbook(str(path)) as book:
        hidden = book.add_worksheet("Secret")
        shown = book.add_worksheet("Data")
        book.add_chartsheet("Chart")
        shown.write(0, 0, "name")
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()

    form = reading.sniff(path)

    assert form.sheets == ("Data", "Secret")
    assert form.sheet == "Data"


def test_another_sheet_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with Workbook(str(path)) as book:
        book.add_worksheet("One").write_column(0, 0, ["a", "1"])
        book.add_worksheet("Two").write_column(0, 0, ["b", "2"])

    assert rows_of(path, Chosen(sheet="Two")) == [["2"]]


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a"], ["1"])

    with pytest.raises(Invalid, match="no sheet “Two”"):
        reading.sniff(path, Chosen(sheet="Two"))


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="empty"):
        reading.sniff(workbook(tmp_path))


def test_a_header_alone_has_no_rows_and_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"])

    form = reading.sniff(path)

    assert list(reading.chunks(path, form)) == []
    assert form.notes == ("There is a header, but no row of data.",)
    assert form.is_empty


def test_rows_that_come_late_are_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], *[[]] * 200, ["1", "2"])

    form = reading.sniff(path)

    assert (form.is_empty, form.notes) == (False, ())


@pytest.mark.slow
def test_blank_rows_are_counted_and_numbered_as_in_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path, [], ["a", "b"], ["1", "2"], [], ["3", "4"])

    (problem,) = problems_of(path)
    chunk = next(reading.chunks(path, reading.sniff(path)))

    assert chunk.rows.tolist() == [1, 3]
    assert (problem.row, problem.trouble) == (2, Trouble.BLANK)


@pytest.mark.slow
def test_the_last_chunk_has_read_the_whole_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a"], *[[number] for number in range(2500)])
    form = reading.sniff(path)

    *_others, last = reading.chunks(path, form, size=1000)

    assert last.bytes_read == form.n_bytes


@pytest.mark.slow
def test_stopping_early_ends_the_reading_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def watched(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        started.append(start(*args, **kwargs))
        return started[-1]

    path = workbook(tmp_path, ["a"], *[["x" * 100]] * 5000)
    form = reading.sniff(path)
    monkeypatch.setattr(subprocess, "Popen", watched)

    for _chunk in reading.chunks(path, form, size=100):
        break

    (program,) = started
    assert program.poll() not in (None, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "reference", [b'r="XFD1048576"', b"r\n= 'XFD1048576'", b'r="xfd1048576"']
)
def test_two_cells_in_far_corners_do_not_bring_anything_down(
    tmp_path: Path, reference: bytes
) -> None:
    path = workbook(tmp_path, ["a", "b"], ["x", 3])
    edited(path, SHEET, lambda xml: xml.replace(b'r="B2"', reference))

    with pytest.raises(Invalid, match="too many cells"):
        reading.sniff(path)


@pytest.mark.slow
def test_a_wrong_count_of_texts_does_not_bring_anything_down(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], ["x", 3])
    many = b'uniqueCount="4000000000"'
    edited(path, TEXTS, lambda xml: xml.replace(b'uniqueCount="3"', many))

    with pytest.raises(Invalid, match="damaged"):
        reading.sniff(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], ["x", 3])
    doctype = b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    edited(
        path,
        TEXTS,
        lambda xml: xml.replace(b"?>", doctype, 1).replace(b"<t>x<", b"<t>&e;<"),
    )

    with pytest.raises(Invalid):
        reading.sniff(path)


def test_a_workbook_that_unpacks_to_more_than_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_guard, "MAX_UNPACKED", 1024**2)
    path = workbook(tmp_path, ["a"], ["1"])
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(2 * 1024**2))

    with pytest.raises(Invalid, match="more than 1 MB when unpacked"):
        reading.sniff(path)


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a"], *[[number] for number in range(500)])
    path.write_bytes(path.read_bytes()[:-300])

    with pytest.raises(Invalid, match="damaged"):
        reading.sniff(path)


def test_broken_xml_inside_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], ["x", 3])
    edited(path, SHEET, lambda xml: xml[: len(xml) // 2])

    with pytest.raises(Invalid, match="damaged"):
        reading.sniff(path)
