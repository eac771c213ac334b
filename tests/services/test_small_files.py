"""Numbers in small files are read as the whole file writes them."""

from decimal import Decimal

import pytest

from crm.errors import Invalid
from crm.services.imports.votes import NumberFormat
from crm.services.small_files import amount, figure, number_format

POINT, COMMA = NumberFormat.POINT, NumberFormat.COMMA


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["1,234", "2.5"], POINT),
        (["1,234", "0,5"], COMMA),
        (["1,234", "12,345"], None),
        (["1,234,567"], POINT),
        (["1.234.567"], COMMA),
        (["1.000,5"], COMMA),
        (["1,084.25"], POINT),
        (["0,923"], COMMA),
        (["1234,567"], COMMA),
        (["1.0844"], POINT),
        (["2.5", "2,5"], None),
        (["7", "", "x"], None),
    ],
)
def test_the_clear_cells_decide_for_all(
    cells: list[str], form: NumberFormat | None
) -> None:
    assert number_format(cells) is form


@pytest.mark.parametrize(
    ("cell", "form", "number"),
    [
        ("1,234", POINT, "1234"),
        ("1,234", COMMA, "1.234"),
        ("1.234", COMMA, "1234"),
        ("1.234", None, "1.234"),
        ("1.000,5", None, "1000.5"),
        ("0,5", POINT, "0.5"),
        ("-1,234.5", None, "-1234.5"),
        ("12,345,678", None, "12345678"),
        ("7", COMMA, "7"),
        ("1.5E-05", None, "0.000015"),
    ],
)
def test_a_number_is_read_that_way(
    cell: str, form: NumberFormat | None, number: str
) -> None:
    assert figure(cell, form) == Decimal(number)


def test_what_nobody_can_tell_is_refused_in_words() -> None:
    with pytest.raises(Invalid) as told:
        figure("1,234")

    words = "“1,234” can be read in two ways: write it as 1234 or as 1.2340."
    assert str(told.value) == words


@pytest.mark.parametrize("cell", ["1.234", "1,234", "-12.345"])
def test_an_amount_may_be_in_the_thousands(cell: str) -> None:
    with pytest.raises(Invalid, match="can be read in two ways"):
        amount(cell)

    bare = cell.replace(",", ".")
    assert amount(bare, POINT) == Decimal(bare)
    assert amount(bare, COMMA) == Decimal(bare.replace(".", ""))
    assert amount("0.234") == Decimal("0.234")
    assert amount("1234.567") == Decimal("1234.567")


@pytest.mark.parametrize("cell", ["", "x", "1,2,3", "1.2.3", "1,23.4", "inf", "--1"])
def test_what_is_no_number_is_none(cell: str) -> None:
    with pytest.raises(Invalid, match="is not a number"):
        figure(cell)
