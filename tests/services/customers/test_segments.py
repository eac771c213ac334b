"""Segments: fixed lists and live rules, of customers in reach."""

from datetime import date
from typing import Any

import pytest

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken
from crm.models import Actor, Segment, SegmentKind
from crm.services import lists
from crm.services.customers import segments
from tests import make

TODAY = date(2026, 3, 2)
IN_BONN = {
    "match": "all",
    "rules": [{"field": "city", "op": "is", "value": "Bonn"}],
}


def save(actor: Actor, ids: list[int], name: str = "Chosen") -> Segment:
    with db.transaction(actor) as session:
        return segments.save(session, name, ids)


def live(actor: Actor, rule: Any = IN_BONN) -> Segment:
    with db.transaction(actor) as session:
        return segments.save_rule(session, "In Bonn", rule, today=TODAY)


def size(actor: Actor, segment: Segment) -> int:
    with db.reading(actor) as session:
        return segments.size(session, segment, today=TODAY)


def test_a_fixed_segment_holds_whom_one_put_there(alice: Actor) -> None:
    ids = [make.customer(alice).id, make.customer(alice).id]

    segment = save(alice, [*ids, ids[0], 999_999, 0, 2**63])

    assert segment.kind is SegmentKind.STATIC
    assert size(alice, segment) == 2


def test_who_is_out_of_reach_is_left_out(alice: Actor, charlie: Actor) -> None:
    theirs, own = make.customer(alice), make.customer(charlie)

    segment = save(charlie, [theirs.id, own.id])

    assert size(charlie, segment) == 1
    assert size(alice, segment) == 0


def test_a_segment_of_nobody_is_refused(alice: Actor, charlie: Actor) -> None:
    with pytest.raises(Invalid, match="nobody"):
        save(charlie, [make.customer(alice).id])

    with db.reading(charlie) as session:
        assert segments.listed(session) == []


@pytest.mark.parametrize("name", ["", " ", "\x00", "\ud800", "x" * 121])
def test_a_name_that_does_not_fit_is_refused(alice: Actor, name: str) -> None:
    customer = make.customer(alice)

    with pytest.raises(Invalid) as told:
        save(alice, [customer.id], name)

    assert told.value.field == "name"


def test_a_live_segment_holds_whoever_fits_now(alice: Actor) -> None:
    segment = live(alice)
    assert size(alice, segment) == 0

    make.customer(alice, city="Bonn")

    assert size(alice, segment) == 1


@pytest.mark.parametrize(
    "rule",
    [
        None,
        {},
        [],
        {"match": "all", "rules": []},
        {"match": "all", "rules": [{"field": "nothing", "op": "is", "value": "x"}]},
        {"match": "all", "rules": [{"field": "city", "op": "is", "value": "\x00"}]},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(alice: Actor, rule: Any) -> None:
    with pytest.raises(Invalid):
        live(alice, rule)


def test_a_live_segment_stands_on_no_other(alice: Actor) -> None:
    first = live(alice)
    rule = {"field": "segments", "op": "any", "value": [first.id]}

    with pytest.raises(Invalid, match="another"):
        live(alice, {"match": "all", "rules": [rule]})


def test_members_are_added_once(alice: Actor) -> None:
    first, second = make.customer(alice), make.customer(alice)
    segment = save(alice, [first.id])

    with db.transaction(alice) as session:
        added = segments.add_members(session, segment.id, [first.id, second.id])

    assert added == 1
    assert size(alice, segment) == 2


def test_nobody_is_put_into_a_live_segment(alice: Actor) -> None:
    segment, customer = live(alice), make.customer(alice)

    with pytest.raises(RuleBroken), db.transaction(alice) as session:
        segments.add_members(session, segment.id, [customer.id])


def test_a_reader_puts_nobody_into_a_segment(alice: Actor, viewer: Actor) -> None:
    segment, other = save(alice, [make.customer(alice).id]), make.customer(alice)

    with pytest.raises(Forbidden), db.transaction(viewer) as session:
        segments.add_members(session, segment.id, [other.id])

    assert size(alice, segment) == 1


@pytest.mark.parametrize("kind", [SegmentKind.STATIC, SegmentKind.LIVE])
def test_the_filter_of_a_segment_shows_its_customers(
    admin: Actor, kind: SegmentKind
) -> None:
    customer = make.customer(admin, name="In", city="Bonn")
    make.customer(admin, name="Out")
    segment = live(admin) if kind is SegmentKind.LIVE else save(admin, [customer.id])

    with db.reading(admin) as session:
        query = lists.Query("customer", rule=segments.rule_of(segment))
        found = lists.page(session, query, today=TODAY)

    assert [row["name"] for row in found.rows] == ["In"]


def test_a_segment_is_put_away(alice: Actor) -> None:
    segment = save(alice, [make.customer(alice).id])

    with db.transaction(alice) as session:
        segments.remove(session, segment.id)

    with db.reading(alice) as session:
        assert segments.listed(session) == []
        with pytest.raises(NotFound):
            db.get(session, Segment, segment.id)
