"""C7: what goes out comes back the same, and no spreadsheet computes it."""

import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.errors import Invalid
from crm.services import export_format
from crm.services.export_format import csv_in, csv_out, write_csv, write_xlsx
from crm.services.imports import moments
from tests.services.imports.files import rows_of

NASTY = st.text(
    st.one_of(
        st.sampled_from("=+-@|'\"\t\r\n,; \\\x00\u00a0\ufeff\u3000\u200b＝＋－＠1a"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)
KEPT = NASTY.map(lambda text: re.sub("[\x00-\x08\x0b-\x1f]", "", text))
ROWS = st.lists(  # no record holds other control characters
    st.tuples(st.text("abc", min_size=1, max_size=3), KEPT, KEPT), max_size=6
)


@pytest.mark.parametrize(
    "start",
    ["", " ", "\t", "  \t", "\ufeff", "\u00a0", "\u3000", "\u200b", "\x01", "\u202e"],
)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_what_might_be_computed_gets_an_apostrophe(start: str, sign: str) -> None:
    assert csv_out(f"{start}{sign}SUM(A1)").startswith("'")


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx", "+49 30 1234", "--1", "+1\n"])
def test_other_dangerous_starts_get_one_too(text: str) -> None:
    assert csv_out(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5", "-1.5", "-1,5", "+3%", "a=1", "a", ""])
def test_numbers_and_plain_text_go_out_as_they_are(text: str) -> None:
    assert csv_out(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (Decimal("-1234.5000"), "-1234.5000"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5, 8, 26, tzinfo=UTC), "2026-01-05 08:26:00+00:00"),
    ],
)
def test_values_go_out_as_text_that_is_read_back(value: object, cell: str) -> None:
    assert csv_out(value) == cell


@pytest.mark.parametrize("text", ["'t Hooft", "'68", "'", "rock 'n' roll"])
def test_an_apostrophe_of_somebody_else_stays(text: str) -> None:
    assert csv_in(text) == text


@pytest.mark.slow
@given(NASTY)
def test_a_cell_comes_back_the_same(text: str) -> None:
    assert csv_in(csv_out(text)) == text


@given(NASTY)
def test_no_cell_starts_like_a_formula(text: str) -> None:
    seen = csv_out(text).lstrip(" \u00a0\ufeff\u3000\u200b\x00")

    number = seen.lstrip("+-").rstrip("%").replace(",", "").replace(".", "")
    assert not seen.startswith(tuple("=@＝＋－＠\t\r\n"))
    assert not seen.startswith(("+", "-")) or number.isdigit()


@given(ROWS)
@pytest.mark.slow
def test_rows_of_a_csv_file_come_back_the_same(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    path = tmp_path / "out.csv"

    count = write_csv(path, ["a", "=b", "c"], rows)

    assert count == len(rows)
    assert rows_of(path) == [list(row) for row in rows]


@pytest.mark.slow
@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.just("x"),
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=9),
            st.sampled_from(
                ["=1+1", "_x0041_", "a\nb", "\x01", "'x", "-5", "http://x"]
            ),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_rows_of_a_workbook_come_back_the_same(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    path = tmp_path / "out.xlsx"

    write_xlsx(path, ["a", "=b", "c"], rows)

    assert rows_of(path) == [list(row) for row in rows]


def test_every_cell_of_a_csv_file_is_quoted(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    write_csv(path, ["a"], [["x;=1+1"]])

    assert path.read_bytes() == b'\xef\xbb\xbf"a"\r\n"x;=1+1"\r\n'


def test_a_workbook_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"

    write_xlsx(path, ["=1+1"], [["=HYPERLINK(1)"], ["@x"], ["+1"]])

    with ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.5"), "1234.5"),
        (Decimal("922337203685477.5807"), "922337203685477.5807"),
        (12345678901234567890, "12345678901234567890"),
        (True, "true"),
        (None, ""),
        (date(2026, 1, 5), "2026-01-05"),
        (date(1850, 1, 5), "1850-01-05"),
        (datetime(2026, 1, 5, 8, 26, tzinfo=UTC), "2026-01-05 09:26:00"),
    ],
)
def test_values_of_a_workbook_are_exact(tmp_path: Path, value: Any, text: str) -> None:
    path = tmp_path / "out.xlsx"

    write_xlsx(path, ["a", "b"], [["x", value]], zone=ZoneInfo("Europe/Berlin"))

    assert rows_of(path) == [["x", text]]


@pytest.mark.parametrize(
    ("zone", "year", "there", "apart"),
    [
        ("Asia/Shanghai", 2026, "2026-03-01 00:30:00", "+08:00"),
        ("America/New_York", 2026, "2026-02-28 11:30:00", "-05:00"),
        ("Africa/Monrovia", 1971, "1971-02-28 15:45:30", None),  # -00:44:30
    ],
)
def test_a_time_goes_out_as_clocks_there_show_it_and_comes_back_the_same(
    tmp_path: Path, zone: str, year: int, there: str, apart: str | None
) -> None:
    at, place = datetime(year, 2, 28, 16, 30, tzinfo=UTC), ZoneInfo(zone)

    write_csv(tmp_path / "out.csv", ["at"], [[at]], zone=place)
    write_xlsx(tmp_path / "out.xlsx", ["at"], [[at]], zone=place)

    cells = [rows_of(tmp_path / f"out.{kind}")[0][0] for kind in ("csv", "xlsx")]
    in_utc = f"{at:%Y-%m-%d %H:%M:%S}+00:00"
    assert cells == [there + apart if apart else in_utc, there]
    for cell in cells:
        assert moments.moment(pa.array([cell]), zone=place).values.to_pylist() == [at]


def test_text_that_a_workbook_cannot_hold_is_refused_not_cut(tmp_path: Path) -> None:
    rows = [["x"], ["x" * 32_768]]

    with pytest.raises(Invalid, match=r"32,767 characters in a cell \(row 2\)"):
        write_xlsx(tmp_path / "out.xlsx", ["a"], rows)


def test_more_rows_than_a_workbook_can_hold_are_refused_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_format, "XLSX_MAX_ROWS", 3)

    with pytest.raises(Invalid, match="CSV"):
        write_xlsx(tmp_path / "out.xlsx", ["a"], [["1"], ["2"], ["3"]])


def test_another_reader_finds_the_same_cells(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_csv(path, ["a", "b"], [['say "x", y', "one\r\ntwo\\"]])

    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ['say "x", y', "one\r\ntwo\\"]
