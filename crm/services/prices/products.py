"""Products: what we sell, each with a SKU of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Duplicate, NotFound
from crm.i18n import _
from crm.models import PricedLine, Product, ProductFields
from crm.services import records
from crm.services.admin import custom_fields
from crm.services.prices import skus


def create(
    session: Session, form: ProductFields, *, custom: dict[str, Any] | None = None
) -> Product:
    """Record a new product.

    Raises:
        Invalid: a custom value does not fit.
        Duplicate: another product has the same SKU.
    """
    product = Product(**form.model_dump())
    _check_sku(session, product)
    session.add(product)
    session.flush()
    custom_fields.store(session, "product", product.id, custom or {})
    return product


def update(
    session: Session,
    product_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
) -> Product:
    """Change the fields in `changes`, and custom values, of one product.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
        Duplicate: another product has the same SKU.
    """
    product = db.get(session, Product, product_id)
    records.expect(product, version)
    before = product.sku
    with session.no_autoflush:
        records.change(product, ProductFields, changes)
        if product.sku != before:
            _check_sku(session, product)
    custom_fields.change_of(session, product, custom or {})
    session.flush()
    return product


def remove(session: Session, product_id: int, *, version: int | None = None) -> Product:
    """Put a product into the recycle bin; order lines keep naming it."""
    product = db.get(session, Product, product_id)
    records.bin_(session, product, version=version)
    return product


def products_of(session: Session, lines: Sequence[PricedLine]) -> dict[int, Product]:
    """The products that `lines` name, by id; those in the recycle bin too."""
    wanted = [line.product_id for line in lines]
    statement = (
        select(Product)
        .where(db.ids_in(col(Product.id), wanted))
        .execution_options(**db.everything)
    )
    return {product.id: product for product in session.scalars(statement)}


def require(session: Session, ids: set[int]) -> None:
    """Make sure that all of these products are there.

    Raises:
        NotFound: one is not.
    """
    found = select(col(Product.id)).where(
        db.ids_in(col(Product.id), sorted(one for one in ids if 0 < one < 2**63))
    )
    if missing := ids - set(session.scalars(found)):
        raise NotFound(Product, min(missing))


def _check_sku(session: Session, product: Product) -> None:
    """Of two written alike at the same time, the unique key lets one through."""
    exact = col(Product.sku_key) == product.sku
    meant = func.lower(col(Product.sku)) == skus.key(product.sku)
    others = (
        select(Product)
        .where(or_(exact, meant), col(Product.id) != (product.id or 0))
        .order_by(col(Product.id))
    )
    if (other := session.scalars(others).first()) is not None:
        words = _("The product “{name}” has this SKU already: {sku}.")
        raise Duplicate(words.format(name=other.name, sku=other.sku))
