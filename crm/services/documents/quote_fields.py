"""The fields of quotes, for the register of `crm.services.fields`."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from crm.i18n import N_
from crm.models import Quote, QuoteStatus
from crm.services import days
from crm.services.field_kinds import Field, Kind

LAPSED = "lapsed"
QUOTE_STATES = {
    QuoteStatus.DRAFT.value: N_("Draft"),
    QuoteStatus.SENT.value: N_("Sent"),
    QuoteStatus.ACCEPTED.value: N_("Accepted"),
    QuoteStatus.DECLINED.value: N_("Declined"),
    QuoteStatus.REPLACED.value: N_("Replaced"),
    LAPSED: N_("Lapsed"),
}


def state(quote: Quote, on: date) -> str:
    """Where a quote stands on a day: its status, or that nobody answered in time."""
    is_sent = quote.status is QuoteStatus.SENT
    return LAPSED if is_sent and quote.has_lapsed(on) else quote.status.value


def _state() -> Any:
    """`state` in SQL, on the day on which a statement is run."""
    day = sa.bindparam("day", type_=sa.Date(), unique=True, callable_=days.today)
    status = col(Quote.status)
    has_lapsed = (status == QuoteStatus.SENT) & (col(Quote.valid_until) < day)
    each = [(status == one, sa.literal(one.value)) for one in QuoteStatus]
    return sa.case((has_lapsed, sa.literal(LAPSED)), *each)


def _field(name: str, label: str, kind: Kind, column: Any, **more: Any) -> Field:
    """A field that the quote's own form changes, or a step."""
    given: dict[str, Any] = {"sort": column, "editable": False} | more
    return Field(name, label, kind, column, **given)


def _fields() -> tuple[Field, ...]:
    q = Quote
    return (
        _field(
            "number", N_("Number"), Kind.TEXT, q.number,
            sort=q.search_key, key=q.search_key, shown=True,
        ),
        _field("revision", N_("Version"), Kind.NUMBER, q.revision, shown=True),
        _field(
            "customer_id", N_("Customer"), Kind.CUSTOMER, q.customer_id,
            sort=None, shown=True,
        ),
        _field(
            "status", N_("Status"), Kind.CHOICE, _state(),
            sort=None, choices=QUOTE_STATES, shown=True,
        ),
        _field("valid_until", N_("Valid until"), Kind.DATE, q.valid_until, shown=True),
        _field("total", N_("Total"), Kind.MONEY, q.total, shown=True),
        _field("currency", N_("Currency"), Kind.TEXT, q.currency, shown=True),
        _field(
            "owner_id", N_("Owner"), Kind.USER, q.owner_id, editable=True, shown=True
        ),
        _field("issued_on", N_("Date"), Kind.DATE, q.issued_on),
        _field("net", N_("Total without tax"), Kind.MONEY, q.net),
        _field("tax", N_("Tax"), Kind.MONEY, q.tax),
        _field("sent_at", N_("Sent"), Kind.MOMENT, q.sent_at),
        _field("answered_at", N_("Answered"), Kind.MOMENT, q.answered_at),
        _field("answered_by", N_("Answered by"), Kind.TEXT, q.answered_by),
        _field("created_at", N_("Created"), Kind.MOMENT, q.created_at),
    )  # fmt: skip


QUOTE_FIELDS = _fields()
