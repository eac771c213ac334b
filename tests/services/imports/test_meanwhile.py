"""An import, and what somebody else does at the same moment."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import NotFound
from crm.models import Actor, Customer, ImportRun, Order
from crm.services.documents import invoices
from crm.services.imports import order_links, runs, setup, stored, undoing
from tests import make
from tests.meanwhile import doing, meanwhile
from tests.services.imports.engine import begun, done, ran, rows_of

pytestmark = pytest.mark.servers


def test_two_imports_have_one_customer_for_unknown_buyers(alice: Actor) -> None:
    given = {"target": "orders", "file_name": "f", "owner_id": alice.user_id}
    one, two = (
        make.saved(ImportRun(**given, file_key=f"key {n}")).id for n in range(2)
    )

    with meanwhile(
        order_links, "new_walk_in", doing(alice, order_links.walk_in_of, two)
    ) as other:
        mine = doing(alice, order_links.walk_in_of, one)()

    assert (mine[1], other()) == (True, (mine[0], False))
    assert len(rows_of(Customer, "id")) == 1


def test_a_file_is_taken_by_one_import(alice: Actor) -> None:
    upload = runs.upload(alice, BytesIO(b"name\nAcme\n"), "file.csv")
    start = doing(alice, setup.start, upload, "customers")

    with meanwhile(stored, "check_free", start) as other:
        start()

    with pytest.raises(NotFound):
        other()


def test_what_is_invoiced_while_its_import_is_undone_stays_an_order(
    admin: Actor,
) -> None:
    """An invoiced order is not in the recycle bin, one there is not invoiced."""
    file = (
        "order_number,ordered_at,customer_external_id,sku,quantity,unit_price\n"
        "1,2026-03-01,C1,A,2,3\n"
    )
    import_id = begun(admin, file, "orders")
    ran(admin, import_id)
    with db.reading(admin) as session:
        order = session.scalars(select(Order)).one()

    issue = doing(admin, invoices.issue, order.id, on=date(2026, 3, 2))
    with meanwhile(undoing, "_used", issue) as other:
        done(admin, runs.ask_undo, import_id)

    with pytest.raises(NotFound):
        other()
