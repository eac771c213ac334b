"""What a version of a quote changes against the one before it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from crm.models import Quote, QuoteLine

COMPARED = (
    "customer_id", "contact_id", "currency", "valid_until", "intro", "terms", "total",
)  # fmt: skip
OF_LINES = ("quantity", "unit_price", "discount", "tax_rate", "description")


@dataclass(frozen=True)
class Difference:
    """One field that differs: of the quote, or of the line with a product.

    Of a line that is there only once, `name` is “lines”, and its quantity tells on
    which side.
    """

    name: str
    before: Any
    after: Any
    product_id: int | None = None


def differences(old: Quote, new: Quote) -> list[Difference]:
    """What `new` says differently, both with their lines: fields, then lines.

    Lines are told apart by their product, several with one product by their order.
    """
    found = [
        Difference(name, getattr(old, name), getattr(new, name))
        for name in COMPARED
        if getattr(old, name) != getattr(new, name)
    ]
    before, after = _by_product(old), _by_product(new)
    for product_id in dict.fromkeys([*before, *after]):
        pairs = zip_longest(before[product_id], after[product_id])
        for one, other in pairs:
            found += _of_line(product_id, one, other)
    return found


def _by_product(quote: Quote) -> dict[int, list[QuoteLine]]:
    found: dict[int, list[QuoteLine]] = defaultdict(list)
    for line in quote.lines:
        found[line.product_id].append(line)
    return found


def _of_line(
    product_id: int, old: QuoteLine | None, new: QuoteLine | None
) -> Iterator[Difference]:
    if old is None or new is None:
        yield Difference("lines", _quantity(old), _quantity(new), product_id)
        return
    for name in OF_LINES:
        if getattr(old, name) != getattr(new, name):
            yield Difference(name, getattr(old, name), getattr(new, name), product_id)


def _quantity(line: QuoteLine | None) -> Decimal | None:
    return None if line is None else line.quantity
