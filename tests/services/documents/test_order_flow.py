"""Orders of quotes, once whatever happens; and orders written by hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from crm import db
from crm.errors import CRMError, Forbidden, Invalid, NotFound, RuleBroken
from crm.models import (
    SYSTEM,
    Actor,
    ExchangeRate,
    Order,
    Quote,
    QuoteLine,
    QuoteStatus,
    utcnow,
)
from crm.services import records
from crm.services.documents import order_flow, orders
from crm.services.documents.order_flow import HandOrderFields
from tests import make

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


def offer(actor: Actor, **details: Any) -> Quote:
    """An accepted quote in dollars: 3 at 10 less a tenth, with a fifth of tax."""
    line = QuoteLine(
        position=1,
        product_id=make.product().id,
        description="As agreed",
        quantity=Decimal(3),
        unit_price=Decimal(10),
        discount=Decimal("0.1"),
        tax_rate=Decimal("0.2"),
        amount=Decimal(27),
    )
    defaults = {
        "number": "Q-1",
        "status": QuoteStatus.ACCEPTED,
        "customer_id": make.customer(actor).id,
        "currency": "USD",
        "rate": Decimal(2),
        "issued_on": date(2026, 3, 1),
        "net": Decimal(27),
        "tax": Decimal("5.4"),
        "total": Decimal("32.4"),
    }
    return make.saved(Quote(**defaults | details, lines=[line]))


def ordered(actor: Actor, quote: Quote) -> Order:
    with db.transaction(actor) as session:
        return order_flow.from_quote(session, quote.id, at=AT)


def by_hand(actor: Actor, **fields: Any) -> Order:
    with db.transaction(actor) as session:
        return order_flow.by_hand(session, records.valid(HandOrderFields, fields))


def read(order: Order) -> Order:
    with db.reading(SYSTEM) as session:
        return orders.order(session, order.id)


def count() -> int:
    with db.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(Order)) or 0


def test_an_accepted_quote_becomes_an_order_with_all_that_was_agreed(
    alice: Actor,
) -> None:
    make.saved(
        ExchangeRate(currency="USD", rate_on=date(2026, 3, 4), rate=Decimal("0.9"))
    )
    quote = offer(alice)

    found = read(ordered(alice, quote))

    assert (found.number, found.quote_id) == ("SO-2026-00001", quote.id)
    assert (found.total, found.tax, found.currency) == (27, Decimal("5.4"), "USD")
    assert (found.rate, found.rate_on) == (Decimal("0.9"), date(2026, 3, 4))
    (line,) = found.lines
    assert (line.quantity, line.discount, line.tax_rate, line.amount) == (
        3, Decimal("0.1"), Decimal("0.2"), 27,
    )  # fmt: skip
    assert line.description == "As agreed"


@pytest.mark.slow
def test_it_becomes_one_order_also_when_many_ask_at_once(alice: Actor) -> None:
    quote = offer(alice)

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _turn: ordered(alice, quote).id, range(5)))

    assert len(set(made)) == count() == 1


@pytest.mark.parametrize("status", [QuoteStatus.SENT, QuoteStatus.REPLACED])
def test_only_what_is_accepted_becomes_an_order(
    alice: Actor, charlie: Actor, status: QuoteStatus
) -> None:
    with pytest.raises(RuleBroken, match="accepted"):
        ordered(alice, offer(alice, status=status))
    with pytest.raises(NotFound):
        ordered(charlie, offer(alice, number="Q-2"))
    with pytest.raises(NotFound):
        ordered(alice, Quote(id=404))


def test_an_order_in_the_recycle_bin_is_told_of(alice: Actor) -> None:
    quote = offer(alice)
    order = ordered(alice, quote)
    with db.transaction(alice) as session:
        orders.remove(session, order.id)

    with pytest.raises(RuleBroken, match=f"{order.number} .*recycle bin"):
        ordered(alice, quote)


def test_by_hand_prices_taxes_and_the_number_follow(alice: Actor) -> None:
    customer = make.customer(alice)
    pen = make.product(price=Decimal("1.005"), tax_rate=Decimal("0.2"))
    make.order(customer, (pen, 1, "1"), number="SO-2026-00001")

    made = by_hand(
        alice,
        customer_id=customer.id,
        ordered_on="2026-03-05",
        lines=[{"product_id": pen.id, "quantity": "3"}],
    )

    found = read(made)
    assert found.number == "SO-2026-00002"  # the first is somebody else's
    assert (found.total, found.tax) == (Decimal("3.02"), Decimal("0.60"))
    assert found.ordered_at == datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_an_order_of_today_is_of_now(alice: Actor) -> None:
    customer, pen = make.customer(alice), make.product(price=Decimal(1))
    before = utcnow()

    made = by_hand(alice, customer_id=customer.id, lines=[{"product_id": pen.id}])

    assert before <= made.ordered_at <= utcnow()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"customer_id": 404}, NotFound),
        ({"opportunity_id": 404}, NotFound),
        ({"lines": [{"product_id": 404}]}, NotFound),
        ({"ordered_on": "0001-01-01"}, Invalid),
        ({"currency": "€€€"}, Invalid),
        ({"currency": "USD"}, Invalid),  # the product has no price in it
        ({"lines": []}, Invalid),
    ],
)
def test_by_hand_what_does_not_fit_is_refused(
    alice: Actor, fields: dict[str, Any], error: type[CRMError]
) -> None:
    pen = make.product(price=Decimal(1))
    good = {"customer_id": make.customer(alice).id, "lines": [{"product_id": pen.id}]}
    with pytest.raises(error):
        by_hand(alice, **good | fields)


def test_by_hand_an_order_is_of_no_other_customers_opportunity(alice: Actor) -> None:
    deal, other = make.opportunity(make.customer(alice)), make.customer(alice)
    pen = make.product(price=Decimal(1))
    fields = {"opportunity_id": deal.id, "lines": [{"product_id": pen.id}]}

    with pytest.raises(Invalid, match="another customer"):
        by_hand(alice, customer_id=other.id, **fields)
    made = by_hand(alice, customer_id=deal.customer_id, **fields)

    assert made.opportunity_id == deal.id


def test_who_may_only_look_makes_no_order(viewer: Actor) -> None:
    pen, customer = make.product(price=Decimal(1)), make.customer()
    with pytest.raises(Forbidden):
        by_hand(viewer, customer_id=customer.id, lines=[{"product_id": pen.id}])
    with pytest.raises(Forbidden):
        ordered(viewer, offer(viewer))


def test_an_order_by_hand_is_not_worth_less_than_nothing(alice: Actor) -> None:
    who, what = make.customer(alice), make.product()
    line = {"product_id": what.id, "quantity": 1, "unit_price": -5}

    with pytest.raises(Invalid, match="that would be a return") as told:
        by_hand(alice, customer_id=who.id, lines=[line])
    other = {"product_id": what.id, "quantity": 1, "unit_price": 5}
    made = by_hand(alice, customer_id=who.id, lines=[line, other])

    assert told.value.field == "lines"
    assert made.total == 0
