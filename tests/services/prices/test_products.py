"""Products: exact prices, a SKU used once, names that stay."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid
from crm.models import Actor, Product, ProductFields, utcnow
from crm.services import records
from crm.services.documents import orders
from crm.services.prices import products
from tests import make


@pytest.mark.parametrize(
    "price", ["922337203685477.5807", "0.0001", "0.1", "0", "1234567.89"]
)
def test_a_price_is_kept_exactly(admin: Actor, price: str) -> None:
    with db.transaction(admin) as session:
        made = products.create(
            session, ProductFields(sku="1", name="Pen", price=Decimal(price))
        )

    with db.reading(admin) as session:
        assert db.get(session, Product, made.id).price == Decimal(price)


@pytest.mark.parametrize("price", ["-1", "0.00001", "NaN", "1e20", "free"])
def test_a_price_that_is_none_is_refused(price: str) -> None:
    with pytest.raises(Invalid) as told:
        records.valid(ProductFields, {"sku": "1", "name": "Pen", "price": price})

    assert told.value.field == "price"


def test_a_sku_is_used_once_among_the_living(admin: Actor) -> None:
    first = make.product(sku="PEN")
    with pytest.raises(Duplicate), db.transaction(admin) as session:
        products.create(session, ProductFields(sku="PEN", name="Other"))
    with db.transaction(admin) as session:
        products.remove(session, first.id)

    with db.transaction(admin) as session:
        products.create(session, ProductFields(sku="PEN", name="Other"))
    with db.reading(admin) as session:
        named = session.scalars(select(Product.name).where(col(Product.sku) == "PEN"))
        assert list(named) == ["Other"]


@pytest.mark.parametrize("sku", ["PEN 1", "pen 1", "Pen  1"])
def test_a_sku_in_other_letters_is_the_same(admin: Actor, sku: str) -> None:
    make.product(sku="Pen 1", name="Pen")
    other = make.product(sku="INK")

    with pytest.raises(Duplicate) as told, db.transaction(admin) as session:
        products.create(session, ProductFields(sku=sku, name="Other"))
    assert str(told.value) == "The product “Pen” has this SKU already: Pen 1."
    with pytest.raises(Duplicate), db.transaction(admin) as session:
        products.update(session, other.id, {"sku": sku})


def test_a_sku_may_be_written_anew_and_twins_from_before_may_be_changed(
    admin: Actor,
) -> None:
    pen, twin = make.product(sku="pen"), make.product(sku="PEN")

    with db.transaction(admin) as session:
        products.update(session, twin.id, {"sku": "PEN", "name": "Twin"})
        products.update(session, twin.id, {"sku": "PEN-2"})
        products.update(session, pen.id, {"sku": "Pen"})

    with db.reading(admin) as session:
        assert db.get(session, Product, pen.id).sku == "Pen"
        assert db.get(session, Product, twin.id).name == "Twin"


def test_a_seller_changes_no_product(alice: Actor) -> None:
    product = make.product()

    with pytest.raises(Forbidden), db.transaction(alice) as session:
        products.update(session, product.id, {"name": "Mine"})


@pytest.mark.slow
def test_lines_name_products_that_are_put_away(alice: Actor) -> None:
    product = make.product(name="Old pen", deleted_at=utcnow())
    order = make.order(make.customer(alice), (product, 1, "1"))

    with db.reading(alice) as session:
        lines = orders.order(session, order.id).lines
        named = products.products_of(session, lines)

    assert named[product.id].name == "Old pen"
