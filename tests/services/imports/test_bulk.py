"""Rows past the session: their ids, and columns that no row fills."""

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import Actor, Change, Customer, Deed, ImportRun
from crm.services.imports import bulk


def an_import(session: Session) -> int:
    row = ImportRun(target="customers", file_name="a.csv", file_key="a")
    session.add(row)
    session.flush()
    return row.id


def test_a_batch_has_the_ids_of_its_own_rows_though_others_write_in_between(
    admin: Actor,
) -> None:
    with db.transaction(admin) as session:
        import_id, at = an_import(session), db.pending_of(session).at
        row = bulk.prepared(Customer, {"name": "A", "import_id": import_id}, at)

        def write() -> None:
            for one in (row, {**row, "import_id": None}, row):
                bulk.insert_rows(session, Customer, [one])

        ids = bulk._logged(session, Customer, import_id, write)

    first, stranger, last = rows(admin)
    assert ids == [first.id, last.id]
    assert stranger.import_id is None
    with db.reading(admin) as session:
        batch = session.scalars(select(Change).where(col(Change.deed) == Deed.BATCH))
        logged = batch.one()
    assert (logged.record_id, logged.last_id) == (first.id, last.id)
    assert logged.after == {"count": 2, "import_id": import_id}


def test_what_only_some_rows_say_is_nothing_in_the_others(admin: Actor) -> None:
    with db.transaction(admin) as session:
        import_id, at = an_import(session), db.pending_of(session).at
        given = [{"name": "A", "city": "Köln"}, {"name": "B", "email": "B@x.example"}]
        made = [
            bulk.prepared(Customer, {**one, "import_id": import_id}, at)
            for one in given
        ]
        bulk.insert_records(session, Customer, made, import_id)

    assert [
        (one.name, one.city, one.email, one.email_key, one.phone, one.walk_in)
        for one in rows(admin)
    ] == [
        ("A", "Köln", None, None, None, False),
        ("B", None, "B@x.example", "b@x.example", None, False),
    ]
    assert {one.created_at for one in rows(admin)} == {at}


def rows(actor: Actor) -> list[Customer]:
    with db.reading(actor) as session:
        return list(session.scalars(select(Customer).order_by(col(Customer.id))))
