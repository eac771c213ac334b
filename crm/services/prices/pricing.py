"""What documents add up to: amounts of lines, tax, sums; and what a currency is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from crm.config import settings
from crm.errors import Invalid
from crm.i18n import _
from crm.models import PricedLine

PLACES = Decimal("0.0001")
LARGEST = Decimal(10**12)  # of one document: sums of many stay exact on SQLite, 64 bits


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
    quantity: Decimal, unit_price: Decimal, discount: Decimal = Decimal(0)
) -> Decimal:
    """Quantity × unit price less the discount, rounded half-even to four places.

    Raises:
        Invalid: more than a document can be worth.
    """
    amount = quantity * unit_price * (1 - discount)
    if abs(amount) > LARGEST:
        raise too_large()
    return amount.quantize(PLACES, rounding=ROUND_HALF_EVEN)


def offered_amount(
    quantity: Decimal, unit_price: Decimal, discount: Decimal, currency: str
) -> Decimal:
    """The amount of a line as it is printed: in whole cents, or what `currency` has.

    Raises:
        Invalid: more than a document can be worth.
    """
    return rounded(line_amount(quantity, unit_price, discount), currency)


def totals(lines: Iterable[PricedLine], currency: str) -> Totals:
    """The sums over `lines`: tax is worked out per rate, on the sum, and rounded.

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
        raise too_large()
    return made


def rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` in the smallest unit of `currency`, half away from zero."""
    unit = Decimal(1).scaleb(-get_currency_precision(currency))
    return amount.quantize(unit, rounding=ROUND_HALF_UP)


def currency_code(code: str | None) -> str:
    """The ISO 4217 code meant by `code`; the book currency where there is none."""
    if code is None:
        return settings().currency
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise Invalid(_("A currency has a code of three letters."), field="currency")
    return code.upper()


def too_large() -> Invalid:
    """What is said of a document that is worth too much."""
    words = _("An order is worth at most {amount}.")
    return Invalid(words.format(amount=f"{LARGEST:,}"), field="lines")
