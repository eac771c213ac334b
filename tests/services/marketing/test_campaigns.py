"""Campaigns: who is added, who is held out by lot, who is reached and responds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import event, insert, inspect, select
from sqlmodel import col

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken, Stale
from crm.models import (
    SYSTEM,
    Actor,
    Campaign,
    CampaignFields,
    CampaignStatus,
    Customer,
    Recipient,
    utcnow,
)
from crm.services import (
    audit,
    bulk,
    lists,
    records,
    recycle_bin,
    search,
    timeline,
    undo,
)
from crm.services.customers import segments
from crm.services.marketing import (
    campaigns,
    lot,
    marks,
    recipient_lists,
    recipients,
    spans,
)
from crm.services.marketing.marks import REACHED, RESPONDED
from crm.services.marketing.recipient_lists import Figures, State
from crm.services.marketing.recipients import (
    Added,
    NewCampaign,
)
from tests import make

TODAY = date(2026, 3, 2)


def planned(actor: Actor, **fields: Any) -> Campaign:
    given = {"name": "Spring fair", "hold_out": 0.0}
    with db.transaction(actor) as session:
        return campaigns.create(session, records.valid(CampaignFields, given | fields))


def add(actor: Actor, campaign: Campaign, ids: list[int]) -> Added:
    with db.transaction(actor) as session:
        return recipients.add(session, campaign.id, ids)


def mark(
    actor: Actor, campaign: Campaign, name: str, ids: list[int] | None = None
) -> int:
    with db.transaction(actor) as session:
        return marks.mark(session, campaign.id, name, ids).new


def figures(actor: Actor, campaign: Campaign) -> Figures:
    with db.reading(actor) as session:
        return recipient_lists.figures(session, campaign.id)


def held_out(campaign: Campaign) -> set[int]:
    with db.reading(SYSTEM) as session:
        return set(
            recipient_lists.customer_ids(session, campaign.id, state=State.HELD_OUT)
        )


def undone(actor: Actor, operation: int | None) -> list[str]:
    with db.transaction(actor) as session:
        return undo.undo(session, operation or 0).skipped


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that go to the database meanwhile."""
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield said
    event.remove(db.engine(), "before_cursor_execute", note)


def test_added_twice_somebody_is_there_once(alice: Actor) -> None:
    campaign, customer = planned(alice), make.customer(alice)

    first = add(alice, campaign, [customer.id, customer.id, 999_999, 0, 2**63])
    second = add(alice, campaign, [customer.id])

    assert (first.new, first.before) == (1, 0)
    assert (second.new, second.before) == (0, 1)
    assert figures(alice, campaign) == Figures(1, 0, 0, 0)


def test_who_is_out_of_reach_is_neither_added_nor_seen(
    alice: Actor, charlie: Actor
) -> None:
    campaign = planned(alice)
    theirs, own = make.customer(alice), make.customer(charlie)
    add(alice, campaign, [theirs.id])

    added = add(charlie, campaign, [theirs.id, own.id])

    assert added.new == 1
    assert figures(charlie, campaign).recipients == 1
    assert figures(alice, campaign).recipients == 1
    assert figures(SYSTEM, campaign).recipients == 2


def test_marking_all_reaches_only_customers_in_reach(
    alice: Actor, charlie: Actor
) -> None:
    campaign = planned(alice)
    add(alice, campaign, [make.customer(alice).id])
    add(charlie, campaign, [make.customer(charlie).id])

    assert mark(charlie, campaign, REACHED) == 1

    assert figures(alice, campaign).reached == 0
    assert figures(charlie, campaign).reached == 1


@pytest.mark.slow
def test_the_lot_does_not_care_how_somebody_was_added(admin: Actor) -> None:
    ids = [make.customer().id for _number in range(60)]
    campaign = planned(admin, hold_out=0.3)
    expected = {one for one in ids if lot.number(campaign.id, one) < 0.3}

    for one in ids[:5]:
        add(admin, campaign, [one])
    add(admin, campaign, ids[::-1])

    assert held_out(campaign) == expected
    assert 0 < len(expected) < 60


