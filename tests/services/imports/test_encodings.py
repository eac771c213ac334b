"""Which encoding a file is in, and bytes that do not fit it."""

from pathlib import Path

import pytest

from crm.errors import Invalid
from crm.services.imports import reading
from crm.services.imports.formats import Chosen, Trouble
from tests.services.imports.files import csv_file, problems_of, rows_of

GERMAN = "name,city\nMüller & Söhne,Köln\nGroße Bäckerei,Düsseldorf\nJörg,Fürth\n"
FRENCH = "name,city\nCafé créé,Orléans\nHôtel du Général,Besançon\nÉlodie,Nîmes\n"
CHINESE = "客户名称,城市\n北京科技有限公司,北京\n上海贸易有限公司,上海\n张三,深圳\n"


@pytest.mark.parametrize(
    ("content", "written_as", "found"),
    [
        (CHINESE, "utf-8", "utf-8-sig"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        (GERMAN, "utf-8", "utf-8-sig"),
        (GERMAN, "cp1252", "cp1252"),
        (GERMAN, "utf-16", "utf-16"),
        (GERMAN, "utf-16-le", "utf-16-le"),
        (GERMAN, "utf-16-be", "utf-16-be"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "utf-8", "utf-8-sig"),
        ("name,city\nA,B\n", "ascii", "utf-8-sig"),
    ],
)
def test_the_encoding_is_found_and_the_text_is_right(
    tmp_path: Path, content: str, written_as: str, found: str
) -> None:
    path = csv_file(tmp_path, content, written_as)

    form = reading.sniff(path)

    assert form.encoding == found
    rows = [list(form.header), *rows_of(path)]
    assert rows == [line.split(",") for line in content.splitlines()]


def test_the_encoding_is_found_far_behind_plain_text(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "name\n" + "abc\n" * 600_000 + "Müller\n", "cp1252")

    assert reading.sniff(path).encoding == "cp1252"


def test_emoji_and_rare_characters_arrive(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n👩‍👩‍👧🏽,𠮷野家\n")

    assert rows_of(path) == [["👩‍👩‍👧🏽", "𠮷野家"]]


def test_a_broken_byte_in_utf_8_is_told_with_row_column_and_place(
    tmp_path: Path,
) -> None:
    path = csv_file(tmp_path, GERMAN.encode() + b"ok,caf\xe9\n" + GERMAN.encode())

    (problem,) = problems_of(path)

    assert (problem.row, problem.trouble) == (4, Trouble.UNREADABLE)
    assert problem.message.startswith(
        "“city”, character 4: the byte 0xE9 does not exist in UTF-8."
    )
    assert problem.cells == ("ok", "caf�")


def test_the_rows_beside_a_broken_byte_are_read(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a\nMüller\nJörg\n".encode() + b"caf\xe9\nend\n")

    assert rows_of(path, Chosen(encoding="utf-8")) == [["Müller"], ["Jörg"], ["end"]]


def test_half_a_character_in_utf_16_is_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\nx,".encode("utf-16") + b"\x00\xd8" + b"\n\x00")

    (problem,) = problems_of(path)

    assert problem.trouble is Trouble.UNREADABLE


def test_surrogates_written_as_utf_8_are_told(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, "a,b\nüüüüüüüüüü,öööööööööö\n".encode() + b"\xed\xa0\x80,1\n"
    )

    (problem,) = problems_of(path)

    assert problem.row == 2


def test_another_encoding_can_be_chosen(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "имя\nИван\n", "cp1251")

    assert rows_of(path, Chosen(encoding="cp1251")) == [["Иван"]]


@pytest.mark.parametrize("name", ["klingon-8", "base64", "zip"])
def test_an_unknown_encoding_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match="not known"):
        reading.sniff(csv_file(tmp_path, "a\n1\n"), Chosen(encoding=name))
