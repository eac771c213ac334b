"""Campaigns: plan them, change them, put them away."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import case, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Campaign, CampaignFields, CampaignStatus, Segment
from crm.services import records
from crm.services.admin import custom_fields

OFFERED = 200  # campaigns to choose from


def create(
    session: Session, form: CampaignFields, *, custom: dict[str, Any] | None = None
) -> Campaign:
    """Plan a campaign, owned by the actor unless the form names an owner.

    Raises:
        NotFound: the owner or the segment does not exist.
        Invalid: it ends before it starts, or a custom value does not fit.
    """
    records.check_links(session, form)
    campaign = Campaign(**records.own(session, form).model_dump())
    _check(session, campaign)
    session.add(campaign)
    session.flush()
    custom_fields.store(session, "campaign", campaign.id, custom or {})
    return campaign


def update(
    session: Session,
    campaign_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
) -> Campaign:
    """Change the fields in `changes`, and custom values.

    Another share to hold out counts for those who are added from then on: whoever is
    a recipient stays what the lot has made of them.

    Raises:
        NotFound: it, the owner or the segment does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit, or it would end before it starts.
    """
    campaign = db.get(session, Campaign, campaign_id)
    records.expect(campaign, version)
    with session.no_autoflush:
        records.change(campaign, CampaignFields, changes)
        records.check_links(session, campaign, changes)
        _check(session, campaign, changes)
    custom_fields.change_of(session, campaign, custom or {})
    session.flush()
    return campaign


def remove(
    session: Session, campaign_id: int, *, version: int | None = None
) -> Campaign:
    """Put a campaign into the recycle bin; its recipients come back with it."""
    campaign = db.get(session, Campaign, campaign_id)
    records.bin_(session, campaign, version=version)
    return campaign


def open_to_more(session: Session) -> list[Campaign]:
    """Campaigns that are planned or under way, the running ones and newest first."""
    running = case((col(Campaign.status) == CampaignStatus.RUNNING, 0), else_=1)
    alive = (CampaignStatus.PLANNED, CampaignStatus.RUNNING)
    statement = (
        select(Campaign)
        .where(col(Campaign.status).in_(alive))
        .order_by(running, col(Campaign.id).desc())
        .limit(OFFERED)
    )
    return list(session.scalars(statement))


def _check(
    session: Session,
    campaign: Campaign,
    names: Collection[str] = CampaignFields.model_fields,
) -> None:
    """Make sure that what `names` say fits; a segment may be in the bin by now."""
    if "segment_id" in names and campaign.segment_id is not None:
        db.get(session, Segment, campaign.segment_id)
    first = records.usual_year(campaign.starts_on, field="starts_on")
    last = records.usual_year(campaign.ends_on, field="ends_on")
    if first is not None and last is not None and last < first:
        raise Invalid(_("A campaign cannot end before it starts."), field="ends_on")
