"""Lines of offers: usual prices and taxes filled in, amounts worked out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import Field, Session, col

from crm import db
from crm.config import settings
from crm.errors import Invalid, NotFound
from crm.i18n import _
from crm.models import (
    Fields,
    LineFields,
    ListPrice,
    PricedLine,
    PriceList,
    Product,
)
from crm.services import records
from crm.services.prices.pricing import Totals, offered_amount, totals

Line = TypeVar("Line", bound=PricedLine)
Values = dict[str, Any]

FIELDS = tuple(LineFields.model_fields)
MOST = 1000  # lines of one document


@dataclass(frozen=True)
class Basis:
    """What the prices of a document rest on.

    `tax_rate` (a share) is that of products which have none of their own.
    """

    currency: str
    price_list_id: int | None
    tax_rate: Decimal


class Typed(Fields):
    """Lines as a form sends them."""

    lines: list[LineFields] = Field(max_length=MOST)


def filled(
    session: Session,
    lines: Sequence[LineFields],
    basis: Basis,
    *,
    known: Collection[int] = (),
) -> list[Values]:
    """`lines` with what was left open: the usual price, the tax of the product.

    The price is that of the price list from the largest quantity that is reached,
    else, in the book currency, that of the product. Products in `known` may lie in
    the recycle bin: they were on the document before.

    Raises:
        NotFound: a product does not exist.
        Invalid: a quantity of zero or less, or no price is known.
    """
    products = _products(session, {line.product_id for line in lines}, set(known))
    tiers = _tiers(session, basis.price_list_id, list(products))
    return [
        _filled(place, line, basis, products[line.product_id], tiers[line.product_id])
        for place, line in enumerate(lines)
    ]


def built(kind: type[Line], lines: Sequence[Values], currency: str) -> list[Line]:
    """Lines of that kind with their amounts, in the order given.

    Raises:
        Invalid: more than a document can be worth.
    """
    return [
        kind(**line, position=position, amount=_amount(line, currency, _of(kind)))
        for position, line in enumerate(lines, 1)
    ]


def put(
    held: list[Line], kind: type[Line], made: Sequence[Values], currency: str
) -> None:
    """Make `held` the lines `made`: rows stay at their place, the last ones go."""
    new = built(kind, made, currency)
    for old, one in zip(held, new, strict=False):
        for name in (*FIELDS, "amount"):
            if getattr(old, name) != getattr(one, name):
                setattr(old, name, getattr(one, name))
    if len(new) < len(held):
        del held[len(new) :]
    held += new[len(held) :]


def plain(line: PricedLine) -> Values:
    """A line as its form has it."""
    return {name: getattr(line, name) for name in FIELDS}


def worked_out(
    session: Session, kind: type[Line], lines: Sequence[Values], basis: Basis
) -> tuple[list[Line], Totals]:
    """What `lines`, as somebody has typed them, come to; nothing is stored.

    Raises:
        Invalid: a value does not fit; its field says which line, counted from 0.
        NotFound: a product does not exist.
    """
    forms = records.valid(Typed, {"lines": list(lines)}).lines
    known = [form.product_id for form in forms]
    made = built(kind, filled(session, forms, basis, known=known), basis.currency)
    return made, totals(made, basis.currency, of=_of(kind))


def names(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Name and SKU of products by id; from the recycle bin, too."""
    found = select(Product).where(db.ids_in(col(Product.id), sorted(set(ids))))
    rows = session.scalars(found, execution_options=db.everything)
    return {row.id: (row.name, row.sku) for row in rows}


def _filled(
    place: int,
    line: LineFields,
    basis: Basis,
    product: Product,
    tiers: Sequence[ListPrice],
) -> Values:
    if line.quantity <= 0:
        words = _("The quantity of a line is above zero.")
        raise Invalid(words, field=f"lines.{place}.quantity")
    price, tax = line.unit_price, line.tax_rate
    if price is None:
        price = _usual(product, line.quantity, basis, tiers)
    if price is None:
        words = _("“{product}” has no price in {currency}: fill one in.")
        told = words.format(product=product.name, currency=basis.currency)
        raise Invalid(told, field=f"lines.{place}.unit_price")
    if tax is None:
        tax = basis.tax_rate if product.tax_rate is None else product.tax_rate
    return line.model_dump() | {"unit_price": price, "tax_rate": tax}


def _usual(
    product: Product, quantity: Decimal, basis: Basis, tiers: Sequence[ListPrice]
) -> Decimal | None:
    reached = [one for one in tiers if one.min_quantity <= quantity]
    if reached:
        return max(reached, key=lambda one: one.min_quantity).price
    return product.price if basis.currency == settings().currency else None


def _amount(line: Values, currency: str, of: str) -> Decimal:
    quantity, price, discount = line["quantity"], line["unit_price"], line["discount"]
    return offered_amount(quantity, price, discount, currency, of=of)


def _of(kind: type[PricedLine]) -> str:
    """What lines of that kind are part of, as `pricing` says it."""
    return str(kind.__tablename__).removesuffix("_line")


def _products(session: Session, ids: set[int], known: set[int]) -> dict[int, Product]:
    """The products by id; those of `known` in the recycle bin, too."""
    found: dict[int, Product] = {}
    for wanted, options in ((ids - known, {}), (ids & known, db.everything)):
        sound = sorted(one for one in wanted if 0 < one < 2**63)
        statement = select(Product).where(db.ids_in(col(Product.id), sound))
        rows = session.scalars(statement, execution_options=options)
        found |= {row.id: row for row in rows}
    if missing := ids - found.keys():
        raise NotFound(Product, min(missing))
    return found


def _tiers(
    session: Session, price_list_id: int | None, products: list[int]
) -> dict[int, list[ListPrice]]:
    """The prices of a list by product; one in the recycle bin has none."""
    found: dict[int, list[ListPrice]] = defaultdict(list)
    if price_list_id is not None:
        statement = (
            select(ListPrice)
            .join(PriceList, col(PriceList.id) == col(ListPrice.price_list_id))
            .where(
                col(ListPrice.price_list_id) == price_list_id,
                db.ids_in(col(ListPrice.product_id), products),
            )
        )
        for row in session.scalars(statement):
            found[row.product_id].append(row)
    return found
