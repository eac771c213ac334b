"""Bulk actions: the same change to many records, in one operation."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.i18n import _
from crm.models import (
    Binned,
    Campaign,
    CampaignFields,
    Contact,
    ContactFields,
    Customer,
    CustomerFields,
    Fields,
    Lead,
    LeadFields,
    Opportunity,
    OpportunityFields,
    Order,
    OrderChanges,
    OrderStatus,
    PriceList,
    PriceListFields,
    Product,
    ProductFields,
    Quote,
    Subscription,
    SubscriptionFields,
    Ticket,
    TicketFields,
    User,
    utcnow,
)
from crm.services import field_labels, records
from crm.services.admin import custom_fields
from crm.services.documents import invoiced
from crm.services.documents.quotes_rules import QuoteOwner
from crm.services.fields import Field, Kind, fields_of
from crm.services.filters import shown
from crm.services.support import tickets

FORMS: dict[str, tuple[type[Binned], type[Fields]]] = {
    "customer": (Customer, CustomerFields),
    "contact": (Contact, ContactFields),
    "product": (Product, ProductFields),
    "price_list": (PriceList, PriceListFields),
    "sales_order": (Order, OrderChanges),
    "subscription": (Subscription, SubscriptionFields),
    "lead": (Lead, LeadFields),
    "opportunity": (Opportunity, OpportunityFields),
    "quote": (Quote, QuoteOwner),
    "ticket": (Ticket, TicketFields),
    "campaign": (Campaign, CampaignFields),
}
TABLES: dict[str, type[Binned]] = {
    name: table for name, (table, _form) in FORMS.items()
}
ONE_BY_ONE = frozenset(
    {
        "name",
        "last_name",
        "sku",
        "number",
        "email",
        "external_id",
        "parent_id",
        "starts_on",
        "ends_on",
        "term_months",
        "auto_renew",
        "product_id",
        "company",
        "phone",
        "amount",
        "currency",
        "subject",
        "description",
    }
)


def editable(session: Session, entity: str) -> dict[str, Field]:
    """The fields that make sense to set on many records at once."""
    return {
        name: field
        for name, field in fields_of(session, entity).items()
        if field.editable and name not in ONE_BY_ONE and field.kind is not Kind.CUSTOMER
    }


def edit(
    session: Session, entity: str, ids: Sequence[int], name: str, value: Any
) -> int:
    """Set one field of many records; how many in reach were there.

    Raises:
        Invalid: a field that cannot be set in bulk, or a value that does not fit.
        NotFound: the new owner does not exist.
        RuleBroken: none of the records is in reach.
    """
    if (field := editable(session, entity).get(name)) is None:
        raise Invalid(
            _("“{field}” cannot be set for many records.").format(
                field=field_labels.label(shown(name), of=entity)
            ),
            field=name,
        )
    if name == "owner_id":
        value = _owner(session, value)
    if entity == "sales_order" and value == OrderStatus.CANCELLED:
        invoiced.require_free(session, ids)
    done = 0
    for row in records.rows(session, TABLES[entity], ids):
        _set(session, entity, row, field, value)
        done += 1
    return _some(done)


def remove(session: Session, entity: str, ids: Sequence[int]) -> int:
    """Put many records into the recycle bin; how many in reach were there.

    Raises:
        RuleBroken: none of the records is in reach, or an order is invoiced.
    """
    if entity == "sales_order":
        invoiced.require_free(session, ids)
    done, at = 0, utcnow()
    for row in records.rows(session, _table(entity), ids):
        row.deleted_at = at
        done += 1
    return _some(done)


def _set(session: Session, entity: str, row: Binned, field: Field, value: Any) -> None:
    if field.custom_id is not None:
        custom_fields.change_of(session, row, {field.name: value})
    elif isinstance(row, Ticket):
        tickets.change(row, {field.name: value})
    else:
        records.change(row, FORMS[entity][1], {field.name: value})


def _owner(session: Session, value: Any) -> int | None:
    if value is None:
        return None
    try:
        return db.get(session, User, int(value)).id
    except (ValueError, TypeError) as error:
        raise Invalid(_("This is no user."), field="owner_id") from error


def _table(entity: str) -> type[Binned]:
    if entity not in TABLES:
        raise Invalid(_("There is no list of “{name}”.").format(name=entity))
    return TABLES[entity]


def _some(done: int) -> int:
    if not done:
        raise RuleBroken(_("None of these records is there any more."))
    return done
