"""What somebody may not see shows nowhere: in no list, count, order, name or file.

Each test asks for everything, changes what is out of sight, and asks again. A6 is
about kinds of records that a token may not read, A12 about records out of reach.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from crm import db
from crm.models import (
    SYSTEM,
    Activity,
    ActivityKind,
    Actor,
    Campaign,
    Contact,
    Customer,
    Invoice,
    Order,
    OrderStatus,
    Payment,
    Product,
    Recipient,
    utcnow,
)
from crm.services import jobs, views
from crm.services.admin.tokens import ENTITIES as KINDS
from crm.services.customers import favourites, segments, tags
from tests import make
from tests.api.conftest import Clients
from tests.security import sight
from tests.security.sight import WORD

pytestmark = pytest.mark.slow


def own(owner: Actor) -> Customer:
    """What is in sight: a customer with one of everything around it."""
    customer = make.customer(owner, name="Rhine Mills", email="r@example.com")
    product = make.product(name="Pen")
    make.contact(customer, last_name="Weber")
    order = make.order(customer, (product, 2, "5"))
    make.payment(make.invoice(order), "3")
    make.activity(customer, subject="Called")
    make.opportunity(customer)
    make.ticket(owner, customer_id=customer.id)
    make.quote(customer, (product, 2, "5"))
    campaign = make.saved(Campaign(name="Fair"))
    make.saved(Recipient(campaign_id=campaign.id, customer_id=customer.id))
    with db.transaction(owner) as session:
        tags.put(session, "customer", [customer.id], ["VIP"])
        segments.save(session, "Best", [customer.id])
        favourites.star(session, "customer", customer.id)
    return customer


def fill(owner: Actor) -> None:
    """More of everything, all with the word in it, in reach of `owner`."""
    customer = make.customer(
        owner,
        name=f"{WORD} mills",
        email=f"{WORD}@example.com",
        phone="+49 30 123456",
    )
    gone = make.customer(owner, name=f"{WORD} gone", deleted_at=utcnow())
    contact = make.contact(customer, last_name=WORD)
    with db.reading(SYSTEM) as session:
        pen = db.get(session, Product, 1)
    order = make.order(customer, (pen, 1, "7"), number=WORD)
    make.payment(make.invoice(order), "3", reference=WORD)
    task = {"kind": ActivityKind.TASK, "due_at": make.NOON, "owner_id": owner.user_id}
    make.activity(customer, subject=WORD, **task)
    make.subscription(customer, number=WORD)
    make.opportunity(customer, name=WORD)
    make.quote(customer, (pen, 1, "7"), number=WORD)
    make.lead(owner, name=WORD)
    make.saved(
        Recipient(campaign_id=1, customer_id=customer.id, responded_at=make.NOON)
    )
    ticket = make.ticket(owner, customer_id=customer.id, subject=WORD)
    make.activity(customer, subject=WORD, ticket_id=ticket.id)
    make.ticket(owner, customer_id=None, subject=WORD)
    with db.transaction(owner) as session:
        tags.put(session, "customer", [customer.id], ["VIP"])
        tags.put(session, "contact", [contact.id], ["VIP"])
        (best,) = segments.listed(session)
        segments.add_members(session, best.id, [customer.id, gone.id])
        views.save(session, "customer", WORD, {"search": WORD})
        jobs.ask(session, "demo", WORD, {}, key=WORD)
        favourites.star(session, "customer", customer.id)


def keep_everything_at_hand(actor: Actor) -> None:
    """Stars on all that may ever be there, as old addresses in a browser are."""
    with db.transaction(actor) as session:
        for entity in ("customer", "contact", "sales_order"):
            for key in sight.IDS:
                favourites.star(session, entity, key)
                favourites.seen(session, entity, key)


def test_records_out_of_reach_show_nowhere(alice: Actor, charlie: Actor) -> None:
    """A12."""
    own(charlie)
    keep_everything_at_hand(charlie)
    before = sight.of(charlie)

    fill(alice)

    after = sight.of(charlie)
    assert [name for name in before if after[name] != before[name]] == []
    assert sight.mentions(after) == []
    assert len(sight.mentions(sight.of(alice))) > 20  # she sees it all over


def test_a_manager_of_some_sees_no_audit_of_others(alice: Actor, database: str) -> None:
    """A12."""
    manager = make.actor("Mona", role="manager", reach="own", team="South")
    own(manager)
    before = sight.of(manager)

    fill(alice)

    after = sight.of(manager)
    assert [name for name in before if after[name] != before[name]] == []


def customer_changed() -> None:
    row = _first(Customer)
    make.customer(name=f"{WORD} works", parent_id=row.id)
    _set(row, name=f"{WORD} mills", email=f"{WORD}@example.com", city=WORD)
    with db.transaction(SYSTEM) as session:
        tags.put(session, "customer", [row.id], [WORD])


def contact_changed() -> None:
    _set(_first(Contact), last_name=WORD, email=f"{WORD}@example.com")
    make.contact(_first(Customer), last_name=WORD)


def product_changed() -> None:
    _set(_first(Product), name=WORD)
    make.product(name=WORD)


def order_changed() -> None:
    _set(_first(Order), status=OrderStatus.CANCELLED)
    later = {"number": WORD, "ordered_at": sight.FAR}
    make.order(_first(Customer), (_first(Product), 9, "700"), **later)


def activity_changed() -> None:
    _set(_first(Activity), subject=WORD)
    task = {"kind": ActivityKind.TASK, "due_at": make.NOON, "owner_id": 1}
    make.activity(_first(Customer), subject=WORD, **task)


def subscription_changed() -> None:
    make.subscription(_first(Customer), number=WORD)


def lead_changed() -> None:
    make.lead(name=WORD, company=f"{WORD} mills")


def campaign_changed() -> None:
    campaign = make.saved(Campaign(name=WORD, description=WORD))
    given = {"customer_id": 1, "responded_at": make.NOON}
    make.saved(Recipient(campaign_id=campaign.id, **given))


def ticket_changed() -> None:
    make.ticket(customer_id=1, subject=WORD, description=WORD)


def opportunity_changed() -> None:
    make.opportunity(_first(Customer), name=WORD)


def quote_changed() -> None:
    make.quote(_first(Customer), (_first(Product), 9, "7"), number=WORD, intro=WORD)


def invoice_changed() -> None:
    day, worth = make.NOON.date(), Decimal(900)
    row = {"number": WORD, "recipient": WORD, "issued_on": day, "currency": "EUR"}
    sums = {"net": worth, "tax": Decimal(0), "total": worth}
    make.saved(Invoice(customer_id=1, **row, **sums))


def payment_changed() -> None:
    day, worth = make.NOON.date(), Decimal(900)
    row = {"reference": WORD, "paid_on": day, "currency": "EUR", "amount": worth}
    make.saved(Payment(customer_id=1, invoice_id=1, **row))


CHANGED: dict[str, Callable[[], None]] = {
    "customer": customer_changed,
    "contact": contact_changed,
    "product": product_changed,
    "sales_order": order_changed,
    "activity": activity_changed,
    "subscription": subscription_changed,
    "lead": lead_changed,
    "ticket": ticket_changed,
    "campaign": campaign_changed,
    "opportunity": opportunity_changed,
    "quote": quote_changed,
    "invoice": invoice_changed,
    "payment": payment_changed,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_sees_nothing_of_the_kinds_it_may_not_read(
    client: Clients, admin: Actor, kind: str
) -> None:
    """A6: the order by a field and the number of hits must not tell of it either."""
    own(admin)
    token = replace(admin, kind="token", scopes=frozenset({f"{kind}:read"}))
    before = sight.of(token) | _through_the_api(client, token)

    for other in set(KINDS) - {kind}:
        CHANGED[other]()

    after = sight.of(token) | _through_the_api(client, token)
    assert [name for name in before if after[name] != before[name]] == []
    assert sight.mentions(after) == []
    CHANGED[kind]()
    assert sight.is_mentioned(token)  # all of this would have been noticed


def _through_the_api(client: Clients, actor: Actor) -> sight.Answers:
    there = client(actor)
    paths = [
        f"/v1/{kind}{rest}"
        for kind in (
            "customers",
            "contacts",
            "products",
            "orders",
            "subscriptions",
            "quotes",
            "invoices",
            "payments",
        )
        for rest in ("", "/1", "/2", f"?q={WORD}")
    ]
    return {path: there.get(path).text for path in paths}


def _first(table: type) -> Customer:
    with db.reading(SYSTEM) as session:
        return db.get(session, table, 1)


def _set(row: Customer, **fields: object) -> None:
    with db.transaction(SYSTEM) as session:
        found = db.get(session, type(row), row.id)
        for name, value in fields.items():
            setattr(found, name, value)
