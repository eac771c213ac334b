"""Lines of orders, column by column: amounts, kinds, and what their order says."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from crm.models import OrderKind
from crm.services.imports.batches import Batch
from crm.services.imports.fillable import is_custom
from crm.services.imports.layout import Layout
from crm.services.imports.numerals import SCALE
from crm.services.imports.parsed import Parsed
from crm.services.prices.pricing import LARGEST

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]

OF_ORDER = (
    "customer_external_id",
    "customer_email",
    "customer_name",
    "customer_country",
    "status",
    "currency",
)
"""Fields of the order itself: the first line that fills one speaks for all."""

MOST = int(LARGEST) * SCALE
_SAFE = 2.0**62


class Part(IntEnum):
    """What a line is, by `OrderKind`; the least one of an order keeps its number."""

    SALE = 0
    CANCELLATION = 1
    RETURN = 2
    ADJUSTMENT = 3

    @property
    def kind(self) -> OrderKind:
        """The kind of order that such lines make."""
        return OrderKind[self.name]


@dataclass(frozen=True)
class Lines:
    """The lines of a batch.

    Args:
        order: the place of each line's order, from 0 in the order of the file.
        first: the place of the first line of each order.
        quantity, unit_price, amount: ten-thousandths; 0 where the cell is bad.
        too_large: True where the amount is more than an order can be worth.
        given_away: True where the discount is above 100 %.
        moment: microseconds since 1970, UTC.
        orders: field of `OF_ORDER` or custom field → a value per order, None where no
            line says anything.
        several: True for orders whose lines name several customers or currencies.
    """

    order: Ints
    first: Ints
    number: list[str | None]
    sku: pa.Array
    name: pa.Array
    quantity: Ints
    unit_price: Ints
    amount: Ints
    too_large: Mask
    given_away: Mask
    moment: Ints
    orders: Mapping[str, Objects]
    several: Mask

    @property
    def n_orders(self) -> int:
        """How many orders the batch has."""
        return len(self.first)

    def own_total(self, mine: Mask) -> int:
        """What the order of the lines in `mine` is worth under its own number: the
        lines above zero, or all where there is none.
        """
        above = mine & (self.quantity > 0)
        return int(self.amount[above if above.any() else mine].sum())


def lines_of(batch: Batch, layout: Layout, parsed: Mapping[str, Parsed]) -> Lines:
    """The lines of a batch; what is bad in `parsed` is to be judged elsewhere."""
    group = next(iter(batch.firsts.values()))
    _, first, order = np.unique(group, return_index=True, return_inverse=True)
    quantity, price = _ints(parsed["quantity"]), _ints(parsed["unit_price"])
    discount = np.zeros(len(group), dtype=np.int64)
    if "line_discount" in parsed:
        discount = _ints(parsed["line_discount"])
        price = scaled(price, SCALE - discount)
    amount = scaled(quantity, price)
    column = {name: each.values for name, each in parsed.items()}  # noqa: PD011
    names = [n for n in OF_ORDER if n in parsed]
    custom = [f.name for f in layout.target.fields if is_custom(f) and f.name in parsed]
    said = {name: _objects(parsed[name]) for name in [*names, *custom]}
    number, moment = column["order_number"], column["ordered_at"].cast(pa.int64())
    return Lines(
        order=order.astype(np.int64),
        first=first.astype(np.int64),
        number=number.take(pa.array(first)).to_pylist(),
        sku=column["sku"],
        name=column.get("product_name", pa.nulls(len(group), pa.string())),
        quantity=quantity,
        unit_price=price,
        amount=amount,
        too_large=np.abs(quantity.astype(float) * price) > MOST * float(SCALE),
        given_away=discount > SCALE,
        moment=moment.fill_null(0).to_numpy(),
        orders={n: _per_order(v, order, first) for n, v in said.items()},
        several=_several(said, order, len(first)),
    )


def parts(lines: Lines, has_customer: Mask) -> npt.NDArray[np.int8]:
    """What each line is (`Part`); `has_customer` is per order.

    Above zero a sale. Below zero a cancellation where the number is C and digits, an
    adjustment of the stock where nobody buys and nothing is paid, else a return.
    """
    cancelling = np.array([_is_cancellation(number) for number in lines.number])
    below, free = lines.quantity < 0, lines.unit_price == 0
    nobody = ~has_customer[lines.order]
    found = np.zeros(len(lines.order), dtype=np.int8)
    found[below] = Part.RETURN
    found[below & free & nobody] = Part.ADJUSTMENT
    found[below & cancelling[lines.order]] = Part.CANCELLATION
    return found


def scaled(first: Ints, second: Ints) -> Ints:
    """The product of two columns of ten-thousandths, rounded half-even.

    What is too large for 64 bits comes out as 0: see `Lines.too_large`.
    """
    if not len(first) or np.abs(first.astype(float) * second).max() < _SAFE:
        return np.asarray(half_even(first * second, SCALE), dtype=np.int64)
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    products = (one * other for one, other in pairs)
    rounded = [int(half_even(np.array([p], dtype=object), SCALE)[0]) for p in products]
    fit = [one if abs(one) <= MOST else 0 for one in rounded]
    return np.array(fit, dtype=np.int64)


def half_even(numbers: Any, divisor: int) -> Any:
    """Whole numbers divided, halves to the even side; `divisor` is even."""
    whole, rest = numbers // divisor, numbers % divisor
    half = divisor // 2
    return whole + ((rest > half) | ((rest == half) & (whole % 2 == 1)))


def _is_cancellation(number: str | None) -> bool:
    return number is not None and number[:1] in "Cc" and number[1:2].isdigit()


def _ints(parsed: Parsed) -> Ints:
    numbers: Any = parsed.values.fill_null(0)  # noqa: PD011  (not a pandas object)
    return np.array(numbers.to_numpy(zero_copy_only=False), dtype=np.int64)


def _objects(parsed: Parsed) -> Objects:
    values = parsed.values.to_pylist()  # noqa: PD011  (not a pandas object)
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _per_order(said: Objects, order: Ints, first: Ints) -> Objects:
    """The first value of each order, None where there is none."""
    found = np.full(len(first), None, dtype=object)
    there = np.array(
        [place for place, v in enumerate(said) if v is not None], dtype=int
    )
    found[order[there[::-1]]] = said[there[::-1]]  # the first of them is set last
    return found


def _several(said: Mapping[str, Objects], order: Ints, n_orders: int) -> Mask:
    """True for orders whose lines name two customers, or two currencies."""
    keys = ("customer_external_id", "customer_email", "customer_name")
    key = [name for name in keys if name in said][:1]
    several = np.zeros(n_orders, dtype=bool)
    for name in [*key, *(["currency"] if "currency" in said else [])]:
        counts = pd.Series(said[name], dtype=object).groupby(order).nunique()
        several |= counts.to_numpy() > 1
    return several