def test_the_lot_is_fair_and_another_one_in_another_campaign() -> None:
    """Of 20,000 a tenth is 2,000; four deviations are 4 · √1,800 ≈ 170."""
    first, second = (
        {one for one in range(1, 20_001) if lot.is_held_out(campaign, one, 0.1)}
        for campaign in (1, 2)
    )

    assert abs(len(first) - 2000) < 170
    assert abs(len(second) - 2000) < 170
    assert abs(len(first & second) - 200) < 60


def test_a_greater_share_holds_out_the_same_and_more() -> None:
    few, many = (
        {one for one in range(1000) if lot.is_held_out(7, one, share)}
        for share in (0.1, 0.2)
    )

    assert few < many


@pytest.mark.slow
def test_another_share_counts_for_those_added_later(admin: Actor) -> None:
    ids = [make.customer().id for _number in range(30)]
    campaign = planned(admin, hold_out=0.0)
    add(admin, campaign, ids[:15])
    with db.transaction(admin) as session:
        campaigns.update(session, campaign.id, {"hold_out": 0.5})

    add(admin, campaign, ids)

    drawn = {one for one in ids[15:] if lot.number(campaign.id, one) < 0.5}
    assert held_out(campaign) == drawn


@pytest.mark.slow
def test_who_is_held_out_is_never_reached(admin: Actor) -> None:
    ids = [make.customer().id for _number in range(30)]
    campaign = planned(admin, hold_out=0.5)
    add(admin, campaign, ids)
    left_out = held_out(campaign)

    for name in (REACHED, RESPONDED):
        with pytest.raises(RuleBroken, match="held out by lot"):
            mark(admin, campaign, name, [*left_out])
    with pytest.raises(RuleBroken), db.transaction(admin) as session:
        marks.change(session, campaign.id, min(left_out), {REACHED: utcnow()})
    assert mark(admin, campaign, REACHED) == 30 - len(left_out)

    assert figures(admin, campaign) == Figures(30, len(left_out), 30 - len(left_out), 0)


def test_marking_twice_changes_nothing(admin: Actor) -> None:
    campaign, customer = planned(admin), make.customer()
    add(admin, campaign, [customer.id])

    assert mark(admin, campaign, REACHED, [customer.id]) == 1
    assert mark(admin, campaign, REACHED, [customer.id]) == 0
    assert mark(admin, campaign, REACHED) == 0


def test_who_responds_has_been_reached(admin: Actor) -> None:
    campaign, customer = planned(admin), make.customer()
    add(admin, campaign, [customer.id])

    assert mark(admin, campaign, RESPONDED, [customer.id]) == 1

    assert figures(admin, campaign) == Figures(1, 0, 1, 1)


def test_one_who_is_no_recipient_is_not_marked(admin: Actor) -> None:
    with pytest.raises(RuleBroken, match="there any more"):
        mark(admin, planned(admin), REACHED, [make.customer().id])


def test_a_cancelled_campaign_takes_nobody(admin: Actor) -> None:
    campaign = planned(admin, status=CampaignStatus.CANCELLED)

    with pytest.raises(RuleBroken, match="cancelled"):
        add(admin, campaign, [make.customer().id])


def test_service_looks_and_does_not_touch(alice: Actor, database: str) -> None:
    sue = make.actor("Sue", role="service")
    campaign, customer = planned(alice), make.customer()
    add(alice, campaign, [customer.id])

    assert figures(sue, campaign).recipients == 1
    with pytest.raises(Forbidden):
        add(sue, campaign, [make.customer().id])
    with pytest.raises(Forbidden):
        mark(sue, campaign, REACHED, [customer.id])
    with pytest.raises(Forbidden):
        planned(sue)


def test_a_segment_and_a_filter_are_added_as_they_are_now(alice: Actor) -> None:
    there, later = make.customer(alice, city="Bonn"), make.customer(alice, city="Ulm")
    rule = {
        "match": "all",
        "rules": [{"field": "city", "op": "is", "value": "Bonn"}],
    }
    with db.transaction(alice) as session:
        live = segments.save_rule(session, "In Bonn", rule, today=TODAY)
        fixed = segments.save(session, "Both", [there.id, later.id])
    campaign = planned(alice)

    with db.transaction(alice) as session:
        one = recipients.add_segment(session, campaign.id, live.id, today=TODAY)
        two = recipients.add_segment(session, campaign.id, fixed.id, today=TODAY)
        three = recipients.add_found(
            session, campaign.id, lists.Query("customer", rule=rule), today=TODAY
        )

    assert [(one.new, one.before), (two.new, two.before)] == [(1, 0), (1, 1)]
    assert (three.new, three.before) == (0, 1)


