"""Campaigns in the warehouse: whom they were for, and what these bought after."""

from datetime import UTC, date, datetime
from typing import Any

from crm import db, frames
from crm.models import SYSTEM, Actor, Campaign, CampaignStatus, Customer, Recipient
from crm.services.marketing import campaigns, marks, recipients
from crm.services.marketing.marks import RESPONDED
from tests import make
from tests.warehouse.copies import FOLLOWED, frame, order, stages

AS_OF = date(2026, 3, 1)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)


def planned(**details: Any) -> Campaign:
    campaign: Campaign = make.saved(Campaign(**{"name": "Fair"} | details))
    return campaign


def added(campaign: Campaign, customer: Customer, day: str, **details: Any) -> None:
    given = {"campaign_id": campaign.id, "customer_id": customer.id}
    make.saved(Recipient(**given, created_at=at(day), **details))


def outcomes(campaign: Campaign, days: int = 30) -> dict[int, tuple[Any, ...]]:
    found = frame("campaign_outcomes", AS_OF, campaign.id, days)
    assert found.dtypes.astype(str).to_dict() == frames.CAMPAIGN_OUTCOMES
    return {
        row.customer_id: (row.held_out, str(row.day.date()), row.orders, row.revenue)
        for row in found.itertuples()
    }


def test_only_the_days_after_count(database: str) -> None:
    campaign, desk = planned(), make.product()
    buyer, idle = make.customer(), make.customer()
    added(campaign, buyer, "2026-01-10")
    added(campaign, idle, "2026-01-11", held_out=True)
    for day in ("2026-01-10", "2026-01-11", "2026-02-09", "2026-02-10"):
        order(buyer, day, (desk, 1, "100"))

    assert outcomes(campaign) == {
        buyer.id: (False, "2026-01-10", 2, 200.0),
        idle.id: (True, "2026-01-11", 0, 0.0),
    }


def test_the_days_begin_with_the_campaign_where_that_is_later(database: str) -> None:
    campaign, desk = planned(starts_on=date(2026, 2, 1)), make.product()
    buyer = make.customer()
    added(campaign, buyer, "2026-01-10")
    order(buyer, "2026-01-20", (desk, 1, "100"))
    order(buyer, "2026-02-20", (desk, 1, "50"))

    assert outcomes(campaign) == {buyer.id: (False, "2026-02-01", 1, 50.0)}


def test_what_is_cancelled_or_deleted_is_not_there(database: str) -> None:
    cancelled = planned(status=CampaignStatus.CANCELLED)
    deleted, alive = planned(deleted_at=make.NOON), planned()
    for one in (cancelled, deleted, alive):
        added(one, make.customer(), "2026-01-10")
    added(alive, make.customer(deleted_at=make.NOON), "2026-01-10")

    found = frame("campaigns", AS_OF)

    assert found == [alive.id]
    assert len(outcomes(alive)) == 1


def test_responses_are_counted_by_customer(database: str) -> None:
    customer, other = make.customer(), make.customer()
    reached = {"reached_at": at("2026-02-01")}
    for responded_at in (at("2026-02-05"), at("2026-03-05"), None):
        added(planned(), customer, "2026-01-10", responded_at=responded_at, **reached)
    added(planned(), customer, "2024-01-10", reached_at=at("2024-01-10"))
    added(planned(), other, "2026-01-10")

    found = frame("responses", AS_OF)

    assert found.dtypes.astype(str).to_dict() == frames.RESPONSES
    assert found.to_dict("records") == [
        {"customer_id": customer.id, "reached": 3, "responded": 1}
    ]


def test_what_is_added_and_marked_at_once_is_followed(admin: Actor) -> None:
    first = planned(hold_out=0.0)
    ids = [make.customer().id for _number in range(5)]
    stages()
    with db.transaction(admin) as session:
        recipients.add(session, first.id, ids)
    with db.transaction(admin) as session:
        marks.mark(session, first.id, RESPONDED, ids[:3])

    assert stages() == {FOLLOWED}
    found = frame("responses", date(2099, 1, 1))
    assert found.empty
    found = frame("responses", datetime.now(UTC).date())
    assert found["customer_id"].tolist() == ids[:3]


def test_a_campaign_that_comes_back_has_its_recipients(admin: Actor) -> None:
    campaign = planned()
    added(campaign, make.customer(), "2026-01-10")
    with db.transaction(SYSTEM) as session:
        campaigns.remove(session, campaign.id)
    assert frame("campaigns", AS_OF) == []

    with db.transaction(SYSTEM) as session:
        row = db.get(session, Campaign, campaign.id, execution_options=db.everything)
        row.deleted_at = None

    assert stages() == {FOLLOWED}
    assert len(outcomes(campaign)) == 1
