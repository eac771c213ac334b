"""The prices of a list as a file: by SKU, from which quantity on, and how much."""

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Action, ListPriceFields, Product
from crm.services import records, small_files
from crm.services.imports.votes import NumberFormat
from crm.services.prices import price_lists, skus
from crm.services.small_files import Fault

HEADER = ("sku", "name", "min_quantity", "price")
NAMES = {
    "sku": {"sku", "artikelnummer", "商品编码", "编码"},
    "min_quantity": {"min_quantity", "from quantity", "ab menge", "起订量", "起始数量"},
    "price": {"price", "preis", "价格"},
}


@dataclass(frozen=True)
class PriceFile:
    """What a file holds: prices as they can be set, and what is left out."""

    prices: list[ListPriceFields] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def written(session: Session, price_list_id: int) -> bytes:
    """The prices of a list as CSV, as `read` reads them.

    Raises:
        Forbidden: the actor may not export.
    """
    db.require(db.actor_of(session), Action.EXPORT, "price_list")
    table = [
        (
            one.product.sku,
            one.product.name,
            _clear(one.price.min_quantity),
            _clear(one.price.price),
        )
        for one in price_lists.prices(session, price_list_id)
    ]
    return small_files.written(HEADER, table)


def _clear(amount: Decimal) -> Decimal:
    """`amount` as it can be read in one way only: 1.2340, as 1.234 may be 1234 too."""
    fine = amount.quantize(Decimal("0.0001"))
    return fine if amount.normalize().as_tuple().exponent == -3 else amount


def read(session: Session, content: bytes) -> PriceFile:
    """The prices in a file; of a product and quantity that comes twice, the last.

    What can be read in two ways, and nothing else in the file says how, is a fault.

    Raises:
        Invalid: it is no table, or its header names no SKU or price.
    """
    rows = small_files.rows(content)
    header = rows[0] if rows else []
    place = small_files.places(header, NAMES)
    if place["sku"] is None or place["price"] is None:
        raise Invalid(_("The first line names sku and price; min_quantity if need be."))
    found, products = PriceFile(), _products(session)
    kept: dict[tuple[int, object], ListPriceFields] = {}
    numbers = [at for at in (place["price"], place["min_quantity"]) if at is not None]
    written_as = small_files.number_format(
        row[at] for row in rows[1:] for at in numbers if at < len(row)
    )
    for line, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        filled = [*row, *[""] * len(header)]
        said = {what: filled[at] for what, at in place.items() if at is not None}
        try:
            form = _form(said, products, written_as)
            kept[form.product_id, form.min_quantity] = form
        except Invalid as error:
            at = place.get(error.field or "sku") or 0
            found.faults.append(Fault(line, header[at], filled[at], str(error)))
    found.prices.extend(kept.values())
    return found


def _form(
    said: dict[str, str], products: dict[str, int], written_as: NumberFormat | None
) -> ListPriceFields:
    product_id = products.get(said["sku"], products.get(skus.key(said["sku"])))
    if product_id is None:
        raise Invalid(_("There is no product with this SKU."), field="sku")
    given: dict[str, object] = {"product_id": product_id}
    for name in ("price", "min_quantity"):
        if name == "price" or said.get(name):
            try:
                given[name] = small_files.amount(said[name], written_as)
            except Invalid as error:
                raise Invalid(str(error), field=name) from error
    return records.valid(ListPriceFields, given)


def _products(session: Session) -> dict[str, int]:
    """Ids by SKU as it is written, and as it is meant: then the oldest."""
    found = select(col(Product.sku), col(Product.id)).order_by(col(Product.id).desc())
    exact = {row[0]: row[1] for row in session.execute(found)}
    return {skus.key(sku): one for sku, one in exact.items()} | exact
