"""Orders: exact amounts, signs by kind, links that are there."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import Duplicate, Invalid, NotFound, Stale
from crm.models import (
    Actor,
    Customer,
    CustomKind,
    Order,
    OrderFields,
    OrderKind,
    OrderStatus,
    Product,
    ProductFields,
    utcnow,
)
from crm.services import lists, records
from crm.services.admin import custom_fields
from crm.services.documents import orders
from crm.services.prices import pricing, products
from tests import make
from tests.make import NOON


def line(product: Product, quantity: Any = 1, unit_price: Any = "10") -> dict[str, Any]:
    return {
        "product_id": product.id,
        "quantity": str(quantity),
        "unit_price": str(unit_price),
    }


def form(customer: Customer, *lines: dict[str, Any], **fields: Any) -> OrderFields:
    given = {
        "number": "O-1",
        "customer_id": customer.id,
        "ordered_at": NOON,
        "lines": list(lines),
    }
    return records.valid(OrderFields, given | fields)


def create(actor: Actor, form: OrderFields) -> Order:
    with db.transaction(actor) as session:
        return orders.create(session, form)


def read(actor: Actor, order_id: int) -> Order:
    with db.reading(actor) as session:
        return orders.order(session, order_id)


def test_an_order_is_read_with_its_lines(alice: Actor) -> None:
    pen, ink = make.product(), make.product()

    made = create(
        alice, form(make.customer(alice), line(pen, 3, "0.1"), line(ink, 1, "0.2"))
    )

    found = read(alice, made.id)
    assert found.total == Decimal("0.5")
    assert [(one.position, one.product_id, one.amount) for one in found.lines] == [
        (1, pen.id, Decimal("0.3")),
        (2, ink.id, Decimal("0.2")),
    ]


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("0.3333", "0.0005", "0.0002"),  # 0.00016665
        ("0.5", "0.0001", "0"),  # half to even
        ("1.5", "0.0001", "0.0002"),  # 0.00015, half to even
        ("-2", "10.10", "-20.20"),
        ("999999.9999", "999999.9999", "999999999800.0000"),
    ],
)
def test_a_line_is_rounded_half_even_to_four_places(
    quantity: str, price: str, amount: str
) -> None:
    assert pricing.line_amount(Decimal(quantity), Decimal(price)) == Decimal(amount)


def test_the_time_of_an_order_keeps_its_instant(alice: Actor) -> None:
    at = datetime(2026, 3, 1, 20, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))

    made = create(alice, form(make.customer(), line(make.product()), ordered_at=at))

    assert read(alice, made.id).ordered_at == datetime(
        2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC
    )


def test_the_book_currency_is_meant_where_none_is_named(alice: Actor) -> None:
    customer, product = make.customer(), make.product()

    first = create(alice, form(customer, line(product)))
    second = create(alice, form(customer, line(product), number="2", currency="usd"))

    assert (first.currency, second.currency) == ("EUR", "USD")


def test_an_order_that_does_not_fit_is_refused(
    alice: Actor, subtests: pytest.Subtests
) -> None:
    customer, product = make.customer(), make.product()

    for fields in [
        {"ordered_at": datetime(2026, 3, 1)},  # noqa: DTZ001  (the fault)
        {"ordered_at": datetime(1, 1, 1, tzinfo=UTC)},
        {"ordered_at": datetime(9999, 12, 31, tzinfo=timezone(timedelta(hours=-5)))},
        {"ordered_at": "soon"},
        {"currency": "€€€"},
        {"currency": "EURO"},
        {"currency": "\x00ab"},
        {"number": ""},
        {"number": "x" * 61},
        {"number": "\x00"},
        {"kind": "gift"},
        {"status": "lost"},
        {"lines": []},
        {"total": "5"},
        {"id": 5},
        {"kind": "return"},
        {"kind": "cancellation"},
    ]:
        with subtests.test(fields=fields), pytest.raises(Invalid):
            create(alice, form(customer, line(product), **fields))


def test_a_line_that_does_not_fit_is_refused(
    alice: Actor, subtests: pytest.Subtests
) -> None:
    customer, product = make.customer(), make.product()

    for quantity, price in [
        ("0", "10"),
        ("-1", "10"),
        ("NaN", "10"),
        ("1", "Infinity"),
        ("1.00001", "10"),
        ("922337203685477.5807", "922337203685477.5807"),
        ("1000000", "1000000.0001"),
    ]:
        with subtests.test(quantity=quantity, price=price), pytest.raises(Invalid):
            create(alice, form(customer, line(product, quantity, price)))


def test_many_large_lines_are_too_much_together(alice: Actor) -> None:
    customer, product = make.customer(), make.product()
    large = line(product, 1, 10**12)

    with pytest.raises(Invalid, match="at most"):
        create(alice, form(customer, large, large))


@pytest.mark.parametrize("kind", ["return", "cancellation"])
def test_what_comes_back_is_below_zero(alice: Actor, kind: str) -> None:
    customer, product = make.customer(), make.product()

    made = create(alice, form(customer, line(product, -2, "5"), kind=kind))

    assert made.total == Decimal(-10)


def test_an_order_needs_a_product_that_is_there(
    alice: Actor, subtests: pytest.Subtests
) -> None:
    customer, known = make.customer(), line(make.product())

    for key in [999_999, 0, -1, 2**63, 10**30]:
        missing = known | {"product_id": key}
        with subtests.test(key=key), pytest.raises(NotFound, match=f"Product {key}"):
            create(alice, form(customer, missing))


def test_a_product_in_the_recycle_bin_is_not_sold(alice: Actor) -> None:
    gone = make.product(deleted_at=utcnow())

    with pytest.raises(NotFound):
        create(alice, form(make.customer(), line(gone)))


def test_an_order_for_a_customer_out_of_reach_is_refused(
    alice: Actor, charlie: Actor
) -> None:
    theirs, product = make.customer(alice), make.product()

    with pytest.raises(NotFound):
        create(charlie, form(theirs, line(product)))

    with db.reading(alice) as session:
        assert session.scalars(select(Order)).all() == []


def test_an_order_is_of_an_opportunity_of_its_customer_in_reach(
    alice: Actor, charlie: Actor
) -> None:
    theirs, own, other = make.customer(alice), make.customer(charlie), make.customer()
    deal, product = make.opportunity(theirs), make.product()

    made = create(alice, form(theirs, line(product), opportunity_id=deal.id))
    with pytest.raises(NotFound):
        create(charlie, form(own, line(product), number="2", opportunity_id=deal.id))
    with pytest.raises(Invalid, match="another customer"):
        create(alice, form(other, line(product), number="3", opportunity_id=deal.id))

    assert made.opportunity_id == deal.id


def test_a_foreign_order_is_not_there(alice: Actor, charlie: Actor) -> None:
    theirs = make.order(make.customer(alice), (make.product(), 1, "5"))

    with pytest.raises(NotFound):
        read(charlie, theirs.id)
    with pytest.raises(NotFound), db.transaction(charlie) as session:
        orders.set_status(session, theirs.id, OrderStatus.CANCELLED)


def test_a_number_is_used_once(alice: Actor) -> None:
    customer, product = make.customer(), make.product()
    create(alice, form(customer, line(product)))

    with pytest.raises(Duplicate):
        create(alice, form(customer, line(product)))


def test_a_deleted_order_frees_its_number(alice: Actor) -> None:
    customer, product = make.customer(), make.product()
    first = create(alice, form(customer, line(product)))
    with db.transaction(alice) as session:
        orders.remove(session, first.id, version=first.version)

    assert create(alice, form(customer, line(product))).id != first.id


def test_an_order_is_cancelled_and_confirmed_again(alice: Actor) -> None:
    made = create(alice, form(make.customer(), line(make.product())))

    for status in (OrderStatus.CANCELLED, OrderStatus.CONFIRMED):
        with db.transaction(alice) as session:
            orders.set_status(session, made.id, status)
        assert read(alice, made.id).status is status


def test_what_was_agreed_is_not_edited(alice: Actor) -> None:
    made = create(alice, form(make.customer(), line(make.product())))

    with pytest.raises(Invalid), db.transaction(alice) as session:
        orders.update(session, made.id, {"total": "5"})


def test_a_status_set_on_an_old_version_is_refused(alice: Actor) -> None:
    made = create(alice, form(make.customer(), line(make.product())))
    with db.transaction(alice) as session:
        orders.set_status(session, made.id, OrderStatus.CANCELLED, version=1)

    with pytest.raises(Stale), db.transaction(alice) as session:
        orders.set_status(session, made.id, OrderStatus.CONFIRMED, version=1)


def test_orders_and_products_have_custom_fields(admin: Actor) -> None:
    customer = make.customer()
    with db.transaction(admin) as session:
        for entity in ("sales_order", "product"):
            custom_fields.add(session, entity, "Extra", CustomKind.TEXT)
        product = products.create(
            session, ProductFields(sku="1", name="Pen"), custom={"x_extra": "a"}
        )
        order = orders.create(
            session, form(customer, line(product)), custom={"x_extra": "b"}
        )
    with db.transaction(admin) as session:
        products.update(session, product.id, {}, custom={"x_extra": "c"})
        orders.update(session, order.id, {}, custom={"x_extra": "d"})

    with db.reading(admin) as session:
        held = [
            custom_fields.values(session, "product", product.id),
            custom_fields.values(session, "sales_order", order.id),
        ]
    assert held == [{"x_extra": "c"}, {"x_extra": "d"}]


def test_what_a_customer_bought_comes_by_amount(alice: Actor) -> None:
    customer = make.customer(alice)
    cheap, dear, gone = (make.product(sku=sku) for sku in ("C", "D", "G"))
    make.order(customer, (cheap, 5, "1"), (dear, 1, "100.10"))
    make.order(customer, (cheap, 1, "1"))
    make.order(customer, (gone, 1, "9"), status="cancelled")

    with db.reading(alice) as session:
        bought = orders.bought(session, customer.id)

    assert [(one[0], one[2], one[3]) for one in bought] == [
        ("D", Decimal(1), Decimal("100.10")),
        ("C", Decimal(6), Decimal(6)),
    ]


def test_the_latest_orders_come_first(alice: Actor) -> None:
    customer, product = make.customer(alice), make.product()
    old = make.order(customer, (product, 1, "1"), ordered_at=NOON - timedelta(9))
    new = make.order(customer, (product, 1, "1"))

    with db.reading(alice) as session:
        found = orders.of_customer(session, customer.id)

    assert [order.id for order in found] == [new.id, old.id]


def test_a_sale_brings_something_in_and_a_return_takes_it_back(alice: Actor) -> None:
    who, what = make.customer(), make.product()

    with pytest.raises(Invalid, match="that would be a return"):
        create(alice, form(who, line(what, 1, "-5")))
    back = create(alice, form(who, line(what, -1, "5"), kind="return"))

    assert back.total == -5


def test_a_list_of_orders_has_the_total_with_tax(alice: Actor) -> None:
    make.order(make.customer(), total=Decimal(100), tax=Decimal(19))
    cheap = make.order(make.customer(), total=Decimal(110), tax=Decimal(0))

    with db.reading(alice) as session:
        names = ("number", "total_with_tax", "total", "tax")
        query = lists.Query("sales_order", sort="total_with_tax", columns=names)
        first, second = lists.page(session, query, today=date(2026, 3, 1)).rows
        rule = {"field": "total_with_tax", "op": "gt", "value": "115"}
        query = lists.Query("sales_order", rule={"match": "all", "rules": [rule]})
        found = lists.page(session, query, today=date(2026, 3, 1)).rows

    assert first["number"] == cheap.number
    figures = [second[name] for name in names[1:]]
    assert figures == [Decimal(119), Decimal(100), Decimal(19)]
    assert len(found) == 1


def test_the_last_sale_is_the_latest_confirmed_one_up_to_the_day(
    alice: Actor, charlie: Actor
) -> None:
    customer, pen = make.customer(alice), make.product()
    made: list[tuple[datetime, dict[str, Any]]] = [
        (NOON - timedelta(days=9), {}),
        (NOON - timedelta(days=4), {}),
        (NOON - timedelta(days=3), {"status": OrderStatus.CANCELLED}),
        (NOON - timedelta(days=2), {"kind": OrderKind.RETURN}),
        (NOON, {}),
    ]
    for at, details in made:
        make.order(customer, (pen, 1, "9"), ordered_at=at, **details)
    day = NOON.date()

    with db.reading(alice) as session:
        found = [
            orders.last_sale_on(session, day - timedelta(days=days))
            for days in (0, 1, 4, 5, 10)
        ]
    with db.reading(charlie) as session:
        out_of_reach = orders.last_sale_on(session, day)

    before = [day - timedelta(days=days) for days in (4, 4, 9)]
    assert found == [day, *before, None]
    assert out_of_reach is None
