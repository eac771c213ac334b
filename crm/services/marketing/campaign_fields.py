"""The fields of campaigns, for the register of `crm.services.fields`."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from crm import db
from crm.i18n import N_
from crm.models import Campaign, CampaignKind, CampaignStatus, Customer, Recipient
from crm.models.types import Text
from crm.services.field_kinds import Field, Kind, Values, text

CAMPAIGN_KINDS = {
    CampaignKind.EMAIL.value: N_("Mail"),
    CampaignKind.PHONE.value: N_("Phone"),
    CampaignKind.POST.value: N_("Post"),
    CampaignKind.EVENT.value: N_("Event"),
    CampaignKind.ADVERTISING.value: N_("Advertising"),
    CampaignKind.OTHER.value: N_("Other"),
}
CAMPAIGN_STATES = {
    CampaignStatus.PLANNED.value: N_("Planned"),
    CampaignStatus.RUNNING.value: N_("Running"),
    CampaignStatus.ENDED.value: N_("Ended"),
    CampaignStatus.CANCELLED.value: N_("Cancelled"),
}


def _of_recipients(value: Any, *conditions: Any) -> Any:
    """A figure over the recipients in reach of the campaign in the row."""
    return (
        sa.select(value)
        .select_from(Recipient)
        .join(Customer, col(Customer.id) == col(Recipient.customer_id))
        .where(col(Recipient.campaign_id) == col(Campaign.id), *conditions)
        .correlate(Campaign)
        .scalar_subquery()
    )


def _number(name: str, label: str, *conditions: Any, shown: bool = False) -> Field:
    count = _of_recipients(sa.func.count(col(Recipient.id)), *conditions)
    return Field(
        name, label, Kind.NUMBER, count,
        editable=False, shown=shown, at_once=figures_of,
    )  # fmt: skip


def figures_of(session: Session, ids: Sequence[int]) -> dict[str, Values]:
    """The same figures of the campaigns `ids`, from one pass over their recipients."""
    r = Recipient

    def having(mark: Any) -> Any:
        return sa.func.sum(sa.case((mark, 1), else_=0))

    statement = (
        sa.select(
            col(r.campaign_id),
            sa.func.count(col(r.id)),
            having(col(r.held_out).is_(True)),
            having(col(r.reached_at).is_not(None)),
            having(col(r.responded_at).is_not(None)),
        )
        .join(Customer, col(Customer.id) == col(r.customer_id))
        .where(db.ids_in(col(r.campaign_id), ids))
        .group_by(col(r.campaign_id))
    )
    counted = {
        row[0]: [int(one) for one in row[1:]] for row in session.execute(statement)
    }
    names = ("recipients", "held_out", "reached", "responded")
    found: dict[str, Values] = {
        name: {one: counted[one][n] if one in counted else 0 for one in ids}
        for n, name in enumerate(names)
    }
    found["response_share"] = {
        one: responded / reached
        for one, (*_others, reached, responded) in counted.items()
        if reached
    }
    return found


def _response_share() -> Any:
    """The share (0 to 1) of those reached who have responded; NULL of none."""
    responded = sa.case((col(Recipient.responded_at).is_not(None), 1.0), else_=0.0)
    return _of_recipients(
        sa.func.avg(responded), col(Recipient.reached_at).is_not(None)
    )


def _in_order() -> Any:
    """What comes first in a campaign's life sorts first."""
    places = {value: place for place, value in enumerate(CAMPAIGN_STATES)}
    return sa.case(places, value=sa.type_coerce(col(Campaign.status), Text(20)))


def _fields() -> tuple[Field, ...]:
    c, r = Campaign, Recipient
    return (
        text("name", N_("Name"), c.name, key=c.search_key, shown=True),
        Field(
            "status", N_("Status"), Kind.CHOICE, c.status, _in_order(),
            choices=CAMPAIGN_STATES, shown=True,
        ),
        Field(
            "kind", N_("Kind"), Kind.CHOICE, c.kind, c.kind,
            choices=CAMPAIGN_KINDS, shown=True,
        ),
        Field("starts_on", N_("Starts on"), Kind.DATE, c.starts_on, c.starts_on,
              shown=True),
        Field("ends_on", N_("Ends on"), Kind.DATE, c.ends_on, c.ends_on),
        _number("recipients", N_("Recipients"), shown=True),
        _number("held_out", N_("Held out"), col(r.held_out).is_(True)),
        _number(
            "reached", N_("Already reached"), col(r.reached_at).is_not(None),
            shown=True,
        ),
        _number("responded", N_("Responded"), col(r.responded_at).is_not(None)),
        Field("response_share", N_("Response"), Kind.SHARE, _response_share(),
              editable=False, shown=True, at_once=figures_of),
        Field("budget", N_("Budget"), Kind.MONEY, c.budget, c.budget),
        Field("cost", N_("Cost"), Kind.MONEY, c.cost, c.cost, shown=True),
        Field("hold_out", N_("Share held out"), Kind.SHARE, c.hold_out, c.hold_out),
        Field("owner_id", N_("Owner"), Kind.USER, c.owner_id, c.owner_id, shown=True),
        text("external_id", N_("External ID"), c.external_id),
        Field("description", N_("Details"), Kind.LONG_TEXT, c.description),
        Field("created_at", N_("Created"), Kind.MOMENT, c.created_at, c.created_at,
              editable=False),
    )  # fmt: skip


CAMPAIGN_FIELDS = _fields()
