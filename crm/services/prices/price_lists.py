"""Price lists: what products cost, for whom and when, from which quantity on."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import ListPrice, PriceList, PriceListFields, Product
from crm.services import filters, records
from crm.services.admin import custom_fields
from crm.services.prices.pricing import currency_code, rounded

COPIED = ("currency", "valid_from", "valid_until", "active")
MOST = 10_000  # prices of one list


@dataclass(frozen=True)
class Priced:
    """One price of a list, with the product that it is for."""

    price: ListPrice
    product: Product


def create(
    session: Session, form: PriceListFields, *, custom: dict[str, Any] | None = None
) -> PriceList:
    """Make a price list without prices, in the book currency unless told.

    Raises:
        Invalid: an unknown currency, or a last day before the first.
    """
    row = PriceList(**form.model_dump(exclude={"currency"}), currency="")
    row.currency = currency_code(form.currency)
    _check_days(row)
    session.add(row)
    session.flush()
    custom_fields.store(session, "price_list", row.id, custom or {})
    return row


def update(
    session: Session,
    price_list_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
) -> PriceList:
    """Change the fields in `changes`.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit, or another currency for prices that are there.
    """
    row = db.get(session, PriceList, price_list_id)
    records.expect(row, version)
    before = row.currency
    with session.no_autoflush:
        records.change(row, PriceListFields, changes)
        if "currency" in changes:
            row.currency = currency_code(row.currency)
        _check_days(row)
        if row.currency != before and count(session, row.id):
            words = _("Its prices are in {currency}; make another list instead.")
            raise Invalid(words.format(currency=before), field="currency")
    custom_fields.change_of(session, row, custom or {})
    session.flush()
    return row


def remove(
    session: Session, price_list_id: int, *, version: int | None = None
) -> PriceList:
    """Put a price list into the recycle bin; quotes keep their prices."""
    row = db.get(session, PriceList, price_list_id)
    records.bin_(session, row, version=version)
    return row


def copied(
    session: Session,
    price_list_id: int,
    name: str,
    *,
    percent: Decimal = Decimal(0),
) -> PriceList:
    """A list like another, its prices changed by `percent`, in whole cents or what
    the currency has.

    Raises:
        NotFound: it does not exist.
        Invalid: no name, or prices that would be below zero or out of range.
    """
    old = db.get(session, PriceList, price_list_id)
    if not percent.is_finite() or not -100 <= percent <= 1000:
        words = _("A change is from -100 to 1000 percent.")
        raise Invalid(words, field="percent")
    given = {field: getattr(old, field) for field in COPIED}
    new = create(session, records.valid(PriceListFields, given | {"name": name}))
    for one in prices(session, old.id):
        price = one.price.price
        if percent:
            price = rounded(price * (100 + percent) / 100, new.currency)
        made = ListPrice(
            price_list_id=new.id,
            product_id=one.product.id,
            min_quantity=one.price.min_quantity,
            price=price,
        )
        session.add(made)
    session.flush()
    return new


def prices(
    session: Session, price_list_id: int, *, search: str = "", limit: int = MOST
) -> list[Priced]:
    """The prices of a list by product and quantity, of products that are there."""
    statement = (
        select(ListPrice, Product)
        .join(Product, col(Product.id) == col(ListPrice.product_id))
        .where(col(ListPrice.price_list_id) == price_list_id)
        .where(*_found(search))
        .order_by(col(Product.search_key), col(Product.id), col(ListPrice.min_quantity))
        .limit(limit)
    )
    return [Priced(row[0], row[1]) for row in session.execute(statement)]


def count(session: Session, price_list_id: int) -> int:
    """How many prices a list has, those of products in the recycle bin too."""
    which = col(ListPrice.price_list_id) == price_list_id
    return session.scalar(select(func.count(col(ListPrice.id))).where(which)) or 0


def of_product(session: Session, product_id: int) -> list[tuple[PriceList, ListPrice]]:
    """The prices of a product in all lists, by list and quantity."""
    statement = (
        select(PriceList, ListPrice)
        .join(ListPrice, col(ListPrice.price_list_id) == col(PriceList.id))
        .where(col(ListPrice.product_id) == product_id)
        .order_by(
            col(PriceList.search_key), col(PriceList.id), col(ListPrice.min_quantity)
        )
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def _found(search: str) -> list[Any]:
    words = filters.sound(search[:200]).split()[:8]
    return [db.contains(col(Product.search_key), word) for word in words]


def _check_days(row: PriceList) -> None:
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        raise Invalid(_("The last day lies before the first."), field="valid_until")
