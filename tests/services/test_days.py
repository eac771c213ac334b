"""The day of the company: in Shanghai it is the first of March when UTC is not there.

Quotes that lapse, in `tests/services/documents/test_quotes_steps.py`.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from crm import db
from crm.config import settings
from crm.models import (
    SYSTEM,
    Activity,
    ActivityKind,
    Actor,
    OpportunityFields,
    OrderFields,
    PaymentFields,
    Period,
    Quote,
    Target,
)
from crm.services import activities, days, lists, records
from crm.services.activities import NextStep
from crm.services.documents import order_flow, orders, payments, quotes
from crm.services.documents.invoice_fields import InvoiceState, state_of
from crm.services.documents.order_flow import HandOrderFields
from crm.services.money import rate_gaps
from crm.services.sales import opportunities
from crm.services.subscriptions import renewals, subscriptions
from tests import make
from tests.api.conftest import As
from tests.services import offers

NOW = datetime(2026, 2, 28, 17, tzinfo=UTC)
FIRST = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The company is in Shanghai, where it is one in the morning."""
    monkeypatch.setenv("CRM_TIMEZONE", "Asia/Shanghai")
    settings.cache_clear()
    for module in (days, order_flow):
        monkeypatch.setattr(module, "utcnow", lambda: NOW)
    yield
    monkeypatch.undo()
    settings.cache_clear()


def of(entity: str, field: str, value: str) -> list[int]:
    """Those whom the list finds by a choice."""
    rule = {"match": "all", "rules": [{"field": field, "op": "any", "value": [value]}]}
    with db.reading(SYSTEM) as session:
        query = lists.Query(entity, rule=rule)
        return lists.ids(session, query, today=days.today(), limit=9)


def api(actor: Actor) -> TestClient:
    return TestClient(As(actor), raise_server_exceptions=False)


def test_it_is_tomorrow_already() -> None:
    assert days.today() == FIRST
    assert days.day_of(datetime(2026, 2, 28, 15, 59, tzinfo=UTC)) == date(2026, 2, 28)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu", "UTC"])
