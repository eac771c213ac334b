"""Orders come in whole, from lines wherever they stand in the file."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.models import (
    SYSTEM,
    Actor,
    Change,
    Customer,
    CustomKind,
    Deed,
    Order,
    OrderKind,
    OrderLine,
    OrderStatus,
    Product,
)
from crm.services.admin import custom_fields
from crm.services.imports.choices import Mode, UnknownProducts, WithoutCustomer
from tests import make
from tests.services.imports.engine import brought, latest, only, rows_of, told

HEAD = (
    "order_number,ordered_at,customer_external_id,sku,product_name,quantity,unit_price"
)


def file(*lines: str, head: str = HEAD) -> str:
    return "\n".join([head, *lines, ""])


def lines_of(number: str) -> list[tuple[Any, ...]]:
    """SKU, quantity, unit price and amount of each line of an order, in order."""
    columns = (OrderLine.quantity, OrderLine.unit_price, OrderLine.amount)
    statement = (
        select(Product.sku, *columns)
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(Order.number == number)
        .order_by(OrderLine.position)
    )
    with db.reading(SYSTEM) as session:
        return [tuple(row) for row in session.execute(statement)]


@pytest.mark.slow
def test_orders_come_in_with_customers_and_products(admin: Actor) -> None:
    report = brought(
        admin,
        file(
            "1001,2026-03-01 08:30,C1,CUP,A cup,2,3.50",
            "1001,2026-03-01 08:30,C1,POT,A pot,1,20",
            "1002,2026-03-02,C2,CUP,A cup,1,3.25",
        ),
        "orders",
        zone="Europe/Berlin",
        currency="USD",
    )

    wanted = {"customer": 2, "product": 2, "sales_order": 2, "order_line": 3}
    assert (report.counts.created, report.made) == (3, wanted)
    order = only(Order, number="1001")
    assert (order.total, order.currency) == (Decimal(27), "USD")
    assert order.ordered_at == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    assert (order.kind, order.status) == (OrderKind.SALE, OrderStatus.CONFIRMED)
    assert (order.number_key, order.search_key) == ("1001", "1001\n")
    assert lines_of("1001") == [
        ("CUP", Decimal(2), Decimal("3.5"), Decimal(7)),
        ("POT", Decimal(1), Decimal(20), Decimal(20)),
    ]
    buyer = only(Customer, external_id="C1")
    assert (buyer.name, buyer.external_key) == ("Customer C1", "C1")
    assert order.customer_id == buyer.id


@pytest.mark.slow
def test_lines_of_an_order_may_lie_far_apart(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.services.imports.batches.SIZE", 4)
    others = [f"{n},2026-03-01,C1,X,,1,1" for n in range(10, 20)]

    report = brought(
        admin,
        file("1,2026-03-01,C1,A,,1,1", *others, "1,2026-03-01,C1,B,,2,1"),
        "orders",
    )

    assert report.made["sales_order"] == 11
    assert lines_of("1") == [
        ("A", Decimal(1), Decimal(1), Decimal(1)),
        ("B", Decimal(2), Decimal(1), Decimal(2)),
    ]
    assert only(Order, number="1").total == Decimal(3)


@pytest.mark.slow
def test_what_was_taken_back_is_a_return(admin: Actor) -> None:
    brought(admin, file("7,2026-03-01,C1,A,,-2,5"), "orders")

    order = only(Order, number="7")
    assert (order.kind, order.total) == (OrderKind.RETURN, Decimal(-10))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("C536379", OrderKind.CANCELLATION),
        ("c12", OrderKind.CANCELLATION),
        ("CUP-1", OrderKind.RETURN),
    ],
)
def test_a_number_of_c_and_digits_below_zero_is_a_cancellation(
    admin: Actor, number: str, kind: OrderKind
) -> None:
    brought(admin, file(f"{number},2026-03-01,C1,A,,-2,5"), "orders")

    assert only(Order).kind is kind


@pytest.mark.slow
def test_stock_taken_out_for_nothing_and_nobody_is_an_adjustment(admin: Actor) -> None:
    brought(
        admin,
        file(
            "1,2026-03-01,,A,,-9,0", "2,2026-03-01,C1,A,,-9,0", "3,2026-03-01,,A,,9,0"
        ),
        "orders",
    )

    assert rows_of(Order, "number", "kind") == [
        ("1", OrderKind.ADJUSTMENT), ("2", OrderKind.RETURN), ("3", OrderKind.SALE),
    ]  # fmt: skip


@pytest.mark.slow
def test_an_order_with_both_signs_becomes_two(admin: Actor) -> None:
    report = brought(
        admin,
        file(
            "1,2026-03-01,C1,A,,-1,5",
            "1,2026-03-01,C1,B,,3,5",
            "1,2026-03-01,C1,C,,1,5",
        ),
        "orders",
    )

    assert rows_of(Order, "number", "kind", "total") == [
        ("1", OrderKind.SALE, Decimal(20)), ("1/R", OrderKind.RETURN, Decimal(-5)),
    ]  # fmt: skip
    assert report.counts.created == 3
    assert report.notes[0].startswith("1 order holds quantities above and below zero")


@pytest.mark.slow
def test_a_part_of_an_order_takes_no_number_that_is_taken(admin: Actor) -> None:
    make.order(make.customer(), (make.product(), 1, "1"), number="1/R")

    brought(
        admin,
        file(
            "1,2026-03-01,C1,A,,-1,5",
            "1,2026-03-01,C1,B,,3,5",
            "1/R2,2026-03-01,C1,B,,1,1",
        ),
        "orders",
    )

    assert {row[0] for row in rows_of(Order, "number")} == {"1", "1/R", "1/R2", "1/R3"}


@pytest.mark.slow
def test_an_order_goes_in_whole_or_not_at_all(admin: Actor) -> None:
    content = file(
        "1,2026-03-01,C1,A,,1,5",
        "2,2026-03-01,C2,A,,1,5",
        "1,2026-03-01,C1,B,,many,5",
        "2,2026-03-01,C2,B,,0,5",
    )

    report = brought(admin, content, "orders")

    assert (report.counts.failed, report.made) == (4, {})
    assert (
        rows_of(Order, "id") == rows_of(Customer, "id") == rows_of(Product, "id") == []
    )
    rest = "Another line of this order cannot go in; see row {}."
    assert told(admin, latest(admin)) == [
        (1, None, rest.format(3)),
        (2, None, rest.format(4)),
        (3, "quantity", "“many” is not a number like 1,234.56."),
        (4, "quantity", "The quantity is 0."),
    ]


@pytest.mark.slow
def test_bringing_the_same_file_in_again_makes_nothing(admin: Actor) -> None:
    content = file(
        "1,2026-03-01,C1,A,,1,5", "1,2026-03-01,C1,A,,1,5", "2,2026-03-01,,B,,-1,5"
    )
    brought(admin, content, "orders")
    before = [rows_of(t, "id") for t in (Order, Customer, Product)], lines_of("1")

    report = brought(admin, content, "orders")

    assert (report.counts.unchanged, report.made) == (3, {})
    after = [rows_of(t, "id") for t in (Order, Customer, Product)], lines_of("1")
    assert after == before


@pytest.mark.slow
def test_an_order_that_is_there_gets_its_status_only(admin: Actor) -> None:
    there = make.order(make.customer(), (make.product(), 1, "1"), number="1")

    report = brought(
        admin,
        file("1,2026-03-01,C1,A,,9,9,storniert", head=f"{HEAD},status"),
        "orders",
    )

    assert (report.counts.updated, report.changed) == (1, {"sales_order": 1})
    words = "Order 1 is there with 1.00, not 81.00; it stays."
    assert told(admin, latest(admin)) == [(1, "order_number", words)]
    order = only(Order)
    assert (order.status, order.total) == (OrderStatus.CANCELLED, there.total)
    assert rows_of(Customer, "id") == [(there.customer_id,)]


@pytest.mark.slow
def test_an_order_that_is_there_with_another_sum_is_told(admin: Actor) -> None:
    make.order(make.customer(), (make.product(), 2, "1.5"), number="1")

    report = brought(
        admin,
        file("1,2026-03-01,C1,A,,9,9", "1,2026-03-01,C1,A,,-1,9"),
        "orders",
    )

    assert (report.counts.skipped, report.counts.unchanged) == (2, 0)
    words = "Order 1 is there with 3.00, not 81.00; it stays."
    assert told(admin, latest(admin)) == [
        (1, "order_number", words), (2, "order_number", words),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "reasons"),
    [
        (Mode.CREATE, ["Order 1 is there already."]),
        (Mode.UPDATE, ["There is no such order to change."]),
    ],
)
def test_orders_are_only_made_or_only_changed_where_that_is_chosen(
    admin: Actor, mode: Mode, reasons: list[str]
) -> None:
    make.order(make.customer(), (make.product(), 1, "1"), number="1")

    report = brought(
        admin,
        file("1,2026-03-01,C1,A,,1,1", "2,2026-03-01,C1,A,,1,1"),
        "orders",
        mode=mode,
    )

    assert [reason for *_row, reason in told(admin, latest(admin))] == reasons
    assert report.counts.created == (mode is Mode.CREATE)


@pytest.mark.slow
def test_orders_of_nobody_go_to_the_walk_in_customer(admin: Actor) -> None:
    brought(admin, file("1,2026-03-01,,A,,1,1"), "orders")
    report = brought(admin, file("2,2026-03-01,,A,,1,1"), "orders")

    walk_in = only(Customer)
    assert (walk_in.walk_in, walk_in.owner_id, walk_in.name) == (
        True, None, "Walk-in customers",
    )  # fmt: skip
    assert rows_of(Order, "customer_id") == [(walk_in.id,), (walk_in.id,)]
    assert report.notes == ("1 order without a customer went to the walk-in customer.",)


@pytest.mark.slow
def test_orders_of_nobody_are_left_out_where_that_is_chosen(admin: Actor) -> None:
    report = brought(
        admin,
        file("1,2026-03-01,,A,,1,1", "2,2026-03-01,C1,B,,1,1"),
        "orders",
        without_customer=WithoutCustomer.SKIP,
    )

    assert (report.counts.created, report.counts.skipped) == (1, 1)
    words = "The order names no customer."
    assert told(admin, latest(admin)) == [(1, "customer_external_id", words)]
    assert rows_of(Product, "sku") == [("B",)]


@pytest.mark.slow
def test_one_line_that_names_the_customer_speaks_for_all(admin: Actor) -> None:
    brought(admin, file("1,2026-03-01,,A,,1,1", "1,2026-03-01,C1,A,,1,1"), "orders")

    assert rows_of(Customer, "external_id") == [("C1",)]


@pytest.mark.slow
def test_lines_that_name_several_customers_fail(admin: Actor) -> None:
    report = brought(
        admin, file("1,2026-03-01,C1,A,,1,1", "1,2026-03-01,C2,A,,1,1"), "orders"
    )

    assert report.counts.failed == 2
    words = "The lines of this order name several customers or currencies."
    assert told(admin, latest(admin)) == [(1, None, words), (2, None, words)]


@pytest.mark.slow
def test_customers_are_found_by_id_then_mail_then_name(admin: Actor) -> None:
    by_id = make.customer(name="One", external_id="C1")
    by_mail = make.customer(name="Two", email="a@b.example")
    by_name = make.customer(name="Three")

    brought(
        admin,
        "order_number,ordered_at,customer_external_id,customer_email,customer_name,sku,"
        "quantity,unit_price\n"
        "1,2026-03-01,C1,,Other,A,1,1\n"
        "2,2026-03-01,,A@B.example,Other,A,1,1\n"
        "3,2026-03-01,,,THREE,A,1,1\n"
        "4,2026-03-01,C4,c@d.example,Four,A,1,1\n"
        "5,2026-03-01,,c@d.example,,A,1,1\n",
        "orders",
    )

    found = [row[0] for row in rows_of(Order, "customer_id")]
    four = only(Customer, external_id="C4")
    assert found == [by_id.id, by_mail.id, by_name.id, four.id, four.id]
    assert (four.name, four.email) == ("Four", "c@d.example")


@pytest.mark.slow
def test_products_that_are_not_there_are_refused_where_that_is_chosen(
    admin: Actor,
) -> None:
    make.product(sku="A")

    report = brought(
        admin,
        file(
            "1,2026-03-01,C1,A,,1,1", "1,2026-03-01,C1,B,,1,1", "2,2026-03-01,C2,A,,1,1"
        ),
        "orders",
        unknown_products=UnknownProducts.REFUSE,
    )

    assert (report.counts.created, report.counts.failed) == (1, 2)
    assert told(admin, latest(admin))[1] == (
        2, "sku", "There is no product with this SKU.",
    )  # fmt: skip
    assert rows_of(Customer, "external_id") == [("C2",)]


@pytest.mark.slow
def test_a_new_product_is_called_as_most_lines_call_it(admin: Actor) -> None:
    brought(
        admin,
        file(
            "1,2026-03-01,C1,A,damaged,1,1",
            "2,2026-03-01,C1,A,Cup,1,1",
            "3,2026-03-01,C1,A,Cup,1,1",
            "4,2026-03-01,C1,B,,1,1",
        ),
        "orders",
    )

    assert rows_of(Product, "sku", "name") == [("A", "Cup"), ("B", "B")]
    assert rows_of(OrderLine, "description") == [
        ("damaged",),
        (None,),
        (None,),
        (None,),
    ]


@pytest.mark.slow
def test_a_discount_is_part_of_the_agreed_price(admin: Actor) -> None:
    brought(
        admin,
        file("1,2026-03-01,C1,A,,3,9.99,12.5 %", head=f"{HEAD},line_discount"),
        "orders",
    )

    # 9.99 × 0.875 = 8.74125, to the even side 8.7412; × 3 = 26.2236
    assert lines_of("1") == [("A", Decimal(3), Decimal("8.7412"), Decimal("26.2236"))]


@pytest.mark.slow
def test_a_discount_above_the_price_fails(admin: Actor) -> None:
    report = brought(
        admin,
        file(
            "1,2026-03-01,C1,A,,3,9,101",
            "2,2026-03-01,C1,A,,3,9,100",
            head=f"{HEAD},line_discount",
        ),
        "orders",
    )

    assert (report.counts.failed, report.counts.created) == (1, 1)
    assert told(admin, latest(admin)) == [
        (1, "line_discount", "A discount is at most 100 %.")
    ]


@pytest.mark.slow
def test_more_than_an_order_can_be_worth_fails(admin: Actor) -> None:
    report = brought(
        admin,
        file(
            "1,2026-03-01,C1,A,,900000000,900000000",
            "2,2026-03-01,C1,A,,1000000,999999",
            "2,2026-03-01,C1,A,,1000000,2",
            "3,2026-03-01,C1,A,,1000000,1000000",
        ),
        "orders",
    )

    assert (report.counts.failed, report.counts.created) == (3, 1)
    words = "An order is worth at most 1,000,000,000,000."
    assert [row[2] for row in told(admin, latest(admin))] == [words] * 3
    assert only(Order).total == Decimal(10**12)


@pytest.mark.slow
def test_a_batch_has_only_so_many_orders(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.services.imports.batches.ORDERS", 2)
    lines = [f"{n // 2},2026-03-01,C1,A,,1,1" for n in range(10)]

    report = brought(admin, file(*lines), "orders")

    assert report.made["sales_order"] == 5
    of_orders = (Change.entity == "sales_order") & (Change.deed == Deed.BATCH)
    with db.reading(SYSTEM) as session:
        logged = session.scalars(select(Change).where(of_orders).order_by(Change.id))
        assert [one.after["count"] for one in logged if one.after] == [2, 2, 1]
    assert rows_of(Order, "number") == [(str(n),) for n in range(5)]


@pytest.mark.slow
def test_an_order_of_more_lines_than_a_batch_fails(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.services.imports.batches.SIZE", 2)
    lines = [f"1,2026-03-01,C1,A,,{n},1" for n in range(1, 4)]

    report = brought(admin, file(*lines, "2,2026-03-01,C1,A,,1,1"), "orders")

    assert (report.counts.failed, report.counts.created) == (3, 1)


@pytest.mark.slow
def test_custom_fields_of_orders_are_filled(admin: Actor) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "sales_order", "Channel", CustomKind.TEXT)

    brought(
        admin,
        file(
            "1,2026-03-01,C1,A,,1,1,",
            "1,2026-03-01,C1,A,,1,1,web",
            head=f"{HEAD},Channel",
        ),
        "orders",
    )

    with db.reading(admin) as session:
        held = custom_fields.values(session, "sales_order", only(Order).id)
    assert held == {"x_channel": "web"}
