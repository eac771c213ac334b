"""Rates of the day, what documents are worth by them, and sums in one currency."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from crm import db
from crm.errors import Invalid
from crm.models import (
    SYSTEM,
    Actor,
    Customer,
    ExchangeRate,
    InCurrency,
    Invoice,
    Opportunity,
    OpportunityFields,
    Order,
    OrderFields,
    Payment,
    PaymentFields,
    Product,
    Quote,
    QuoteFields,
    SubscriptionFields,
)
from crm.services import lists, undo
from crm.services.customers import customers
from crm.services.documents import invoices, orders, payments, quotes
from crm.services.money import exchange, exchange_sums
from crm.services.money.exchange_sums import Sum
from crm.services.sales import opportunities
from crm.services.subscriptions import subscriptions
from tests import make

DAY = date(2026, 3, 1)
Door = Callable[[Session, Customer, Product, Decimal], InCurrency]


def rate_at(currency: str, day: date) -> exchange.Dated | None:
    with db.reading(SYSTEM) as session:
        found = exchange.rate_at(session, currency, day)
        assert exchange.looked_up(session, [currency])(currency, day) == found
    return found


def test_the_latest_rate_up_to_the_day_counts(database: str) -> None:
    make.rate("USD", "2026-03-01", "0.9")
    make.rate("USD", "2026-03-05", "0.95")
    make.rate("CHF", "2026-01-01", "1.05")

    assert rate_at("USD", date(2026, 2, 28)) is None
    assert rate_at("USD", date(2026, 3, 4)) == (Decimal("0.9"), DAY)
    assert rate_at("USD", date(2027, 1, 1)) == (Decimal("0.95"), date(2026, 3, 5))
    assert rate_at("EUR", DAY) == (1, DAY)


@pytest.mark.parametrize("rate", ["0.0000000001", "99999999.9999999999"])
def test_ten_places_survive(database: str, rate: str) -> None:
    made = make.rate("USD", "2026-03-01", rate)

    with db.reading(SYSTEM) as session:
        assert str(db.get(session, ExchangeRate, made.id).rate + 0) == str(
            Decimal(rate)
        )


def an_order(session: Session, who: Customer, what: Product, amount: Decimal) -> Order:
    line = {"product_id": what.id, "quantity": 1, "unit_price": amount}
    form = OrderFields(
        number=f"N-{next(make.numbers)}",
        customer_id=who.id,
        ordered_at=make.NOON,
        currency="USD",
        lines=[line],
    )
    return orders.create(session, form)


def an_opportunity(
    session: Session, who: Customer, _what: Product, amount: Decimal
) -> Opportunity:
    form = OpportunityFields(
        customer_id=who.id, name="Deal", amount=amount, currency="USD"
    )
    return opportunities.create(session, form, at=make.NOON)


def a_quote(session: Session, who: Customer, what: Product, amount: Decimal) -> Quote:
    given = {"customer_id": who.id, "currency": "USD", "issued_on": DAY}
    line = {"product_id": what.id, "quantity": 1, "unit_price": amount}
    return quotes.create(session, QuoteFields(**given, lines=[line]))


def an_invoice(
    session: Session, who: Customer, what: Product, amount: Decimal
) -> Invoice:
    order = an_order(session, who, what, amount.quantize(Decimal("0.01")) + 1)
    return invoices.issue(session, order.id, on=DAY)


def a_payment(
    session: Session, who: Customer, what: Product, amount: Decimal
) -> Payment:
    invoice = an_invoice(session, who, what, amount)
    form = PaymentFields(invoice_id=invoice.id, amount=invoice.total, paid_on=DAY)
    return payments.record(session, form)


DOORS: dict[type[InCurrency], Door] = {
    Opportunity: an_opportunity,
    Quote: a_quote,
    Order: an_order,
    Invoice: an_invoice,
    Payment: a_payment,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(DOORS), ids=lambda kind: kind.__tablename__)
@settings(max_examples=4)
@given(
    rate=st.decimals("0.0000000001", "999", places=10),
    amount=st.decimals("0", "999999999", places=4),
)
def test_the_worth_is_amount_times_rate_rounded_half_even(
    admin: Actor, kind: type[InCurrency], rate: Decimal, amount: Decimal
) -> None:
    who, what = make.customer(), make.product()
    with db.transaction(SYSTEM) as session:
        row = ExchangeRate(currency="USD", rate_on=DAY, rate=rate)
        session.add(row)
        session.flush()
        made: Any = DOORS[kind](session, who, what, amount)
        session.flush()
        key = made.id
        session.delete(row)

    with db.reading(admin) as session:
        found: Any = db.get(session, kind, key)  # type: ignore[type-var]
        own, worth = (getattr(found, name) for name in exchange.AMOUNTS[kind])
    assert (found.rate, found.rate_on) == (rate, DAY)
    assert worth == (own * rate).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


def test_later_rates_change_no_document(admin: Actor) -> None:
    make.rate("USD", "2026-03-01", "0.9")
    who, what = make.customer(), make.product()
    with db.transaction(admin) as session:
        order = an_order(session, who, what, Decimal(10))
        deal = an_opportunity(session, who, what, Decimal(10))
    make.rate("USD", "2026-02-28", "0.8")
    make.rate("USD", "2026-03-02", "0.7")

    with db.transaction(admin) as session:
        orders.set_status(session, order.id, order.status)
        later = {"close_on": "2026-05-01", "name": "Other"}
        at = make.NOON + timedelta(days=9)
        opportunities.update(session, deal.id, later, at=at)

    with db.reading(admin) as session:
        assert db.get(session, Order, order.id).base_total == 9
        assert db.get(session, Opportunity, deal.id).base_amount == 9


def test_another_currency_is_another_rate(admin: Actor) -> None:
    make.rate("USD", "2026-03-01", "0.9")
    with db.transaction(admin) as session:
        deal = an_opportunity(session, make.customer(), make.product(), Decimal(10))

    with db.transaction(admin) as session:
        opportunities.update(session, deal.id, {"currency": "CHF"}, at=make.NOON)
    operation = db.operation_of(session)

    with db.reading(admin) as session:
        found = db.get(session, Opportunity, deal.id)
        assert (found.rate, found.base_amount) == (None, None)
    with db.transaction(admin) as session:
        undo.undo(session, operation or 0)
    with db.reading(admin) as session:
        assert db.get(session, Opportunity, deal.id).base_amount == 9


def test_a_subscription_that_begins_before_the_first_rate_keeps_the_one_it_has(
    admin: Actor,
) -> None:
    make.rate("USD", "2026-03-01", "0.9")
    form = SubscriptionFields(
        number="S-1",
        customer_id=make.customer().id,
        starts_on=DAY,
        price=Decimal(10),
        currency="USD",
    )
    with db.transaction(admin) as session:
        made = subscriptions.create(session, form)
    with db.transaction(admin) as session:
        subscriptions.update(session, made.id, {"starts_on": "2026-02-01"})

    with db.reading(admin) as session:
        found = subscriptions.subscription(session, made.id)
    assert (found.rate, found.rate_on) == (Decimal("0.9"), DAY)


def test_a_worth_that_cannot_be_kept_is_refused(admin: Actor) -> None:
    make.rate("USD", "2026-03-01", "1000")

    with pytest.raises(Invalid, match="EUR"), db.transaction(admin) as session:
        an_opportunity(session, make.customer(), make.product(), Decimal(10**10))


def test_a_sum_tells_what_is_not_in_it(admin: Actor, charlie: Actor) -> None:
    who = make.customer(admin)
    make.opportunity(who, amount=Decimal("100.10"))  # in euro, and without a rate
    dollars = {"currency": "USD", "amount": Decimal(70)}
    make.opportunity(who, **dollars, rate=Decimal("0.9"))
    make.opportunity(who, **dollars)
    make.opportunity(who, currency="CHF", amount=None)
    make.opportunity(who, deleted_at=datetime(2026, 1, 1, tzinfo=UTC))

    def summed(actor: Actor, *where: Any) -> Sum:
        with db.reading(actor) as session:
            return exchange_sums.summed(session, Opportunity, *where)

    lacking = ({"USD": 1}, {"USD": Decimal(70)})
    assert summed(admin) == Sum(4, Decimal("163.10"), *lacking)
    assert summed(admin, Opportunity.currency == "EUR") == Sum(1, Decimal("100.10"))
    assert summed(charlie) == Sum()


def test_what_a_customer_has_bought_is_told_in_one_currency(admin: Actor) -> None:
    who, pen, ink = make.customer(), make.product(sku="PEN"), make.product(sku="INK")
    dollars = {"currency": "USD", "rate": Decimal("0.9")}
    make.order(who, (pen, 1, "20"))
    make.order(who, (pen, 2, "10"), (ink, 1, "100"), **dollars)

    def told() -> tuple[Sum, list[Any], Any]:
        query = lists.Query("customer", columns=("order_total",))
        with db.reading(admin) as session:
            most = orders.bought(session, who.id)
            (row,) = lists.page(session, query, today=DAY).rows
            return customers.purchases(session, who.id).total, most, row["order_total"]

    total, most, listed = told()
    assert (total, listed) == (Sum(2, Decimal(128)), 128)
    assert [(sku, quantity, worth) for sku, _name, quantity, worth in most] == [
        ("INK", 1, 90), ("PEN", 3, 38),
    ]  # fmt: skip

    make.order(who, (pen, 1, "5"), currency="CHF")

    total, most, listed = told()
    assert (total.amount, total.missing, listed) == (128, {"CHF": 1}, None)
    assert [(sku, worth) for sku, _name, _quantity, worth in most] == [
        ("INK", 90), ("PEN", None),
    ]  # fmt: skip
