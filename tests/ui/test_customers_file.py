"""Customers that an analysis has found, as a file."""

import numpy as np
import pandas as pd
from sqlalchemy import select

from crm import db
from crm.models import Actor, Operation, Reason
from crm.ui.customers import customers_file
from tests import make

LABELS = {"orders": "Orders", "gap": "Gap"}


def made(actor: Actor, ids: list[int], gaps: list[float]) -> list[str]:
    """The lines of the file."""
    orders = range(1, len(ids) + 1)
    table = pd.DataFrame({"customer_id": ids, "orders": orders, "gap": gaps})
    maker = customers_file.maker(actor, lambda: table, lambda rows: rows, LABELS)
    return maker().decode("utf-8-sig").splitlines()


def test_the_file_names_whom_the_actor_may_see(alice: Actor, charlie: Actor) -> None:
    mine, other = make.customer(alice, name="=1+1"), make.customer(charlie)

    header, *rows = made(alice, [other.id, mine.id, 404], [1, 7.5, 2])

    assert header == '"id","Customer","Orders","Gap"'
    assert rows == [f'"{mine.id}","\'=1+1","2","7.5"']


def test_what_is_not_known_is_left_empty(alice: Actor) -> None:
    mine = make.customer(alice, name="A")

    _header, row = made(alice, [mine.id], [np.nan])

    assert row == f'"{mine.id}","A","1",""'


def test_the_file_is_noted_in_the_change_log(alice: Actor) -> None:
    made(alice, [make.customer(alice).id], [1])

    with db.reading(alice) as session:
        reasons = session.scalars(select(Operation.reason)).all()
    assert Reason.EXPORT in reasons