def test_only_lists_of_customers_are_added(alice: Actor) -> None:
    campaign, query = planned(alice), lists.Query("contact")

    with pytest.raises(Invalid, match="customers"), db.transaction(alice) as session:
        recipients.add_found(session, campaign.id, query, today=TODAY)


def test_undoing_takes_those_back_who_were_added(admin: Actor) -> None:
    campaign = planned(admin)
    before = make.customer()
    add(admin, campaign, [before.id])
    ids = [make.customer().id for _number in range(3)]
    with db.transaction(admin) as session:
        recipients.add(session, campaign.id, ids)
    operation = db.operation_of(session)
    mark(admin, campaign, REACHED, [ids[0]])

    stays = undone(admin, operation)

    assert stays == ["1 recipient was reached or has responded since, and stays."]
    with db.reading(admin) as session:
        left = recipient_lists.customer_ids(session, campaign.id)
    assert sorted(left) == sorted([before.id, ids[0]])


def test_who_sees_a_part_takes_back_what_was_added_there(
    alice: Actor, charlie: Actor
) -> None:
    campaign = planned(alice)
    add(charlie, campaign, [make.customer(charlie).id])
    with db.transaction(alice) as session:
        recipients.add(session, campaign.id, [make.customer(alice).id])

    assert undone(alice, db.operation_of(session)) == []

    assert figures(alice, campaign).recipients == 0
    assert figures(charlie, campaign).recipients == 1


def test_the_audit_counts_all_that_were_added_and_marked(admin: Actor) -> None:
    campaign = planned(admin)
    add(admin, campaign, [make.customer().id for _number in range(3)])
    mark(admin, campaign, REACHED)

    with db.reading(admin) as session:
        found = audit.operations(session, audit.Query(entity="recipient")).entries

    assert [one.counts for one in found] == [{"recipient": 3}, {"recipient": 3}]


def test_undoing_an_undo_is_refused_in_words(admin: Actor) -> None:
    campaign = planned(admin)
    with db.transaction(admin) as session:
        recipients.add(session, campaign.id, [make.customer().id])
    with db.transaction(admin) as again:
        undo.undo(again, db.operation_of(session) or 0)

    with pytest.raises(RuleBroken, match="once more"):
        undone(admin, db.operation_of(again))


def test_undoing_unmarks_only_what_it_marked(admin: Actor) -> None:
    campaign = planned(admin)
    ids = [make.customer().id for _number in range(3)]
    add(admin, campaign, ids)
    mark(admin, campaign, REACHED, ids[:1])
    with db.transaction(admin) as session:
        marks.mark(session, campaign.id, RESPONDED, ids[:2])

    assert undone(admin, db.operation_of(session)) == []

    assert figures(admin, campaign) == Figures(3, 0, 1, 0)


def test_who_has_responded_since_stays_reached(admin: Actor) -> None:
    campaign = planned(admin)
    ids = [make.customer().id for _number in range(3)]
    add(admin, campaign, ids)
    with db.transaction(admin) as session:
        marks.mark(session, campaign.id, REACHED)
    mark(admin, campaign, RESPONDED, ids[1:2])

    stays = undone(admin, db.operation_of(session))

    assert stays == ["1 recipient was reached or has responded since, and stays."]
    assert figures(admin, campaign) == Figures(3, 0, 1, 1)


def test_who_was_added_by_somebody_else_meanwhile_is_not_counted(admin: Actor) -> None:
    campaign = planned(admin)
    one, two, three = (make.customer().id for _number in range(3))
    with db.transaction(admin) as session:
        assert spans.insert(session, campaign.id, {one: True, two: False}) == (2, 1)

    with db.transaction(admin) as session:
        drawn = {one: True, two: False, three: False}
        assert spans.insert(session, campaign.id, drawn) == (1, 0)


