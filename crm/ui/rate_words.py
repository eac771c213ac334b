"""Currencies and rates as people read them: both ways round."""

from decimal import Decimal

from babel import Locale
from babel.numbers import format_decimal

from crm.config import settings
from crm.i18n import _, current, ngettext
from crm.ui.format import number


def names() -> dict[str, str]:
    """All currencies by their codes: “USD · US Dollar”."""
    known = Locale.parse(current()).currencies
    return {code: f"{code} · {name}" for code, name in sorted(known.items())}


def figure(rate: Decimal) -> str:
    """A rate with six digits that count."""
    return str(format_decimal(rate, format="@@####", locale=current()))


def equal(currency: str, rate: Decimal) -> str:
    """“1 USD = 0.92 EUR”."""
    words = _("1 {currency} = {rate} {book}")
    return words.format(currency=currency, rate=figure(rate), book=settings().currency)


def reverse(currency: str, rate: Decimal) -> str:
    """“1 EUR = 1.08696 USD”."""
    words = _("1 {currency} = {rate} {book}")
    return words.format(
        currency=settings().currency, rate=figure(1 / rate), book=currency
    )


def filled(count: int, left: int) -> str:
    """How many documents have got their rate, and how many would be worth too much."""
    words = ngettext(
        "{n} document has its rate.", "{n} documents have their rate.", count
    )
    said = words.format(n=number(count))
    if left <= 0:
        return said
    words = ngettext(
        "{n} would be worth too much with it, and stays without.",
        "{n} would be worth too much with it, and stay without.",
        left,
    )
    return f"{said} {words.format(n=number(left))}"
