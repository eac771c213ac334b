"""What must go together in a quote: customer, links, days, prices, sums."""

from collections.abc import Collection

from sqlmodel import Session

from crm import db
from crm.errors import Invalid
from crm.i18n import LANGUAGES, _
from crm.models import Contact, Fields, Opportunity, PriceList, Quote
from crm.services import records
from crm.services.prices.pricing import totals

SUMS = frozenset({"net", "tax", "total"})
"""The fields that follow from the lines."""
OFF_PAPER = frozenset({"owner_id", "opportunity_id"})
"""What may change of a sent quote: it is on no paper."""


class QuoteOwner(Fields):
    """What may change of many quotes at once, sent or not."""

    owner_id: int | None = None


def check(session: Session, row: Quote, changed: Collection[str]) -> None:
    """Make sure that the fields of `row` go together, after those in `changed` did.

    Raises:
        NotFound: what it is linked to does not exist.
        Invalid: it is another customer's, the price list is of another currency or
            does not hold, or a day or the language does not fit.
    """
    wanted = set(changed)
    for name, table in (("contact_id", Contact), ("opportunity_id", Opportunity)):
        if {name, "customer_id"} & wanted:
            records.check_kin(session, row, name, table)
    if {"price_list_id", "currency", "issued_on"} & wanted:
        _check_price_list(session, row)
    if row.language not in LANGUAGES:
        words = _("“{field}” is not one of the choices.")
        raise Invalid(words.format(field="language"), field="language")
    _check_days(row)


def sum_up(row: Quote) -> None:
    """Work out the sums of `row` from its lines.

    Raises:
        Invalid: more than a document can be worth, or less than nothing.
    """
    sums = totals(row.lines, row.currency, of="quote")
    if min(sums.net, sums.total) < 0:
        raise Invalid(_("A quote is not worth less than nothing."), field="lines")
    row.net, row.tax, row.total = sums.net, sums.tax, sums.total


def price_list(session: Session, key: int | None) -> PriceList | None:
    """The price list `key`, if there is to be one.

    Raises:
        NotFound: it does not exist.
    """
    return None if key is None else db.get(session, PriceList, key)


def _check_price_list(session: Session, row: Quote) -> None:
    if (listed := price_list(session, row.price_list_id)) is None:
        return
    if listed.currency != row.currency:
        words = _("The prices of “{name}” are in {currency}.")
        told = words.format(name=listed.name, currency=listed.currency)
        raise Invalid(told, field="price_list_id")
    if not listed.holds_on(row.issued_on):
        words = _("The prices of “{name}” do not hold on the date of the quote.")
        raise Invalid(words.format(name=listed.name), field="price_list_id")


def _check_days(row: Quote) -> None:
    for name in ("issued_on", "valid_until"):
        records.usual_year(getattr(row, name), field=name)
    if row.valid_until is not None and row.valid_until < row.issued_on:
        words = _("The last day of a quote is not before its date.")
        raise Invalid(words, field="valid_until")
