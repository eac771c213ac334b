"""What documents add up to: amounts of lines, tax, sums; and what a currency is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision, list_currencies

from crm.config import settings
from crm.errors import Invalid
from crm.i18n import N_, _
from crm.models import PricedLine

PLACES = Decimal("0.0001")
LARGEST = Decimal(10**12)  # of one document: sums of many stay exact on SQLite, 64 bits
AT_MOST = {
    "order": N_("An order is worth at most {amount}."),
    "quote": N_("A quote is worth at most {amount}."),
    "invoice": N_("An invoice is worth at most {amount}."),
    "opportunity": N_("An opportunity is worth at most {amount}."),
    "payment": N_("A payment is worth at most {amount}."),
}
"""What is said of a document that is worth too much, by what it is."""


@dataclass(frozen=True)
class Totals:
    """The sums of a document: before tax, tax by rate (a share), and with tax."""

    net: Decimal
    taxes: tuple[tuple[Decimal, Decimal], ...]

    @property
    def tax(self) -> Decimal:
        return sum((amount for _rate, amount in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


def line_amount(
    quantity: Decimal,
    unit_price: Decimal,
    discount: Decimal = Decimal(0),
    *,
    of: str = "order",
) -> Decimal:
    """Quantity × unit price less the discount, rounded half-even to four places.

    `of` says what the line is part of, a key of `AT_MOST`.

    Raises:
        Invalid: more than a document can be worth.
    """
    amount = quantity * unit_price * (1 - discount)
    if abs(amount) > LARGEST:
        raise too_large(of)
    return amount.quantize(PLACES, rounding=ROUND_HALF_EVEN)


def offered_amount(
    quantity: Decimal, unit_price: Decimal, discount: Decimal, currency: str, *, of: str
) -> Decimal:
    """The amount of a line as it is printed: in whole cents, or what `currency` has.

    Raises:
        Invalid: more than a document can be worth.
    """
    return rounded(line_amount(quantity, unit_price, discount, of=of), currency)


def totals(lines: Iterable[PricedLine], currency: str, *, of: str = "order") -> Totals:
    """The sums over `lines`: tax is worked out per rate, on the sum, and rounded.

    `of` says what they are the lines of, a key of `AT_MOST`.

    Raises:
        Invalid: more than a document can be worth.
    """
    net: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        net[line.tax_rate] += line.amount
    taxes = tuple(
        (rate, rounded(amount * rate, currency))
        for rate, amount in sorted(net.items())
        if rate
    )
    made = Totals(sum(net.values(), Decimal(0)), taxes)
    if max(abs(made.net), abs(made.total)) > LARGEST:
        raise too_large(of)
    return made


def refuse_negative_sale(sums: Totals) -> None:
    """Make sure that a sale brings something in, or nothing.

    Raises:
        Invalid: it is worth less than nothing.
    """
    if min(sums.net, sums.total) < 0:
        words = _("A sale is not worth less than nothing: that would be a return.")
        raise Invalid(words, field="lines")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` in the smallest unit of `currency`, half away from zero."""
    unit = Decimal(1).scaleb(-get_currency_precision(currency))
    return amount.quantize(unit, rounding=ROUND_HALF_UP)


def currency_code(code: str | None) -> str:
    """The ISO 4217 code meant by `code`; the book currency where there is none.

    Raises:
        Invalid: there is no such currency.
    """
    if code is None:
        return settings().currency
    if not is_currency(code.upper()):
        words = _("“{code}” is not a currency: say a code such as EUR or USD.")
        raise Invalid(words.format(code=code[:40]), field="currency")
    return code.upper()


def is_currency(code: str) -> bool:
    """Whether `code` is one of ISO 4217 or, in letters of its own, the books'."""
    return code in _currencies() or code == settings().currency


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def too_large(of: str, *, field: str = "lines") -> Invalid:
    """What is said of a document that is worth too much; `of` as in `AT_MOST`."""
    words = _(AT_MOST[of])
    return Invalid(words.format(amount=f"{LARGEST:,}"), field=field)
