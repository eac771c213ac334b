"""Filters: every operator by hand, and nothing reaches the database but values."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session

from crm import db
from crm.errors import Invalid
from crm.models import Actor, CustomKind, Reach
from crm.services import filters, lists
from crm.services.admin import custom_fields
from crm.services.customers import customers, segments, tags
from crm.services.fields import ENTITIES, Field, Kind, fields_of
from crm.services.filters import OPERATORS
from tests import make

TODAY = date(2026, 3, 2)
NAUGHTY: list[Any] = [
    "' or 1=1 --",
    '"; drop table customer; --',
    "%",
    "_",
    "\\",
    "\x00",
    "\ud800",
    "\u202e",
    "😀" * 100,
    "e\u0301" * 250,
    "x" * 500,
    "x" * 501,
    "",
    " ",
    "١٢٣",
    "1" * 400,
    "NaN",
    "-Infinity",
    "1e999999",
    "9" * 19,
    "0001-01-01",
    "9999-12-31",
    "2026-W01-1",
    0,
    -1,
    2**63,
    -(2**63) - 1,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    True,
    None,
    [],
    {},
    [None],
    [[]],
    [{}],
    [2**63],
    ["1 or 1=1"],
    ["\x00"],
    ["\ud800"],
    ["x" * 501],
    list(range(1, 12)),
    list(range(600)),
    ["9999-12-31", "0001-01-01"],
    ["1", "NaN"],
    [1, 2, 3],
    {"$ne": ""},
]


def names(actor: Actor, *conditions: Any, match: str = "all") -> list[str]:
    """The names of the customers that fit, sorted."""
    return found(actor, {"match": match, "rules": list(conditions)})


def found(actor: Actor, rule: Any) -> list[str]:
    with db.reading(actor) as session:
        query = lists.Query("customer", rule=rule, columns=("name",))
        page = lists.page(session, query, today=TODAY, size=200)
    return sorted(row["name"] for row in page.rows)


def where(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def field(actor: Actor, kind: CustomKind, choices: list[str] | None = None) -> str:
    """The name of a new custom field of customers."""
    with db.transaction(actor) as session:
        label = f"Extra {kind.value}"
        return custom_fields.add(session, "customer", label, kind, choices=choices).name


def fill(actor: Actor, customer_id: int, **values: Any) -> None:
    with db.transaction(actor) as session:
        customers.update(session, customer_id, {}, custom=values)


@pytest.mark.slow
def test_names_are_found_alike_on_every_database(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    for number, name in enumerate(("École", "Old École", "Straße 7", "张三 100%_")):
        make.customer(name=name, city="Bonn", email=f"info{number}@example.com")

    for op, value, expected in [
        ("contains", "ECOLE", ["École", "Old École"]),
        ("contains", "école", ["École", "Old École"]),
        ("contains", "bonn", []),  # a city is no name
        ("contains", "info", []),  # nor is an e-mail
        ("starts", "eco", ["École"]),
        ("lacks", "école", ["Straße 7", "张三 100%_"]),
        ("contains", "STRASSE", ["Straße 7"]),
        ("contains", "三", ["张三 100%_"]),
        ("contains", "100%_", ["张三 100%_"]),
        ("contains", "0%_x", []),
        ("contains", "_", ["张三 100%_"]),
        ("contains", "/", []),
        ("is", "École", ["École"]),
        ("is", "école", []),
        ("is_not", "École", ["Old École", "Straße 7", "张三 100%_"]),
    ]:
        with subtests.test(op=op, value=value):
            assert names(admin, where("name", op, value)) == sorted(expected)


def test_other_texts_are_found_whatever_their_case(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    for city in ("München", "Bonn", None):
        make.customer(name=city or "Nowhere", city=city)

    for op, value, expected in [
        ("contains", "ÜNCH", ["München"]),
        ("starts", "mün", ["München"]),
        ("lacks", "münchen", ["Bonn", "Nowhere"]),
        ("is", "München", ["München"]),
        ("is", "x" * 400, []),
        ("is_not", "München", ["Bonn", "Nowhere"]),
        ("contains", "x" * 400, []),
        ("empty", None, ["Nowhere"]),
        ("filled", None, ["Bonn", "München"]),
    ]:
        with subtests.test(op=op, value=value):
            assert names(admin, where("city", op, value)) == expected


@pytest.mark.slow
def test_sales_are_compared_exactly(admin: Actor, subtests: pytest.Subtests) -> None:
    three, half = make.customer(name="Three"), make.customer(name="Half")
    make.customer(name="None")
    product = make.product()
    make.order(three, (product, 1, "0.1"))
    make.order(three, (product, 1, "0.2"))
    make.order(half, (product, 1, "0.5"))

    for op, value, expected in [
        ("eq", "0.3", ["Three"]),
        ("eq", 0.3, ["Three"]),
        ("ne", "0.3", ["Half", "None"]),
        ("lt", "0.3", ["None"]),
        ("le", "0.3", ["None", "Three"]),
        ("gt", "0.3", ["Half"]),
        ("ge", "0.3", ["Half", "Three"]),
        ("between", ["0.1", "0.3"], ["Three"]),
        ("eq", 0, ["None"]),
    ]:
        with subtests.test(op=op, value=value):
            assert names(admin, where("order_total", op, value)) == expected


@pytest.mark.slow
def test_numbers_of_orders_are_compared(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    twice, product = make.customer(name="Twice"), make.product()
    make.customer(name="Never")
    make.order(twice, (product, 1, "5"))
    make.order(twice, (product, 1, "5"))

    for op, value, expected in [
        ("eq", 2, ["Twice"]),
        ("ne", 2, ["Never"]),
        ("gt", "1.5", ["Twice"]),
        ("eq", "1.5", []),
        ("between", [0, 1], ["Never"]),
        ("filled", None, ["Never", "Twice"]),
    ]:
        with subtests.test(op=op, value=value):
            assert names(admin, where("order_count", op, value)) == expected


@pytest.mark.slow
def test_days_of_the_last_order_are_whole(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    product = make.product()
    for name, ordered_at in (
        ("Yesterday", datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)),
        ("Long ago", datetime(2025, 3, 1, tzinfo=UTC)),
    ):
        make.order(make.customer(name=name), (product, 1, "5"), ordered_at=ordered_at)
    make.customer(name="Never")

    for op, value, expected in [
        ("on", "2026-03-01", ["Yesterday"]),
        ("before", "2026-03-01", ["Long ago"]),
        ("after", "2026-03-01", []),
        ("after", "2026-02-28", ["Yesterday"]),
        ("between", ["2025-03-01", "2026-03-01"], ["Long ago", "Yesterday"]),
        ("last_days", 1, ["Yesterday"]),
        ("last_days", 0, []),
        ("older_days", 30, ["Long ago"]),
        ("next_days", 5, []),
        ("empty", None, ["Never"]),
        ("filled", None, ["Long ago", "Yesterday"]),
    ]:
        with subtests.test(op=op, value=value):
            assert names(admin, where("last_order_at", op, value)) == expected


def test_returns_and_cancelled_orders_are_no_sales(admin: Actor) -> None:
    customer, product = make.customer(name="Gave back"), make.product()
    make.order(customer, (product, -1, "5"), kind="return")
    make.order(customer, (product, 1, "5"), status="cancelled")

    assert names(admin, where("order_count", "eq", 0)) == ["Gave back"]


def test_owners_are_picked(admin: Actor, subtests: pytest.Subtests) -> None:
    make.customer(admin, name="Of Ada")
    make.customer(name="Of nobody")

    for op, expected in [
        ("any", ["Of Ada"]),
        ("none", ["Of nobody"]),
        ("empty", ["Of nobody"]),
    ]:
        with subtests.test(op=op):
            assert names(admin, where("owner_id", op, [admin.user_id])) == expected


def test_kinds_are_picked(admin: Actor) -> None:
    make.customer(name="Company")
    make.customer(name="Person", kind="person")

    assert names(admin, where("kind", "any", ["person"])) == ["Person"]
    assert names(admin, where("kind", "none", ["person"])) == ["Company"]
    assert names(admin, where("kind", "any", [])) == []


def test_all_of_several_tags_are_asked_for(admin: Actor) -> None:
    both, one = make.customer(name="Both"), make.customer(name="One")
    with db.transaction(admin) as session:
        tags.put(session, "customer", [both.id, one.id], ["a"])
        tags.put(session, "customer", [both.id], ["b"])
        ids = [tags.tag(session, name).id for name in ("a", "b")]

    assert names(admin, where("tags", "all", ids)) == ["Both"]
    assert names(admin, where("tags", "any", ids)) == ["Both", "One"]
    assert names(admin, where("tags", "none", ids)) == []
    assert names(admin, where("tags", "filled")) == ["Both", "One"]


def test_a_tag_on_a_contact_does_not_tag_the_customer_of_that_id(admin: Actor) -> None:
    customer = make.customer(name="Bare")
    contact = make.contact(customer)
    with db.transaction(admin) as session:
        tags.put(session, "contact", [contact.id], ["a"])

    assert names(admin, where("tags", "filled")) == []


@pytest.mark.slow
def test_custom_fields_are_compared_by_their_kind(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    fields = {kind: field(admin, kind, ["a", "b"]) for kind in CustomKind}
    filled = make.customer(name="Filled")
    make.customer(name="Bare")

    for kind, value, op, asked, expected in [
        (CustomKind.TEXT, "École", "contains", "ÉCOLE", ["Filled"]),
        (CustomKind.TEXT, "abc", "lacks", "b", ["Bare"]),
        (CustomKind.TEXT, "abc", "is", "abc", ["Filled"]),
        (CustomKind.TEXT, "abc", "is_not", "abc", ["Bare"]),
        (CustomKind.LINK, "https://a.example", "starts", "HTTPS", ["Filled"]),
        (CustomKind.NUMBER, "0.1", "eq", "0.1", ["Filled"]),
        (CustomKind.NUMBER, 5, "ne", 5, ["Bare"]),
        (CustomKind.NUMBER, 5, "between", [1, 5], ["Filled"]),
        (CustomKind.MONEY, "922337203685477.5807", "ge", 1, ["Filled"]),
        (CustomKind.DATE, "2024-02-29", "on", "2024-02-29", ["Filled"]),
        (CustomKind.DATE, "2026-03-02", "last_days", 0, ["Filled"]),
        (CustomKind.DATE, "2026-03-02", "before", "2026-03-02", []),
        (CustomKind.CHOICE, "a", "any", ["a"], ["Filled"]),
        (CustomKind.CHOICE, "a", "none", ["a"], ["Bare"]),
        (CustomKind.CHOICES, ["a", "b"], "all", ["a", "b"], ["Filled"]),
        (CustomKind.CHOICES, ["a"], "all", ["a", "b"], []),
        (CustomKind.CHOICES, ["a"], "any", ["a", "b"], ["Filled"]),
        (CustomKind.CHOICES, ["a"], "none", ["a"], ["Bare"]),
        (CustomKind.YES_NO, True, "yes", None, ["Filled"]),
        (CustomKind.YES_NO, False, "no", None, ["Bare", "Filled"]),
        (CustomKind.YES_NO, True, "no", None, ["Bare"]),
        (CustomKind.TEXT, "abc", "empty", None, ["Bare"]),
        (CustomKind.TEXT, "abc", "filled", None, ["Filled"]),
    ]:
        with subtests.test(kind=kind, op=op, asked=asked):
            fill(admin, filled.id, **{fields[kind]: value})

            assert names(admin, where(fields[kind], op, asked)) == expected


def test_groups_nest(admin: Actor) -> None:
    for name, city, country in (
        ("A", "Bonn", "DE"),
        ("B", "Paris", "FR"),
        ("C", "Lyon", "FR"),
        ("D", None, None),
    ):
        make.customer(name=name, city=city, country=country)
    french = {
        "match": "all",
        "rules": [where("country", "is", "FR"), where("city", "is_not", "Lyon")],
    }

    assert names(admin, where("city", "is", "Bonn"), french, match="any") == ["A", "B"]
    assert names(admin, where("city", "is", "Bonn"), french, match="none") == ["C", "D"]


def test_no_condition_lets_everyone_through(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    make.customer(name="A")

    for rule in [None, {}, {"match": "all", "rules": []}]:
        with subtests.test(rule=rule):
            assert found(admin, rule) == ["A"]


def nested(depth: int) -> dict[str, Any]:
    rule = where("name", "is", "A")
    for _level in range(depth):
        rule = {"match": "all", "rules": [rule]}
    return rule


@pytest.mark.slow
def test_a_rule_out_of_shape_is_refused(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    for rule in [
        nested(9),
        nested(5000),
        {"match": "any", "rules": [where("name", "is", "A")] * 51},
        {"match": "any", "rules": [{"rules": []}] * 100_000},
        {"match": "some", "rules": []},
        {"match": ["all"], "rules": []},
        {"rules": {}},
        {"rules": [None]},
        {"rules": ["name"]},
        {"field": ["name"], "op": "is", "value": "A"},
        {"field": "name", "op": ["is"], "value": "A"},
        {"field": "name\x00\ud800", "op": "is", "value": "A"},
        "name = 'A'",
        7,
    ]:
        with subtests.test(rule=rule), pytest.raises(Invalid):
            found(admin, rule)


@pytest.mark.slow
def test_the_largest_rule_is_answered(admin: Actor) -> None:
    make.customer(name="A")
    several = [str(number) for number in range(500)]
    choices = field(admin, CustomKind.CHOICES, several)
    rules = [where(choices, "none", several)] * 2
    rules += [where(choices, "all", several)]
    rules += [where(choices, "filled")] * 45

    assert names(admin, *rules, where("city", "is", "x")) == []
    with pytest.raises(Invalid, match="at most 1500 values"):
        names(admin, *rules, where(choices, "any", ["1"]))


@pytest.mark.slow
def test_a_naughty_value_is_refused_or_finds_rows(admin: Actor) -> None:
    """Nothing else: no error of the database, for any field, operator and value."""
    with db.transaction(admin) as session:
        for kind in CustomKind:
            custom_fields.add(session, "customer", kind.value, kind, choices=["a"])
    with db.reading(admin) as session:
        for entity, known in different_fields(session):
            for op in OPERATORS[known.kind]:
                rules = [where(known.name, op, value) for value in NAUGHTY]
                if known.kind is not Kind.SEGMENTS:  # which are looked up
                    rules = accepted(entity, known, rules)
                    together = {"match": "any", "rules": rules}
                    for rule in [together] if is_server(session) else rules:
                        ask(session, entity, rule)
                    continue
                for rule in rules:
                    with suppress(Invalid):
                        ask(session, entity, rule)


def ask(session: Session, entity: str, rule: Any) -> None:
    lists.count(session, lists.Query(entity, rule=rule), today=TODAY, limit=5)


def is_server(session: Session) -> bool:
    """Asked over a wire: all that is not refused is bound in one statement.

    It is the types and the size of what is bound that a server may refuse.
    """
    return session.get_bind().dialect.name != "sqlite"


def accepted(entity: str, known: Field, rules: list[Any]) -> list[Any]:
    """The rules that are not refused before any database is asked."""
    found = []
    for rule in rules:
        with suppress(Invalid):
            filters.where(ENTITIES[entity], {known.name: known}, rule, today=TODAY)
            found.append(rule)
    return found


def different_fields(session: Session) -> Collection[tuple[str, Field]]:
    """One field for each way of comparing, with its entity."""
    ways: dict[Any, tuple[str, Field]] = {}
    for entity in ENTITIES:
        for one in fields_of(session, entity).values():
            column = one.column
            stored = isinstance(column, InstrumentedAttribute)
            made = type(column.type) if stored else str(column)
            way = (one.kind, one.custom_id is None, one.key is None, made)
            ways.setdefault(way, (entity, one))
    return ways.values()


def test_every_kind_of_field_has_operators() -> None:
    assert set(OPERATORS) == set(Kind)


def test_a_static_segment_is_a_condition(admin: Actor) -> None:
    inside = make.customer(name="In")
    make.customer(name="Out")
    with db.transaction(admin) as session:
        segment = segments.save(session, "Chosen", [inside.id])

    assert names(admin, where("segments", "any", [segment.id])) == ["In"]
    assert names(admin, where("segments", "none", [segment.id])) == ["Out"]


def test_a_live_segment_is_a_condition_as_well(admin: Actor) -> None:
    inside = make.customer(name="Bonn and chosen", city="Bonn")
    make.customer(name="Bonn", city="Bonn")
    make.customer(name="Paris", city="Paris")
    rule = {"match": "all", "rules": [where("city", "is", "Bonn")]}
    with db.transaction(admin) as session:
        live = segments.save_rule(session, "In Bonn", rule, today=TODAY)
        chosen = segments.save(session, "Chosen", [inside.id])
    both = [live.id, chosen.id]

    assert names(admin, where("segments", "any", [live.id])) == [
        "Bonn",
        "Bonn and chosen",
    ]
    assert names(admin, where("segments", "all", both)) == ["Bonn and chosen"]
    assert names(admin, where("segments", "none", both)) == ["Paris"]
    assert names(admin, where("segments", "any", both)) == ["Bonn", "Bonn and chosen"]


def test_a_segment_in_the_recycle_bin_holds_nobody(admin: Actor) -> None:
    inside = make.customer(name="In")
    with db.transaction(admin) as session:
        segment = segments.save(session, "Gone", [inside.id])
        segments.remove(session, segment.id)

    assert names(admin, where("segments", "any", [segment.id])) == []


@pytest.mark.slow
def test_a_filter_cannot_probe_what_is_out_of_reach(
    alice: Actor, charlie: Actor
) -> None:
    """The answers are the same whatever the hidden customer holds."""
    make.customer(charlie, name="Mine", city="Bonn")
    hidden = make.customer(alice, name="Hidden", city="Bonn", notes="secret")
    make.order(hidden, (make.product(), 1, "500"))
    probes = (
        where("city", "is", "Bonn"),
        where("notes", "contains", "secret"),
        where("order_total", "ge", 1),
        where("order_count", "ge", 0),
        where("owner_id", "any", [alice.user_id]),
    )

    seen = [names(charlie, probe) for probe in probes]

    assert seen == [["Mine"], [], [], ["Mine"], []]


def test_who_may_not_see_orders_learns_nothing_of_them(admin: Actor) -> None:
    customer = make.customer(name="Buyer")
    make.order(customer, (make.product(), 1, "500"))
    token = replace(admin, kind="token", scopes=frozenset({"customer:read"}))

    assert names(token, where("order_total", "ge", 1)) == []
    assert names(token, where("order_count", "eq", 0)) == ["Buyer"]
    assert names(token, where("last_order_at", "filled")) == []


def test_an_order_of_a_foreign_customer_is_not_counted(
    alice: Actor, charlie: Actor
) -> None:
    make.order(make.customer(alice), (make.product(), 1, "5"))

    with db.reading(charlie) as session:
        query = lists.Query("sales_order", rule=where("total", "ge", 0))
        assert lists.count(session, query, today=TODAY, limit=10) == 0


def test_a_team_filters_what_the_team_owns(alice: Actor, bob: Actor) -> None:
    make.customer(alice, name="Of Alice")
    make.customer(bob, name="Of Bob")

    assert bob.reach is Reach.TEAM
    mine = where("owner_id", "any", [alice.user_id, bob.user_id])
    assert names(bob, mine) == ["Of Alice", "Of Bob"]


def test_a_field_in_the_recycle_bin_is_no_field(admin: Actor) -> None:
    name = field(admin, CustomKind.TEXT)
    with db.transaction(admin) as session:
        made = custom_fields.fields(session, "customer")[0]
        custom_fields.remove(session, made.id)

    with pytest.raises(Invalid):
        names(admin, where(name, "filled"))


def test_a_year_has_leap_days(admin: Actor) -> None:
    make.customer(name="New", created_at=datetime(2024, 2, 29, 12, tzinfo=UTC))
    day = date(2024, 2, 29)

    assert names(admin, where("created_at", "on", day.isoformat())) == ["New"]
    assert names(admin, where("created_at", "on", str(day + timedelta(1)))) == []
