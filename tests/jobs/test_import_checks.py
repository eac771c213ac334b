"""A check says beforehand what a run will do, and writes nothing."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.models import (
    SYSTEM,
    Actor,
    Change,
    Contact,
    Customer,
    CustomKind,
    ImportState,
    Order,
    Product,
)
from crm.services import jobs
from crm.services.admin import custom_fields
from crm.services.imports import runs
from crm.services.imports.choices import Choices, Policy
from tests import make
from tests.services.imports.engine import begun, checked, done, ran, rows_of

CUSTOMERS = (
    "external_id,name,email,country\n"
    "K1,Acme,,\n"  # unchanged
    "K2,Renamed,,\n"  # updated
    "K3,New,,Atlantis\n"  # created, without its country
    "K3,Again,,\n"  # duplicate
    "K4,,,\n"  # failed: no name
    "K5,Mail,taken@x.example,\n"  # failed: the address of another
    ",,,\n"  # blank
    "K6\n"  # ragged
)
ORDERS = (
    "order_number,ordered_at,customer_external_id,sku,quantity,unit_price\n"
    "1,2026-03-01,C1,A,1,1\n"
    "2,2026-03-01,C1,A,x,1\n"
    "2,2026-03-01,C1,A,1,1\n"
    "3,2026-03-01,,A,1,1\n"
    "4,2026-03-01,C1,A,1,1\n"
    "4,2026-03-01,C1,A,-1,1\n"
)


@pytest.mark.parametrize(
    ("content", "target"), [(CUSTOMERS, "customers"), (ORDERS, "orders")]
)
@pytest.mark.slow
def test_a_check_counts_what_the_run_then_does(
    admin: Actor, content: str, target: str
) -> None:
    make.customer(name="Acme", external_id="K1")
    make.customer(name="Old", external_id="K2")
    make.customer(name="Other", email="taken@x.example")
    make.order(make.customer(), (make.product(), 1, "1"), number="1")
    import_id = begun(admin, content, target)

    found = checked(admin, import_id)
    report = ran(admin, import_id)

    assert found.counts == report.counts
    with db.reading(admin) as session:
        issues = runs.issues(session, import_id)
    assert sorted(found.issues, key=str) == sorted(issues, key=str)
    assert found.notes == report.notes


def test_the_counts_of_customers(admin: Actor) -> None:
    make.customer(name="Acme", external_id="K1")
    make.customer(name="Old", external_id="K2")
    make.customer(name="Other", email="taken@x.example")

    counts = checked(admin, begun(admin, CUSTOMERS, "customers")).counts

    assert counts == runs.Counts(
        rows=8, created=1, updated=1, skipped=3, failed=3,
        unchanged=1, duplicate=1, partly=1,
    )  # fmt: skip


def test_a_check_writes_no_record(admin: Actor) -> None:
    make.customer(name="Old", external_id="K2")
    import_id = begun(admin, CUSTOMERS, "customers")
    before = logged()

    checked(admin, import_id)

    assert rows_of(Customer, "name") == [("Old",)]
    assert logged() == before


def logged() -> int:
    """How many changes of records the log has, those of imports aside."""
    statement = select(func.count()).where(Change.entity != "import_run")
    with db.reading(SYSTEM) as session:
        return session.scalar(statement) or 0


def test_a_checked_import_says_so_until_it_is_changed(admin: Actor) -> None:
    import_id = begun(admin, "name\nA\n", "customers")

    first = checked(admin, import_id)
    with db.transaction(admin) as session:
        state = runs.get(session, import_id).state
        changed = runs.fix(session, import_id, {(1, "name"): "B"})
        found = runs.checked(session, import_id)

    assert (first.current, state) == (True, ImportState.CHECKED)
    assert changed.state is ImportState.UPLOADED
    assert found is not None
    assert not found.current


@pytest.mark.slow
def test_a_cell_that_was_corrected_is_read_like_any_other(admin: Actor) -> None:
    import_id = begun(admin, "sku,name,price\nA,Cup,3x\nB,Pot,4y\n", "products")
    assert checked(admin, import_id).counts.failed == 2

    with db.transaction(admin) as session:
        runs.fix(session, import_id, {(1, "price"): "3.50", (2, "price"): "4z"})
    found = checked(admin, import_id)

    assert (found.counts.created, found.counts.failed) == (1, 1)
    assert found.issues[0].cells == ("B", "Pot", "4z")
    ran(admin, import_id)
    assert rows_of(Product, "price") == [(Decimal("3.5"),)]


def test_a_correction_can_be_taken_back(admin: Actor) -> None:
    import_id = begun(admin, "name\nA\n", "customers")

    with db.transaction(admin) as session:
        runs.fix(session, import_id, {(1, "name"): "B", (2, "name"): "C"})
        runs.fix(session, import_id, {(1, "name"): None})
        assert runs.fixes(session, import_id) == {(2, "name"): "C"}


@pytest.mark.parametrize(
    "cells", [{(1, "nothing"): "x"}, {(0, "name"): "x"}, {(1, "name"): "a\x00b"}]
)
def test_what_is_no_correction_is_refused(admin: Actor, cells: Any) -> None:
    import_id = begun(admin, "name\nA\n", "customers")

    with db.transaction(admin) as session, pytest.raises(Invalid):
        runs.fix(session, import_id, cells)


def test_asking_twice_for_a_check_gives_one_job(admin: Actor) -> None:
    import_id = begun(admin, "name\nA\n", "customers")

    with db.transaction(admin) as session:
        first = runs.ask_check(session, import_id)
        second = runs.ask_check(session, import_id)
    done(admin, runs.ask_check, import_id)
    with db.transaction(admin) as session:
        third = runs.ask_check(session, import_id)

    assert (first.id == second.id, first.id == third.id) == (True, False)


def test_a_check_that_was_stopped_begins_anew(admin: Actor) -> None:
    import_id = begun(admin, "name\nA\n", "customers")
    with db.transaction(admin) as session:
        asked = runs.ask_check(session, import_id)
        jobs.cancel(session, asked.id)

    found = checked(admin, import_id)

    assert (found.counts.created, found.current) == (1, True)


def test_rows_become_something_else_before_they_go_in(admin: Actor) -> None:
    import_id = begun(admin, "Name,E-mail\nAda,a@b.example\n", "customers")
    checked(admin, import_id)

    with db.transaction(admin) as session:
        runs.fix(session, import_id, {(1, "Name"): "Eva"})
        before = runs.get(session, import_id)
        changed = runs.choose_target(session, import_id, "contacts")
        assert runs.checked(session, import_id) is None
        with pytest.raises(RuleBroken):
            runs.ask_run(session, import_id)
        choices = runs.proposed(session, import_id)
        runs.choose(session, import_id, choices)
    report = ran(admin, import_id)

    assert (changed.target, changed.state) == ("contacts", ImportState.UPLOADED)
    assert (changed.revision, changed.choices) == (before.revision + 1, Choices())
    assert choices.mapping == {"Name": "last_name", "E-mail": "email"}
    assert report.made == {"contact": 1}
    assert rows_of(Contact, "last_name") == [("Eva",)]


def test_rows_become_nothing_that_there_is_not(admin: Actor) -> None:
    import_id = begun(admin, "name\nA\n", "customers")

    with db.transaction(admin) as session:
        with pytest.raises(Invalid):
            runs.choose_target(session, import_id, "planets")
        assert runs.get(session, import_id).target == "customers"
    ran(admin, import_id)
    with db.transaction(admin) as session, pytest.raises(RuleBroken):
        runs.choose_target(session, import_id, "contacts")


def test_a_sample_has_some_of_each_kind(admin: Actor) -> None:
    rows = [f"S{n},Name,x" for n in range(300)] + [",T,1"]
    import_id = begun(admin, "\n".join(["sku,name,price", *rows, ""]), "products")

    found = checked(admin, import_id)

    assert found.counts.failed == 301
    assert [issue.row for issue in found.issues] == [*range(1, 21), 301]
    assert [reason.rows for reason in found.reasons] == [300, 1]


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        (Choices(mapping={"none": "name"}, match_key="name"), "none"),
        (Choices(mapping={"name": "nothing"}, match_key="name"), "nothing"),
        (Choices(mapping={"name": "name", "city": "name"}, match_key="name"), "name"),
        (Choices(mapping={"city": "city"}, match_key="city"), "name"),
        (Choices(mapping={"name": "name"}, match_key="email"), "match_key"),
        (Choices(), "name"),
        (Choices(mapping={"name": "name"}, match_key="name", zone="Mars"), "zone"),
        (Choices(mapping={"name": "name"}, match_key="name", country="XX"), "country"),
        (
            Choices(mapping={"name": "name"}, match_key="name", currency="?"),
            "currency",
        ),
        (
            Choices(
                mapping={"name": "name"},
                match_key="name",
                policies={"name": Policy.NEWER},
            ),
            "changed_at",
        ),
    ],
)
def test_choices_that_do_not_fit_are_refused(
    admin: Actor, choices: Choices, field: str
) -> None:
    import_id = begun(admin, "name,city\nA,Bonn\n", "customers")

    with db.transaction(admin) as session, pytest.raises(Invalid) as refused:
        runs.choose(session, import_id, choices)

    assert refused.value.field == field


def test_nothing_is_checked_or_run_before_something_is_chosen(admin: Actor) -> None:
    upload = runs.upload(admin, BytesIO(b"name\nA\n"), "x.csv")
    with db.transaction(admin) as session:
        import_id = runs.start(session, upload).id
        for ask in (runs.ask_check, runs.ask_run):
            with pytest.raises(RuleBroken):
                ask(session, import_id)


def test_what_was_started_stays_as_it_is(admin: Actor) -> None:
    import_id = begun(admin, "name\nA\n", "customers")
    with db.transaction(admin) as session:
        runs.ask_run(session, import_id)

    with db.transaction(admin) as session, pytest.raises(RuleBroken):
        runs.fix(session, import_id, {(1, "name"): "B"})


@pytest.mark.slow
def test_columns_are_suggested_custom_fields_too(admin: Actor) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Fleet size", CustomKind.NUMBER)
    upload = runs.upload(
        admin,
        BytesIO("客户名称,Fleet Size,邮箱,?\nA,1,a@b.example,\n".encode()),
        "x.csv",
    )

    with db.transaction(admin) as session:
        import_id = runs.start(session, upload, "customers").id
        choices = runs.proposed(session, import_id)

    assert choices.mapping == {
        "客户名称": "name", "Fleet Size": "x_fleet_size", "邮箱": "email",
    }  # fmt: skip
    assert choices.match_key == "email"


def test_an_import_that_was_not_run_can_be_discarded(
    admin: Actor, tmp_path: Any
) -> None:
    import_id = begun(admin, "name\nA\n", "customers")

    with db.transaction(admin) as session:
        runs.discard(session, import_id)

    with db.reading(admin) as session:
        assert runs.count(session) == 0
    assert list((tmp_path / "data" / "files").iterdir()) == []
    assert rows_of(Order, "id") == []
