"""Undo: the way back from one operation, and back again."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from crm import db
from crm.db.chain import verify
from crm.errors import CRMError, Forbidden, NotFound, RuleBroken
from crm.models import (
    SYSTEM,
    Activity,
    ActivityKind,
    Actor,
    ApiToken,
    Change,
    Contact,
    ContactPoint,
    Customer,
    CustomField,
    CustomKind,
    CustomValue,
    Operation,
    Order,
    PointKind,
    Product,
    Reason,
    Segment,
    SegmentKind,
    Tag,
    Tagging,
    User,
    utcnow,
)
from crm.services import bulk, undo
from crm.services.admin import custom_fields
from crm.services.customers import customers, tags
from tests import make
from tests.make import NOON
from tests.state import fingerprint


def did(session: Session) -> int:
    operation = db.operation_of(session)
    assert operation is not None
    return operation


def doing(actor: Actor, deed: Callable[..., Any], *args: Any) -> int:
    """The operation that `deed` leaves."""
    with db.transaction(actor) as session:
        deed(session, *args)
    return did(session)


def undone(actor: Actor, operation: int) -> tuple[undo.Undone, int]:
    with db.transaction(actor) as session:
        result = undo.undo(session, operation)
    return result, did(session)


def can(actor: Actor, operation: int, **options: Any) -> bool:
    with db.reading(actor) as session:
        return undo.undoable(session, operation, **options)


def city(actor: Actor, customer: Customer) -> str | None:
    with db.reading(actor) as session:
        return db.get(session, Customer, customer.id).city


def move(session: Session, customer: Customer, place: str) -> None:
    customers.update(session, customer.id, {"city": place})


def everything_held() -> dict[tuple[str, int], dict[str, Any]]:
    """What all records hold, without versions and times of change."""
    held = {}
    with db.reading(SYSTEM) as session:
        for table in (
            Customer,
            Contact,
            Order,
            Product,
            Activity,
            Segment,
            Tag,
            Tagging,
            CustomField,
            CustomValue,
            ContactPoint,
        ):
            rows = session.scalars(select(table), execution_options=db.everything)
            for row in rows:
                values = row.model_dump(exclude={"version", "updated_at", "created_at"})
                held[table.__tablename__, row.id] = values
    return held


def test_an_edit_goes_back_and_forth(alice: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    operation = doing(alice, move, customer, "Ulm")

    result, again = undone(alice, operation)
    assert (result.done, result.skipped, city(alice, customer)) == (1, [], "Bonn")

    undone(alice, again)
    assert city(alice, customer) == "Ulm"


def test_an_undo_says_what_it_undoes(alice: Actor) -> None:
    operation = doing(alice, move, make.customer(alice), "Ulm")

    _result, again = undone(alice, operation)

    with db.reading(SYSTEM) as session:
        left = session.get(Operation, again)
    assert (left.reason, left.undoes) == (Reason.UNDO, operation)


def _alter_everything(session: Session, customer: Customer, rows: Any) -> None:
    row = db.get(session, Customer, customer.id)
    row.name, row.email, row.notes, row.parent_id = "New", None, "a\nb", rows.parent.id
    session.get(Contact, rows.contact.id).customer_id = None
    session.get(Order, rows.order.id).deleted_at = NOON
    session.get(Product, rows.product.id).price = Decimal("7.0001")
    activity = session.get(Activity, rows.activity.id)
    activity.done_at, activity.kind = NOON, ActivityKind.CALL
    session.get(Segment, rows.segment.id).rule = {"all": [1, {"b": None}]}
    session.delete(session.get(Tagging, rows.tagging.id))
    session.delete(session.get(Tag, rows.tag.id))
    session.delete(session.get(ContactPoint, rows.point.id))
    custom_fields.store(
        session, "customer", customer.id, {"x_day": "2026-02-28", "x_size": ["b"]}
    )
    made = Tag(name="made")
    session.add(made)
    session.flush()
    session.add(Tagging(tag_id=made.id, entity="customer", record_id=customer.id))


class Rows:
    """One record of every kind, around one customer."""

    def __init__(self, customer: Customer) -> None:
        self.parent = make.customer(name="Parent")
        self.contact = make.contact(customer)
        self.product = make.product(price=Decimal("5.5"))
        self.order = make.order(customer, (self.product, 1, "5"))
        self.activity = make.activity(customer, kind=ActivityKind.TASK, due_at=NOON)
        self.segment = make.saved(
            Segment(name="Live", kind=SegmentKind.LIVE, rule={"any": [1.5, "ß"]})
        )
        self.tag = make.saved(Tag(name="VIP", color="red"))
        self.tagging = make.saved(
            Tagging(tag_id=self.tag.id, entity="customer", record_id=customer.id)
        )
        self.point = make.saved(
            ContactPoint(
                entity="customer",
                record_id=customer.id,
                kind=PointKind.PHONE,
                type="work",
                content="+49 1",
            )
        )
        with db.transaction(SYSTEM) as session:
            kind = CustomKind.CHOICES
            custom_fields.add(session, "customer", "Day", CustomKind.DATE)
            custom_fields.add(session, "customer", "Size", kind, choices=["a", "b"])
            custom_fields.store(
                session,
                "customer",
                customer.id,
                {"x_day": "2026-01-01", "x_size": ["a", "b"]},
            )


@pytest.mark.slow
def test_every_kind_of_change_goes_back_and_forth(admin: Actor) -> None:
    customer = make.customer(admin, email="a@example.com")
    rows = Rows(customer)
    before = everything_held()
    operation = doing(admin, _alter_everything, customer, rows)
    after = everything_held()

    result, again = undone(admin, operation)

    assert result.skipped == []
    held = everything_held()
    assert held == before

    result, third = undone(admin, again)
    assert result.skipped == []
    assert everything_held() == after
    undone(admin, third)
    assert everything_held() == before
    with db.reading(SYSTEM) as session:
        assert verify(session).why is None


def test_what_has_changed_since_stays(alice: Actor, bob: Actor) -> None:
    customer = make.customer(alice, city="Bonn", phone="1")

    def edit(session: Session) -> None:
        customers.update(session, customer.id, {"city": "Ulm", "phone": "2"})

    operation = doing(alice, edit)
    doing(bob, move, customer, "Kiel")

    result, _again = undone(alice, operation)

    [words] = result.skipped
    assert customer.name in words
    assert "Bob" in words
    assert "City" in words
    with db.reading(alice) as session:
        row = db.get(session, Customer, customer.id)
    assert (row.city, row.phone) == ("Kiel", "1")


@pytest.mark.slow
def test_when_nothing_can_go_back_nothing_is_written(alice: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    operation = doing(alice, move, customer, "Ulm")
    doing(alice, move, customer, "Kiel")
    before = fingerprint()

    with db.transaction(alice) as session:
        result = undo.undo(session, operation)

    assert (result.done, len(result.skipped)) == (0, 1)
    assert fingerprint() == before


def test_a_bulk_delete_comes_back(alice: Actor) -> None:
    gone = [make.customer(alice).id for _number in range(3)]
    operation = doing(alice, bulk.remove, "customer", gone)

    result, _operation = undone(alice, operation)

    assert result.done == 3
    with db.reading(alice) as session:
        assert all(session.get(Customer, one) for one in gone)


def test_a_customer_comes_back_with_its_children(alice: Actor) -> None:
    customer = make.customer(alice)
    contact = make.contact(customer)
    operation = doing(alice, customers.remove, customer.id)

    undone(alice, operation)

    with db.reading(alice) as session:
        assert db.get(session, Contact, contact.id).customer_id == customer.id


def test_an_address_that_was_given_away_stops_a_customer(alice: Actor) -> None:
    customer = make.customer(alice, name="Old", email="a@example.com")
    operation = doing(alice, customers.remove, customer.id)
    make.customer(alice, name="New owner", email="A@example.com")

    with db.transaction(alice) as session:
        result = undo.undo(session, operation)

    assert result.done == 0
    assert "New owner" in result.skipped[0]
    with db.reading(alice) as session, pytest.raises(NotFound):
        db.get(session, Customer, customer.id)


def test_a_taken_address_betrays_nobody_out_of_reach(
    alice: Actor, charlie: Actor
) -> None:
    customer = make.customer(alice, email="a@example.com")
    operation = doing(alice, customers.remove, customer.id)
    make.customer(charlie, name="Secret", email="a@example.com")

    with db.transaction(alice) as session:
        result = undo.undo(session, operation)

    assert len(result.skipped) == 1
    assert "Secret" not in result.skipped[0]


def test_a_tag_that_was_taken_comes_back(alice: Actor) -> None:
    customer = make.customer(alice)
    doing(alice, tags.put, "customer", [customer.id], ["VIP"])
    operation = doing(alice, tags.take, "customer", [customer.id], ["VIP"])

    undone(alice, operation)

    with db.reading(alice) as session:
        held = tags.tags_of(session, "customer", [customer.id])
    assert [tag.name for tag in held[customer.id]] == ["VIP"]


def test_a_tag_put_on_again_meanwhile_does_not_disturb(alice: Actor) -> None:
    customer = make.customer(alice)
    put = tags.put, "customer", [customer.id], ["VIP"]
    doing(alice, *put)
    operation = doing(alice, tags.take, "customer", [customer.id], ["VIP"])
    doing(alice, *put)

    with db.transaction(alice) as session:
        result = undo.undo(session, operation)

    assert (result.done, len(result.skipped)) == (0, 1)


def test_a_deleted_tag_comes_back_on_its_records(admin: Actor) -> None:
    customer = make.customer()
    doing(admin, tags.put, "customer", [customer.id], ["VIP"])
    with db.reading(admin) as session:
        tag = session.scalars(select(Tag)).one()
    operation = doing(admin, tags.remove, tag.id)

    result, _again = undone(admin, operation)

    assert (result.done, result.skipped) == (2, [])
    with db.reading(admin) as session:
        held = tags.tags_of(session, "customer", [customer.id])
    assert [one.id for one in held[customer.id]] == [tag.id]


@pytest.mark.slow
def test_a_new_tag_that_others_use_stays(alice: Actor, bob: Actor) -> None:
    mine, other = make.customer(alice), make.customer(alice)
    operation = doing(alice, tags.put, "customer", [mine.id], ["VIP"])
    doing(bob, tags.put, "customer", [other.id], ["VIP"])

    result, _again = undone(alice, operation)

    assert "VIP" in result.skipped[0]
    with db.reading(alice) as session:
        held = tags.tags_of(session, "customer", [mine.id, other.id])
    assert list(held) == [other.id]


def test_a_tag_whose_record_is_gone_for_good_stays_away(admin: Actor) -> None:
    customer = make.customer()
    doing(admin, tags.put, "customer", [customer.id], ["VIP"])
    operation = doing(admin, tags.take, "customer", [customer.id], ["VIP"])
    with db.transaction(SYSTEM) as session:
        session.delete(session.get(Customer, customer.id))

    with db.transaction(admin) as session:
        result = undo.undo(session, operation)

    assert (result.done, len(result.skipped)) == (0, 1)


def test_a_created_customer_goes_to_the_bin(alice: Actor) -> None:
    with db.transaction(alice) as session:
        made = customers.create(session, customers.CustomerFields(name="Oops"))

    undone(alice, did(session))

    with db.reading(alice) as session:
        assert session.get(Customer, made.id) is None
        assert session.get(Customer, made.id, execution_options=db.everything)


def test_what_was_made_and_deleted_at_once_changes_nothing(admin: Actor) -> None:
    def make_and_delete(session: Session) -> None:
        tag = tags.tag(session, "brief")
        tags.remove(session, tag.id)

    operation = doing(admin, make_and_delete)

    result, _again = undone(admin, operation)

    assert result.skipped == []
    with db.reading(admin) as session:
        assert session.scalars(select(Tag)).all() == []


def test_a_password_does_not_come_back(admin: Actor) -> None:
    user = make.actor("Neo")

    def edit(session: Session) -> None:
        row = session.get(User, user.user_id)
        row.name, row.password_hash = "Other", "$argon2id$new"

    operation = doing(admin, edit)

    result, _again = undone(admin, operation)

    assert len(result.skipped) == 1
    with db.reading(SYSTEM) as session:
        row = session.get(User, user.user_id)
    assert (row.name, row.password_hash) == ("Neo", "$argon2id$new")


def test_a_new_user_in_use_is_not_deleted(admin: Actor) -> None:
    with db.transaction(admin) as session:
        user = User(email="new@example.com", name="New", role="sales")
        session.add(user)
    operation = did(session)
    make.customer(owner_id=user.id)

    with db.transaction(admin) as session:
        result = undo.undo(session, operation)

    assert (result.done, len(result.skipped)) == (0, 1)


@pytest.fixture
def edit_of_alice(alice: Actor) -> int:
    return doing(alice, move, make.customer(alice), "Ulm")


def refused(actor: Actor, operation: int, why: type[CRMError], **options: Any) -> str:
    """The words with which an undo is refused; nothing has changed."""
    before = fingerprint()
    with pytest.raises(why) as caught, db.transaction(actor) as session:
        undo.undo(session, operation, **options)
    assert fingerprint() == before
    assert not can(actor, operation, **options)
    return str(caught.value)


def test_nobody_undoes_what_somebody_else_did(edit_of_alice: int, bob: Actor) -> None:
    refused(bob, edit_of_alice, Forbidden)


def test_an_administrator_undoes_what_anybody_did(
    edit_of_alice: int, admin: Actor
) -> None:
    assert can(admin, edit_of_alice)
    result, _again = undone(admin, edit_of_alice)
    assert result.done == 1


def test_after_thirty_days_it_is_too_late(
    edit_of_alice: int, alice: Actor, admin: Actor
) -> None:
    later = utcnow() + timedelta(days=30, minutes=1)

    assert can(alice, edit_of_alice, at=later - timedelta(minutes=2))
    refused(alice, edit_of_alice, Forbidden, at=later)
    assert can(admin, edit_of_alice, at=later)


@pytest.mark.slow
def test_it_is_undone_once(edit_of_alice: int, alice: Actor) -> None:
    _result, again = undone(alice, edit_of_alice)

    refused(alice, edit_of_alice, RuleBroken)
    undone(alice, again)  # it stands again
    assert can(alice, edit_of_alice)


@pytest.mark.slow
def test_what_has_gone_out_of_reach_refuses_the_whole(
    alice: Actor, charlie: Actor
) -> None:
    mine, other = make.customer(alice), make.customer(alice)
    operation = doing(alice, bulk.edit, "customer", [mine.id, other.id], "city", "Ulm")
    with db.transaction(SYSTEM) as session:
        customers.hand_over(session, [other.id], charlie.user_id)

    refused(alice, operation, Forbidden)


@pytest.mark.slow
def test_what_hangs_on_a_record_out_of_reach_refuses_the_whole(
    alice: Actor, charlie: Actor
) -> None:
    customer = make.customer(alice)
    operation = doing(alice, tags.put, "customer", [customer.id], ["VIP"])
    with db.transaction(SYSTEM) as session:
        customers.hand_over(session, [customer.id], charlie.user_id)

    refused(alice, operation, Forbidden)


def test_own_changes_without_a_customer_are_undone_too(alice: Actor) -> None:
    """The log hides them from Alice, who sees her own customers only."""
    with db.transaction(alice) as session:
        contact = Contact(last_name="Lee")
        session.add(contact)

    result, _again = undone(alice, did(session))

    assert result.done == 1
    with db.reading(alice) as session:
        assert session.get(Contact, contact.id) is None


def test_without_the_right_to_write_nothing_is_undone(alice: Actor) -> None:
    operation = doing(alice, move, make.customer(alice), "Ulm")
    with db.reading(SYSTEM) as session:
        row = session.get(User, alice.user_id)
    reader = Actor(row.id, row.name, role="read_only", reach=row.reach)

    refused(reader, operation, Forbidden)


def test_an_import_is_undone_on_its_own_page(admin: Actor) -> None:
    with db.transaction(admin, reason=Reason.IMPORT) as session:
        db.record_batch(session, "customer", 1, 9, 9, import_id=1)

    assert "import" in refused(admin, did(session), RuleBroken)


def test_a_batch_is_not_undone_row_by_row(admin: Actor) -> None:
    with db.transaction(admin, reason=Reason.DEMO) as session:
        db.record_batch(session, "customer", 1, 9, 9)

    refused(admin, did(session), RuleBroken)


def test_what_changed_nothing_cannot_be_undone(admin: Actor) -> None:
    with db.transaction(admin, reason=Reason.EXPORT) as session:
        db.pending_of(session).always = True

    refused(admin, did(session), RuleBroken)


def test_a_revoked_key_stays_revoked(admin: Actor) -> None:
    token = make.saved(
        ApiToken(user_id=admin.user_id, name="x", hint="x", token_hash="x")
    )
    with db.transaction(admin) as session:
        session.get(ApiToken, token.id).revoked_at = NOON

    refused(admin, did(session), RuleBroken)


def test_an_unknown_operation_is_told(admin: Actor) -> None:
    refused(admin, 4711, NotFound)


def test_undoing_is_logged_like_any_change(alice: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    operation = doing(alice, move, customer, "Ulm")

    _result, again = undone(alice, operation)

    with db.reading(SYSTEM) as session:
        found = session.scalars(select(Change).where(Change.operation_id == again))
        [change] = found.all()
    assert (change.before, change.after) == ({"city": "Ulm"}, {"city": "Bonn"})
