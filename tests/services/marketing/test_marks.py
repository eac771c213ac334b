"""Marks of many recipients: those held out are left out, those out of reach told."""

from typing import Any

import pytest

from crm import db
from crm.errors import RuleBroken
from crm.models import SYSTEM, Actor, Campaign, Recipient
from crm.services import undo
from crm.services.customers import customers
from crm.services.marketing import marks, recipient_lists, recipients
from crm.services.marketing.marks import REACHED, RESPONDED, Marked
from crm.services.marketing.recipient_lists import Figures
from tests import make


def planned(**details: Any) -> Campaign:
    campaign: Campaign = make.saved(Campaign(name="Spring fair", hold_out=0, **details))
    return campaign


def joined(campaign: Campaign, actor: Actor, count: int, **details: Any) -> list[int]:
    ids = [make.customer(actor).id for _number in range(count)]
    for one in ids:
        given = {"campaign_id": campaign.id, "customer_id": one}
        make.saved(Recipient(**given | details))
    return ids


def marked(
    actor: Actor, campaign: Campaign, name: str, ids: list[int]
) -> tuple[Marked, int]:
    """What came of it, and the operation."""
    with db.transaction(actor) as session:
        found = marks.mark(session, campaign.id, name, ids)
    return found, db.operation_of(session) or 0


def added(actor: Actor, campaign: Campaign, count: int) -> tuple[list[int], int]:
    """Customers of `actor` that are in the campaign now, and the operation."""
    ids = [make.customer(actor).id for _number in range(count)]
    with db.transaction(actor) as session:
        recipients.add(session, campaign.id, ids)
    return ids, db.operation_of(session) or 0


def handed_over(ids: list[int], to: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        customers.hand_over(session, ids, to.user_id)


def undone(actor: Actor, operation: int) -> undo.Undone:
    with db.transaction(actor) as session:
        return undo.undo(session, operation)


def figures(campaign: Campaign) -> Figures:
    with db.reading(SYSTEM) as session:
        return recipient_lists.figures(session, campaign.id)


@pytest.mark.parametrize("name", [REACHED, RESPONDED])
def test_of_those_picked_who_is_held_out_is_left_out_and_counted(
    admin: Actor, name: str
) -> None:
    campaign = planned()
    held = joined(campaign, admin, 2, held_out=True)
    others = joined(campaign, admin, 3)

    found, _operation = marked(admin, campaign, name, [*held, *others])
    again, _operation = marked(admin, campaign, name, [*held, *others])

    assert (found, again) == (Marked(3, 2), Marked(0, 2))
    responded = 3 if name == RESPONDED else 0
    assert figures(campaign) == Figures(5, 2, 3, responded)


def test_where_all_that_are_picked_are_held_out_it_is_refused(admin: Actor) -> None:
    campaign = planned()
    held = joined(campaign, admin, 2, held_out=True)

    with pytest.raises(RuleBroken, match="2 of these customers are held out by lot"):
        marked(admin, campaign, REACHED, held)


@pytest.mark.slow
@pytest.mark.parametrize("name", [REACHED, RESPONDED])
def test_undoing_tells_how_many_marks_are_out_of_reach_by_now(
    alice: Actor, charlie: Actor, name: str
) -> None:
    campaign = planned()
    ids, _operation = added(alice, campaign, 4)
    _found, operation = marked(alice, campaign, name, ids)
    handed_over([ids[0], ids[2]], charlie)

    result = undone(alice, operation)

    assert result.skipped == ["2 recipients are not in your reach any more, and stay."]
    assert figures(campaign).reached == 2


def test_undoing_tells_how_many_added_are_out_of_reach_by_now(
    alice: Actor, charlie: Actor
) -> None:
    campaign = planned()
    ids, operation = added(alice, campaign, 4)
    handed_over(ids[3:], charlie)
    marked(alice, campaign, REACHED, ids[1:2])

    result = undone(alice, operation)

    assert result.skipped == [
        "1 recipient was reached or has responded since, and stays.",
        "1 recipient is not in your reach any more, and stays.",
    ]
    assert figures(campaign) == Figures(2, 0, 1, 0)


@pytest.mark.slow
def test_what_others_have_done_meanwhile_is_not_counted(
    alice: Actor, charlie: Actor
) -> None:
    campaign = planned()
    first, _operation = added(alice, campaign, 1)
    theirs, _operation = added(charlie, campaign, 1)
    last, _operation = added(alice, campaign, 1)
    marked(charlie, campaign, REACHED, theirs)
    _found, operation = marked(alice, campaign, REACHED, [*first, *last])

    result = undone(alice, operation)

    assert (result.done, result.skipped) == (1, [])
    assert figures(campaign).reached == 1
