"""The prices of a list: set one or many, take them out, bring them in from a file."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, NotFound
from crm.i18n import _
from crm.models import Action, ListPrice, ListPriceFields, PriceList, Product
from crm.services import records
from crm.services.prices.price_lists import MOST, count
from crm.services.prices.pricing import LARGEST

Key = tuple[int, Decimal]  # product, and from which quantity on


def put(
    session: Session, price_list_id: int, forms: Sequence[ListPriceFields]
) -> list[ListPrice]:
    """Set prices, in the place of those that are there of a product and quantity.

    Raises:
        NotFound: the list or a product does not exist.
        Invalid: a price out of range, one twice, or more than a list takes.
    """
    whole = _list(session, price_list_id)
    wanted = _wanted(forms)
    there = {key: row for key, row in _there(session, whole.id) if key in wanted}
    _check_products(session, {form.product_id for form in forms})
    made = [_set(session, whole, there.get(key), form) for key, form in wanted.items()]
    session.flush()
    _check_count(session, whole.id)
    return made


def replace(
    session: Session, price_list_id: int, forms: Sequence[ListPriceFields]
) -> None:
    """Let `forms` be all prices of a list.

    Raises:
        NotFound: the list or a product does not exist.
        Invalid: a price out of range, one twice, or more than a list takes.
    """
    whole, wanted = _list(session, price_list_id), _wanted(forms)
    for key, row in _there(session, whole.id):
        if key not in wanted:
            records.touch(session, whole)
            session.delete(row)
    put(session, price_list_id, forms)


def change(
    session: Session, price_id: int, form: ListPriceFields, *, version: int
) -> ListPrice:
    """Change one price: the product, the quantity or the amount.

    Raises:
        NotFound: it, or the product, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a price out of range.
        Duplicate: the list has a price of that product and quantity.
    """
    row = db.get(session, ListPrice, price_id)
    records.expect(row, version)
    whole = _list(session, row.price_list_id)
    _check_products(session, {form.product_id})
    made = _set(session, whole, row, form)
    session.flush()
    return made


def remove(session: Session, price_id: int, *, version: int | None = None) -> None:
    """Take one price out of its list.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
    """
    row = db.get(session, ListPrice, price_id)
    records.expect(row, version)
    records.touch(session, _list(session, row.price_list_id))
    session.delete(row)
    session.flush()


def _list(session: Session, price_list_id: int) -> PriceList:
    db.require(db.actor_of(session), Action.UPDATE, "price_list")
    return db.get(session, PriceList, price_list_id)


def _wanted(forms: Sequence[ListPriceFields]) -> dict[Key, ListPriceFields]:
    wanted: dict[Key, ListPriceFields] = {}
    for form in forms:
        key = form.product_id, form.min_quantity
        if key in wanted:
            words = _("Two prices are of the same product and quantity.")
            raise Invalid(words, field="prices")
        if max(form.price, form.min_quantity) > LARGEST:
            words = _("A price is at most {amount}.")
            raise Invalid(words.format(amount=f"{LARGEST:,}"), field="prices")
        wanted[key] = form
    return wanted


def _there(session: Session, price_list_id: int) -> list[tuple[Key, ListPrice]]:
    which = col(ListPrice.price_list_id) == price_list_id
    rows = session.scalars(select(ListPrice).where(which))
    return [((row.product_id, row.min_quantity), row) for row in rows]


def _set(
    session: Session, whole: PriceList, row: ListPrice | None, form: ListPriceFields
) -> ListPrice:
    """Write one price; a change of it is one of its list."""
    given: dict[str, Any] = form.model_dump()
    if row is None:
        row = ListPrice(price_list_id=whole.id, **given)
        session.add(row)
    elif any(getattr(row, name) != value for name, value in given.items()):
        for name, value in given.items():
            setattr(row, name, value)
    else:
        return row
    records.touch(session, whole)
    return row


def _check_products(session: Session, ids: set[int]) -> None:
    sound = sorted(one for one in ids if 0 < one < 2**63)
    found = select(col(Product.id)).where(db.ids_in(col(Product.id), sound))
    if missing := ids - set(session.scalars(found)):
        raise NotFound(Product, min(missing))


def _check_count(session: Session, price_list_id: int) -> None:
    if count(session, price_list_id) > MOST:
        words = _("A list has at most {n} prices.")
        raise Invalid(words.format(n=f"{MOST:,}"), field="prices")
