"""How orders come to be: of an accepted quote, once, or written by hand."""

from datetime import date, datetime

from pydantic import Field
from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col

from crm import db
from crm.errors import NotFound, RuleBroken
from crm.i18n import _
from crm.models import (
    Customer,
    Fields,
    LineFields,
    Opportunity,
    Order,
    OrderLine,
    Quote,
    QuoteStatus,
    utcnow,
)
from crm.services import days, records
from crm.services.admin import company
from crm.services.documents import numbers
from crm.services.documents.quotes_lines import Basis, built, filled, plain
from crm.services.money import exchange
from crm.services.prices.pricing import currency_code, refuse_negative_sale, totals


class HandOrderFields(Fields):
    """What a user fills in about an order; the rest follows: number, prices, taxes."""

    customer_id: int
    ordered_on: date | None = None  # today
    currency: str | None = Field(default=None, min_length=3, max_length=3)
    opportunity_id: int | None = None
    lines: list[LineFields] = Field(min_length=1, max_length=1000)


def from_quote(session: Session, quote_id: int, *, at: datetime | None = None) -> Order:
    """The order that an accepted quote becomes, at `at` (now): asked again, the same.

    Lines, discounts, taxes and currency are those of the quote; the rate is that of
    the day.

    Raises:
        NotFound: the quote, or the order that it became, is not there or in reach.
        RuleBroken: it is not accepted, or its order lies in the recycle bin.
    """
    quote = _locked(session, quote_id)
    if known := _known(session, quote.id):
        return known
    if quote.status is not QuoteStatus.ACCEPTED:
        raise RuleBroken(_("Only an accepted quote becomes an order."))
    at = at or utcnow()
    order = Order(
        ordered_at=at,
        total=quote.net,
        tax=quote.tax,
        quote_id=quote.id,
        number=free_number(session, days.day_of(at)),
        lines=[
            OrderLine(**plain(line), position=line.position, amount=line.amount)
            for line in quote.lines
        ],
        **quote.model_dump(include={"customer_id", "currency", "opportunity_id"}),
    )
    return _saved(session, order)


def by_hand(session: Session, form: HandOrderFields) -> Order:
    """Record an order with a number, and usual prices and taxes where none is told.

    Raises:
        NotFound: the customer, the opportunity or a product does not exist.
        Invalid: an opportunity of another customer, a line, a day or a currency that
            makes no sense, or no price is known.
    """
    db.get(session, Customer, form.customer_id)
    records.check_kin(session, form, "opportunity_id", Opportunity)
    currency = currency_code(form.currency)
    basis = Basis(currency, None, company.profile(session).tax_rate)
    lines = built(OrderLine, filled(session, form.lines, basis), currency)
    sums = totals(lines, currency)
    refuse_negative_sale(sums)
    at = moment(form.ordered_on)
    order = Order(
        number=free_number(session, days.day_of(at)),
        customer_id=form.customer_id,
        opportunity_id=form.opportunity_id,
        ordered_at=at,
        currency=currency,
        total=sums.net,
        tax=sums.tax,
        lines=lines,
    )
    return _saved(session, order)


def free_number(session: Session, day: date) -> str:
    """The next number of an order that no order has, wherever it came from."""
    table = inspect(Order).local_table.c
    while True:
        number = numbers.next_number(session, "order", day)
        taken = select(table.id).where(table.number_key == number)
        if session.connection().scalar(taken) is None:
            return number


def moment(day: date | None) -> datetime:
    """Now, or a moment of another day."""
    now = utcnow()
    if day is None or day == days.day_of(now):
        return now
    return days.moment_of(records.usual_year(day, field="ordered_on"))


def _locked(session: Session, quote_id: int) -> Quote:
    """A quote as it is now; nobody else makes an order of it meanwhile."""
    statement = (
        select(Quote)
        .where(col(Quote.id) == quote_id)
        .options(selectinload(Quote.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(statement).first() if 0 < quote_id < 2**63 else None
    if found is None:
        raise NotFound(Quote, quote_id)
    return found


def _known(session: Session, quote_id: int) -> Order | None:
    """The order of a quote; asked of the table, as it may be out of sight."""
    table = inspect(Order).local_table.c
    found = select(table.id).where(table.quote_id == quote_id).order_by(table.id)
    if (order_id := session.connection().scalars(found).first()) is None:
        return None
    statement = (
        select(Order)
        .where(col(Order.id) == order_id)
        .options(selectinload(Order.lines))
    )
    order = session.scalars(statement, execution_options=db.everything).first()
    if order is None:
        raise NotFound(Order, order_id)
    if order.deleted_at is not None:
        words = _("Order {number} of this quote lies in the recycle bin.")
        raise RuleBroken(words.format(number=order.number))
    return order


def _saved(session: Session, order: Order) -> Order:
    exchange.price(session, order, days.day_of(order.ordered_at))
    session.add(order)
    session.flush()
    return order
