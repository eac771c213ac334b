"""What subscriptions are agreed on: prices for a period, terms, cancellations."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

PLACES = Decimal("0.0001")


class BillingPeriod(StrEnum):
    """What one price is for."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def months(self) -> int:
        return {"monthly": 1, "quarterly": 3, "yearly": 12}[self.value]


class CancelReason(StrEnum):
    """Why a customer does not go on."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_NEED = "no_need"
    SERVICE = "service"  # not satisfied
    CLOSED = "closed"  # the customer's business
    OTHER = "other"


@dataclass(frozen=True)
class Cancellation:
    """When a customer has cancelled, and why.

    It runs up to `ends_on`; unless told, to the end of the term that runs on the day
    of the cancellation, or up to that day where there is no term.
    """

    on: date
    reason: CancelReason | None = None
    note: str | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Price:
    """What is paid from a day on: `price` for each of `quantity` and `period`."""

    from_on: date
    price: Decimal
    quantity: Decimal
    period: BillingPeriod

    @property
    def monthly(self) -> Decimal:
        """The amount by the month, rounded half-even to four places."""
        amount = self.price * self.quantity / self.period.months
        return amount.quantize(PLACES, rounding=ROUND_HALF_EVEN)

    @classmethod
    def read(cls, kept: Mapping[str, str]) -> "Price":
        """What `plain` has made."""
        return cls(
            date.fromisoformat(kept["from"]),
            Decimal(kept["price"]),
            Decimal(kept["quantity"]),
            BillingPeriod(kept["period"]),
        )

    def plain(self) -> dict[str, str]:
        """As JSON has it, amounts as text."""
        return {
            "from": self.from_on.isoformat(),
            "price": f"{self.price:f}",
            "quantity": f"{self.quantity:f}",
            "period": self.period.value,
        }


def next_term(starts_on: date, term_months: int, *, after: date) -> date:
    """The first day after `after`, and after the first term, on which a term begins."""
    gone = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    terms = max(1, gone // term_months)
    while (begins := add_months(starts_on, terms * term_months)) <= after:
        terms += 1
    return begins


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
