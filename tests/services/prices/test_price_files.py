"""Prices in a file are read in the one way in which they are meant, or not at all."""

from decimal import Decimal

import pytest

from crm import db
from crm.models import Actor, ListPriceFields, PriceListFields
from crm.services import records
from crm.services.prices import list_prices, price_files, price_lists
from tests import make


@pytest.mark.parametrize(
    ("rows", "prices", "columns"),
    [
        ("PEN;1;1.234\n", [], ["price"]),
        ("PEN;1.000;7\n", [], ["min_quantity"]),
        ("PEN;1;1.234\nPEN;2;2.50\n", ["1.234", "2.5"], []),
        ("PEN;1;1.234\nPEN;2;2,50\n", ["1234", "2.5"], []),
        ("PEN;1;1.234\nPEN;2;2,50\nPEN;3;3.5\n", ["2.5", "3.5"], ["price"]),
    ],
)
def test_a_point_that_may_be_either_is_told_too(
    admin: Actor, rows: str, prices: list[str], columns: list[str]
) -> None:
    make.product(sku="PEN")

    with db.reading(admin) as session:
        found = price_files.read(session, f"sku;min_quantity;price\n{rows}".encode())

    assert [one.price for one in found.prices] == [Decimal(one) for one in prices]
    assert [one.column for one in found.faults] == columns


def test_a_file_that_we_write_can_be_read_in_one_way_only(admin: Actor) -> None:
    pen, values = make.product(sku="PEN"), {"min_quantity": "1.125", "price": "1.234"}
    with db.transaction(admin) as session:
        form = records.valid(PriceListFields, {"name": "Dealers"})
        whole = price_lists.create(session, form)
        price = records.valid(ListPriceFields, values | {"product_id": pen.id})
        list_prices.put(session, whole.id, [price])

    with db.reading(admin) as session:
        found = price_files.read(session, price_files.written(session, whole.id))

    assert found.faults == []
    (one,) = found.prices
    assert (one.min_quantity, one.price) == (Decimal("1.125"), Decimal("1.234"))


def test_a_sku_is_found_in_other_letters_too(admin: Actor) -> None:
    pen = make.product(sku="Pen 1")

    with db.reading(admin) as session:
        found = price_files.read(session, b"sku,price\nPEN  1,5\n")

    assert [one.product_id for one in found.prices] == [pen.id]
