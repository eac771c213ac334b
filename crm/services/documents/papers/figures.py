"""Dates, sums and shares as people of the current language write them.

Nothing is rounded: a sum has the decimals of its currency, and more where it has more.
"""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)

from crm.i18n import current


def day(value: date) -> str:
    """A date with its month in words."""
    return str(format_date(value, "long", locale=current()))


def money(amount: Decimal, currency: str) -> str:
    """A sum with the sign of its currency, or with its code and a space."""
    is_code = get_currency_symbol(currency, locale=current()).isalpha()
    return _sum(amount, currency, "¤\u00a0#,##0.00" if is_code else "¤#,##0.00")


def bare(amount: Decimal, currency: str) -> str:
    """A sum under a heading that names the currency."""
    return _sum(amount, currency, "#,##0.00")


def quantity(value: Decimal) -> str:
    """How many, without needless zeros."""
    return str(format_decimal(value, "#,##0.####", locale=current()))


def percent(share: Decimal, *, zero: str = "0%") -> str:
    """A share of 0 to 1 as a percentage, without needless zeros."""
    if not share:
        return zero
    return str(format_percent(share, "#,##0.####%", locale=current()))


def _sum(amount: Decimal, currency: str, pattern: str) -> str:
    return str(
        format_currency(
            amount, currency, pattern, locale=current(), decimal_quantization=False
        )
    )
