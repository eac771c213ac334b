"""The fields of subscriptions, for the register of `crm.services.fields`."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from crm.i18n import N_
from crm.models import (
    BillingPeriod,
    CancelReason,
    Subscription,
    SubscriptionState,
)
from crm.services import days
from crm.services.field_kinds import Field, Kind

BILLING_PERIODS = {
    BillingPeriod.MONTHLY.value: N_("Monthly"),
    BillingPeriod.QUARTERLY.value: N_("Quarterly"),
    BillingPeriod.YEARLY.value: N_("Yearly"),
}
CANCEL_REASONS = {
    CancelReason.PRICE.value: N_("Too expensive"),
    CancelReason.COMPETITOR.value: N_("Gone to a competitor"),
    CancelReason.NO_NEED.value: N_("No longer needed"),
    CancelReason.SERVICE.value: N_("Not satisfied"),
    CancelReason.CLOSED.value: N_("Business closed"),
    CancelReason.OTHER.value: N_("Other reason"),
}
SUBSCRIPTION_STATES = {
    SubscriptionState.UPCOMING.value: N_("Upcoming"),
    SubscriptionState.ACTIVE.value: N_("Active"),
    SubscriptionState.CANCELLED.value: N_("Cancelled, still running"),
    SubscriptionState.ENDED.value: N_("Ended"),
}


def _state() -> Any:
    """`Subscription.state` in SQL, on the day on which a statement is run."""
    day = sa.bindparam("day", type_=sa.Date(), unique=True, callable_=days.today)
    s, State = Subscription, SubscriptionState  # noqa: N806  (a class)
    return sa.case(
        (col(s.ends_on) < day, State.ENDED.value),
        (col(s.cancelled_on) <= day, State.CANCELLED.value),
        (col(s.starts_on) > day, State.UPCOMING.value),
        else_=State.ACTIVE.value,
    )


def _fixed(name: str, label: str, kind: Kind, column: Any, **more: Any) -> Field:
    """A field that a form of its own changes, or none."""
    return Field(name, label, kind, column, column, editable=False, **more)


def _fields() -> tuple[Field, ...]:
    s = Subscription
    return (
        Field(
            "number", N_("Number"), Kind.TEXT, s.number, s.search_key,
            key=s.search_key, shown=True,
        ),
        Field("name", N_("Name"), Kind.TEXT, s.name, s.name, shown=True),
        Field("customer_id", N_("Customer"), Kind.CUSTOMER, s.customer_id, shown=True),
        Field("product_id", N_("Product"), Kind.PRODUCT, s.product_id),
        Field(
            "state", N_("Status"), Kind.CHOICE, _state(),
            choices=SUBSCRIPTION_STATES, editable=False, shown=True,
        ),
        _fixed("monthly", N_("Monthly amount"), Kind.MONEY, s.monthly, shown=True),
        _fixed("currency", N_("Currency"), Kind.TEXT, s.currency, shown=True),
        Field(
            "starts_on", N_("Start"), Kind.DATE, s.starts_on, s.starts_on, shown=True
        ),
        _fixed("renewal_on", N_("Renewal"), Kind.DATE, s.renewal_on, shown=True),
        _fixed("ends_on", N_("Last day"), Kind.DATE, s.ends_on, shown=True),
        Field("term_months", N_("Term in months"), Kind.NUMBER, s.term_months),
        Field("auto_renew", N_("Renews by itself"), Kind.YES_NO, s.auto_renew),
        Field("remind_days", N_("Reminder, days before"), Kind.NUMBER, s.remind_days),
        _fixed("price", N_("Price"), Kind.MONEY, s.price),
        _fixed("quantity", N_("Quantity"), Kind.NUMBER, s.quantity),
        _fixed(
            "billing_period", N_("Billing period"), Kind.CHOICE, s.billing_period,
            choices=BILLING_PERIODS,
        ),
        _fixed("price_from", N_("Price since"), Kind.DATE, s.price_from),
        _fixed("cancelled_on", N_("Cancelled on"), Kind.DATE, s.cancelled_on),
        _fixed(
            "cancel_reason", N_("Reason"), Kind.CHOICE, s.cancel_reason,
            choices=CANCEL_REASONS,
        ),
        _fixed("cancel_note", N_("Remark"), Kind.TEXT, s.cancel_note),
        _fixed("created_at", N_("Created"), Kind.MOMENT, s.created_at),
    )  # fmt: skip


SUBSCRIPTION_FIELDS = _fields()
