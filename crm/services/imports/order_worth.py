"""What imported orders are worth in the book currency: at the rate of their day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from sqlmodel import Session

from crm.models.types import Rate
from crm.services.imports.bulk import amounts
from crm.services.imports.order_lines import Ints
from crm.services.money import exchange

Columns = dict[str, list[Any]]


def worth(
    session: Session, currencies: Sequence[str], moments: Ints, totals: Ints
) -> Columns:
    """`rate`, `rate_on` and `base_total` of orders, as their columns take them.

    All None where no rate is known, or where an order would be worth too much.

    Args:
        currencies: ISO codes, one per order.
        moments: when they were placed, in microseconds since 1970, UTC.
        totals: ten-thousandths.
    """
    days = moments.astype("datetime64[us]").astype("datetime64[D]").tolist()
    at = exchange.looked_up(session, set(currencies))
    pairs = list(zip(currencies, days, strict=True))
    known = {pair: at(*pair) for pair in set(pairs)}
    whole = [Decimal(one).scaleb(-4) for one in totals.tolist()]
    bases = [
        _base(total, pair[0], known[pair])
        for total, pair in zip(whole, pairs, strict=True)
    ]
    found = [
        None if base is None else known[pair]
        for base, pair in zip(bases, pairs, strict=True)
    ]
    is_sqlite = session.connection().dialect.name == "sqlite"
    return {
        "rate": [one and _rate(one[0], is_sqlite) for one in found],
        "rate_on": [one and _day(one[1], is_sqlite) for one in found],
        "base_total": _bases(session, bases),
    }


def _base(total: Decimal, currency: str, rate: exchange.Dated | None) -> Decimal | None:
    base = exchange.worth(total, currency, rate and rate[0])
    return base if exchange.is_kept(base) else None


def _bases(session: Session, bases: list[Decimal | None]) -> list[Any]:
    scaled = np.array([int((one or 0) * 10_000) for one in bases], dtype=np.int64)
    kept = amounts(session, scaled)
    return [
        None if base is None else one for base, one in zip(bases, kept, strict=True)
    ]


def _rate(rate: Decimal, is_sqlite: bool) -> Any:
    return int(rate * Rate.SCALE) if is_sqlite else rate


def _day(day: date, is_sqlite: bool) -> Any:
    return day.isoformat() if is_sqlite else day
