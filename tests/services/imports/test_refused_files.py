"""What is no table is refused, in words."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.models import Actor
from crm.services.imports import reading, runs
from tests.services.imports.engine import begun
from tests.services.imports.files import csv_file, rows_of


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", b"\xff\xfe"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Invalid, match="empty"):
        reading.sniff(csv_file(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n%...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n....", "an image"),
        (b"\xff\xd8\xff\xe0 JFIF", "an image"),
        (b"<!DOCTYPE html><html><table>", "a web page"),
        (b"\xef\xbb\xbf  <html><body>", "a web page"),
        (b'<?xml version="1.0"?><a/>', "XML"),
        (b'{"a": 1}', "JSON"),
        (b'[{"a": 1}]', "JSON"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", r"an old Excel workbook"),
        (b"\x1f\x8b\x08....", "a compressed file"),
        (b"SQLite format 3\x00....", "a database"),
        (bytes(range(256)) * 20, "binary data"),
    ],
)
def test_another_kind_of_file_is_named(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        reading.sniff(csv_file(tmp_path, content))


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("word/document.xml", "a ZIP archive"),
        ("xl/workbook.bin", "another kind of workbook"),
        ("content.xml", "another kind of workbook"),
    ],
)
def test_an_archive_that_is_no_xlsx_is_named(
    tmp_path: Path, part: str, words: str
) -> None:
    path = tmp_path / "file.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr(part, "x")

    with pytest.raises(Invalid, match=words):
        reading.sniff(path)


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="damaged"):
        reading.sniff(csv_file(tmp_path, b"PK\x03\x04 and nothing more"))


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n")
        file.truncate(5 * 1024**2)

    with pytest.raises(Invalid, match="5 MB; at most 2 MB"):
        reading.sniff(path, max_bytes=2 * 1024**2)


def test_a_file_of_two_gigabytes_is_looked_at_without_being_held(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file.csv"
    with path.open("wb") as file:
        file.write("name,price\nMüller,1\n".encode() * 700_000)
        file.truncate(2 * 1024**3)  # a hole: it takes no room on the disk

    form = reading.sniff(path)

    assert form.n_bytes == 2 * 1024**3
    assert form.header == ("name", "price")


@pytest.mark.slow
def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, b"a,b\n1,2\n" + b"x" * (17 * 1024**2))

    with pytest.raises(Invalid, match="longer than 16 MB"):
        rows_of(path)


def test_a_header_without_a_row_is_not_imported(admin: Actor) -> None:
    upload = runs.upload(admin, BytesIO(b"name,city\n"), "a.csv")
    with db.transaction(admin) as session:
        one = runs.start(session, upload, "customers")
        with pytest.raises(RuleBroken, match="no row of data"):
            runs.choose(session, one.id, runs.proposed(session, one.id))


@pytest.mark.parametrize("ask", [runs.ask_check, runs.ask_run])
def test_a_file_that_is_read_as_a_header_alone_is_not_asked_for(
    admin: Actor, ask: Any
) -> None:
    import_id = begun(admin, "name,city\nA,Bonn\n", "customers")
    with db.transaction(admin) as session:
        empty = runs.read_as(session, import_id, runs.Chosen(skip=1))
        runs.choose_format(session, import_id, empty)

    with (
        db.transaction(admin) as session,
        pytest.raises(RuleBroken, match="no row of data"),
    ):
        ask(session, import_id)
