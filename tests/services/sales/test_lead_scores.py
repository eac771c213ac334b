from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from crm import db
from crm.errors import Forbidden
from crm.models import SYSTEM, Actor, Change, Lead
from crm.services import lists
from crm.services.sales import lead_scores
from tests import make
from tests.make import NOON


def test_a_score_is_stored_without_an_edit_and_lists_sort_by_it(admin: Actor) -> None:
    low, high, _never, gone = (make.lead(admin) for _number in range(4))
    log = select(func.count()).select_from(Change)
    with db.transaction(admin) as session:
        lead_scores.store(session, {gone.id: 0.9})
        before = session.scalar(log)

    with db.transaction(admin) as session:
        changed = lead_scores.store(session, {low.id: 0.1, high.id: 0.34567})

    assert changed == 3
    with db.reading(SYSTEM) as session:
        by_id = select(col(Lead.score)).order_by(col(Lead.id))
        stored = [Decimal("0.1"), Decimal("0.3457"), None, None]
        assert list(session.scalars(by_id)) == stored
        assert session.scalar(log) == before
        assert db.get(session, Lead, high.id).version == high.version
        first = lists.Query("lead", sort="-score")
        found = lists.ids(session, first, today=NOON.date(), limit=2)
    assert found == [high.id, low.id]


def test_who_sees_some_leads_says_nothing_for_all(alice: Actor) -> None:
    row = make.lead(alice)

    for actor in (alice, make.actor("Rita", role="read_only")):
        with pytest.raises(Forbidden), db.transaction(actor) as session:
            lead_scores.store(session, {row.id: 0.5})
