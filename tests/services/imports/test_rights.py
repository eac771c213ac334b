"""Imports are their owner's, and nobody gains a right by a file."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from crm import db
from crm.errors import CRMError, Forbidden, Invalid, NotFound
from crm.jobs import run_here
from crm.models import (
    Action,
    Actor,
    Contact,
    Customer,
    Order,
    Product,
    Role,
    User,
)
from crm.services import jobs
from crm.services.imports import runs
from crm.services.imports.choices import Choices, Mode
from crm.services.imports.formats import Chosen
from tests import make
from tests.services.imports.engine import (
    begun,
    brought,
    latest,
    only,
    rows_of,
    told,
)

ASKED: list[Callable[[Session, int], Any]] = [
    runs.get,
    runs.proposed,
    runs.suggested,
    runs.fixes,
    runs.checked,
    runs.report,
    runs.issues,
    runs.count_issues,
    runs.issues_csv,
    runs.ask_check,
    runs.ask_run,
    runs.ask_undo,
    runs.discard,
    lambda session, one: runs.read_as(session, one, Chosen()),
    lambda session, one: runs.choose(session, one, Choices()),
    lambda session, one: runs.fix(session, one, {(1, "name"): "x"}),
]


@pytest.mark.slow
def test_what_is_asked_about_an_import_of_somebody_else_is_not_found(
    alice: Actor, charlie: Actor
) -> None:
    import_id = begun(alice, "name\nA\n", "customers")

    answers = [answer(charlie, ask, import_id) for ask in ASKED]
    nothing = [answer(charlie, ask, 999_999) for ask in ASKED]

    assert [text.replace(str(import_id), "999999") for text in answers] == nothing
    assert set(answers) == {f"Import {import_id} does not exist."}


def answer(actor: Actor, ask: Callable[[Session, int], Any], import_id: int) -> str:
    try:
        with db.transaction(actor) as session:
            ask(session, import_id)
    except CRMError as error:
        return str(error)
    return "found"


def test_an_import_of_somebody_else_is_not_listed(alice: Actor, charlie: Actor) -> None:
    begun(alice, "name\nA\n", "customers")

    with db.reading(charlie) as session:
        assert (runs.listed(session), runs.count(session)) == ([], 0)


def test_a_file_of_somebody_else_is_not_found(alice: Actor, charlie: Actor) -> None:
    upload = runs.upload(alice, BytesIO(b"name\nA\n"), "x.csv")

    with db.transaction(charlie) as session, pytest.raises(NotFound):
        runs.start(session, upload, "customers")


def test_a_file_is_imported_once(alice: Actor) -> None:
    upload = runs.upload(alice, BytesIO(b"name\nA\n"), "x.csv")
    with db.transaction(alice) as session:
        runs.start(session, upload, "customers")

    with db.transaction(alice) as session, pytest.raises(NotFound):
        runs.start(session, upload, "customers")


@pytest.mark.parametrize("key", ["", ".", "../crm.db", "/etc/passwd", "import-1-zz"])
def test_a_name_of_another_file_is_no_upload(alice: Actor, key: str) -> None:
    upload = runs.upload(alice, BytesIO(b"name\nA\n"), "x.csv")
    forged = runs.Upload(key, "x.csv", upload.form, None)

    with db.transaction(alice) as session, pytest.raises(NotFound):
        runs.start(session, forged, "customers")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("a\x00b.csv", "a�b.csv"),
        ("\\\\host\\share\\x.csv", "\\\\host\\share\\x.csv"),
        ("x" * 300, "x" * 255),
        ("", "Unnamed file"),
        ("half \ud83d.csv", "half �.csv"),
    ],
)
def test_the_name_of_a_file_is_only_text(
    alice: Actor, tmp_path: Path, name: str, kept: str
) -> None:
    """C6."""
    before = {p for p in tmp_path.rglob("*") if "files" not in p.parts}

    upload = runs.upload(alice, BytesIO(b"name\nA\n"), name)

    with db.transaction(alice) as session:
        assert runs.start(session, upload, "customers").file_name == kept
    stored = list((tmp_path / "data" / "files").iterdir())
    assert [path.name for path in stored] == [upload.file_key]
    after = {p for p in tmp_path.rglob("*") if "files" not in p.parts}
    assert {p.name for p in after - before} <= {"crm.db-wal", "crm.db-shm"}


def test_whoever_may_not_import_cannot_even_upload(viewer: Actor) -> None:
    with pytest.raises(Forbidden):
        runs.upload(viewer, BytesIO(b"name\nA\n"), "x.csv")


def test_only_what_one_may_import_is_offered(alice: Actor, admin: Actor) -> None:
    with db.reading(alice) as session:
        mine = [one.name for one in runs.targets(session)]
        assert mine == ["customers", "contacts", "leads", "opportunities"]
        with pytest.raises(Forbidden):
            runs.target(session, "orders")
    with db.reading(admin) as session:
        assert len(runs.targets(session)) == 6


@pytest.mark.parametrize("name", ["id", "role", "owner_id", "version", "walk_in"])
def test_fields_of_the_server_are_none(admin: Actor, name: str) -> None:
    import_id = begun(admin, f"name,{name}\nA,1\n", "customers")
    choices = Choices(mapping={"name": "name", name: name}, match_key="name")

    with db.transaction(admin) as session, pytest.raises(Invalid):
        runs.choose(session, import_id, choices)


def test_the_owner_is_refused_from_whoever_may_not_assign(alice: Actor) -> None:
    import_id = begun(alice, "name,owner\nA,Ada\n", "customers")
    choices = Choices(mapping={"name": "name", "owner": "owner"}, match_key="name")

    with db.reading(alice) as session:
        assert "owner" not in {f.name for f in runs.target(session, "customers").fields}
        assert "owner" not in {s.field for s in runs.suggested(session, import_id)}
    with db.transaction(alice) as session, pytest.raises(Forbidden):
        runs.choose(session, import_id, choices)


@pytest.mark.slow
def test_what_one_brings_in_is_ones_own(alice: Actor) -> None:
    brought(alice, "name,owner,role,id\nA,Ada,admin,7700077\n", "customers")

    found = only(Customer)
    assert (found.owner_id, found.id != 7700077) == (alice.user_id, True)


@pytest.mark.slow
def test_an_administrator_says_whose_it_is(admin: Actor, alice: Actor) -> None:
    brought(admin, "name,owner\nA,Alice\nB,ALICE@example.com\nC,Zoe\n", "customers")

    assert rows_of(Customer, "name", "owner_id") == [
        ("A", alice.user_id), ("B", alice.user_id), ("C", admin.user_id),
    ]  # fmt: skip
    assert told(admin, latest(admin)) == [(3, "owner", "There is no user “Zoe”.")]


@pytest.mark.slow
def test_records_out_of_reach_are_neither_found_nor_shown(
    alice: Actor, charlie: Actor
) -> None:
    secret = make.customer(alice, name="Secret", external_id="K1", city="Bonn")

    report = brought(charlie, "external_id,name,city\nK1,Mine,Ulm\n", "customers")

    assert report.counts.failed == 1
    words = "“K1” belongs to another record."
    assert told(charlie, latest(charlie)) == [(1, "external_id", words)]
    assert only(Customer, id=secret.id).city == "Bonn"


@pytest.mark.slow
def test_contacts_go_to_no_customer_out_of_reach(alice: Actor, charlie: Actor) -> None:
    make.customer(alice, name="Secret", external_id="K1")

    brought(charlie, "last_name,customer\nLee,K1\nRay,Secret\n", "contacts")

    assert rows_of(Contact, "customer_id") == [(None,), (None,)]


@pytest.mark.slow
def test_orders_go_to_no_customer_out_of_reach(admin: Actor, alice: Actor) -> None:
    make.customer(alice, name="Secret", external_id="K1")
    team = make.actor("Mara", role="manager", reach="own")

    report = brought(
        team,
        "order_number,ordered_at,customer_external_id,sku,quantity,unit_price\n"
        "1,2026-03-01,K1,A,1,1\n",
        "orders",
    )

    assert report.counts.failed == 1
    assert told(team, latest(team))[0][2] == "The customer is out of your reach."
    assert rows_of(Order, "id") == []


def test_a_token_without_the_scope_makes_nothing(admin: Actor) -> None:
    scopes = {f"customer:{action}" for action in (Action.READ, Action.IMPORT)}
    token = replace(admin, kind="token", scopes=frozenset({*scopes, "job:create"}))
    import_id = begun(admin, "name\nA\n", "customers")

    chosen = Choices(mapping={"name": "name"}, match_key="name", mode=Mode.CREATE)
    with db.transaction(token) as session, pytest.raises(Forbidden):
        runs.choose(session, import_id, chosen)


@pytest.mark.slow
def test_rights_are_those_of_the_moment_of_the_run(admin: Actor) -> None:
    mara = make.actor("Mara", role="manager")
    import_id = begun(mara, "sku,name\nA,Cup\n", "products")
    with db.transaction(mara) as session:
        asked = runs.ask_run(session, import_id)
    with db.transaction(admin) as session:
        db.get(session, User, mara.user_id or 0).role = Role.READ_ONLY
    run_here(asked.id)

    with db.reading(admin) as session:
        error = jobs.job(session, asked.id).error
    assert error == "You do not have the right to import these records."
    assert rows_of(Product, "id") == []