def test_a_moment_of_a_day_is_on_it_in_utc_and_in_the_zone(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_TIMEZONE", zone)
    settings.cache_clear()

    moment = days.moment_of(FIRST)

    assert moment.date() == days.day_of(moment) == FIRST


def test_what_is_due_on_it_is_due_today(alice: Actor) -> None:
    today, later = make.customer(alice), make.customer(alice)
    for who, day in ((today, FIRST), (later, date(2026, 3, 2))):
        make.activity(who, kind=ActivityKind.TASK, due_at=days.due_on(day))

    with db.reading(alice) as session:
        steps = activities.next_step(session, [today.id, later.id], at=NOW)

    assert list(steps.values()) == [NextStep.TODAY, NextStep.LATER]


def test_a_quote_is_written_on_it(alice: Actor) -> None:
    form = offers.form(make.customer(), offers.line(make.product(), unit_price="1"))
    with db.transaction(alice) as session:
        made = quotes.create(session, form)

    assert made.issued_on == FIRST
    assert made.number.startswith("Q-2026-")


def test_a_version_of_a_quote_is_of_it(alice: Actor) -> None:
    old = offers.sent(alice, make.customer(), issued_on=date(2026, 2, 1))
    with db.transaction(alice) as session:
        made = quotes.revise(session, old.id)

    assert made.issued_on == FIRST


def test_a_quote_that_was_valid_until_yesterday_is_lapsed_in_the_list(
    alice: Actor,
) -> None:
    lapsed = offers.sent(alice, make.customer(), valid_until=date(2026, 3, 31))
    with db.transaction(SYSTEM) as session:
        db.get(session, Quote, lapsed.id).valid_until = date(2026, 2, 28)

    assert of("quote", "status", "lapsed") == [lapsed.id]


def test_money_comes_in_on_it(alice: Actor) -> None:
    invoice = make.invoice(make.order(make.customer(), (make.product(), 1, "9")))
    form = records.valid(PaymentFields, {"invoice_id": invoice.id, "amount": "9"})
    with db.transaction(alice) as session:
        made = payments.record(session, form)

    assert made.paid_on == FIRST


def test_an_invoice_that_was_due_yesterday_is_overdue(admin: Actor) -> None:
    order = make.order(make.customer(), (make.product(), 1, "9"))
    day = date(2026, 2, 28)
    invoice = make.invoice(order, on=day, due_on=day)

    assert of("invoice", "state", "overdue") == [invoice.id]
    assert state_of(invoice, days.today()) is InvoiceState.OVERDUE
    answer = api(admin).get(f"/v1/invoices/{invoice.id}")
    assert answer.json()["state"] == "overdue"


def test_the_api_invoices_and_credits_on_it(admin: Actor) -> None:
    order = make.order(make.customer(), (make.product(), 1, "9"))
    there, match = api(admin), {"If-Match": '"1"'}

    made = there.post(f"/v1/orders/{order.id}/invoices", json={}, headers=match).json()
    credit = {"reason": "Broken"}
    note = there.post(f"/v1/invoices/{made['id']}/credit", json=credit, headers=match)

    assert made["issued_on"] == "2026-03-01"
    assert note.json()["issued_on"] == "2026-03-01"


def test_an_order_has_the_rate_of_it(alice: Actor) -> None:
    make.rate("USD", "2026-02-28", "0.5")
    make.rate("USD", "2026-03-01", "0.8")
    line = {"product_id": make.product().id, "quantity": "1", "unit_price": "10"}
    given = {"customer_id": make.customer().id, "currency": "USD", "lines": [line]}
    sent = given | {"number": "A", "ordered_at": NOW}
    with db.transaction(alice) as session:
        imported = orders.create(session, records.valid(OrderFields, sent))
        by_hand = order_flow.by_hand(session, records.valid(HandOrderFields, given))

    assert (imported.rate_on, imported.rate) == (FIRST, Decimal("0.8"))
    assert (by_hand.rate_on, by_hand.ordered_at) == (FIRST, NOW)


def test_an_order_without_a_rate_gets_that_of_it_later(admin: Actor) -> None:
    order = make.order(
        make.customer(), (make.product(), 1, "9"), currency="USD", ordered_at=NOW
    )
    make.rate("USD", "2026-03-01", "0.8")
    with db.reading(admin) as session:
        gap = rate_gaps.counted(session)["USD"]
    with db.transaction(admin) as session:
        filled = rate_gaps.fill(session, "USD", at=NOW)

    assert (gap.fillable, filled) == (1, 1)
    with db.reading(admin) as session:
        assert db.get(session, type(order), order.id).rate_on == FIRST


def test_an_opportunity_has_the_rate_of_it(alice: Actor) -> None:
    make.stages()
    make.rate("USD", "2026-02-28", "0.5")
    make.rate("USD", "2026-03-01", "0.8")
    given = {"customer_id": make.customer().id, "name": "Fleet", "amount": "10"}
    form = records.valid(OpportunityFields, given | {"currency": "USD"})
    with db.transaction(alice) as session:
        made = opportunities.create(session, form, at=NOW)

    assert (made.rate_on, made.rate) == (FIRST, Decimal("0.8"))


def test_a_subscription_that_began_on_it_runs(alice: Actor) -> None:
    row = make.subscription(make.customer(), starts_on=FIRST)

    assert of("subscription", "state", "active") == [row.id]


def test_a_subscription_that_ended_yesterday_has_ended(alice: Actor) -> None:
    row = make.subscription(
        make.customer(), cancelled_on=date(2026, 2, 1), ends_on=date(2026, 2, 28)
    )

    with (
        pytest.raises(Exception, match="It has ended"),
        db.transaction(alice) as session,
    ):
        subscriptions.update(session, row.id, {"cancelled_on": None})


def test_a_renewal_is_told_of_on_it_before_five_there(alice: Actor) -> None:
    make.subscription(
        make.customer(alice),
        starts_on=date(2025, 3, 31),
        term_months=12,
        renewal_on=date(2026, 3, 31),
        remind_days=30,  # from the first of March on
    )
    with db.transaction(SYSTEM) as session:
        due = renewals.due(session, on=days.day_of(NOW))
        renewals.keep_up(session, due, at=NOW)

    with db.reading(SYSTEM) as session:
        (task,) = session.scalars(select(Activity)).all()
    assert task.due_at == datetime(2026, 3, 1, 9, tzinfo=UTC)  # 17:00 in Shanghai


def test_the_pace_of_a_target_counts_it(admin: Actor) -> None:
    target: Any = make.saved(
        Target(period=Period.MONTH, starts_on=FIRST, amount=Decimal(100), whose="")
    )

    answer = api(admin).get(f"/v1/targets/{target.id}/attainment")

    assert answer.json()["period_over"] == pytest.approx(1 / 31)  # its first day
