"""Numbers as people write them become exact integers, or a reason."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.imports.numerals import SCALE, amount, percent, whole
from crm.services.imports.votes import NumberFormat, NumberVotes, number_votes
from tests.services.imports.files import cells, values

POINT, COMMA = NumberFormat.POINT, NumberFormat.COMMA


@pytest.mark.parametrize(
    ("cell", "ten_thousandths"),
    [
        ("2.55", 25_500),
        ("1,234.56", 12_345_600),
        ("1,234,567", 12_345_670_000),
        ("1 234.5", 12_345_000),
        ("1\u00a0234.5", 12_345_000),
        ("1\u202f234.5", 12_345_000),
        ("1'234.5", 12_345_000),
        ("1’234.5", 12_345_000),
        ("12,34,567.5", 12_345_675_000),  # grouped as in India
        ("-5", -50_000),
        ("5-", -50_000),
        ("−5", -50_000),  # a real minus sign
        ("(5.5)", -55_000),
        ("+5", 50_000),
        ("€ 1,234.50", 12_345_000),
        ("1,234.50 €", 12_345_000),
        ("-$5", -50_000),
        ("$-5", -50_000),
        ("USD 5", 50_000),
        ("5 CHF", 50_000),
        (" 7 ", 70_000),
        (".5", 5_000),
        ("5.", 50_000),
        ("1.50000", 15_000),
        ("1.5E+05", 1_500_000_000),
        ("1e-2", 100),
        ("１２３．５", 1_235_000),
        ("00012", 120_000),
        ("0.1", 1_000),
        ("1." + "0" * 43, 10_000),
        ("0" * 60 + "5", 50_000),
        ("922337203685477.5807", 2**63 - 1),
        ("-922337203685477.5807", -(2**63 - 1)),
    ],
)
def test_a_number_with_a_decimal_point_is_exact(
    cell: str, ten_thousandths: int
) -> None:
    assert values(amount(cells(cell), POINT)) == [ten_thousandths]


@pytest.mark.parametrize(
    ("cell", "ten_thousandths"),
    [
        ("1.234,56", 12_345_600),
        ("1.234", 12_340_000),
        ("1,5", 15_000),
        ("-1,5 €", -15_000),
        ("12.345.678,9", 123_456_789_000),
        ("1 234,5", 12_345_000),
        ("1,5E3", 15_000_000),
    ],
)
def test_a_number_with_a_decimal_comma_is_exact(
    cell: str, ten_thousandths: int
) -> None:
    assert values(amount(cells(cell), COMMA)) == [ten_thousandths]


@pytest.mark.parametrize(
    "cell",
    [
        *("abc", "1,5", "1,23", "1.2.3", "--5", "(5", "(-5)", ".", "-", "$", "=1+1"),
        *("1 23", "inf", "nan", "0x10", "1_000", "1\x002", "٣٤", "1e400"),
    ],
)
def test_what_is_no_number_is_told(cell: str) -> None:
    assert values(amount(cells(cell), POINT)) == ["NOT_A_NUMBER"]


@pytest.mark.parametrize("cell", ["1.5", "1.234.5", "1,5,5"])
def test_a_point_is_no_decimal_comma(cell: str) -> None:
    assert values(amount(cells(cell), COMMA)) == ["NOT_A_NUMBER"]


@pytest.mark.parametrize("cell", ["1.23456", "0.00001", "1e-5", "0." + "1" * 500])
def test_more_than_four_decimal_places_are_told_not_rounded(cell: str) -> None:
    assert values(amount(cells(cell))) == ["TOO_MANY_PLACES"]


@pytest.mark.parametrize("cell", ["922337203685477.5808", "9" * 500, "1e20"])
def test_a_number_too_large_is_told(cell: str) -> None:
    assert values(amount(cells(cell))) == ["TOO_LARGE"]


def test_a_bad_cell_does_not_touch_its_neighbours() -> None:
    column = cells("1.5", "x", "", "1,234.5", "(2)")

    assert values(amount(column)) == [15_000, "NOT_A_NUMBER", None, 12_345_000, -20_000]


def test_a_column_may_be_empty_or_blank() -> None:
    assert values(amount(cells())) == []
    assert values(amount(cells("", " "))) == [None, None]


def test_nulls_and_chunked_columns_are_read() -> None:
    column = pa.chunked_array([["1"], [None, "2"]], pa.string())

    assert values(amount(column)) == [10_000, None, 20_000]


@pytest.mark.slow
@given(
    st.decimals(min_value=-(10**14), max_value=10**14, places=4, allow_nan=False),
    st.sampled_from(NumberFormat),
)
def test_a_grouped_number_is_read_back(number: Decimal, form: NumberFormat) -> None:
    written = f"{number:,.4f}"
    if form is COMMA:
        written = written.translate(str.maketrans(",.", ".,"))

    assert values(amount(cells(written), form)) == [int(number * SCALE)]


@given(st.text(alphabet="0123456789.,-+()' eE€$%x", max_size=12))
@pytest.mark.slow
def test_a_cell_means_the_same_alone_and_among_others(cell: str) -> None:
    for form in NumberFormat:
        alone = values(amount(cells(cell), form))
        among = values(amount(cells("nonsense", cell, "1'000"), form))

        assert alone == among[1:2]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("6", 6), ("-7", -7), ("6.0", 6), ("1,234", 1234), ("6.5", "NOT_WHOLE")],
)
def test_whole_numbers(cell: str, value: object) -> None:
    assert values(whole(cells(cell))) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("10", 1000),
        ("10%", 1000),
        ("12.5 %", 1250),
        ("0.25", 25),
        ("12.345", "TOO_MANY_PLACES"),
        ("much", "NOT_A_NUMBER"),
    ],
)
def test_percents_become_shares(cell: str, value: object) -> None:
    assert values(percent(cells(cell))) == [value]


@pytest.mark.parametrize(
    "column",
    [
        ["1.5"],
        ["1,234.56"],
        ["1,234,567"],
        ["1,234", "2.5"],
        ["0.123"],
        ["1234.567"],
        ["€ 1.50"],
    ],
)
def test_the_point_is_found(column: list[str]) -> None:
    votes = number_votes(cells(*column))

    assert (votes.format, votes.doubt) == (POINT, "")


@pytest.mark.parametrize(
    "column",
    [["1,5"], ["1.234,56"], ["1.234.567"], ["1.234", "2,5"], ["0,123"], ["1234,567"]],
)
def test_the_comma_is_found(column: list[str]) -> None:
    votes = number_votes(cells(*column))

    assert (votes.format, votes.doubt) == (COMMA, "")


def test_numbers_that_fit_both_formats_are_put_to_the_user() -> None:
    votes = number_votes(cells("5", "1,234", "2,500"))

    assert votes.format is POINT
    assert votes.doubt == (
        "“1,234” can be read in two ways; it is taken as in 1,234.56."
    )


def test_numbers_in_both_formats_are_told() -> None:
    votes = number_votes(cells("1,5", "2,5", "1.5"))

    assert votes.format is COMMA
    assert votes.doubt.startswith("Numbers are written in two ways")


def test_plain_numbers_leave_no_doubt() -> None:
    assert number_votes(cells("5", "1234", "x", "")) == NumberVotes()


def test_votes_of_chunks_add_up() -> None:
    votes = number_votes(cells("1,234")) + number_votes(cells("2,5"))

    assert (votes.comma, votes.either, votes.doubt) == (1, 1, "")
