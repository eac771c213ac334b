"""The timeline: activities and field changes in one stream."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import insert

from crm import db
from crm.errors import Invalid
from crm.models import (
    SYSTEM,
    Action,
    ActivityFields,
    ActivityKind,
    Actor,
    Contact,
    Customer,
    CustomKind,
    Deed,
    ImportRun,
    Reach,
    Reason,
)
from crm.services import activities
from crm.services.admin import custom_fields as fields
from crm.services.customers import customers, tags
from crm.services.sales import opportunities
from crm.services.timeline import Entry, timeline
from tests import make
from tests.make import NOON


def seen(actor: Actor, customer: Customer, **options: Any) -> list[Entry]:
    with db.reading(actor) as session:
        return timeline(session, customer.id, **options)


def subjects(entries: list[Entry]) -> list[str]:
    return [entry.activity.subject for entry in entries if entry.activity]


def test_notes_and_changes_come_newest_first(alice: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    with db.transaction(alice, at=NOON + timedelta(days=900)) as session:
        customers.update(session, customer.id, {"city": "Ulm"})
    with db.transaction(alice) as session:
        form = ActivityFields(subject="Called", customer_id=customer.id)
        activities.record(session, form, at=NOON + timedelta(days=901))

    note, changed = seen(alice, customer, limit=2)

    assert (note.kind, note.who, changed.kind, changed.who) == (
        "note",
        "Alice",
        "change",
        "Alice",
    )
    [change] = changed.changes
    assert (change.name, change.before, change.after) == ("city", "Bonn", "Ulm")


def test_an_entry_says_why(alice: Actor) -> None:
    customer = make.customer(alice)
    with db.transaction(alice, reason=Reason.BULK, note="spring") as session:
        customers.update(session, customer.id, {"city": "Ulm"})

    entry = seen(alice, customer)[0]

    assert (entry.reason, entry.note) == (Reason.BULK, "spring")
    assert entry.operation_id == db.operation_of(session)


def test_changes_of_one_operation_are_one_entry(alice: Actor) -> None:
    customer = make.customer(alice)
    contact = make.contact(customer, last_name="Lee")
    with db.transaction(alice) as session:
        db.get(session, Customer, customer.id).city = "Ulm"
        db.get(session, Contact, contact.id).role = "Buyer"

    entry = seen(alice, customer)[0]

    told = {(c.entity, c.record, c.name, c.after) for c in entry.changes}
    assert told == {
        ("customer", customer.name, "city", "Ulm"),
        ("contact", "Lee", "role", "Buyer"),
    }


def test_an_activity_is_there_once(alice: Actor) -> None:
    customer = make.customer(alice)
    with db.transaction(alice) as session:
        form = ActivityFields(
            subject="Call back", kind=ActivityKind.TASK, customer_id=customer.id
        )
        task = activities.record(session, form, at=NOON + timedelta(days=1))
    with db.transaction(alice) as session:
        activities.complete(session, task.id, at=NOON + timedelta(days=2))

    kinds = [entry.kind for entry in seen(alice, customer)]

    assert sorted(kinds) == ["change", "task"]  # the change is the new customer


def test_a_tag_is_told_by_its_name(alice: Actor) -> None:
    customer = make.customer(alice)
    for deed in (tags.put, tags.take):
        with db.transaction(alice) as session:
            deed(session, "customer", [customer.id], ["VIP"])

    taken, put = seen(alice, customer)[:2]

    assert [(c.deed, c.name, c.before, c.after) for c in put.changes] == [
        (Deed.CREATE, "tags", None, "VIP")
    ]
    assert [(c.deed, c.name, c.before, c.after) for c in taken.changes] == [
        (Deed.DELETE, "tags", "VIP", None)
    ]


def test_a_custom_value_is_told_by_its_field(admin: Actor) -> None:
    customer = make.customer(admin)
    with db.transaction(admin) as session:
        fields.add(session, "customer", "Size", CustomKind.NUMBER)
    for size in ("7", "8.5"):
        with db.transaction(admin) as session:
            fields.store(session, "customer", customer.id, {"x_size": size})

    [change] = seen(admin, customer)[0].changes

    assert (change.entity, change.name) == ("custom_value", "x_size")
    assert (change.before, change.after) == ("7", "8.5")
    assert (change.record_id, change.record) == (customer.id, customer.name)


def test_orders_of_the_customer_are_on_it(alice: Actor) -> None:
    customer = make.customer(alice)
    order = make.order(customer, (make.product(), 1, "5"))

    change = seen(alice, customer)[0].changes[0]

    assert (change.entity, change.record) == ("sales_order", order.number)


def test_the_timeline_can_be_narrowed_by_kind(alice: Actor) -> None:
    customer = make.customer(alice)
    make.activity(customer, subject="About prices")
    make.activity(customer, subject="About delivery", kind=ActivityKind.CALL)

    assert subjects(seen(alice, customer, kinds=["call"])) == ["About delivery"]
    assert [e.kind for e in seen(alice, customer, kinds=["change"])] == ["change"]
    assert seen(alice, customer, kinds=["meeting"]) == []


@pytest.mark.parametrize("text", ["ÉCOLE", "ecole", "zurich", "50%", "张"])
def test_a_word_is_found_whatever_its_case_and_accents(alice: Actor, text: str) -> None:
    customer = make.customer(alice)
    make.activity(customer, subject="Something else", body="500 percent")
    make.activity(customer, subject="L'École", body="in Zürich for 50% less, 张三")

    assert subjects(seen(alice, customer, text=text)) == ["L'École"]


@pytest.mark.slow
def test_a_word_far_back_is_found(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.services.timeline.STEP", 2)
    customer = make.customer(alice, city="Bonn")
    with db.transaction(alice) as session:
        customers.update(session, customer.id, {"city": "Lübeck"})
    for number in range(5):
        with db.transaction(alice) as session:
            customers.update(session, customer.id, {"city": f"City {number}"})

    found = seen(alice, customer, text="lubeck")

    afters = [change.after for entry in found for change in entry.changes]
    assert afters == ["City 0", "Lübeck"]


@pytest.mark.slow
def test_page_by_page_nothing_is_missed_or_told_twice(alice: Actor) -> None:
    customer = make.customer(alice)
    for _number in range(4):  # all at the same instant
        make.activity(customer, at=NOON)
        with db.transaction(alice, at=NOON) as session:
            customers.update(session, customer.id, {"city": f"City {_number}"})

    found, key = [], None
    while page := seen(alice, customer, before=key, limit=2):
        found += page
        key = page[-1].key

    whole = seen(alice, customer, limit=50)
    assert len(whole) == 9
    assert [e.key for e in found] == [e.key for e in whole]
    assert [e.place for e in whole] == sorted((e.place for e in whole), reverse=True)


def test_what_is_no_place_is_told(alice: Actor) -> None:
    customer = make.customer(alice)

    with pytest.raises(Invalid):
        seen(alice, customer, before="yesterday")


def test_an_imported_customer_knows_where_it_came_from(alice: Actor) -> None:
    run = make.saved(ImportRun(target="customers", file_name="a.csv", file_key="k"))
    with db.transaction(SYSTEM, reason=Reason.IMPORT) as session:
        row = Customer(name="Acme", import_id=run.id, owner_id=alice.user_id)
        values = row.model_dump(exclude={"id"})
        table = sa.inspect(Customer).local_table
        made = session.connection().execute(insert(table), values)
        key = made.inserted_primary_key[0]
        db.record_batch(session, "customer", key, key, 1, import_id=run.id)
    customer = Customer(id=key, name="Acme")

    [entry] = seen(alice, customer)

    assert entry.reason is Reason.IMPORT
    assert [(c.deed, c.after) for c in entry.changes] == [(Deed.BATCH, "Acme")]


def test_a_foreign_timeline_is_empty(alice: Actor, charlie: Actor) -> None:
    customer = make.customer(alice)
    make.activity(customer)
    make.contact(customer)

    assert seen(charlie, customer) == []
    assert len(seen(alice, customer)) == 3


def test_what_hangs_on_a_customer_handed_over_goes_with_it(
    alice: Actor, charlie: Actor
) -> None:
    customer = make.customer(alice)
    make.activity(customer, subject="Ours")
    with db.transaction(alice) as session:
        customers.hand_over(session, [customer.id], charlie.user_id)

    assert seen(alice, customer) == []
    assert subjects(seen(charlie, customer)) == ["Ours"]


def test_a_token_sees_what_its_scopes_say(admin: Actor) -> None:
    customer = make.customer()
    make.activity(customer)
    make.contact(customer)
    token = Actor(
        user_id=admin.user_id,
        name="Ada",
        role=admin.role,
        reach=Reach.ALL,
        kind="token",
        scopes=frozenset({f"customer:{Action.READ}"}),
    )

    entries = seen(token, customer)

    assert [(e.kind, e.changes[0].entity) for e in entries] == [("change", "customer")]


def test_at_an_opportunity_only_what_is_about_it(alice: Actor) -> None:
    customer = make.customer(alice)
    this, other = make.opportunity(customer), make.opportunity(customer)
    for deal, subject in ((this, "Here"), (other, "There"), (None, "Anywhere")):
        link = deal.id if deal else None
        make.activity(customer, subject=subject, opportunity_id=link)
    with db.transaction(alice) as session:
        opportunities.update(session, this.id, {"source": "fair"})
        opportunities.update(session, other.id, {"source": "web"})

    found = seen(alice, customer, opportunity_id=this.id)

    assert subjects(found) == ["Here"]
    told = {c.after for entry in found for c in entry.changes if c.name == "source"}
    assert told == {"fair"}
