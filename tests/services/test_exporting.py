"""Export: the filtered list, as people read it."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm import db
from crm.errors import Forbidden, Invalid
from crm.i18n import language
from crm.models import Actor, CustomKind, Reason
from crm.services import audit, export_format, exporting, lists, naming
from crm.services.admin import custom_fields
from crm.services.customers import customers, tags
from tests import make

TODAY = date(2026, 3, 2)


def exported(actor: Actor, *columns: str, **query: Any) -> list[list[Any]]:
    with db.reading(actor) as session:
        wanted = lists.Query("customer", columns=columns, **query)
        header, rows = exporting.table(session, wanted, today=TODAY)
        return [header, *rows]


def test_names_stand_for_ids(admin: Actor) -> None:
    top = make.customer(name="Top")
    below = make.customer(admin, name="Below", parent_id=top.id)

    table = exported(admin, "name", "owner_id", "parent_id")

    assert table == [
        ["id", "Name", "Owner", "Parent company"],
        [top.id, "Top", None, None],
        [below.id, "Below", "Ada", "Top"],
    ]


def test_tags_choices_and_behaviour_are_in_it(admin: Actor) -> None:
    customer = make.customer(name="A")
    make.order(customer, (make.product(), 3, "0.1"))
    with db.transaction(admin) as session:
        tags.put(session, "customer", [customer.id], ["b", "a"])
        custom_fields.add(
            session, "customer", "Wants", CustomKind.CHOICES, choices=["x", "y"]
        )
        custom_fields.add(session, "customer", "Since", CustomKind.DATE)
        customers.update(
            session,
            customer.id,
            {},
            custom={"x_wants": ["y", "x"], "x_since": "2024-02-29"},
        )

    table = exported(admin, "tags", "x_wants", "x_since", "order_count", "order_total")

    header = ["id", "Tags", "Wants", "Since", "Orders", "Sales"]
    assert table[0] == header
    assert table[1][1:4] == ["a; b", "y; x", date(2024, 2, 29)]
    assert [str(cell).rstrip("0") for cell in table[1][4:]] == ["1", "0.3"]


def test_only_what_the_filter_finds_is_exported(alice: Actor, charlie: Actor) -> None:
    make.customer(alice, name="Of Alice", city="Bonn")
    own = make.customer(charlie, name="Own", city="Bonn")
    make.customer(charlie, name="Elsewhere", city="Ulm")
    rule = {"field": "city", "op": "is", "value": "Bonn"}

    assert exported(charlie, "name", rule=rule)[1:] == [[own.id, "Own"]]


def test_a_parent_out_of_reach_has_no_name(alice: Actor, charlie: Actor) -> None:
    theirs = make.customer(alice, name="Secret")
    make.customer(charlie, parent_id=theirs.id)

    assert [row[1] for row in exported(charlie, "parent_id")[1:]] == [None]


def test_who_may_not_export_gets_nothing(viewer: Actor) -> None:
    make.customer()

    with pytest.raises(Forbidden):
        exported(viewer, "name")


def test_a_token_exports_only_with_its_scope(admin: Actor) -> None:
    token = replace(admin, kind="token", scopes=frozenset({"customer:read"}))

    with pytest.raises(Forbidden):
        exported(token, "name")


def test_an_unknown_column_is_told(admin: Actor) -> None:
    with pytest.raises(Invalid):
        exported(admin, "name", "password_hash")


def test_more_rows_than_a_piece_come_once_each(admin: Actor) -> None:
    ids = [make.customer().id for _ in range(5)]

    with db.reading(admin) as session:
        pieces = lists.stream(session, lists.Query("customer"), today=TODAY, size=2)
        assert [row["id"] for piece in pieces for row in piece] == ids


def test_an_export_leaves_its_trace(admin: Actor) -> None:
    """Each reader has the note in their own language, and the seals still hold."""
    with language("zh_CN"), db.transaction(admin) as session:
        exporting.noted(session, naming.kind_of("customer"), "csv")

    with db.reading(admin) as session:
        query = audit.Query(reason=Reason.EXPORT, text="csv file")
        [found] = audit.operations(session, query).entries
        assert audit.verify(session).ok
    assert (found.actor_name, found.note) == ("Ada", "Customer: CSV file")


def test_a_file_gives_back_the_very_cells(admin: Actor, tmp_path: Path) -> None:
    names = ["=1+1", "  @x", "'t Hooft", 'a "quoted" name', "a;b,c", "-5", "+49 30 1"]
    for name in names:
        make.customer(name=name.strip())
    table = exported(admin, "name")

    export_format.write_csv(tmp_path / "file.csv", table[0], table[1:])

    with (tmp_path / "file.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row[1] for row in csv.reader(file)][1:]
    assert not any(cell.startswith(("=", "@", "+4")) for cell in cells)
    assert [export_format.csv_in(cell) for cell in cells] == [n.strip() for n in names]
