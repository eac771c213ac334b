"""E12: who did what, when, from what to what: in the same transaction, and checked."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from crm import db
from crm.errors import CRMError, Forbidden, Stale
from crm.models import (
    SYSTEM,
    Action,
    Activity,
    ActivityKind,
    Actor,
    Change,
    Contact,
    Customer,
    CustomField,
    CustomKind,
    CustomValue,
    Deed,
    Operation,
    Product,
    Reason,
    Segment,
    SegmentKind,
    Tag,
    Tagging,
    User,
    utcnow,
)
from tests import make
from tests.state import fingerprint

CHINA = timezone(timedelta(hours=8))


def last() -> Change:
    """The newest change in the log."""
    with db.reading(SYSTEM) as session:
        return session.exec(select(Change).order_by(sa.desc(Change.id))).first()


def operations() -> list[Operation]:
    with db.reading(SYSTEM) as session:
        return list(session.exec(select(Operation).order_by(Operation.id)))


def _add_and_fail(session: Session, row: Any) -> None:
    session.add(row)
    session.flush()
    raise ZeroDivisionError


def test_a_new_row_is_logged_with_what_it_holds(admin: Actor) -> None:
    with db.transaction(admin) as session:
        session.add(Tag(name="VIP", color="red"))

    change = last()
    assert (change.entity, change.deed) == ("tag", Deed.CREATE)
    assert change.before is None
    assert change.after == {"name": "VIP", "color": "red"}


def test_an_update_logs_the_fields_that_differ(admin: Actor) -> None:
    customer = make.customer(name="Before", city="Kiel")

    with db.transaction(admin) as session:
        db.get(session, Customer, customer.id).name = "After"

    change = last()
    assert (change.deed, change.record_id) == (Deed.UPDATE, customer.id)
    assert (change.before, change.after) == ({"name": "Before"}, {"name": "After"})


def test_the_way_into_the_recycle_bin_is_an_update(admin: Actor) -> None:
    customer = make.customer()
    gone_at = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)

    with db.transaction(admin) as session:
        db.get(session, Customer, customer.id).deleted_at = gone_at

    change = last()
    assert change.before == {"deleted_at": None}
    assert change.after == {"deleted_at": "2026-03-01T12:00:00.123456+00:00"}


def test_a_deleted_row_stays_whole_in_the_log(admin: Actor) -> None:
    tag = make.saved(Tag(name="VIP", color="red"))

    with db.transaction(admin) as session:
        session.delete(db.get(session, Tag, tag.id))

    change = last()
    assert (change.deed, change.record_id) == (Deed.DELETE, tag.id)
    assert (change.before, change.after) == ({"name": "VIP", "color": "red"}, None)


def test_an_operation_says_who_when_and_why(admin: Actor) -> None:
    at = datetime(2026, 3, 1, 20, 0, 0, 7, tzinfo=CHINA)

    with db.transaction(admin, reason=Reason.BULK, note="spring", at=at) as session:
        session.add(Tag(name="VIP"))

    operation = operations()[-1]
    assert (operation.actor_id, operation.actor_name) == (admin.user_id, "Ada")
    assert (operation.reason, operation.note) == (Reason.BULK, "spring")
    assert operation.at == at


def test_an_operation_knows_its_id_afterwards(admin: Actor) -> None:
    with db.transaction(admin) as session:
        session.add(Tag(name="VIP"))

    assert db.operation_of(session) == operations()[-1].id


@pytest.mark.slow
def test_what_fails_leaves_no_trace(admin: Actor) -> None:
    before = fingerprint()

    with pytest.raises(ZeroDivisionError), db.transaction(admin) as session:
        _add_and_fail(session, Tag(name="VIP"))

    assert fingerprint() == before


def test_a_failed_part_is_not_in_the_log(admin: Actor) -> None:
    with db.transaction(admin) as session:
        session.add(Tag(name="kept"))
        with pytest.raises(ZeroDivisionError), db.savepoint(session):
            _add_and_fail(session, Tag(name="dropped"))

    with db.reading(SYSTEM) as session:
        logged = session.exec(
            select(Change).where(Change.operation_id == operations()[-1].id)
        ).all()
    assert [change.after["name"] for change in logged] == ["kept"]


def test_an_update_of_nothing_is_no_operation(admin: Actor) -> None:
    customer = make.customer(name="Same")
    count = len(operations())

    with db.transaction(admin) as session:
        db.get(session, Customer, customer.id).name = "Same"

    assert len(operations()) == count
    assert db.operation_of(session) is None


def test_one_instant_in_two_zones_is_no_change(admin: Actor) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    task = make.activity(make.customer(), kind=ActivityKind.TASK, due_at=noon)
    count = len(operations())

    with db.transaction(admin) as session:
        row = db.get(session, Activity, task.id)
        row.due_at = datetime(2026, 3, 1, 20, tzinfo=CHINA)

    assert len(operations()) == count


def test_an_amount_is_logged_as_it_is_stored(admin: Actor) -> None:
    product = make.product(price=Decimal("5.0000"))
    count = len(operations())

    with db.transaction(admin) as session:
        db.get(session, Product, product.id).price = Decimal(5)

    assert len(operations()) == count


def test_text_is_logged_as_it_is_stored(admin: Actor) -> None:
    composed = "École"
    decomposed = unicodedata.normalize("NFD", composed)

    with db.transaction(admin) as session:
        session.add(Customer(name=decomposed, city=""))

    assert last().after["name"] == composed
    assert "city" not in last().after


def test_a_field_that_was_never_read_is_logged_with_what_it_held(
    admin: Actor,
) -> None:
    customer = make.customer(name="Before", city="Kiel")

    with db.transaction(admin) as session:
        row = db.get(session, Customer, customer.id)
        session.expire(row)
        row.city = "Lübeck"

    change = last()
    assert (change.before, change.after) == ({"city": "Kiel"}, {"city": "Lübeck"})


def test_a_list_that_changes_later_is_logged_as_it_was(admin: Actor) -> None:
    choices = ["a"]

    with db.transaction(admin) as session:
        field = CustomField(
            entity="customer",
            name="x_size",
            label="Size",
            kind=CustomKind.CHOICE,
            choices=choices,
        )
        session.add(field)
        session.flush()
        choices.append("b")

    assert last().after["choices"] == ["a"]


def test_parents_come_before_their_children_in_the_log(admin: Actor) -> None:
    with db.transaction(admin) as session:
        customer = Customer(name="Acme")
        session.add(customer)
        session.flush()
        session.add_all([Contact(last_name="Lee", customer_id=customer.id)])
        session.add(Tag(id=900_001, name="VIP"))
        session.add(Tagging(tag_id=900_001, entity="customer", record_id=customer.id))

    with db.reading(SYSTEM) as session:
        logged = session.exec(
            select(Change)
            .where(Change.operation_id == operations()[-1].id)
            .order_by(Change.id)
        ).all()
    entities = [change.entity for change in logged]
    assert entities[0] == "customer"
    assert entities.index("tag") < entities.index("tagging")


def test_what_hangs_on_a_customer_is_on_its_timeline(admin: Actor) -> None:
    customer = make.customer()
    contact = make.contact(customer)
    tag = make.saved(Tag(name="VIP"))
    field = make.saved(
        CustomField(entity="contact", name="x_size", label="Size", kind=CustomKind.TEXT)
    )

    on_customer = make.saved(
        Tagging(tag_id=tag.id, entity="customer", record_id=customer.id)
    )
    assert (last().record_id, last().customer_id) == (on_customer.id, customer.id)
    make.saved(Tagging(tag_id=tag.id, entity="contact", record_id=contact.id))
    assert last().customer_id == customer.id
    make.saved(CustomValue(field_id=field.id, record_id=contact.id, text="L"))
    assert last().customer_id == customer.id
    make.saved(Tagging(tag_id=tag.id, entity="product", record_id=customer.id))
    assert last().customer_id is None


def test_a_password_hash_is_never_in_the_log(admin: Actor) -> None:
    canary = "$argon2id$canary-one"
    user = make.saved(
        User(
            email="new@example.com",
            name="New",
            role="sales",
            password_hash=canary,
        )
    )

    with db.transaction(SYSTEM) as session:
        row = session.get(User, user.id)
        row.password_hash = "$argon2id$canary-two"
    with db.transaction(SYSTEM) as session:
        session.delete(session.get(User, user.id))

    with db.reading(SYSTEM) as session:
        logged = session.exec(select(Change).where(Change.entity == "app_user")).all()
    assert {"password_hash": "…"} in [change.after for change in logged]
    assert not [c for c in logged if "canary" in repr((c.before, c.after))]


def test_an_update_that_meets_another_one_is_stale(alice: Actor, bob: Actor) -> None:
    customer = make.customer(alice, name="Old")
    with db.reading(alice) as session:
        mine = db.get(session, Customer, customer.id)
    with db.transaction(bob) as session:
        db.get(session, Customer, customer.id).name = "Bob's"
    before = fingerprint()

    with pytest.raises(Stale), db.transaction(alice) as session:
        session.merge(mine, load=False).name = "Alice's"

    assert fingerprint() == before


def _rename(session: Session, customer: Customer) -> None:
    db.get(session, Customer, customer.id).name = "Mine"


def _bin(session: Session, customer: Customer) -> None:
    db.get(session, Customer, customer.id).deleted_at = utcnow()


def _delete(session: Session, customer: Customer) -> None:
    session.delete(db.get(session, Customer, customer.id))


def _tag(session: Session, customer: Customer) -> None:
    session.add(Tag(name="Mine"))


def _batch(session: Session, customer: Customer) -> None:
    db.record_batch(session, "customer", 1, 2, 2)


@pytest.mark.parametrize("deed", [_rename, _bin, _delete, _tag, _batch])
def test_what_is_refused_changes_nothing(viewer: Actor, deed: Any) -> None:
    customer = make.customer(name="Theirs")
    before = fingerprint()

    with pytest.raises(Forbidden), db.transaction(viewer) as session:
        deed(session, customer)

    assert fingerprint() == before


@pytest.mark.parametrize("deed", [_rename, _bin, _delete])
def test_what_is_out_of_reach_is_not_changed(
    alice: Actor, charlie: Actor, deed: Any
) -> None:
    customer = make.customer(alice, name="Hers")
    before = fingerprint()

    with pytest.raises(CRMError), db.transaction(charlie) as session:
        deed(session, customer)

    assert fingerprint() == before


def test_a_token_changes_no_more_than_its_scopes_say(admin: Actor) -> None:
    token = Actor(
        user_id=admin.user_id,
        name="Ada",
        role=admin.role,
        kind="token",
        scopes=frozenset({f"customer:{Action.READ}"}),
    )
    customer = make.customer()
    before = fingerprint()

    with pytest.raises(Forbidden), db.transaction(token) as session:
        db.get(session, Customer, customer.id).name = "Mine"

    assert fingerprint() == before


def test_the_id_of_a_deleted_row_is_not_given_again(admin: Actor) -> None:
    first = make.saved(Tag(name="one"))
    with db.transaction(SYSTEM) as session:
        session.delete(session.get(Tag, first.id))

    assert make.saved(Tag(name="two")).id > first.id


def test_any_plain_data_is_logged_alike_on_every_database(admin: Actor) -> None:
    rule = {"b": [1, 1.0, 1e16, 1e-7, 0.1, -0.0, 2**53 + 1, 10**25], "a": {"é": None}}
    segment = make.saved(
        Segment(name="张三 😀 \\ \" '", kind=SegmentKind.LIVE, rule=rule)
    )

    with db.transaction(admin, note="naïve ½ 你好") as session:
        db.get(session, Segment, segment.id).rule = {"c": True, "z": [], "y": {}}

    assert last().before["rule"] == rule
