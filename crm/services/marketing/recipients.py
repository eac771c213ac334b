"""Recipients: customers added to a campaign, a share of them held out by lot."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.i18n import _
from crm.models import (
    Action,
    Campaign,
    CampaignFields,
    CampaignStatus,
    Customer,
    Recipient,
    Segment,
)
from crm.services import idempotency, lists
from crm.services.customers import segments
from crm.services.marketing import campaigns, lot, spans

MOST = 1_000_000  # customers added at once


@dataclass(frozen=True)
class Added:
    """What came of adding customers: how many are new, and how many of these are held
    out; how many were recipients before."""

    campaign_id: int
    new: int
    held_out: int
    before: int


@dataclass(frozen=True)
class NewCampaign:
    """A campaign to plan; `key` is made when its form opens, so that it is planned
    once however often the button is clicked."""

    form: CampaignFields
    key: str


def add(session: Session, campaign_id: int, customer_ids: Collection[int]) -> Added:
    """Add customers; those out of reach are left out, those who are there stay.

    Whether somebody is held out is drawn by `crm.services.marketing.lot`.

    Raises:
        NotFound: there is no such campaign.
        Forbidden: the actor may not add recipients.
        RuleBroken: the campaign is cancelled.
        Invalid: more than a million at once.
    """
    campaign = db.get(session, Campaign, campaign_id)
    db.require(db.actor_of(session), Action.CREATE, "recipient")
    if campaign.status is CampaignStatus.CANCELLED:
        raise RuleBroken(_("A cancelled campaign takes no recipients."))
    if len(customer_ids) > MOST:
        raise Invalid(_("At most {n} customers can be added at once.").format(n=MOST))
    wanted = _in_reach(session, {one for one in customer_ids if 0 < one < 2**63})
    there = select(col(Recipient.customer_id)).where(
        col(Recipient.campaign_id) == campaign_id
    )
    new = sorted(wanted - set(session.scalars(there)))
    share = campaign.hold_out
    drawn = {one: lot.is_held_out(campaign_id, one, share) for one in new}
    made, held = spans.insert(session, campaign_id, drawn)
    return Added(campaign_id, made, held, len(wanted) - made)


def add_found(
    session: Session, campaign_id: int, query: lists.Query, *, today: date
) -> Added:
    """Add all the customers that a list finds.

    Raises:
        Invalid: it is no list of customers, or cannot be read. As `add` otherwise.
    """
    if query.entity != "customer":
        raise Invalid(_("Only customers are added to campaigns."))
    return add(
        session, campaign_id, lists.ids(session, query, today=today, limit=MOST + 1)
    )


def add_segment(
    session: Session, campaign_id: int, segment_id: int, *, today: date
) -> Added:
    """Add the customers of a segment; of a live one, those who fit it now.

    Raises:
        NotFound: there is no such campaign, or segment. As `add` otherwise.
    """
    return add(session, campaign_id, of_segment(session, segment_id, today=today))


def of_segment(session: Session, segment_id: int, *, today: date) -> list[int]:
    """The customers of a segment in reach; of a live one, those who fit it now.

    Raises:
        NotFound: there is no such segment.
    """
    segment = db.get(session, Segment, segment_id)
    rule = segments.rule_of(segment, db.actor_of(session))
    query = lists.Query("customer", rule=rule)
    return lists.ids(session, query, today=today, limit=MOST + 1)


def add_to_new(
    session: Session, new: NewCampaign, customer_ids: Collection[int]
) -> Added:
    """Plan a campaign and add customers to it, all or nothing.

    Asked again with the same key, it adds to the campaign that was planned then.
    """
    said = {"form": "campaign"} | new.form.model_dump(mode="json")
    campaign = idempotency.made_once(
        session,
        new.key,
        said,
        Campaign,
        lambda: campaigns.create(session, new.form.model_copy()),
    )
    return add(session, campaign.id, customer_ids)


def _in_reach(session: Session, wanted: set[int]) -> set[int]:
    """One statement, however many there are."""
    if not wanted:
        return set()
    key = col(Customer.id)
    found = select(key).where(col(Customer.walk_in).is_(False))
    if len(wanted) <= db.IN_LIMIT:
        found = found.where(key.in_(sorted(wanted)))
    else:
        found = found.where(key.between(min(wanted), max(wanted)))
    return wanted.intersection(session.scalars(found))