@pytest.mark.parametrize("year", [1, 1899, 3000, 9999])
def test_no_moment_is_of_another_age(admin: Actor, year: int) -> None:
    campaign, one = planned(admin), make.customer()
    add(admin, campaign, [one.id])
    at = datetime(year, 1, 1, tzinfo=timezone(timedelta(hours=14)))

    with pytest.raises(Invalid, match="year"), db.transaction(admin) as session:
        marks.change(session, campaign.id, one.id, {"reached_at": at})
    with pytest.raises(Invalid, match="year"):
        planned(admin, starts_on=at.date())


def test_undoing_a_new_campaign_takes_it_and_its_recipients(admin: Actor) -> None:
    form = records.valid(CampaignFields, {"name": "Fair", "hold_out": 0.2})
    with db.transaction(admin) as session:
        new = NewCampaign(form, "k1")
        added = recipients.add_to_new(session, new, [make.customer().id])

    assert undone(admin, db.operation_of(session)) == []

    with db.reading(admin) as session, pytest.raises(NotFound):
        db.get(session, Campaign, added.campaign_id)
    assert figures(SYSTEM, Campaign(id=added.campaign_id, name="")).recipients == 0


def test_a_new_campaign_is_planned_once(admin: Actor) -> None:
    form = records.valid(CampaignFields, {"name": "Fair", "hold_out": 0.2})
    ids, made = [make.customer().id], []

    for _click in range(2):
        with db.transaction(admin) as session:
            new = NewCampaign(form, "k1")
            made.append(recipients.add_to_new(session, new, ids))

    assert made[0].campaign_id == made[1].campaign_id
    assert [(one.new, one.before) for one in made] == [(1, 0), (0, 1)]


def test_the_bin_keeps_the_recipients_of_a_campaign(admin: Actor) -> None:
    campaign = planned(admin)
    add(admin, campaign, [make.customer().id])
    with db.transaction(admin) as session:
        campaigns.remove(session, campaign.id)
    with db.reading(admin) as session:
        assert recycle_bin.count(session, "campaign") == 1

    with db.transaction(admin) as session:
        recycle_bin.restore(session, "campaign", [campaign.id])

    assert figures(admin, campaign).recipients == 1


def test_deleted_for_good_a_campaign_takes_its_recipients(admin: Actor) -> None:
    from crm.services import purging

    campaign, customer = planned(admin), make.customer()
    add(admin, campaign, [customer.id])
    with db.transaction(admin) as session:
        campaigns.remove(session, campaign.id)

    with db.transaction(admin) as session:
        assert purging.purge(session, "campaign", [campaign.id]).done == 1

    with db.reading(SYSTEM) as session:
        assert list(session.scalars(select(Recipient))) == []
        assert db.get(session, Customer, customer.id)


def test_a_customer_deleted_for_good_leaves_its_campaigns(admin: Actor) -> None:
    from crm.services import purging

    campaign, customer = planned(admin), make.customer()
    add(admin, campaign, [customer.id])
    with db.transaction(admin) as session:
        bulk.remove(session, "customer", [customer.id])
    assert figures(admin, campaign).recipients == 0

    with db.transaction(admin) as session:
        assert purging.purge(session, "customer", [customer.id]).done == 1

    with db.reading(SYSTEM) as session:
        assert list(session.scalars(select(Recipient))) == []


@pytest.mark.slow
def test_the_timeline_tells_what_campaigns_did(admin: Actor) -> None:
    customer = make.customer()
    campaign, lot_out = planned(admin), planned(admin, name="Autumn", hold_out=0.5)
    others = [make.customer().id for _number in range(20)]
    add(admin, lot_out, others)
    left_out = min(held_out(lot_out))
    add(admin, campaign, [customer.id])
    mark(admin, campaign, RESPONDED, [customer.id])

    with db.reading(admin) as session:
        mine = timeline.timeline(session, customer.id, kinds=["campaign"])
        theirs = timeline.timeline(session, left_out, text="autumn")
        last = timeline.timeline(
            session, customer.id, kinds=["campaign"], before=mine[1].key
        )

    told = [(one.event.step.value, one.event.campaign) for one in mine if one.event]
    assert told == [
        ("responded", "Spring fair"),
        ("reached", "Spring fair"),
        ("added", "Spring fair"),
    ]
    assert [one.event.step.value for one in theirs if one.event] == ["held_out"]
    assert [one.event.step.value for one in last if one.event] == ["added"]


