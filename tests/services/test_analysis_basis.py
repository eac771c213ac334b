"""What a stored analysis was computed from, and what became of it since."""

from datetime import date, timedelta
from typing import Any

import pytest

from crm import db
from crm.models import Actor, Analysis, Customer, Order, utcnow
from crm.services import analyses, analysis_basis, records, recycle_bin
from crm.services.analysis_basis import Since
from crm.services.days import today
from tests import make

WEEK = timedelta(days=7)


@pytest.fixture
def buyers(admin: Actor) -> list[Customer]:
    """Four customers with an order each, of last week."""
    four = [make.customer() for _n in range(4)]
    for one in four:
        make.order(one, ordered_at=utcnow() - WEEK)
    return four


def computed(actor: Actor, kind: str = "cohorts", as_of: date | None = None) -> int:
    """The id of a result of now."""
    with db.transaction(actor) as session:
        basis = analysis_basis.taken(session, kind)
        made = Analysis(
            kind=kind, as_of=as_of or today(), data_at=utcnow(), summary=basis
        )
        return analyses.store(session, made, {})


def since(actor: Actor, analysis_id: int) -> Since:
    with db.reading(actor) as session:
        return analysis_basis.since(session, analyses.analysis(session, analysis_id))


def removed(actor: Actor, *rows: Any) -> None:
    """Into the recycle bin."""
    with db.transaction(actor) as session:
        for row in rows:
            records.bin_(session, db.get(session, type(row), row.id))


def test_what_comes_in_from_now_on_does_not_matter(
    admin: Actor, buyers: list[Customer]
) -> None:
    made = computed(admin)

    make.order(make.customer(), ordered_at=utcnow() + timedelta(minutes=1))

    assert not since(admin, made)


def test_what_has_gone_is_counted(admin: Actor, buyers: list[Customer]) -> None:
    made = computed(admin)

    removed(admin, *buyers[:3])

    assert since(admin, made) == Since({"customers": 3})


def test_orders_of_the_past_that_come_in_late_are_counted(
    admin: Actor, buyers: list[Customer]
) -> None:
    before = computed(admin, as_of=today() - 2 * WEEK)
    made = computed(admin)

    make.order(buyers[0], ordered_at=utcnow() - WEEK)

    assert since(admin, made) == Since({}, late=1)
    assert not since(admin, before)


def test_what_was_deleted_and_came_anew_counts_as_both(
    admin: Actor, buyers: list[Customer]
) -> None:
    old: Order = make.order(buyers[0], ordered_at=utcnow() - WEEK)
    made = computed(admin)

    removed(admin, old)
    make.order(buyers[0], ordered_at=utcnow() - WEEK)

    assert since(admin, made) == Since({"orders": 1}, late=1)


def test_what_is_taken_back_from_the_bin_is_there_again(
    admin: Actor, buyers: list[Customer]
) -> None:
    made = computed(admin)
    removed(admin, buyers[0])
    with db.transaction(admin) as session:
        recycle_bin.restore(session, "customer", [buyers[0].id])

    assert not since(admin, made)


@pytest.mark.slow
def test_a_slight_change_is_not_told(admin: Actor) -> None:
    many = [make.customer() for _n in range(101)]
    made = computed(admin)

    removed(admin, many[0])
    assert not since(admin, made)

    removed(admin, many[1])
    assert since(admin, made) == Since({"customers": 2})


def test_each_kind_looks_at_its_own_records(
    admin: Actor, buyers: list[Customer]
) -> None:
    lead = make.lead()
    scores, cohorts = computed(admin, "lead_score"), computed(admin)

    removed(admin, lead)

    assert since(admin, scores) == Since({"leads": 1})
    assert not since(admin, cohorts)


@pytest.mark.slow
def test_it_is_about_the_customers_in_reach(
    admin: Actor, alice: Actor, buyers: list[Customer]
) -> None:
    mine = make.customer(alice)
    make.customer(admin)
    hers = computed(alice)

    removed(admin, mine)

    with db.reading(alice) as session:
        there = analyses.analysis(session, hers).summary["basis"]["customers"][0]
    assert there == 5  # nobody's four, and her own
    assert since(alice, hers) == Since({"customers": 1})


def test_a_result_of_before_says_nothing(admin: Actor, buyers: list[Customer]) -> None:
    with db.transaction(admin) as session:
        old = Analysis(kind="cohorts", as_of=today(), data_at=utcnow(), summary={})
        made = analyses.store(session, old, {})

    removed(admin, *buyers)

    assert not since(admin, made)
