"""Sums in words: what could not be added up, and why."""

from collections.abc import Callable

from crm.i18n import ngettext
from crm.models import InCurrency, Opportunity, Order, Subscription
from crm.services.money.exchange_sums import Sum
from crm.ui.format import money, number


def in_money(total: Sum) -> str:
    """“€1,000.00 + $20.00”: what has no rate stands beside the sum, in its currency."""
    if total.is_nothing:
        return "–"
    parts = [money(total.amount)] if total.amount else []
    parts += [money(worth, code) for code, worth in sorted(total.others.items())]
    return " + ".join(parts)


def headline(total: Sum) -> str:
    """The sum alone, where `missing` is said beside it; what has no rate if all is."""
    return money(total.amount) if total.amount else in_money(total)


def missing(total: Sum, kind: type[InCurrency]) -> list[str]:
    """A sentence for each currency of which documents of a kind are not in a sum."""
    words = _WORDS.get(kind, _documents)
    return [
        words(count).format(n=number(count), currency=code)
        for code, count in sorted(total.missing.items())
    ]


def _opportunities(count: int) -> str:
    return ngettext(
        "{n} opportunity in {currency} has no rate and is not in the sum.",
        "{n} opportunities in {currency} have no rate and are not in the sum.",
        count,
    )


def _orders(count: int) -> str:
    return ngettext(
        "{n} order in {currency} has no rate and is not in the sum.",
        "{n} orders in {currency} have no rate and are not in the sum.",
        count,
    )


def _subscriptions(count: int) -> str:
    return ngettext(
        "{n} subscription in {currency} has no rate and is not in the sum.",
        "{n} subscriptions in {currency} have no rate and are not in the sum.",
        count,
    )


def _documents(count: int) -> str:
    return ngettext(
        "{n} document in {currency} has no rate and is not in the sum.",
        "{n} documents in {currency} have no rate and are not in the sum.",
        count,
    )


_WORDS: dict[type[InCurrency], Callable[[int], str]] = {
    Opportunity: _opportunities,
    Order: _orders,
    Subscription: _subscriptions,
}
