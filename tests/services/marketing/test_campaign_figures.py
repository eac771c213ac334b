"""The figures of campaigns read at once are those that lists sort and filter by."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.models import Actor, Campaign, Recipient, utcnow
from crm.services.fields import entity_of
from crm.services.marketing.campaign_fields import figures_of
from tests import make

NOW = utcnow()
STATES = ({}, {"held_out": True}, {"reached_at": NOW}, {"responded_at": NOW})


@pytest.fixture
def campaigns(alice: Actor, charlie: Actor) -> list[int]:
    """One of nobody, one of everybody in each state, one of Charlie's customers."""
    ids = [make.saved(Campaign(name=name)).id for name in ("None", "All", "His")]
    for whose, at in ((alice, ids[1]), (charlie, ids[1]), (charlie, ids[2])):
        for state in STATES:
            given = {"campaign_id": at, "customer_id": make.customer(whose).id}
            make.saved(Recipient(**given, **state))
    return ids


@pytest.mark.slow
def test_both_ways_count_the_same_and_only_who_is_in_reach(
    admin: Actor, alice: Actor, campaigns: list[int]
) -> None:
    fields = [one for one in entity_of("campaign").fields if one.at_once]
    columns = [one.column for one in fields]
    for actor, of_all in ((admin, 8), (alice, 4)):
        with db.reading(actor) as session:
            at_once = figures_of(session, campaigns)
            by_row = session.execute(select(col(Campaign.id), *columns)).all()

        for one, *values in by_row:
            told = [at_once[field.name].get(one) for field in fields]
            assert told == pytest.approx(values), one
        assert at_once["recipients"] == {
            campaigns[0]: 0,
            campaigns[1]: of_all,
            campaigns[2]: of_all - 4,
        }
        assert at_once["response_share"][campaigns[1]] == 0.5
