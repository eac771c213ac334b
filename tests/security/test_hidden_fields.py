"""What a role may not read is nowhere: A6, for every field that can be hidden.

Each test hides one field, asks for everything, changes the field in the database, and
asks again: no answer, no order and no number may differ.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.db.masks import columns_of
from crm.errors import CRMError, Forbidden, Invalid
from crm.models import (
    SYSTEM,
    Activity,
    ActivityKind,
    Actor,
    Analysis,
    Campaign,
    Customer,
    CustomField,
    CustomKind,
    Invoice,
    OutgoingMail,
    PointKind,
    Role,
    Sharing,
)
from crm.models.types import Amount
from crm.services import analyses, audit, bulk, lists, timeline, undo, views
from crm.services.admin import custom_fields, hidden_fields
from crm.services.admin.hidden_from import hidden_from
from crm.services.customers import contact_points, customers, live_segments, segments
from crm.services.documents import invoices
from crm.services.fields import ENTITIES, fields_of
from crm.services.imports import fillable, permissible
from crm.services.imports.choices import Choices
from crm.services.imports.targets import TARGETS
from crm.services.sales import leads
from tests import make
from tests.api.conftest import Clients
from tests.security import sight
from tests.security.sight import WORD
from tests.ui.conftest import signed_in

PATHS = {"opportunity": "opportunities"}
LOG = ("operation", "row_change", "log_head")
OWN = {"version", "updated_at"}
SAID = {"email": f"{WORD}@example.com", "phone": "+49 30 123456"}
SHORT = {"country": "QX", "language": "qx"}  # too short for the word


def _maskable() -> Iterator[tuple[str, str]]:
    for entity in ENTITIES.values():
        table = inspect(entity.table).local_table
        for field in entity.fields:
            if hidden_fields._is_plain(table, field):
                yield entity.name, field.name


FIELDS = list(_maskable())


@pytest.fixture
def mona(admin: Actor) -> Actor:
    """Mona manages: she sees all records, and the audit."""
    return make.actor("Mona", role="manager")


@pytest.fixture
def world(mona: Actor) -> dict[str, int]:
    """One of everything between two others, by kind: the id of the middle one."""
    made: dict[str, int] = {}
    for place in ("early", "middle", "late"):
        customer = make.customer(name=f"{place} mills", email=f"{place}@x.example")
        product = make.product(name=f"{place} pen", price=Decimal(3))
        order = make.order(customer, (product, 2, "5"))
        rows: dict[str, Any] = {
            "customer": customer,
            "contact": make.contact(customer, last_name=f"{place} Weber"),
            "product": product,
            "sales_order": order,
            "invoice": make.invoice(order),
            "subscription": make.subscription(customer),
            "opportunity": make.opportunity(customer, name=f"{place} deal"),
            "quote": make.quote(customer, (product, 2, "5")),
            "lead": make.lead(name=f"{place} lead", company=f"{place} works"),
            "campaign": make.saved(Campaign(name=f"{place} campaign")),
            "ticket": make.ticket(customer_id=customer.id, subject=f"{place} ticket"),
        }
        if place == "middle":
            made = {kind: row.id for kind, row in rows.items()}
    return made


def hide(actor: Actor, *names: str) -> Actor:
    """`actor` as the administrator's choice makes it: “entity.field” is hidden."""
    ada = make.actor("Ada", role="admin")
    wanted: dict[str, list[str]] = {}
    for name in names:
        entity, field = name.split(".")
        wanted.setdefault(entity, []).append(field)
    with db.transaction(ada) as session:
        for entity, fields in wanted.items():
            hidden_fields.save(session, actor.role, entity, fields)
    return replace(actor, hidden=hidden_from(actor.role))


def value_for(column: Any) -> Any:
    """Something new for a column, with the word in it where it holds words."""
    if isinstance(column.type, Amount):
        return Decimal(4711)
    if isinstance(column.type, sa.Date):
        return date(2031, 5, 17)
    if isinstance(column.type, sa.Integer):
        return 47
    return SHORT.get(column.name) or SAID.get(column.name) or WORD


def change(entity: str, record_id: int, name: str, value: Any) -> set[str]:
    """Set a field in the database as if it had always been so; what has changed."""
    table = ENTITIES[entity].table
    columns = inspect(table).local_table
    with db.reading(SYSTEM) as session:
        row: Any = db.get(session, table, record_id)
        session.expunge(row)
    before = {column.name: getattr(row, column.name) for column in columns.c}
    setattr(row, name, value)
    row.prepare()
    after = {column.name: getattr(row, column.name) for column in columns.c}
    changed = {key: after[key] for key in after if after[key] != before[key]}
    with db.engine().execution_options(crm_writes=True).begin() as connection:
        here = columns.c.id == record_id
        connection.execute(sa.update(columns).where(here).values(changed))
    return set(changed)


