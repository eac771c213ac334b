"""Custom fields: made, filled, emptied, put away; seen wherever fields are."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid, Stale
from crm.models import Actor, Customer, CustomField, CustomKind
from crm.services import lists
from crm.services.admin import custom_fields
from crm.services.customers import customers
from tests import make

TODAY = date(2026, 3, 2)


def add(
    actor: Actor, label: str, kind: CustomKind, choices: list[str] | None = None
) -> CustomField:
    with db.transaction(actor) as session:
        return custom_fields.add(session, "customer", label, kind, choices=choices)


def fill(actor: Actor, customer: Customer, **values: Any) -> None:
    with db.transaction(actor) as session:
        customers.update(session, customer.id, {}, custom=values)


def held(actor: Actor, customer: Customer) -> dict[str, Any]:
    with db.reading(actor) as session:
        return custom_fields.values(session, "customer", customer.id)


def test_a_name_for_files_is_made_from_the_label(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    for label, name in [
        ("Seats", "x_seats"),
        ("Number of seats (2026)", "x_number_of_seats_2026"),
        ("行业", "x_hang_ye"),
        ("!!!", "x_field"),
        ("name", "x_name"),
        ("x" * 80, "x_" + "x" * 36),
    ]:
        with subtests.test(label=label, name=name):
            assert add(admin, label, CustomKind.TEXT).name == name


def test_two_labels_with_one_spelling_get_two_names(admin: Actor) -> None:
    first = add(admin, "Café", CustomKind.TEXT)
    second = add(admin, "Caf?", CustomKind.TEXT)

    assert (first.name, second.name) == ("x_caf", "x_caf_2")


def test_a_label_is_there_once(admin: Actor) -> None:
    add(admin, "Seats", CustomKind.TEXT)

    with pytest.raises(Duplicate):
        add(admin, "Seats", CustomKind.NUMBER)


def test_a_label_can_come_again_after_its_field_is_put_away(admin: Actor) -> None:
    first = add(admin, "Seats", CustomKind.TEXT)
    with db.transaction(admin) as session:
        custom_fields.remove(session, first.id)

    assert add(admin, "Seats", CustomKind.NUMBER).name == "x_seats_2"


def test_a_field_that_makes_no_sense_is_refused(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    for label, kind, choices in [
        ("", CustomKind.TEXT, None),
        ("\x07", CustomKind.TEXT, None),
        ("\x00", CustomKind.TEXT, None),
        ("\ud800", CustomKind.TEXT, None),
        ("x" * 81, CustomKind.TEXT, None),
        ("Colour", CustomKind.CHOICE, []),
        ("Colour", CustomKind.CHOICES, ["  "]),
        ("Colour", CustomKind.CHOICE, ["a\x00"]),
    ]:
        with (
            subtests.test(label=label, kind=kind, choices=choices),
            pytest.raises(Invalid),
        ):
            add(admin, label, kind, choices)


def test_only_an_administrator_adds_fields(alice: Actor) -> None:
    with pytest.raises(Forbidden):
        add(alice, "Seats", CustomKind.TEXT)


def of_every_kind(actor: Actor) -> dict[CustomKind, str]:
    """The names of new fields, one of each kind."""
    return {kind: add(actor, kind.value, kind, ["a", "b"]).name for kind in CustomKind}


@pytest.mark.slow
def test_a_value_comes_back_by_its_kind(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    fields = of_every_kind(admin)
    nothing = {fields[CustomKind.CHOICES]: []}

    for kind, typed, kept in [
        (CustomKind.TEXT, " e\u0301 ", "é"),
        (CustomKind.TEXT, 5, "5"),
        (CustomKind.LINK, "https://a.example/x?y=1", "https://a.example/x?y=1"),
        (CustomKind.NUMBER, "0.1", Decimal("0.1")),
        (CustomKind.NUMBER, 0.1, Decimal("0.1")),
        (CustomKind.MONEY, "922337203685477.5807", Decimal("922337203685477.5807")),
        (CustomKind.DATE, "2024-02-29", date(2024, 2, 29)),
        (CustomKind.DATE, datetime(2024, 2, 29, 23, 59), date(2024, 2, 29)),  # noqa: DTZ001  (a day as a widget gives it)
        (CustomKind.CHOICE, "b", "b"),
        (CustomKind.CHOICES, ["b", "a", "b"], ["b", "a"]),
        (CustomKind.CHOICES, "a; b", ["a", "b"]),
        (CustomKind.YES_NO, "Yes", True),
        (CustomKind.YES_NO, False, False),
        (CustomKind.YES_NO, 1, True),
    ]:
        with subtests.test(kind=kind, typed=typed):
            customer, name = make.customer(), fields[kind]

            fill(admin, customer, **{name: typed})

            assert held(admin, customer) == nothing | {name: kept}


@pytest.mark.slow
def test_a_value_that_does_not_fit_is_refused(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    fields, customer = of_every_kind(admin), make.customer()

    for kind, wrong in [
        (CustomKind.TEXT, "a\x00"),
        (CustomKind.TEXT, "\ud800"),
        (CustomKind.TEXT, "x" * 501),
        (CustomKind.TEXT, {"a": 1}),
        (CustomKind.LINK, "javascript:alert(1)"),
        (CustomKind.LINK, "https://a b"),
        (CustomKind.NUMBER, "many"),
        (CustomKind.NUMBER, "NaN"),
        (CustomKind.NUMBER, "1.00001"),
        (CustomKind.NUMBER, True),
        (CustomKind.MONEY, "1e30"),
        (CustomKind.DATE, "30.02.2026"),
        (CustomKind.DATE, "2026-02-30"),
        (CustomKind.DATE, ["2026-01-01"]),
        (CustomKind.CHOICE, "c"),
        (CustomKind.CHOICE, {"a": 1}),
        (CustomKind.CHOICES, ["a", "c"]),
        (CustomKind.CHOICES, [["a"]]),
        (CustomKind.CHOICES, 5),
        (CustomKind.YES_NO, "perhaps"),
        (CustomKind.YES_NO, 2),
    ]:
        with subtests.test(kind=kind, wrong=wrong):
            with pytest.raises(Invalid) as told:
                fill(admin, customer, **{fields[kind]: wrong})

            assert told.value.field == fields[kind]


@pytest.mark.parametrize("nothing", [None, "", [], "\x07"])
def test_nothing_empties_a_field(admin: Actor, nothing: Any) -> None:
    field, customer = add(admin, "Extra", CustomKind.TEXT), make.customer()
    fill(admin, customer, **{field.name: "there"})

    fill(admin, customer, **{field.name: nothing})

    assert held(admin, customer) == {}


def test_choices_are_replaced(admin: Actor) -> None:
    field = add(admin, "Extra", CustomKind.CHOICES, ["a", "b", "c"])
    customer = make.customer()
    fill(admin, customer, **{field.name: ["a", "b", "c"]})

    fill(admin, customer, **{field.name: ["c"]})

    assert held(admin, customer) == {field.name: ["c"]}


def test_an_unknown_field_is_refused(admin: Actor) -> None:
    with pytest.raises(Invalid, match="x_nowhere"):
        fill(admin, make.customer(), x_nowhere=1)


def test_a_field_of_contacts_is_none_of_customers(admin: Actor) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "contact", "Seats", CustomKind.TEXT)

    with pytest.raises(Invalid):
        fill(admin, make.customer(), x_seats="1")


def test_two_who_fill_a_field_at_once_notice_each_other(admin: Actor) -> None:
    field, customer = add(admin, "Extra", CustomKind.TEXT), make.customer()
    read = customer.version
    fill(admin, customer, **{field.name: "first"})

    with pytest.raises(Stale), db.transaction(admin) as session:
        customers.update(
            session, customer.id, {}, version=read, custom={field.name: "second"}
        )

    assert held(admin, customer) == {field.name: "first"}


def test_who_may_not_change_customers_fills_no_field(
    admin: Actor, viewer: Actor
) -> None:
    field, customer = add(admin, "Extra", CustomKind.TEXT), make.customer()

    with pytest.raises(Forbidden):
        fill(viewer, customer, **{field.name: "mine"})


def test_a_token_fills_the_fields_of_what_it_may_change(
    admin: Actor, alice: Actor
) -> None:
    field, customer = add(admin, "Extra", CustomKind.TEXT), make.customer()
    scopes = {"customer:read", "customer:update"}
    token = replace(alice, kind="token", scopes=frozenset(scopes))

    fill(token, customer, **{field.name: "by token"})

    assert held(alice, customer) == {field.name: "by token"}


def test_a_token_for_contacts_fills_no_field_of_customers(
    admin: Actor, alice: Actor
) -> None:
    field, customer = add(admin, "Extra", CustomKind.TEXT), make.customer()
    scopes = {"customer:read", "contact:update"}
    token = replace(alice, kind="token", scopes=frozenset(scopes))

    with pytest.raises(Forbidden):
        fill(token, customer, **{field.name: "by token"})


def test_a_foreign_customer_has_no_field_to_fill(
    admin: Actor, alice: Actor, charlie: Actor
) -> None:
    field, theirs = add(admin, "Extra", CustomKind.TEXT), make.customer(alice)

    with pytest.raises(Exception, match="does not exist"):
        fill(charlie, theirs, **{field.name: "mine"})

    assert held(alice, theirs) == {}


def test_a_field_can_be_relabelled_and_keeps_its_name(admin: Actor) -> None:
    field = add(admin, "Seats", CustomKind.CHOICE, ["a"])

    with db.transaction(admin) as session:
        changed = custom_fields.change(
            session, field.id, label="Places", choices=["a", "b"], position=3
        )

    assert (changed.name, changed.label) == ("x_seats", "Places")
    assert (changed.choices, changed.position) == (["a", "b"], 3)


def test_a_choice_keeps_something_to_choose(admin: Actor) -> None:
    field = add(admin, "Seats", CustomKind.CHOICE, ["a"])

    with pytest.raises(Invalid), db.transaction(admin) as session:
        custom_fields.change(session, field.id, label="S", choices=[], position=0)


def test_fields_stand_in_their_order(admin: Actor) -> None:
    first, second = (add(admin, label, CustomKind.TEXT) for label in ("A", "B"))
    with db.transaction(admin) as session:
        custom_fields.change(session, first.id, label="A", choices=[], position=9)

    with db.reading(admin) as session:
        found = custom_fields.fields(session, "customer")
    assert [field.name for field in found] == [second.name, first.name]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (CustomKind.TEXT, "é"),
        (CustomKind.MONEY, Decimal("0.1")),
        (CustomKind.DATE, date(2024, 2, 29)),
        (CustomKind.CHOICES, ["b", "a"]),
        (CustomKind.YES_NO, False),
    ],
)
def test_a_list_shows_what_is_held(admin: Actor, kind: CustomKind, value: Any) -> None:
    field = add(admin, "Extra", kind, ["a", "b"])
    fill(admin, make.customer(name="A"), **{field.name: value})
    make.customer(name="B")

    with db.reading(admin) as session:
        query = lists.Query("customer", columns=("name", field.name))
        found = lists.page(session, query, today=TODAY)

    assert [row[field.name] for row in found.rows] == [value, None]


def test_a_restored_field_brings_its_values_back(admin: Actor) -> None:
    field, customer = add(admin, "Extra", CustomKind.TEXT), make.customer()
    fill(admin, customer, **{field.name: "kept"})
    with db.transaction(admin) as session:
        custom_fields.remove(session, field.id)
    assert held(admin, customer) == {}

    with db.transaction(admin) as session:
        found = session.get(CustomField, field.id, execution_options=db.everything)
        assert found is not None
        found.deleted_at = None

    assert held(admin, customer) == {field.name: "kept"}