def test_the_list_tells_the_response(admin: Actor) -> None:
    campaign = planned(admin, cost="120")
    ids = [make.customer().id for _number in range(4)]
    add(admin, campaign, ids)
    mark(admin, campaign, REACHED)
    mark(admin, campaign, RESPONDED, ids[:1])
    columns = ("recipients", "held_out", "reached", "responded", "response_share")

    with db.reading(admin) as session:
        query = lists.Query("campaign", columns=(*columns, "cost"), sort="status")
        (row,) = lists.page(session, query, today=TODAY).rows
        rule = {
            "match": "all",
            "rules": [{"field": "response_share", "op": "ge", "value": "0.25"}],
        }
        found = lists.count(
            session, lists.Query("campaign", rule=rule), today=TODAY, limit=10
        )

    assert [float(row[name]) for name in columns] == [4, 0, 4, 1, 0.25]
    assert (row["cost"], found) == (120, 1)


def test_the_search_box_finds_it(admin: Actor) -> None:
    campaign = planned(admin)

    with db.reading(admin) as session:
        (hit,) = search.everywhere(session, "spring")

    assert (hit.entity, hit.record_id, hit.about) == (
        "campaign",
        campaign.id,
        "Planned",
    )


def test_it_cannot_end_before_it_starts(admin: Actor) -> None:
    with pytest.raises(Invalid, match="before it starts"):
        planned(admin, starts_on=TODAY, ends_on=TODAY - timedelta(days=1))


def test_a_segment_in_the_bin_does_not_stop_other_changes(admin: Actor) -> None:
    with db.transaction(admin) as session:
        segment = segments.save(session, "Both", [make.customer().id])
    campaign = planned(admin, segment_id=segment.id)
    with db.transaction(admin) as session:
        segments.remove(session, segment.id)

    with db.transaction(admin) as session:
        campaigns.update(session, campaign.id, {"name": "Fair"})
    with pytest.raises(NotFound), db.transaction(admin) as session:
        campaigns.update(session, campaign.id, {"segment_id": segment.id})


def test_of_two_who_change_it_the_second_is_told(admin: Actor) -> None:
    campaign = planned(admin)
    with db.transaction(admin) as session:
        campaigns.update(session, campaign.id, {"cost": "5"}, version=1)

    with pytest.raises(Stale), db.transaction(admin) as session:
        campaigns.update(session, campaign.id, {"cost": "6"}, version=1)


@pytest.mark.slow
def test_very_many_take_as_many_statements_as_ten(admin: Actor, database: str) -> None:
    # with three values a row 30,000 are more than PostgreSQL binds to one statement
    many = 100_000 if database == "sqlite" else 30_000
    campaign, other = planned(admin, hold_out=0.1), planned(admin, hold_out=0.1)
    table = inspect(Customer).local_table
    same = {"kind": "company", "created_at": utcnow(), "updated_at": utcnow()}
    rows = [
        {**same, "name": f"C{one}", "version": 1, "walk_in": False}
        for one in range(many)
    ]
    with db.engine().begin() as connection:
        connection.execute(insert(table), rows)
    with db.reading(admin) as session:
        ids = list(session.scalars(select(col(Customer.id))))
    counts = []
    for some, into in ((ids[:10], other), (ids, campaign)):
        with counted() as said:
            added = add(admin, into, some)
        counts.append(len(said))

    assert added.new == many
    assert counts[0] == counts[1]
    four_deviations = 4 * (many * 0.1 * 0.9) ** 0.5
    assert abs(added.held_out - many / 10) < four_deviations
    with counted() as said:
        assert mark(admin, campaign, REACHED) == many - added.held_out
    assert sum("UPDATE recipient" in one for one in said) <= 10
