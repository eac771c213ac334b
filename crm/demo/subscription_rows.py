"""The contracts of the demo company as records of subscriptions."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from crm.config import settings
from crm.demo.subscriptions import PERIODS
from crm.models import BillingPeriod, CancelReason, Price
from crm.models.terms import next_term

REMIND = 30  # days


def record(row: dict[str, Any], today: date) -> dict[str, Any]:
    """The fields of one subscription, but for its customer and product.

    Args:
        row: of `crm.demo.company.SUBSCRIPTIONS`.
    """
    starts_on = _day(row["starts_on"])
    months = PERIODS[row["period"]]
    term = None if months == 1 else months
    cancelled_on = _day(row["cancelled_on"])
    return {
        "number": row["number"],
        "name": row["name"],
        "starts_on": starts_on,
        "term_months": term,
        "remind_days": REMIND,
        "renewal_on": (
            next_term(starts_on, term, after=today)
            if term and cancelled_on is None
            else None
        ),
        "prices": [price.plain() for price in _prices(row)],
        "currency": settings().currency,
        "rate": Decimal(1),
        "rate_on": starts_on,
        "cancelled_on": cancelled_on,
        "cancel_reason": CancelReason(row["cancel_reason"]) if cancelled_on else None,
        "ends_on": _day(row["ends_on"]),
    }


def _prices(row: dict[str, Any]) -> list[Price]:
    agreed = [(row["starts_on"], row["price"], row["quantity"])]
    if not pd.isna(row["later_from"]):
        later = row["later_from"], row["later_price"], row["later_quantity"]
        agreed.append(later)
    return [
        Price(
            day.date(),
            Decimal(int(price)).scaleb(-4),
            Decimal(int(quantity)),
            BillingPeriod(row["period"]),
        )
        for day, price, quantity in agreed
    ]


def _day(value: Any) -> Any:
    return None if pd.isna(value) else value.date()