def logged(entity: str, record_id: int, name: str, *values: Any) -> None:
    """Have the change log tell of values that a field once had."""
    for value in values:
        with db.transaction(make.actor("Ada", role="admin")) as session:
            row = db.get(session, ENTITIES[entity].table, record_id)
            setattr(row, name, value)


def answers(client: Clients, actor: Actor, entity: str, name: str) -> sight.Answers:
    """What asks for this very field: by filter, order, column, file, log and API."""
    with db.reading(actor) as session:
        asked = _about(session, entity, name)
        found = {what: sight._answer(ask) for what, ask in asked}
    path = f"/v1/{PATHS.get(entity, f'{entity}s')}"
    there = client(actor)
    rule = f'{{"field":"{name}","op":"filled"}}'
    for query in ("", f"?sort={name}", f"?sort=-{name}", f"?q={WORD}",
                  f"?filter={rule}", "/1", "/2", "/3"):  # fmt: skip
        answer = there.get(f"{path}{query}")
        found[f"GET {path}{query}"] = f"{answer.status_code} {answer.text}"
    return found


def quiet(answers: sight.Answers) -> sight.Answers:
    """Those to questions that do not hold the word themselves."""
    return {what: said for what, said in answers.items() if WORD not in what}


def _about(session: Session, entity: str, name: str) -> Iterator[tuple[str, Any]]:
    asked = {"filled": None, "empty": None, "contains": WORD, "is_not": WORD}
    for op, value in (asked | {"gt": "10", "after": "2000-01-01"}).items():
        query = lists.Query(entity, rule={"field": name, "op": op, "value": value})
        yield f"filter {op}", lambda q=query: sight._ids(session, q)
    for sort in (name, f"-{name}"):
        query = lists.Query(entity, sort=sort)
        yield f"sort {sort}", lambda q=query: sight._ids(session, q)
    column = lists.Query(entity, columns=(name,))
    yield "column", lambda: lists.page(session, column, today=sight.TODAY)
    yield "file of it", lambda: sight._file(session, column)
    yield "bulk", lambda: sorted(bulk.editable(session, entity))
    yield "whole audit", lambda: list(audit.export(session, audit.Query()))
    yield (
        "audit for the word",
        lambda: audit.operations(session, audit.Query(text=WORD)),
    )
    for one in (1, 2, 3):
        yield (
            f"timeline of {one} for the word",
            lambda key=one: timeline.timeline(session, key, text=WORD),
        )


@pytest.mark.slow
@pytest.mark.parametrize(("entity", "name"), FIELDS, ids=[".".join(f) for f in FIELDS])
def test_a_hidden_field_changes_no_answer(
    client: Clients, mona: Actor, world: dict[str, int], entity: str, name: str
) -> None:
    """A6."""
    record_id = world[entity]
    said = value_for(inspect(ENTITIES[entity].table).local_table.c[name])
    logged(entity, record_id, name, said, None)
    blind = hide(mona, f"{entity}.{name}")
    before = answers(client, blind, entity, name)
    seeing = answers(client, mona, entity, name)

    change(entity, record_id, name, said)

    after = answers(client, blind, entity, name)
    assert [what for what in before if after[what] != before[what]] == []
    assert sight.mentions(quiet(after)) == []
    now = answers(client, mona, entity, name)
    assert [what for what in seeing if now[what] != seeing[what]] != []


@pytest.mark.slow
@pytest.mark.parametrize("entity", sorted({entity for entity, _name in FIELDS}))
def test_hidden_fields_show_nowhere_at_all(
    mona: Actor, world: dict[str, int], entity: str
) -> None:
    """A6: every list, count, name, history and file there is."""
    columns = inspect(ENTITIES[entity].table).local_table.c
    values = {n: value_for(columns[n]) for kind, n in FIELDS if kind == entity}
    for name, said in values.items():
        logged(entity, world[entity], name, said, None)
    blind = hide(mona, *(f"{entity}.{name}" for name in values))
    before = sight.of(blind)

    for name, said in values.items():
        change(entity, world[entity], name, said)

    after = sight.of(blind)
    assert [what for what in before if after[what] != before[what]] == []
    assert sight.mentions(after) == []


