from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from crm import db
from crm.errors import Forbidden
from crm.models import SYSTEM, Actor, Change, Opportunity
from crm.services import lists
from crm.services.sales import opportunities, win_chances
from tests import make
from tests.make import NOON


@pytest.fixture
def three(admin: Actor) -> list[Opportunity]:
    customer = make.customer(admin)
    return [make.opportunity(customer) for _number in range(3)]


def stored() -> list[Decimal | None]:
    by_id = select(col(Opportunity.win_chance)).order_by(col(Opportunity.id))
    with db.reading(SYSTEM) as session:
        return list(session.scalars(by_id))


def given(chances: dict[int, float], actor: Actor = SYSTEM) -> int:
    with db.transaction(actor) as session:
        return win_chances.store(session, chances)


def test_each_has_its_chance_and_all_others_none(three: list[Opportunity]) -> None:
    first, second, third = (one.id for one in three)

    assert given({first: 0.25, second: 0.123456}) == 2
    assert stored() == [Decimal("0.25"), Decimal("0.1235"), None]
    assert given({second: 0.12349, third: 1.0}) == 2  # the second is as it was
    assert stored() == [None, Decimal("0.1235"), Decimal(1)]
    assert given({}) == 2
    assert stored() == [None] * 3


def test_a_chance_is_no_edit(three: list[Opportunity]) -> None:
    [row, *_more] = three
    with db.reading(SYSTEM) as session:
        before = session.scalar(select(func.count()).select_from(Change))

    given({row.id: 0.5})

    with db.reading(SYSTEM) as session:
        now = db.get(session, Opportunity, row.id)
        assert (now.version, now.updated_at) == (row.version, row.updated_at)
        assert session.scalar(select(func.count()).select_from(Change)) == before
    with db.transaction(SYSTEM) as session:  # an open form is still good
        opportunities.update(session, row.id, {"name": "Ours"}, version=row.version)
    assert stored()[0] == Decimal("0.5")


def test_who_sees_some_customers_says_nothing_for_all(alice: Actor) -> None:
    row = make.opportunity(make.customer(alice))

    assert not win_chances.may_store(alice)
    with pytest.raises(Forbidden):
        given({row.id: 0.5}, alice)
    reader = make.actor("Rita", role="marketing")
    with pytest.raises(Forbidden):
        given({row.id: 0.5}, reader)
    assert stored() == [None]


@pytest.mark.slow
def test_the_past_is_that_of_what_is_seen(admin: Actor, alice: Actor) -> None:
    hers, his = (make.customer(one, name=one.name) for one in (alice, admin))
    ids = []
    for customer in (hers, his):
        row = make.opportunity(customer, "Proposal")
        ids.append(row.id)
        task = {"opportunity_id": row.id, "at": NOON, "kind": "task"}
        make.activity(customer, due_at=NOON + timedelta(days=3), **task)
        make.activity(customer, **task)  # without a day at which it is due

    with db.reading(alice) as session:
        seen = win_chances.past(session)
        named = win_chances.named(session, ids)
    with db.reading(admin) as session:
        everything = win_chances.past(session)
        only = win_chances.past(session, only=[his.id])

    assert (len(seen.steps), len(seen.opportunities)) == (1, 1)
    assert (len(everything.steps), len(only.steps)) == (2, 1)
    step = seen.steps.iloc[0]
    assert step["made_at"].to_pydatetime() == NOON.replace(tzinfo=None)
    assert step.isna()["done_at"]
    [one] = named.values()
    assert (one.customer, one.stage) == ("Alice", "Proposal")


def test_a_list_is_filtered_by_chance_as_a_share_or_a_percentage(
    three: list[Opportunity],
) -> None:
    given({three[0].id: 0.4, three[1].id: 0.5})

    for value in ("50%", "50", "0.5", 0.5, 50):
        condition = {"field": "win_chance", "op": "ge", "value": value}
        rule = {"match": "all", "rules": [condition]}
        query = lists.Query("opportunity", rule=rule, sort="-win_chance")
        with db.reading(SYSTEM) as session:
            found = lists.ids(session, query, today=NOON.date(), limit=10)
        assert found == [three[1].id], value
