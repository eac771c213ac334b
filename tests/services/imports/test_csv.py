"""Reading CSV: delimiters, headers, ragged rows, and every row accounted for."""

import tracemalloc
from pathlib import Path

import pytest

from crm.errors import Invalid
from crm.services.imports import reading
from crm.services.imports.formats import Chosen, Trouble
from tests.services.imports.files import csv_file, problems_of, rows_of


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = csv_file(tmp_path, "name,price\nA,1\nB,2\n".replace(",", delimiter))

    form = reading.sniff(path)

    assert form.delimiter == delimiter


def test_decimal_commas_do_not_make_the_comma_the_delimiter(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "name;price\nA;1,5\nB;2,5\n")

    assert rows_of(path) == [["A", "1,5"], ["B", "2,5"]]


def test_the_delimiter_excel_writes_down_is_believed(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "sep=|\nname|notes\nA|x,y\n")

    assert rows_of(path) == [["A", "x,y"]]


def test_a_chosen_delimiter_beats_the_likely_one(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a;b,c\n1;2,3\n")

    form = reading.sniff(path, Chosen(delimiter=","))

    assert form.header == ("a;b", "c")


def test_a_delimiter_of_two_characters_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n1,2\n")

    with pytest.raises(Invalid, match="one character"):
        reading.sniff(path, Chosen(delimiter="::"))


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "name\nA\nB\n")

    assert rows_of(path) == [["A"], ["B"]]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, newline: str) -> None:
    path = csv_file(tmp_path, f"a,b{newline}1,2{newline}3,4{newline}")

    assert rows_of(path) == [["1", "2"], ["3", "4"]]


def test_quotes_delimiters_and_line_breaks_stay_in_their_cell(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'a,b\n"say ""hi"", x","one\r\ntwo"\n')

    assert rows_of(path) == [['say "hi", x', "one\r\ntwo"]]


