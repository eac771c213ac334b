"""Subscriptions: terms, prices over time, cancellations and what takes them back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import Duplicate, Invalid, NotFound, RuleBroken, Stale
from crm.models import (
    Actor,
    BillingPeriod,
    Cancellation,
    CancelReason,
    Customer,
    Price,
    Subscription,
    SubscriptionFields,
    SubscriptionState,
)
from crm.services import records, undo
from crm.services.subscriptions import subscriptions
from tests import make

LONG_AGO = date(2020, 1, 31)


def form(customer: Customer, **fields: Any) -> SubscriptionFields:
    given = {
        "number": "S-1",
        "customer_id": customer.id,
        "starts_on": "2026-01-31",
        "price": "120",
        "billing_period": "yearly",
    }
    return records.valid(SubscriptionFields, given | fields)


def created(actor: Actor, customer: Customer, **fields: Any) -> Subscription:
    with db.transaction(actor) as session:
        return subscriptions.create(session, form(customer, **fields))


def changed(actor: Actor, row: Subscription, **changes: Any) -> Subscription:
    with db.transaction(actor) as session:
        return subscriptions.update(session, row.id, changes)


def read(actor: Actor, key: int) -> Subscription:
    with db.reading(actor) as session:
        return subscriptions.subscription(session, key)


def test_a_price_is_also_known_by_the_month(alice: Actor) -> None:
    customer = make.customer(alice)

    made = created(alice, customer, price="100", quantity="2.5")

    found = read(alice, made.id)
    assert found.monthly == Decimal("20.8333")  # 250 / 12
    assert found.price_on(date(2030, 1, 1)) == Price(
        date(2026, 1, 31), Decimal(100), Decimal("2.5"), BillingPeriod.YEARLY
    )
    assert (found.currency, found.customer.name) == ("EUR", customer.name)


def test_a_new_price_leaves_the_old_one_where_it_was(alice: Actor) -> None:
    made = created(alice, make.customer(alice), billing_period="monthly")

    changed(alice, made, price="150", price_from="2026-03-01")

    found = read(alice, made.id)
    assert found.monthly_amount(date(2026, 1, 30)) == 0  # before the start
    assert found.monthly_amount(date(2026, 2, 28)) == 120
    assert found.monthly_amount(date(2026, 3, 1)) == 150
    assert (found.price, found.price_from) == (150, date(2026, 3, 1))


def test_a_price_from_the_same_day_replaces_the_one_of_that_day(alice: Actor) -> None:
    made = created(alice, make.customer(alice))

    changed(alice, made, price="130", price_from="2026-01-31")

    assert [one.price for one in read(alice, made.id).price_list] == [130]


def test_a_price_cannot_start_before_one_that_is_agreed(alice: Actor) -> None:
    made = created(alice, make.customer(alice))
    changed(alice, made, price="130", price_from="2026-06-01")

    with pytest.raises(Invalid, match="2026-06-01"):
        changed(alice, made, price="140", price_from="2026-05-31")


def test_an_unchanged_price_is_not_noted_again(alice: Actor) -> None:
    made = created(alice, make.customer(alice))

    changed(alice, made, price="120", price_from="2026-06-01", name="Service")

    found = read(alice, made.id)
    assert (len(found.prices), found.name) == (1, "Service")
    assert found.price_from == date(2026, 1, 31)


def test_undo_brings_the_old_price_back(alice: Actor) -> None:
    made = created(alice, make.customer(alice))
    changes = {"price": "90", "price_from": "2026-02-01"}
    with db.transaction(alice) as session:
        subscriptions.update(session, made.id, changes)
    operation = db.operation_of(session)
    assert operation is not None

    with db.transaction(alice) as session:
        undone = undo.undo(session, operation)

    assert undone.skipped == []
    found = read(alice, made.id)
    assert [one.price for one in found.price_list] == [120]
    assert (found.price, found.monthly) == (120, 10)


def test_a_term_that_renews_has_no_end_and_keeps_the_day_of_the_month(
    alice: Actor,
) -> None:
    made = created(alice, make.customer(alice), starts_on=LONG_AGO, term_months=1)

    found = read(alice, made.id)
    assert found.ends_on is None
    assert found.renews_on(date(2024, 1, 31)) == date(2024, 2, 29)
    assert found.renews_on(date(2024, 2, 29)) == date(2024, 3, 31)


def test_a_term_that_does_not_renew_ends_the_day_before_the_next(alice: Actor) -> None:
    made = created(alice, make.customer(alice), term_months=12, auto_renew=False)

    found = read(alice, made.id)
    assert (found.ends_on, found.renewal_on) == (date(2027, 1, 30), date(2027, 1, 31))
    assert found.is_active(date(2027, 1, 30))
    assert not found.is_active(date(2027, 1, 31))


def test_renewing_adds_a_term(alice: Actor) -> None:
    made = created(alice, make.customer(alice), term_months=1, auto_renew=False)

    with db.transaction(alice) as session:
        subscriptions.renew(session, made.id)

    found = read(alice, made.id)
    assert (found.ends_on, found.renewal_on) == (date(2026, 3, 30), date(2026, 3, 31))


@pytest.mark.parametrize(
    "fields", [{}, {"term_months": 12}, {"term_months": 12, "cancelled_on": LONG_AGO}]
)
def test_what_goes_on_by_itself_or_is_cancelled_is_not_renewed(
    alice: Actor, fields: dict[str, Any]
) -> None:
    made = created(alice, make.customer(alice), starts_on=LONG_AGO, **fields)

    with pytest.raises(RuleBroken), db.transaction(alice) as session:
        subscriptions.renew(session, made.id)


@pytest.mark.parametrize(
    ("fields", "last"),
    [
        ({}, date(2026, 5, 10)),  # open-ended: at once
        ({"term_months": 12}, date(2027, 1, 30)),  # to the end of the term
        ({"term_months": 3}, date(2026, 7, 30)),  # the term that runs in May
        ({"term_months": 12, "auto_renew": False}, date(2027, 1, 30)),
    ],
)
def test_a_cancelled_subscription_runs_to_the_end_of_its_term(
    alice: Actor, fields: dict[str, Any], last: date
) -> None:
    made = created(alice, make.customer(alice), **fields)

    with db.transaction(alice) as session:
        subscriptions.cancel(session, made.id, Cancellation(date(2026, 5, 10)))

    assert read(alice, made.id).ends_on == last


def test_a_cancellation_may_name_its_last_day(alice: Actor) -> None:
    made = created(alice, make.customer(alice), term_months=12)
    agreed = Cancellation(
        date(2026, 5, 10), CancelReason.PRICE, "too dear", date(2026, 6, 30)
    )

    with db.transaction(alice) as session:
        subscriptions.cancel(session, made.id, agreed)

    found = read(alice, made.id)
    assert (found.cancel_reason, found.cancel_note) == (CancelReason.PRICE, "too dear")
    days = ["2026-01-30", "2026-05-09", "2026-05-10", "2026-06-30", "2026-07-01"]
    assert [found.state(date.fromisoformat(day)).value for day in days] == [
        "upcoming", "active", "cancelled", "cancelled", "ended",
    ]  # fmt: skip


def test_a_cancellation_is_taken_back_while_it_runs(alice: Actor) -> None:
    made = created(alice, make.customer(alice), term_months=12)
    with db.transaction(alice) as session:
        subscriptions.cancel(
            session, made.id, Cancellation(date(2026, 5, 10), CancelReason.PRICE)
        )

    with db.transaction(alice) as session:
        subscriptions.reactivate(session, made.id, on=date(2027, 1, 30))

    found = read(alice, made.id)
    assert (found.cancelled_on, found.cancel_reason, found.ends_on) == (None,) * 3
    assert found.state(date(2027, 1, 30)) is SubscriptionState.ACTIVE


def test_what_has_ended_stays_ended(alice: Actor) -> None:
    made = created(alice, make.customer(alice), cancelled_on="2026-05-10")

    for on in (date(2026, 5, 11), date(2027, 1, 1)):
        with pytest.raises(RuleBroken, match="ended"), db.transaction(alice) as session:
            subscriptions.reactivate(session, made.id, on=on)


def test_nothing_is_cancelled_twice_or_taken_back_without_need(alice: Actor) -> None:
    made = created(alice, make.customer(alice))
    with (
        pytest.raises(RuleBroken, match="not cancelled"),
        db.transaction(alice) as session,
    ):
        subscriptions.reactivate(session, made.id, on=date(2026, 3, 1))
    changed(alice, made, cancelled_on="2026-05-10")

    with pytest.raises(RuleBroken, match="already"), db.transaction(alice) as session:
        subscriptions.cancel(session, made.id, Cancellation(date(2026, 6, 1)))


@pytest.mark.parametrize(
    "fields",
    [
        {"number": ""},
        {"number": "\x00"},
        {"price": "-1"},
        {"price": "NaN"},
        {"price": "1.00001"},
        {"price": "1000000", "quantity": "1000001"},
        {"quantity": "-1"},
        {"billing_period": "weekly"},
        {"term_months": 0},
        {"term_months": 1201},
        {"remind_days": 367},
        {"currency": "EURO"},
        {"currency": "€€€"},
        {"starts_on": "soon"},
        {"starts_on": "0001-01-01"},
        {"starts_on": "3000-01-01"},
        {"ends_on": "2026-12-31"},
        {"cancelled_on": "2026-05-10", "ends_on": "2026-05-09"},
        {"cancel_reason": "mood"},
        {"monthly": "5"},
        {"prices": []},
    ],
)
def test_what_does_not_fit_is_refused(alice: Actor, fields: dict[str, Any]) -> None:
    customer = make.customer(alice)

    with pytest.raises(Invalid):
        created(alice, customer, **fields)


def test_the_customer_and_the_product_must_be_there(
    alice: Actor, charlie: Actor
) -> None:
    customer = make.customer(alice)

    with pytest.raises(NotFound, match="Product"):
        created(alice, customer, product_id=404)
    with pytest.raises(NotFound, match="Customer"):
        created(charlie, customer)


def test_a_number_is_there_once(alice: Actor) -> None:
    customer = make.customer(alice)
    created(alice, customer)

    with pytest.raises(Duplicate):
        created(alice, customer)


def test_a_version_that_is_gone_is_refused(alice: Actor) -> None:
    made = created(alice, make.customer(alice))
    changed(alice, made, name="Other")

    with pytest.raises(Stale), db.transaction(alice) as session:
        subscriptions.update(session, made.id, {"name": "Mine"}, version=1)
