"""What follows for a subscription when its price, its term or its end changes."""

from datetime import date

from crm.errors import Invalid
from crm.i18n import _
from crm.models import Price, Subscription
from crm.models.subscriptions import DAY
from crm.models.terms import add_months, next_term
from crm.services.prices.pricing import LARGEST

TERM = {"starts_on", "term_months", "auto_renew"}


def reprice(row: Subscription, last: Price, from_on: date | None, today: date) -> None:
    """Keep the price that `row` now shows beside the earlier ones."""
    from_on = from_on or max(today, last.from_on)
    price = sound(Price(from_on, row.price, row.quantity, row.billing_period))
    if (price.price, price.quantity, price.period) == (
        last.price, last.quantity, last.period,
    ):  # fmt: skip
        return
    if from_on < last.from_on:
        words = _("A price is agreed from {day} on; the new one starts then or later.")
        told = words.format(day=last.from_on.isoformat())
        raise Invalid(told, field="price_from")
    kept = row.prices if from_on > last.from_on else row.prices[:-1]
    row.prices = [*kept, price.plain()]


def settle(row: Subscription, changed: set[str], *, on: date) -> None:
    """Work out the end and the next renewal after a change on a day."""
    if row.cancelled_on is None:
        if "ends_on" in changed and row.ends_on is not None:
            raise Invalid(
                _("Only a cancellation sets the last day; else the term does."),
                field="ends_on",
            )
        row.cancel_reason = row.cancel_note = None
    if changed & (TERM | {"cancelled_on"}) or row.renewal_on is None:
        row.renewal_on = _renewal(row, changed, on)
    if row.cancelled_on is not None:
        if "ends_on" not in changed and "cancelled_on" in changed:
            row.ends_on = _end(row, row.cancelled_on)
        if row.ends_on is None or row.ends_on < row.cancelled_on:
            words = _("The last day is not before the day of the cancellation.")
            raise Invalid(words, field="ends_on")


def _renewal(row: Subscription, changed: set[str], on: date) -> date | None:
    """The first day of the term after the one that runs on a day."""
    if row.term_months is None:
        return None
    if row.auto_renew:
        return next_term(row.starts_on, row.term_months, after=on)
    if row.renewal_on is not None and not changed & {"starts_on", "term_months"}:
        return row.renewal_on
    return add_months(row.starts_on, row.term_months)


def _end(row: Subscription, cancelled_on: date) -> date:
    """The last day of the term that runs when it is cancelled."""
    if row.term_months is None:
        return cancelled_on
    if row.auto_renew:
        begins = next_term(row.starts_on, row.term_months, after=cancelled_on)
    else:
        begins = row.renewal_on or add_months(row.starts_on, row.term_months)
    return max(begins - DAY, cancelled_on)


def sound(price: Price) -> Price:
    """`price`, where sums of many such stay exact."""
    if price.price * price.quantity > LARGEST:
        words = _("A subscription costs at most {amount} a period.")
        raise Invalid(words.format(amount=f"{LARGEST:,}"), field="price")
    return price