@pytest.mark.slow
@pytest.mark.parametrize(("entity", "name"), FIELDS, ids=[".".join(f) for f in FIELDS])
def test_every_column_that_follows_from_a_field_is_known(
    world: dict[str, int], entity: str, name: str
) -> None:
    table = inspect(ENTITIES[entity].table).local_table
    before = everything()

    logged(entity, world[entity], name, value_for(table.c[name]))

    hidden = columns_of(frozenset({f"{entity}.{name}"}))
    told = {(where, one) for where, names in hidden.items() for one in names}
    assert differing(before, everything()) <= told | {(entity, one) for one in OWN}


def everything() -> dict[tuple[str, int], dict[str, Any]]:
    """All rows of all tables but for the log, by table and id."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    with db.engine().connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in LOG and "id" in table.c:
                for row in connection.execute(sa.select(table)).mappings():
                    found[table.name, row["id"]] = dict(row)
    return found


def differing(
    before: dict[tuple[str, int], dict[str, Any]],
    after: dict[tuple[str, int], dict[str, Any]],
) -> set[tuple[str, str]]:
    """Table and column of what is not as it was."""
    return {
        (place[0], name)
        for place, row in after.items()
        for name, value in row.items()
        if before.get(place, {}).get(name) != value
    }


@pytest.fixture
def salary(admin: Actor) -> CustomField:
    """A custom field of contacts."""
    with db.transaction(admin) as session:
        return custom_fields.add(session, "contact", "Salary", CustomKind.TEXT)


@pytest.mark.slow
def test_a_hidden_custom_field_changes_no_answer(
    client: Clients, mona: Actor, world: dict[str, int], salary: CustomField
) -> None:
    """A6."""
    with db.transaction(SYSTEM) as session:
        custom_fields.store(session, "contact", world["contact"], {salary.name: WORD})
        custom_fields.store(session, "contact", 1, {salary.name: "much"})
    with db.transaction(SYSTEM) as session:
        custom_fields.store(session, "contact", world["contact"], {salary.name: "no"})
    blind = hide(mona, f"contact.{salary.name}")
    before = answers(client, blind, "contact", salary.name)

    with db.engine().execution_options(crm_writes=True).begin() as connection:
        connection.execute(sa.text(f"update custom_value set text = '{WORD}'"))

    after = answers(client, blind, "contact", salary.name)
    assert [what for what in before if after[what] != before[what]] == []
    assert sight.mentions(quiet(after)) == []
    assert sight.mentions(answers(client, mona, "contact", salary.name))
    assert sight.mentions(sight.of(blind)) == []
    with pytest.raises(CRMError), db.transaction(blind) as session:
        custom_fields.store(session, "contact", 1, {salary.name: "nothing"})


def test_further_addresses_of_a_hidden_kind_are_not_there(
    mona: Actor, world: dict[str, int]
) -> None:
    with db.transaction(SYSTEM) as session:
        for kind, said in ((PointKind.EMAIL, SAID["email"]), (PointKind.PHONE, "42")):
            contact_points.add(session, "customer", world["customer"], kind, said)
    blind = hide(mona, "customer.email")

    with db.reading(blind) as session:
        found = contact_points.of_record(session, "customer", world["customer"])
        told = repr(timeline.timeline(session, world["customer"]))

    assert [one.content for one in found] == ["42"]
    assert WORD not in told
    point = ("customer", world["customer"], PointKind.EMAIL, "new@example.com")
    with pytest.raises(Forbidden), db.transaction(blind) as session:
        contact_points.add(session, *point)


def test_what_was_copied_from_a_hidden_field_is_not_there(
    mona: Actor, world: dict[str, int]
) -> None:
    change("customer", world["customer"], "street", f"{WORD} street 1")
    with db.transaction(SYSTEM) as session:
        paper = db.get(session, Invoice, world["invoice"]).model_dump()
    note = {"subject": "Hello", "body": f"To {SAID['email']}"}
    make.saved(Activity(kind=ActivityKind.MAIL, customer_id=1, **note))
    make.saved(
        Activity(kind=ActivityKind.NOTE, customer_id=1, subject="x", body="kept")
    )
    mail = {"subject": "Hello", "body": "Hi", "message_id": "<1@x>"}
    make.saved(OutgoingMail(to_address=SAID["email"], customer_id=1, **mail))
    blind = hide(mona, "customer.email", "customer.street")

    with db.reading(blind) as session:
        sent = session.exec(select(OutgoingMail)).one()
        bodies = [
            one.body for one in session.exec(select(Activity).order_by(Activity.id))
        ]
        seen = db.get(session, Invoice, world["invoice"])

    assert sent.to_address == "…"
    assert bodies == [None, "kept"]
    assert paper["recipient"] != seen.recipient == "…"
    order = make.order(make.customer(), (make.product(), 1, "5"))
    on = make.NOON.date()
    with pytest.raises(Forbidden), db.transaction(blind) as session:
        invoices.issue(session, order.id, on=on, due_on=on)


def test_who_writes_without_seeing_a_field_does_not_lose_it(
    mona: Actor, world: dict[str, int]
) -> None:
    change("customer", world["customer"], "email", SAID["email"])
    blind = hide(mona, "customer.email")

    with db.transaction(blind) as session:
        row = customers.update(
            session, world["customer"], {"name": "Mills", "email": None}
        )
        assert row.email is None
        assert WORD not in (row.search_key or "")

    with db.reading(SYSTEM) as session:
        kept = db.get(session, Customer, world["customer"])
    assert (kept.name, kept.email) == ("Mills", SAID["email"])
    assert kept.email_key == SAID["email"]
    assert kept.search_key is not None
    assert kept.search_key.startswith(f"mills\n{SAID['email']}")


def test_who_deletes_without_seeing_a_field_leaves_it_in_the_log(
    admin: Actor, mona: Actor, world: dict[str, int]
) -> None:
    with db.transaction(SYSTEM) as session:
        point = contact_points.add(
            session, "customer", world["customer"], PointKind.PHONE, "42"
        )
    change("customer", world["customer"], "email", SAID["email"])
    blind = hide(mona, "customer.email")

    with db.transaction(blind) as session:
        contact_points.remove(session, point.id)
    with db.transaction(blind) as session:
        customers.remove(session, world["customer"])
    operation = db.operation_of(session)

    with db.transaction(admin) as session:
        assert undo.undo(session, operation or 0).done == 1
    with db.reading(SYSTEM) as session:
        kept = db.get(session, Customer, world["customer"])
    assert kept.email == kept.email_key == SAID["email"]


@pytest.mark.parametrize("name", ["email", "street", "notes"])
def test_a_hidden_field_is_set_by_no_door(
    client: Clients, mona: Actor, world: dict[str, int], name: str
) -> None:
    blind = hide(mona, f"customer.{name}")
    there, record_id = client(blind), world["customer"]

    place = f"/v1/customers/{record_id}"
    match = {"If-Match": there.get(place).headers["etag"]}
    changed = there.patch(place, json={name: "a@b.example"}, headers=match)
    made = there.post("/v1/customers", json={"name": "New", name: "a@b.example"})
    fine = there.post("/v1/customers", json={"name": "New", name: None})

    assert (changed.status_code, made.status_code) == (403, 403)
    assert "hidden" in changed.text
    assert fine.status_code == 201
    with pytest.raises(Invalid), db.transaction(blind) as session:
        bulk.edit(session, "customer", [record_id], name, "a@b.example")


def test_what_changed_a_hidden_field_cannot_be_undone(
    mona: Actor, world: dict[str, int]
) -> None:
    with db.transaction(mona) as session:
        customers.update(session, world["customer"], {"email": "new@x.example"})
    both = db.operation_of(session) or 0
    with db.transaction(mona) as session:
        customers.update(session, world["customer"], {"city": "Bonn"})
    other = db.operation_of(session) or 0
    blind = hide(mona, "customer.email")

    with db.reading(blind) as session:
        assert not undo.undoable(session, both)
        assert undo.undoable(session, other)
        shown = timeline.timeline(session, world["customer"])
        whole = audit.verify(session)
    assert both not in [one.operation_id for one in shown]
    assert whole.ok
    with pytest.raises(Forbidden, match="hidden"), db.transaction(blind) as session:
        undo.undo(session, both)


def test_a_rule_of_others_finds_nothing_by_a_hidden_field(
    admin: Actor, mona: Actor, world: dict[str, int]
) -> None:
    rule = {
        "match": "all",
        "rules": [{"field": "email", "op": "contains", "value": "x"}],
    }
    with db.transaction(admin) as session:
        segment = segments.save_rule(session, "Reached", rule, today=sight.TODAY)
        content = {"search": "", "rule": rule, "sort": "", "columns": []}
        views.save(session, "customer", "Reached", content, sharing=Sharing.ALL)
    blind = hide(mona, "customer.email")

    with db.reading(blind) as session:
        assert segments.size(session, segment, today=sight.TODAY) == 0
        assert views.listed(session, "customer") == []
        assert not live_segments.is_told(blind, "customer", segment.rule)
        assert "email" not in str(segments.rule_of(segment, blind))
    with db.reading(mona) as session:
        assert segments.size(session, segment, today=sight.TODAY) == 3
        assert len(views.listed(session, "customer")) == 1


def test_an_import_neither_fills_nor_finds_by_a_hidden_field(mona: Actor) -> None:
    blind = hide(mona, "customer.email", "customer.notes")
    target = TARGETS["customers"]

    offered = {field.name for field in fillable.allowed(blind, target).fields}
    header = ["Name", "Notes"]
    fine = Choices(mapping={"Name": "name"}, match_key="name")

    assert {"email", "notes"}.isdisjoint(offered)
    filled = replace(fine, mapping={"Name": "name", "Notes": "notes"})
    with pytest.raises(Forbidden, match="import the field"):
        permissible.check(blind, target, header, filled)
    with pytest.raises(Forbidden, match="hidden"):
        permissible.check(blind, target, header, fine)


def test_a_lead_is_converted_by_who_sees_all_that_is_taken_over(mona: Actor) -> None:
    lead = make.lead(mona, email=SAID["email"])
    blind = hide(mona, "lead.email")

    with pytest.raises(Forbidden, match="hidden"), db.transaction(blind) as session:
        leads.convert(session, lead.id)


@pytest.mark.parametrize("name", ["fleet", "country"])
def test_what_others_have_computed_by_a_hidden_field_is_not_there(
    admin: Actor, mona: Actor, name: str
) -> None:
    with db.transaction(admin) as session:
        made = custom_fields.add(session, "customer", "Fleet", CustomKind.NUMBER)
        kept = Analysis(kind="segmentation", as_of=date(2026, 3, 1))
        analyses.store(session, kept, {"buyers": pd.DataFrame({made.name: [3.0]})})
    hidden = made.name if name == "fleet" else name

    for reader, seen in ((mona, 1), (hide(mona, f"customer.{hidden}"), 0)):
        with db.reading(reader) as session:
            assert len(analyses.listed(session, "segmentation")) == seen


def test_what_every_record_needs_or_rules_reckon_with_cannot_be_hidden(
    admin: Actor,
) -> None:
    with db.reading(admin) as session:
        offered = {
            f"{entity}.{name}"
            for entity in ENTITIES
            for name in hidden_fields.maskable(session, entity)
        }
    assert {"customer.email", "customer.tax_number", "product.price"} <= offered
    assert offered.isdisjoint(
        {"customer.name", "customer.owner_id", "sales_order.total", "lead.status"}
        | hidden_fields.DECIDING
    )
    for role, name in ((Role.SALES, "name"), (Role.ADMIN, "email")):
        with pytest.raises(Invalid), db.transaction(admin) as session:
            hidden_fields.save(session, role, "customer", [name])


def test_only_an_administrator_hides_fields(mona: Actor) -> None:
    with pytest.raises(Forbidden), db.transaction(mona) as session:
        hidden_fields.save(session, Role.SALES, "customer", ["email"])


def test_a_hidden_field_is_no_field_of_the_register(mona: Actor) -> None:
    blind = hide(mona, "customer.email")

    with db.reading(blind) as session:
        assert "email" not in fields_of(session, "customer")
        assert "email" in fields_of(session, "contact")


@pytest.mark.slow
@pytest.mark.parametrize("page", ["customers.py", "customer.py", "today.py"])
def test_a_page_shows_nothing_of_a_hidden_field(
    mona: Actor, world: dict[str, int], page: str
) -> None:
    hide(mona, "customer.email", "customer.notes", "contact.email")
    before = _page(mona, page, world["customer"])

    change("customer", world["customer"], "email", SAID["email"])
    change("customer", world["customer"], "notes", WORD)
    change("contact", world["contact"], "email", SAID["email"])

    assert _page(mona, page, world["customer"]) == before
    assert WORD not in before
    with db.transaction(make.actor("Ada", role="admin")) as session:
        for entity in ("customer", "contact"):
            hidden_fields.save(session, mona.role, entity, [])
    if page == "customer.py":
        assert WORD in _page(mona, page, world["customer"])


def _page(actor: Actor, page: str, record_id: int) -> str:
    """All that a page holds, as text."""
    folder = "home" if page == "today.py" else "customers"
    app: AppTest = signed_in(actor)
    app.query_params["id"] = str(record_id)
    app.run().switch_page(str(ROOT / "pages" / folder / page)).run()
    assert not app.exception
    kinds = ("markdown", "caption", "text", "title", "subheader", "error", "metric")
    told = [str(one.value) for kind in kinds for one in app.get(kind)]
    tables = [one.value.to_csv() for one in app.dataframe]
    return re.sub(r"\d+ seconds? ago|now", "lately", "\n".join([*told, *tables]))
