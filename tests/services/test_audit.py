"""The audit: who did what, found, exported, verified; for whom it is."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crm import db
from crm.errors import Forbidden, NotFound
from crm.models import SYSTEM, Actor, Customer, Operation, Reason, Tag
from crm.services import audit
from crm.services.customers import customers
from tests import make
from tests.make import NOON
from tests.state import fingerprint

LATER = NOON + timedelta(days=400)


@pytest.fixture
def manager(database: str) -> Actor:
    """Mia leads the North, and may read the audit."""
    return make.actor("Mia", role="manager", reach="team", team="North")


def found(actor: Actor, **query: Any) -> list[audit.Entry]:
    with db.reading(actor) as session:
        return audit.operations(session, audit.Query(**query)).entries


def move(actor: Actor, customer: Customer, city: str, **why: Any) -> int:
    with db.transaction(actor, **why) as session:
        customers.update(session, customer.id, {"city": city})
    operation = db.operation_of(session)
    assert operation is not None
    return operation


def test_operations_come_newest_first(admin: Actor, alice: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    first = move(alice, customer, "Ulm", note="moved", at=LATER)
    second = move(admin, customer, "Kiel")

    newest, before = found(admin)[:2]

    assert (newest.id, newest.actor_name, newest.actor_id) == (
        second,
        "Ada",
        admin.user_id,
    )
    assert (before.id, before.note, before.at) == (first, "moved", LATER)
    assert before.counts == {"customer": 1}


def test_page_by_page_nothing_is_missed(admin: Actor) -> None:
    customer = make.customer()
    for number in range(7):
        move(admin, customer, f"City {number}")

    pages, before = [], None
    with db.reading(admin) as session:
        whole = audit.operations(session, audit.Query()).entries
        while True:
            page = audit.operations(session, audit.Query(), before=before, limit=2)
            pages += page.entries
            if (before := page.next) is None:
                break

    assert pages == whole


def test_operations_are_found_by_who_when_and_why(admin: Actor, alice: Actor) -> None:
    customer = make.customer(alice)
    by_alice = move(alice, customer, "Ulm", at=LATER)
    in_bulk = move(admin, customer, "Kiel", reason=Reason.BULK, at=LATER)

    def ids(**query: Any) -> list[int]:
        return [entry.id for entry in found(admin, **query)]

    assert ids(user_id=alice.user_id) == [by_alice]
    assert ids(reason=Reason.BULK) == [in_bulk]
    assert ids(since=LATER) == [in_bulk, by_alice]
    assert in_bulk not in ids(until=LATER)


def test_operations_are_found_by_their_records(admin: Actor) -> None:
    one, other = make.customer(), make.customer()
    make.saved(Tag(name="VIP"))
    operation = move(admin, other, "Kiel")

    entries = found(admin, entity="customer", record_id=other.id)

    assert [entry.id for entry in entries] == [operation, operation - 2]
    assert len(found(admin, entity="customer", record_id=one.id)) == 1
    assert len(found(admin, entity="tag")) == 1


def test_a_record_is_found_in_the_batch_that_made_it(admin: Actor) -> None:
    with db.transaction(SYSTEM, reason=Reason.IMPORT) as session:
        db.record_batch(session, "customer", 100, 199, 90)

    [entry] = found(admin, entity="customer", record_id=150)

    assert entry.counts == {"customer": 90}
    assert found(admin, entity="customer", record_id=200) == []


@pytest.mark.parametrize("text", ["lubeck", "LÜBECK", "ada", "spring"])
def test_a_word_is_found_in_values_names_and_notes(admin: Actor, text: str) -> None:
    customer = make.customer(city="Bonn")
    operation = move(admin, customer, "Lübeck", note="Spring cleaning")

    assert found(admin, text=text)[0].id == operation
    assert found(admin, text=f"{text} and more") == []


def test_a_search_ends_and_says_where_to_go_on(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make.customer(city="Bonn")
    operation = move(admin, customer, "Lübeck")
    for number in range(6):
        move(admin, customer, f"City {number}")
    monkeypatch.setattr(audit, "STEP", 2)
    monkeypatch.setattr(audit, "FARTHEST", 4)
    query = audit.Query(text="lubeck")

    with db.reading(admin) as session:
        first = audit.operations(session, query)
        second = audit.operations(session, query, before=first.next)

    assert (first.entries, first.next is None) == ([], False)
    # both the move to Lübeck and the move away from it say the word
    assert [entry.id for entry in second.entries] == [operation + 1, operation]


def test_one_operation_tells_what_it_altered(admin: Actor) -> None:
    customer = make.customer(name="Acme", city="Bonn")
    operation = move(admin, customer, "Ulm")

    with db.reading(admin) as session:
        [change] = audit.changes(session, operation)
        with pytest.raises(NotFound):
            audit.changes(session, operation + 1)

    assert (change.record, change.name, change.before, change.after) == (
        "Acme",
        "city",
        "Bonn",
        "Ulm",
    )


def test_the_audit_is_exported_field_by_field(admin: Actor) -> None:
    customer = make.customer(name="Acme", city="Bonn")
    operation = move(admin, customer, "Ulm", note="moved", at=NOON)

    with db.reading(admin) as session:
        [row] = audit.export(session, audit.Query(user_id=admin.user_id))

    assert dict(zip(audit.COLUMNS, row, strict=True)) == {
        "at": NOON,
        "operation": operation,
        "who": "Ada",
        "as": "user",
        "reason": "edit",
        "note": "moved",
        "undoes": None,
        "entity": "customer",
        "record_id": customer.id,
        "record": "Acme",
        "deed": "update",
        "field": "city",
        "before": "Bonn",
        "after": "Ulm",
    }


def test_an_export_leaves_a_trace(alice: Actor, admin: Actor) -> None:
    with db.transaction(alice) as session:
        audit.note_export(session, "customer", 120, "city is Ulm")

    [entry] = found(admin, user_id=alice.user_id)

    assert (entry.reason, entry.counts) == (Reason.EXPORT, {})
    assert entry.note == "Customer: 120 – city is Ulm"


def test_without_the_right_to_export_nothing_is_noted(viewer: Actor) -> None:
    before = fingerprint()

    with pytest.raises(Forbidden), db.transaction(viewer) as session:
        audit.note_export(session, "customer", 120, "all")

    assert fingerprint() == before


def test_who_may_not_read_the_audit_is_refused(alice: Actor, viewer: Actor) -> None:
    for actor in (alice, viewer):
        with db.reading(actor) as session:
            for call in (
                lambda s: audit.operations(s, audit.Query()),
                lambda s: audit.changes(s, 1),
                lambda s: audit.export(s, audit.Query()),
                audit.verify,
            ):
                with pytest.raises(Forbidden):
                    call(session)


@pytest.mark.slow
def test_a_manager_sees_what_touched_the_teams_customers(
    manager: Actor, alice: Actor, charlie: Actor
) -> None:
    ours, theirs = make.customer(alice), make.customer(charlie)
    make.contact(theirs, last_name="Secret")
    by_alice = move(alice, ours, "Ulm")
    by_charlie = move(charlie, theirs, "Kiel")

    assert by_alice in [entry.id for entry in found(manager)]
    assert by_charlie not in [entry.id for entry in found(manager)]
    assert found(manager, text="secret") == []
    with db.reading(manager) as session:
        assert audit.changes(session, by_charlie) == []
        assert "Secret" not in repr(list(audit.export(session, audit.Query())))


def test_of_a_shared_operation_a_manager_sees_the_teams_part(
    manager: Actor, admin: Actor, alice: Actor, charlie: Actor
) -> None:
    ours, theirs = make.customer(alice), make.customer(charlie)
    with db.transaction(admin) as session:
        for one in (ours, theirs):
            customers.update(session, one.id, {"city": "Ulm"})
    operation = db.operation_of(session)

    entry = found(manager)[0]

    assert (entry.id, entry.counts) == (operation, {"customer": 1})
    with db.reading(manager) as session:
        told = audit.changes(session, operation)
    assert [change.record_id for change in told] == [ours.id]


def test_deleted_customers_stay_in_the_audit(manager: Actor, alice: Actor) -> None:
    customer = make.customer(alice)
    with db.transaction(alice) as session:
        customers.remove(session, customer.id)

    entry = found(manager)[0]

    assert entry.id == db.operation_of(session)
    with db.reading(manager) as session:
        assert [c.name for c in audit.changes(session, entry.id)] == ["deleted_at"]


def test_the_log_is_verified(admin: Actor) -> None:
    move(admin, make.customer(), "Ulm")

    with db.reading(admin) as session:
        assert audit.verify(session).ok
    table = sa.inspect(Operation).local_table
    with db.engine().begin() as connection:
        connection.execute(sa.update(table).values(actor_name="Mallory"))
    with db.reading(admin) as session:
        assert not audit.verify(session).ok