def test_another_quotation_mark_can_be_chosen(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n'1,5',2\n")

    assert rows_of(path, Chosen(quotechar="'")) == [["1,5", "2"]]


def test_without_a_quotation_mark_quotes_are_letters(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'a,b\n"x,2\n')

    assert rows_of(path, Chosen(quotechar="")) == [['"x', "2"]]


def test_a_row_with_too_few_cells_is_told_and_left_out(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8\n")

    assert rows_of(path) == [["1", "2", "3"], ["6", "7", "8"]]
    (problem,) = problems_of(path)
    assert (problem.row, problem.trouble) == (2, Trouble.TOO_FEW)
    assert problem.cells == ("4", "5")
    assert problem.message == "The row has 2 cells; the header has 3."


def test_a_row_with_too_many_cells_is_told_and_left_out(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n1,2\n3,4,5\n")

    (problem,) = problems_of(path)
    assert (problem.row, problem.trouble) == (2, Trouble.TOO_MANY)


def test_blank_cells_after_the_last_column_harm_nobody(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n1,2,,\n")

    assert rows_of(path) == [["1", "2"]]
    assert problems_of(path) == []


def test_blank_rows_are_counted_not_dropped(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n1,2\n\n,\n3,4\n")

    chunk = next(reading.chunks(path, reading.sniff(path)))

    assert chunk.rows.tolist() == [1, 4]
    assert [(p.row, p.trouble) for p in chunk.problems] == [
        (2, Trouble.BLANK),
        (3, Trouble.BLANK),
    ]


def test_a_quote_that_is_not_doubled_spoils_its_row_only(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'a,b\n1,2\n"x"y,3\n4,5\n')

    assert rows_of(path) == [["1", "2"], ["4", "5"]]
    (problem,) = problems_of(path)
    assert (problem.row, problem.trouble) == (2, Trouble.UNREADABLE)
    assert problem.message.startswith("Line 3:")


def test_a_quote_that_never_closes_stops_the_reading(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'a,b\n1,2\n"x,3\n4,5\n')

    with pytest.raises(Invalid, match="after row 2 of the file is not closed"):
        rows_of(path)


def test_a_cell_of_10_000_characters_is_read(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"a,b\n{'x' * 10_000},2\n")

    assert len(rows_of(path)[0][0]) == 10_000


@pytest.mark.slow
def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    names = ",".join(f"c{number}" for number in range(10_000))
    path = csv_file(tmp_path, f"{names}\n{'1,' * 9_999}2\n" * 2)

    form = reading.sniff(path)
    seen = sum(chunk.n_seen for chunk in reading.chunks(path, form))

    assert len(form.header) == 10_000
    assert seen == 3


def test_a_nul_byte_reaches_the_cell_in_which_it_is(tmp_path: Path) -> None:
    path = csv_file(tmp_path, b"a,b\n1\x002,3\n")

    assert rows_of(path) == [["1\x002", "3"]]


def test_names_that_repeat_are_numbered_and_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Name,Name,Name (2),Name\n1,2,3,4\n")

    form = reading.sniff(path)

    assert form.header == ("Name", "Name (2)", "Name (2) (2)", "Name (3)")
    assert form.notes[0].startswith("Names that occur more than once")


def test_columns_without_a_name_are_numbered_and_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Name,, \n1,2,3\n")

    form = reading.sniff(path)

    assert form.header == ("Name", "Column 2", "Column 3")
    assert form.notes == ("Columns without a name were numbered: 2, 3.",)


def test_a_file_without_header_gets_numbered_columns(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "1,2\n3,4\n")

    chosen = Chosen(has_header=False)

    assert reading.sniff(path, chosen).header == ("Column 1", "Column 2")
    assert rows_of(path, chosen) == [["1", "2"], ["3", "4"]]


def test_blank_lines_before_the_header_are_passed_over(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "\n,,\nname,price\nA,1\n")

    assert rows_of(path) == [["A", "1"]]


def test_a_header_alone_has_no_rows_and_says_so(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "name,price\n")

    form = reading.sniff(path)

    assert list(reading.chunks(path, form)) == []
    assert form.notes == ("There is a header, but no row of data.",)
    assert form.is_empty


def test_rows_that_come_late_are_rows(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "name,price\n" + "\n" * 200 + "A,1\n")

    form = reading.sniff(path)

    assert (form.is_empty, form.notes) == (False, ())


def test_the_sample_shows_the_first_rows(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n" + "1,2\n" * 50)

    assert reading.sniff(path).sample_rows == (("1", "2"),) * 20


def test_chunks_hold_as_many_rows_as_asked_for(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n" + "1,2\n" * 2500)

    chunks = list(reading.chunks(path, reading.sniff(path), size=1000))

    assert [len(chunk.rows) for chunk in chunks] == [1000, 1000, 500]
    assert [int(chunk.rows[0]) for chunk in chunks] == [1, 1001, 2001]


def test_the_last_chunk_has_read_the_whole_file(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n" + "1,2\n" * 2500)
    form = reading.sniff(path)

    *_others, last = reading.chunks(path, form)

    assert last.bytes_read == form.n_bytes == path.stat().st_size


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n" + '1,2\n\n3\n4,5,6\n"x"y,1\n' * 700)
    form = reading.sniff(path)

    chunks = list(reading.chunks(path, form, size=1000))

    numbers = [int(row) for chunk in chunks for row in chunk.rows]
    numbers += [problem.row for chunk in chunks for problem in chunk.problems]
    assert sorted(numbers) == list(range(1, 3501))


def test_the_apostrophe_of_our_own_export_is_taken_off(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n'=1+1,'t Hooft\n")

    assert rows_of(path) == [["=1+1", "'t Hooft"]]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n" + f"{'x' * 500},2\n" * 100_000)
    form = reading.sniff(path)

    tracemalloc.start()
    for _chunk in reading.chunks(path, form, size=5000):
        pass
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < path.stat().st_size / 5
