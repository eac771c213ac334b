"""Price lists: who pays what, when, and from which quantity on."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid, NotFound, Stale
from crm.models import (
    Actor,
    LineFields,
    ListPrice,
    ListPriceFields,
    PriceList,
    PriceListFields,
    Product,
)
from crm.services import records, recycle_bin
from crm.services.documents.quotes_lines import Basis, filled
from crm.services.prices import list_prices, price_files, price_lists
from tests import make

DAY = date(2026, 3, 1)


def made(actor: Actor, **fields: Any) -> PriceList:
    form = records.valid(PriceListFields, {"name": "Dealers"} | fields)
    with db.transaction(actor) as session:
        return price_lists.create(session, form)


def put(
    actor: Actor, whole: PriceList, *given: tuple[Product, str, str]
) -> list[ListPrice]:
    """Product, from which quantity on, price."""
    with db.transaction(actor) as session:
        return list_prices.put(session, whole.id, forms(*given))


def forms(*given: tuple[Product, str, str]) -> list[ListPriceFields]:
    return [
        ListPriceFields(product_id=p.id, min_quantity=Decimal(q), price=Decimal(price))
        for p, q, price in given
    ]


def price_of(
    actor: Actor, whole: PriceList, product: Product, quantity: str
) -> Decimal | None:
    """What a line of a quote is filled in with; None where it is left open."""
    line = LineFields(product_id=product.id, quantity=Decimal(quantity))
    basis = Basis(whole.currency, whole.id, Decimal(0))
    with db.reading(actor) as session, suppress(Invalid):
        price: Decimal = filled(session, [line], basis)[0]["unit_price"]
        return price
    return None


def held(actor: Actor, whole: PriceList) -> list[tuple[str, Decimal, Decimal]]:
    with db.reading(actor) as session:
        return [
            (one.product.sku, one.price.min_quantity, one.price.price)
            for one in price_lists.prices(session, whole.id)
        ]


def test_the_largest_quantity_that_is_reached_decides(admin: Actor) -> None:
    whole, pen, ink = made(admin), make.product(), make.product()
    put(admin, whole, (pen, "1", "2"), (pen, "10", "1.5"), (pen, "100.5", "1"))

    asked = ("0.5", "1", "9.9999", "10", "100", "100.5")
    assert [price_of(admin, whole, pen, one) for one in asked] == [
        None, 2, 2, Decimal("1.5"), Decimal("1.5"), 1,
    ]  # fmt: skip
    assert price_of(admin, whole, ink, "1") is None


def test_prices_hold_between_the_days_of_their_list(admin: Actor) -> None:
    whole = made(admin, valid_from=DAY, valid_until=DAY)

    days = [date(2026, 2, 28), DAY, date(2026, 3, 2)]
    assert [whole.holds_on(day) for day in days] == [False, True, False]
    with db.transaction(admin) as session:
        changed = price_lists.update(session, whole.id, {"active": False})
    assert not changed.holds_on(DAY)


def test_a_list_in_the_recycle_bin_has_no_prices_and_comes_back_with_them(
    admin: Actor,
) -> None:
    whole, pen = made(admin), make.product()
    put(admin, whole, (pen, "1", "2"))

    with db.transaction(admin) as session:
        price_lists.remove(session, whole.id)
    assert price_of(admin, whole, pen, "1") is None
    with db.transaction(admin) as session:
        recycle_bin.restore(session, "price_list", [whole.id])
    assert price_of(admin, whole, pen, "1") == 2


def test_prices_take_the_place_of_those_of_their_product_and_quantity(
    admin: Actor,
) -> None:
    whole = made(admin)
    pen, ink = make.product(sku="PEN", name="A"), make.product(sku="INK", name="B")
    put(admin, whole, (pen, "1", "2"), (ink, "1", "7"))

    put(admin, whole, (pen, "1", "3"), (pen, "5", "2.5"))

    assert held(admin, whole) == [
        ("PEN", 1, 3), ("PEN", 5, Decimal("2.5")), ("INK", 1, 7),
    ]  # fmt: skip
    with db.transaction(admin) as session:
        list_prices.replace(session, whole.id, forms((ink, "1", "7"), (ink, "2", "6")))
    assert held(admin, whole) == [("INK", 1, 7), ("INK", 2, 6)]
    with db.reading(admin) as session:
        (first, _second) = price_lists.of_product(session, ink.id)
        assert (first[0].name, first[1].version) == ("Dealers", 1)  # not touched
        assert db.get(session, PriceList, whole.id).version > whole.version


def test_a_list_that_only_loses_prices_has_changed(admin: Actor) -> None:
    whole, pen, ink = made(admin), make.product(), make.product()
    put(admin, whole, (pen, "1", "2"), (ink, "1", "7"))
    with db.reading(admin) as session:
        before = db.get(session, PriceList, whole.id).version

    with db.transaction(admin) as session:
        list_prices.replace(session, whole.id, forms((pen, "1", "2")))

    with db.reading(admin) as session:
        assert db.get(session, PriceList, whole.id).version > before


def test_one_price_is_changed_or_taken_out_as_it_was_read(admin: Actor) -> None:
    whole, pen = made(admin), make.product(sku="PEN")
    one, other = put(admin, whole, (pen, "1", "2"), (pen, "5", "1"))

    with db.transaction(admin) as session:
        list_prices.change(session, one.id, *forms((pen, "2", "1.9")), version=1)

    assert held(admin, whole)[0] == ("PEN", 2, Decimal("1.9"))
    with pytest.raises(Stale), db.transaction(admin) as session:
        list_prices.remove(session, one.id, version=1)
    with pytest.raises(Duplicate), db.transaction(admin) as session:
        list_prices.change(session, one.id, *forms((pen, "5", "1")), version=2)
    with db.transaction(admin) as session:
        list_prices.remove(session, other.id, version=1)
    assert len(held(admin, whole)) == 1


def test_what_is_no_price_is_refused(admin: Actor) -> None:
    whole, pen = made(admin), make.product()

    with pytest.raises(Invalid, match="same product"):
        put(admin, whole, (pen, "1", "2"), (pen, "1", "3"))
    with pytest.raises(Invalid, match="at most"):
        put(admin, whole, (pen, "1", "1000000000001"))
    with pytest.raises(NotFound):
        put(admin, whole, (Product(id=2**62, sku="?", name="?"), "1", "1"))
    with pytest.raises(Invalid, match="before the first"):
        made(admin, valid_from="2026-03-02", valid_until="2026-03-01")
    put(admin, whole, (pen, "1", "2"))
    with pytest.raises(Invalid, match="EUR"), db.transaction(admin) as session:
        price_lists.update(session, whole.id, {"currency": "usd"})


@pytest.mark.parametrize(
    ("currency", "percent", "expected"),
    [
        ("EUR", "3.5", ["1.04", "0.3"]),  # of 1.040175 and 0.30015
        ("JPY", "-10", ["1", "0"]),  # of 0.9045 and 0.261
        ("EUR", "0", ["1.005", "0.29"]),  # as they are
    ],
)
def test_a_copy_changes_prices_in_whole_units_of_the_currency(
    admin: Actor, currency: str, percent: str, expected: list[str]
) -> None:
    whole, pen = made(admin, currency=currency, valid_from=DAY), make.product()
    put(admin, whole, (pen, "1", "1.005"), (pen, "9", "0.29"))

    with db.transaction(admin) as session:
        copy = price_lists.copied(
            session, whole.id, "Next year", percent=Decimal(percent)
        )

    prices = [price for _sku, _quantity, price in held(admin, copy)]
    assert prices == [Decimal(one) for one in expected]
    assert (copy.currency, copy.valid_from, copy.name) == (currency, DAY, "Next year")


def test_everybody_looks_and_administrators_and_managers_write(
    admin: Actor, alice: Actor
) -> None:
    whole, pen = made(admin), make.product()
    (one,) = put(admin, whole, (pen, "1", "2"))

    assert price_of(alice, whole, pen, "1") == 2
    for act in (
        lambda: made(alice),
        lambda: put(alice, whole, (pen, "5", "1")),
        lambda: put(alice, whole, (pen, "1", "2")),  # which would change nothing
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Forbidden), db.transaction(alice) as session:
        list_prices.remove(session, one.id)
    with pytest.raises(Forbidden), db.reading(alice) as session:
        price_files.written(session, whole.id)


def test_a_file_of_prices_comes_back_as_it_went_out(admin: Actor) -> None:
    whole = made(admin)
    pen, odd = make.product(sku="PEN"), make.product(sku="=1+1", name="Ödd; “one”")
    put(admin, whole, (pen, "1", "2.5"), (pen, "10", "2"), (odd, "0.5", "0"))

    with db.reading(admin) as session:
        content = price_files.written(session, whole.id)
        found = price_files.read(session, content)

    assert b"'=1+1" in content
    assert found.faults == []
    key = ("product_id", "min_quantity", "price")
    assert sorted(tuple(getattr(p, n) for n in key) for p in found.prices) == sorted(
        (one.id, Decimal(q), Decimal(price))
        for one, q, price in ((pen, "1", "2.5"), (pen, "10", "2"), (odd, "0.5", "0"))
    )


def test_faulty_cells_of_a_file_are_told(admin: Actor) -> None:
    pen = make.product(sku="PEN")
    content = (
        "SKU;Preis;min_quantity\nPEN;1,5;\nNONE;1;\nPEN;dear;\nPEN;-1;\nPEN;1;0\n"
        "\nPEN;1.23456;2\nPEN;9;10\n"
    )

    with db.reading(admin) as session:
        found = price_files.read(session, content.encode())
        with pytest.raises(Invalid, match="first line"):
            price_files.read(session, b"a,b\n1,2")

    told = [(one.line, one.column, one.cell) for one in found.faults]
    assert told == [
        (3, "SKU", "NONE"), (4, "Preis", "dear"), (5, "Preis", "-1"),
        (6, "min_quantity", "0"), (8, "Preis", "1.23456"),
    ]  # fmt: skip
    kept = [(one.product_id, one.min_quantity, one.price) for one in found.prices]
    assert kept == [(pen.id, 1, Decimal("1.5")), (pen.id, 10, 9)]


def test_the_column_says_what_a_comma_means(admin: Actor) -> None:
    make.product(sku="PEN")
    clear = b"sku;min_quantity;price\nPEN;1;1,234\nPEN;2;0,5\n"
    unclear = b"sku;min_quantity;price\nPEN;1;1,234\n"

    with db.reading(admin) as session:
        found = price_files.read(session, clear)
        lost = price_files.read(session, unclear)

    assert [one.price for one in found.prices] == [Decimal("1.234"), Decimal("0.5")]
    assert (lost.prices, len(lost.faults)) == ([], 1)
    assert (lost.faults[0].line, lost.faults[0].column) == (2, "price")
    assert "two ways" in lost.faults[0].reason
