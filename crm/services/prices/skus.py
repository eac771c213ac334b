"""SKUs as people mean them: “85123a” is “85123A”, and two spaces are one.

Only letters from A to Z are compared without case, as every database does so alike.
There is no index of such keys: what is not found as it is written has a database look
at all products: less than a tenth of a second for 100,000 of them, for each thousand
that are looked for.
"""

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.models import Product

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def spaced(sku: str) -> str:
    """`sku` as it is stored: white space in it is one space."""
    return " ".join(sku.split())


def key(sku: str) -> str:
    """`sku` as it is compared."""
    return spaced(sku).translate(_LOWER)


def known(session: Session, texts: Iterable[str]) -> dict[str, Product]:
    """Products by what they are called: by SKU as it is written, else as it is meant.

    Of several that are meant, as there may be from before, the oldest.
    """
    wanted, found = set(texts), dict[str, Product]()
    for piece in db.chunked(sorted(wanted)):
        exact = select(Product).where(col(Product.sku_key).in_(piece))
        found |= {row.sku: row for row in session.scalars(exact)}
    return found | meant(session, wanted - found.keys())


def meant(session: Session, texts: Iterable[str]) -> dict[str, Product]:
    """The same of texts that no SKU is as it is written."""
    keys, found = {text: key(text) for text in texts}, dict[str, Product]()
    lowered = func.lower(col(Product.sku))
    for piece in db.chunked(sorted(set(keys.values()))):
        same = select(Product).where(lowered.in_(piece)).order_by(col(Product.id))
        for row in session.scalars(same):
            found.setdefault(key(row.sku), row)
    return {text: found[one] for text, one in keys.items() if one in found}
