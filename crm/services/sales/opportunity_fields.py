"""The fields of leads and opportunities, for the register of `crm.services.fields`."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from crm.i18n import N_
from crm.models import (
    ForecastCategory,
    Lead,
    LeadStatus,
    LostReason,
    Opportunity,
    Stage,
    StageKind,
    Unfit,
    WonReason,
)
from crm.models.types import Text
from crm.services.field_kinds import Field, Kind, text

LEAD_STATES = {
    LeadStatus.NEW.value: N_("New"),
    LeadStatus.WORKING.value: N_("Working"),
    LeadStatus.CONVERTED.value: N_("Converted"),
    LeadStatus.DISQUALIFIED.value: N_("Disqualified"),
}
UNFIT_REASONS = {
    Unfit.NO_NEED.value: N_("No need"),
    Unfit.NO_BUDGET.value: N_("No budget"),
    Unfit.NO_ANSWER.value: N_("No answer"),
    Unfit.WRONG_DATA.value: N_("Wrong data"),
    Unfit.DUPLICATE.value: N_("Duplicate"),
    Unfit.OTHER.value: N_("Other reason"),
}
STATES = {
    StageKind.OPEN.value: N_("Still open"),
    StageKind.WON.value: N_("Won"),
    StageKind.LOST.value: N_("Lost"),
}
LOST_REASONS = {
    LostReason.PRICE.value: N_("Too expensive"),
    LostReason.COMPETITOR.value: N_("Bought from a competitor"),
    LostReason.NO_NEED.value: N_("No need"),
    LostReason.NO_BUDGET.value: N_("No budget"),
    LostReason.NO_ANSWER.value: N_("No answer"),
    LostReason.TIMING.value: N_("Bad timing"),
    LostReason.OTHER.value: N_("Other reason"),
}
WON_REASONS = {
    WonReason.PRICE.value: N_("Price"),
    WonReason.PRODUCT.value: N_("Product"),
    WonReason.SERVICE.value: N_("Service"),
    WonReason.RELATIONSHIP.value: N_("Relationship"),
    WonReason.SPEED.value: N_("Speed"),
    WonReason.OTHER.value: N_("Other reason"),
}
FORECAST_CATEGORIES = {
    ForecastCategory.COMMIT.value: N_("Commit"),
    ForecastCategory.BEST_CASE.value: N_("Best case"),
    ForecastCategory.PIPELINE.value: N_("Pipeline"),
    ForecastCategory.OMITTED.value: N_("Left out"),
}
LIKELY = {  # the stage's probability from which on nobody has to say so
    ForecastCategory.COMMIT.value: Decimal("0.8"),
    ForecastCategory.BEST_CASE.value: Decimal("0.5"),
}
GATES = ("amount", "close_on", "owner_id", "source", "competitor", "notes")
"""The fields of an opportunity that a stage may ask for."""


def _fixed(name: str, label: str, kind: Kind, column: Any, **more: Any) -> Field:
    """A field that a form of its own changes, or none."""
    return Field(name, label, kind, column, column, editable=False, **more)


def _counts_as() -> Any:
    """The forecast category, in SQL; where none is said, by the stage's probability."""
    said = sa.type_coerce(col(Opportunity.forecast_category), Text(20))
    likely = (
        sa.select(col(Stage.probability))
        .where(col(Stage.id) == col(Opportunity.stage_id))
        .scalar_subquery()
    )
    return sa.case(
        (said.is_not(None), said),
        *((likely >= least, name) for name, least in LIKELY.items()),
        else_=ForecastCategory.PIPELINE.value,
    )


def _lead_fields() -> tuple[Field, ...]:
    lead = Lead
    return (
        text("name", N_("Name"), lead.name, key=lead.search_key, shown=True),
        _fixed("score", N_("Score"), Kind.SHARE, lead.score, shown=True),
        text("company", N_("Company"), lead.company, shown=True),
        text("email", N_("E-mail"), lead.email, shown=True),
        text("phone", N_("Phone"), lead.phone, shown=True),
        text("source", N_("Source"), lead.source, shown=True),
        _fixed(
            "status", N_("Status"), Kind.CHOICE, lead.status,
            choices=LEAD_STATES, shown=True,
        ),
        _fixed(
            "unfit_reason", N_("Reason"), Kind.CHOICE, lead.unfit_reason,
            choices=UNFIT_REASONS,
        ),
        Field("owner_id", N_("Owner"), Kind.USER, lead.owner_id, lead.owner_id,
              shown=True),
        Field("customer_id", N_("Customer"), Kind.CUSTOMER, lead.customer_id),
        _fixed("created_at", N_("Created"), Kind.MOMENT, lead.created_at, shown=True),
        _fixed("converted_at", N_("Converted"), Kind.MOMENT, lead.converted_at),
        Field("notes", N_("Notes"), Kind.LONG_TEXT, lead.notes),
    )  # fmt: skip


def _opportunity_fields() -> tuple[Field, ...]:
    o = Opportunity
    return (
        text("name", N_("Name"), o.name, key=o.search_key, shown=True),
        Field("customer_id", N_("Customer"), Kind.CUSTOMER, o.customer_id, shown=True),
        _fixed("stage_id", N_("Stage"), Kind.STAGE, o.stage_id, shown=True),
        _fixed(
            "state", N_("Outcome"), Kind.CHOICE, o.state, choices=STATES, shown=True
        ),
        Field("amount", N_("Amount"), Kind.MONEY, o.amount, o.amount, shown=True),
        text("currency", N_("Currency"), o.currency, shown=True),
        Field(
            "close_on", N_("Expected close"), Kind.DATE, o.close_on, o.close_on,
            shown=True,
        ),
        Field("owner_id", N_("Owner"), Kind.USER, o.owner_id, o.owner_id, shown=True),
        Field("products", N_("Products"), Kind.PRODUCTS, editable=False),
        Field(
            "forecast_category", N_("Forecast category"), Kind.CHOICE,
            o.forecast_category, o.forecast_category, choices=FORECAST_CATEGORIES,
        ),
        Field(
            "counts_as", N_("Counts in the forecast as"), Kind.CHOICE, _counts_as(),
            choices=FORECAST_CATEGORIES, editable=False,
        ),
        _fixed(
            "base_amount", N_("Amount in the book currency"), Kind.MONEY,
            o.base_amount,
        ),
        _fixed("win_chance", N_("Win probability"), Kind.SHARE, o.win_chance),
        text("source", N_("Source"), o.source),
        text("competitor", N_("Competitor"), o.competitor),
        _fixed(
            "won_reason", N_("Reason it was won"), Kind.CHOICE, o.won_reason,
            choices=WON_REASONS,
        ),
        _fixed(
            "lost_reason", N_("Reason it was lost"), Kind.CHOICE, o.lost_reason,
            choices=LOST_REASONS,
        ),
        _fixed("close_note", N_("Remark on the outcome"), Kind.TEXT, o.close_note),
        _fixed("stage_since", N_("In its stage since"), Kind.MOMENT, o.stage_since),
        _fixed("closed_at", N_("Closed"), Kind.MOMENT, o.closed_at),
        _fixed("created_at", N_("Created"), Kind.MOMENT, o.created_at),
        Field("notes", N_("Notes"), Kind.LONG_TEXT, o.notes),
    )  # fmt: skip


LEAD_FIELDS = _lead_fields()
OPPORTUNITY_FIELDS = _opportunity_fields()
